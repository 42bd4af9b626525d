"""What the graph tells: the root causes that complaints share."""

from algorithms.causes import find_causes
from algorithms.considered import Considered
from algorithms.evidence import Evidence, Stated
from algorithms.explanation import Explanation, explain_table
from algorithms.findings import Dose, Finding, Findings, PatternPart
from algorithms.strata import Condition, parse_condition

__all__ = [
    "Condition",
    "Considered",
    "Dose",
    "Evidence",
    "Explanation",
    "Finding",
    "Findings",
    "PatternPart",
    "Stated",
    "explain_table",
    "find_causes",
    "parse_condition",
]
