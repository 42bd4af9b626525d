"""What the graph tells: the root causes that complaints share; what any table tells of outcomes and KPIs."""

from algorithms.causes import find_causes
from algorithms.evidence import Evidence, Stated
from algorithms.explanation import Explanation, explain_table
from algorithms.findings import Dose, Finding, Findings, PatternPart
from algorithms.localization import Dimension, KpiTable, Localization, LocatedCause, localize
from algorithms.strata import Condition, parse_condition

__all__ = [
    "Condition",
    "Dimension",
    "Dose",
    "Evidence",
    "Explanation",
    "Finding",
    "Findings",
    "KpiTable",
    "Localization",
    "LocatedCause",
    "PatternPart",
    "Stated",
    "explain_table",
    "find_causes",
    "localize",
    "parse_condition",
]
