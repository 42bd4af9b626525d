"""Root causes: patterns of features whose units complain more than all others."""

from algorithms.rootcauses.engine import find_root_causes
from algorithms.rootcauses.pattern import (
    Absence,
    Considered,
    DoseBin,
    Literal,
    Pattern,
    RootCause,
    RootCauses,
    WhyNot,
    spell_condition,
)
from algorithms.rootcauses.table import Feature, FeatureKind, UnitTable

__all__ = [
    "Absence",
    "Considered",
    "DoseBin",
    "Feature",
    "FeatureKind",
    "Literal",
    "Pattern",
    "RootCause",
    "RootCauses",
    "UnitTable",
    "WhyNot",
    "find_root_causes",
    "spell_condition",
]
