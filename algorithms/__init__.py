"""What the graph tells: the root causes that complaints share, their course, and what actions did."""

from algorithms.actions import (
    Action,
    Effect,
    Pinned,
    Table,
    find_effects,
    get_action,
    list_actions,
    pin_cause,
)
from algorithms.alerts import Alert, Alerts, find_alerts
from algorithms.causes import find_causes
from algorithms.evidence import Evidence, Stated
from algorithms.findings import Dose, Finding, Findings, PatternPart
from algorithms.strata import Condition, parse_condition
from algorithms.timing import Rising

__all__ = [
    "Action",
    "Alert",
    "Alerts",
    "Condition",
    "Dose",
    "Effect",
    "Evidence",
    "Finding",
    "Findings",
    "PatternPart",
    "Pinned",
    "Rising",
    "Stated",
    "Table",
    "find_alerts",
    "find_causes",
    "find_effects",
    "get_action",
    "list_actions",
    "parse_condition",
    "pin_cause",
]
