"""What the graph tells: the root causes that complaints share."""

from algorithms.causes import find_causes
from algorithms.evidence import Evidence, Stated
from algorithms.findings import Dose, Finding, Findings, PatternPart
from algorithms.strata import Condition, parse_condition

__all__ = [
    "Condition",
    "Dose",
    "Evidence",
    "Finding",
    "Findings",
    "PatternPart",
    "Stated",
    "find_causes",
    "parse_condition",
]
