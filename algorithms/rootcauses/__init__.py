"""Root causes: patterns of features whose units complain more than all others."""

from algorithms.rootcauses.engine import find_root_causes
from algorithms.rootcauses.pattern import (
    Considered,
    DoseBin,
    Literal,
    Pattern,
    RootCause,
    RootCauses,
)
from algorithms.rootcauses.table import Feature, FeatureKind, UnitTable

__all__ = [
    "Considered",
    "DoseBin",
    "Feature",
    "FeatureKind",
    "Literal",
    "Pattern",
    "RootCause",
    "RootCauses",
    "UnitTable",
    "find_root_causes",
]
