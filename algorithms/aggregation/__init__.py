"""Counts and figures of nodes by groups: aggregates, facets, trends and rates."""

from __future__ import annotations

from algorithms.aggregation.aggregate import Aggregate, Row, aggregate
from algorithms.aggregation.arrays import find_owner
from algorithms.aggregation.exposure import Base
from algorithms.aggregation.facets import Bucket, Facet, count_facets
from algorithms.aggregation.grouping import PERIODS, Group, Grouping, Period, Range
from algorithms.aggregation.measures import COUNT, CUSTOMERS, OPS, Measure
from algorithms.aggregation.series import Point, Series
from algorithms.aggregation.trends import Trend, When, follow_trend

__all__ = [
    "COUNT",
    "CUSTOMERS",
    "OPS",
    "PERIODS",
    "Aggregate",
    "Base",
    "Bucket",
    "Facet",
    "Group",
    "Grouping",
    "Measure",
    "Period",
    "Point",
    "Range",
    "Row",
    "Series",
    "Trend",
    "When",
    "aggregate",
    "count_facets",
    "find_owner",
    "follow_trend",
]
