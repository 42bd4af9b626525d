"""Groups, figures and series as types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLBoolean, GraphQLFloat, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLString

from algorithms.aggregation import Group, Range
from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types import (
    DATE,
    JSON,
    TIME,
    attribute,
    computed,
    each,
    free,
    list_of,
    required,
    to_json,
)


def _tell(value: Any) -> Any:
    """Return a figure as JSON has it."""
    if isinstance(value, list):
        return [to_json(each) for each in value]
    return to_json(value)


def _tell_group(group: Group) -> Any:
    value = group.value
    if isinstance(value, Range):
        return {"low": value.low, "high": value.high, "currency": value.currency or None}
    return to_json(value)


def _labels(groups: Sequence[Group], _arguments: Arguments, request: Request) -> list[str]:
    return [group.label(request.language) for group in groups]


GROUP = GraphQLObjectType(
    "Group",
    {
        "value": computed(
            JSON,
            each(_tell_group),
            "Its value: that of a property, the key of a node, the first day of a period, the bounds of a "
            "range; null where there is none.",
            cost=free,
        ),
        "label": computed(required(GraphQLString), _labels, "It as people read it.", cost=free),
    },
    description="A value that nodes are grouped by.",
)
FIGURE = GraphQLObjectType(
    "Figure",
    {
        "name": computed(
            required(GraphQLString), each(lambda pair: pair[0]), "The measure: `sum_amount`.", cost=free
        ),
        "value": computed(
            JSON,
            each(lambda pair: _tell(pair[1])),
            "Its value; of money a list of `{amount, currency}`; null where there is nothing to measure.",
            cost=free,
        ),
    },
    description="A measure of a group.",
)
FIGURES = list_of(FIGURE)


def _figures(get: Callable[[Any], Any]) -> Any:
    return each(lambda one: None if get(one) is None else list(get(one).items()))


ROW = GraphQLObjectType(
    "AggregateRow",
    {
        "groups": attribute(list_of(GROUP), "groups", "Its groups, in the order of `by`."),
        "figures": computed(
            FIGURES, _figures(lambda row: row.figures), "Its figures, in the order of `measures`.", cost=free
        ),
    },
    description="Figures of the nodes that are in some groups.",
)
AGGREGATE = GraphQLObjectType(
    "Aggregate",
    {
        "rows": computed(
            list_of(ROW), each(lambda found: list(found.rows())), "The rows, no group is empty.", cost=free
        ),
        "total": computed(
            GraphQLList(required(FIGURE)),
            _figures(lambda found: found.total),
            "Figures of all nodes together, each once; null if it is withheld.",
            cost=free,
        ),
        "overlapping": attribute(
            required(GraphQLBoolean),
            "overlapping",
            "Whether a node may be in several groups, so that rows add up to more than the total.",
        ),
        "withheld": attribute(
            required(GraphQLInt), "withheld", "Groups left out because few customers are in them."
        ),
        "cut": attribute(required(GraphQLInt), "cut", "Groups left out beyond `first`."),
        "asOf": attribute(required(TIME), "as_of", "Of when the graph is."),
    },
    description="Nodes of a kind by groups, and measures of each.",
)
BUCKET = GraphQLObjectType(
    "Bucket",
    {
        "group": attribute(required(GROUP), "group", "The group."),
        "count": attribute(required(GraphQLInt), "count", "Nodes in it."),
        "customers": attribute(GraphQLInt, "customers", "Customers who have any, if asked for."),
    },
    description="A group of a facet.",
)
FACET = GraphQLObjectType(
    "Facet",
    {
        "path": computed(
            required(GraphQLString), each(lambda f: f.grouping.path), "What it groups by.", cost=free
        ),
        "buckets": attribute(list_of(BUCKET), "buckets", "The greatest groups."),
        "total": attribute(
            GraphQLInt, "total", "Nodes that meet the conditions, each once; null if it is withheld."
        ),
        "others": attribute(required(GraphQLInt), "others", "How many groups more there are."),
        "otherCount": attribute(GraphQLInt, "other_count", "Nodes in any of these; null if it is withheld."),
        "withheld": attribute(
            required(GraphQLInt), "withheld", "How many of the others have few customers and are never shown."
        ),
        "overlapping": attribute(
            required(GraphQLBoolean), "overlapping", "Whether a node may be in several groups."
        ),
        "asOf": attribute(required(TIME), "as_of", "Of when the graph is."),
    },
    description="The greatest groups of a grouping, as shown beside a filter.",
)


def _number(name: str, about: str) -> Any:
    return attribute(GraphQLFloat, name, about)


POINT = GraphQLObjectType(
    "Point",
    {
        "begins": attribute(required(DATE), "begins", "The first day of the period."),
        "label": attribute(required(GraphQLString), "label", "The period: 2026-03, 2026-W10, 2026-Q1."),
        "count": attribute(GraphQLInt, "count", "Nodes in it; null if it is withheld."),
        "low": _number("low", "Lower end of the 95 % interval of the count."),
        "high": _number("high", "Upper end."),
        "exposed": _number("exposed", "Units of the base that were there, on an average day."),
        "rate": _number("rate", "Nodes for so many units as the base says, in a whole period."),
        "rateLow": _number("rate_low", "Lower end of its 95 % interval."),
        "rateHigh": _number("rate_high", "Upper end."),
    },
    description="A period of a series.",
)
SERIES = GraphQLObjectType(
    "Series",
    {
        "groups": attribute(list_of(GROUP), "groups", "The groups, one of each lens; none: all nodes."),
        "count": attribute(GraphQLInt, "count", "Nodes in all periods; null if it is withheld."),
        "points": attribute(list_of(POINT), "points", "The periods, in order."),
    },
    description="How many nodes of some groups there are in each period.",
)
TREND = GraphQLObjectType(
    "Trend",
    {
        "total": attribute(required(SERIES), "total", "All nodes."),
        "series": attribute(list_of(SERIES), "series", "Those by lenses, the greatest first."),
        "others": attribute(required(GraphQLInt), "others", "How many more series there are."),
        "undated": attribute(required(GraphQLInt), "undated", "Nodes without a date."),
        "unlinked": attribute(
            required(GraphQLInt), "unlinked", "Nodes that no unit of the base leads to; no rate counts them."
        ),
        "known": attribute(
            required(GraphQLBoolean),
            "known",
            "Whether it is known when units were there; if not, all are taken to have been there always.",
        ),
        "withheld": attribute(
            required(GraphQLInt), "withheld", "Points left out because few customers are in them."
        ),
        "asOf": attribute(required(TIME), "as_of", "Of when the graph is."),
    },
    description="Nodes of a kind by periods.",
)
