"""What the graph tells: root causes, their course, what actions did; and what any table tells of a KPI."""

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
from algorithms.considered import Considered
from algorithms.evidence import Evidence, Stated
from algorithms.explanation import Explanation, explain_table
from algorithms.findings import Dose, Finding, Findings, PatternPart
from algorithms.localization import Dimension, KpiTable, Localization, LocatedCause, localize
from algorithms.strata import Among, Condition, Stratum, parse_condition
from algorithms.survey import Survey, survey_causes
from algorithms.timing import Rising

__all__ = [
    "Action",
    "Alert",
    "Alerts",
    "Among",
    "Condition",
    "Considered",
    "Dimension",
    "Dose",
    "Effect",
    "Evidence",
    "Explanation",
    "Finding",
    "Findings",
    "KpiTable",
    "Localization",
    "LocatedCause",
    "PatternPart",
    "Pinned",
    "Rising",
    "Stated",
    "Stratum",
    "Survey",
    "Table",
    "explain_table",
    "find_alerts",
    "find_causes",
    "find_effects",
    "get_action",
    "list_actions",
    "localize",
    "parse_condition",
    "pin_cause",
    "survey_causes",
]
