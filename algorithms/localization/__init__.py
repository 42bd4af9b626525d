"""Localisation: which combinations of dimension values explain that a KPI left its forecast."""

from algorithms.localization.engine import localize
from algorithms.localization.finding import Localization, LocatedCause
from algorithms.localization.table import Dimension, KpiTable

__all__ = ["Dimension", "KpiTable", "Localization", "LocatedCause", "localize"]
