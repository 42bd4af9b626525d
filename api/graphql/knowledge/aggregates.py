"""Nodes by groups and by periods: aggregates, facets and trends, of what the caller may see."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLString,
)

from algorithms.aggregation import (
    COUNT,
    Aggregate,
    Base,
    Facet,
    Trend,
    When,
    aggregate,
    count_facets,
    follow_trend,
)
from api.graphql.execution import Arguments
from api.graphql.knowledge.access import STAFF, find_smallest_group, get_services, only
from api.graphql.knowledge.causes import find_scope
from api.graphql.knowledge.figures import AGGREGATE, FACET, TREND
from api.graphql.knowledge.grouping import (
    GROUPING,
    MEASURE,
    PERIOD,
    Asked,
    define_node_filter,
    read_conditions,
)
from api.graphql.request import Request
from api.graphql.types import (
    DATE,
    Fields,
    Types,
    argument,
    check_size,
    computed,
    list_of,
    once,
    required,
)
from api.graphql.types.shared import SORT_DIRECTION
from graph import Order, View
from schema import UsageError

COST = 50
ROWS = 100
MOST_ROWS = 1_000
MOST_FACETS = 20
MOST_LENSES = 100


def _take_view(request: Request) -> View:
    services = get_services(request)
    # Arrays that take longer than a request may are read by a reader of their own, for the next.
    return services.snapshots.view(
        request.reader, find_scope(request.reader), lambda: services.open_reader(request.caller)
    )


def aggregate_fields(types: Types) -> Fields:
    """Return the root fields that count and measure by groups."""
    node_filter = define_node_filter(types)
    base = _define_base(types)
    sorted_by = GraphQLInputObjectType(
        "AggregateOrder",
        {
            "measure": GraphQLInputField(required(MEASURE), description="One of the measures asked for."),
            "direction": GraphQLInputField(
                required(SORT_DIRECTION),
                default_value=True,
                description="Which way; greatest first if not said.",
            ),
        },
        description="By which figure rows are sorted; money by its first currency.",
    )
    kind = {"kind": argument(required(types.kind_names), "Nodes of which kind.")}
    filter_ = {"filter": argument(node_filter, "Only nodes that meet these conditions.")}
    small = {
        "suppressBelow": argument(
            GraphQLInt,
            "Leave out groups of fewer customers than this. Who may not know people gets none of fewer than "
            "the service says.",
            default=0,
        )
    }
    groupings = GraphQLList(required(GROUPING))

    def find(arguments: Arguments, request: Request) -> Aggregate:
        asked = Asked(types, request, arguments["kind"])
        measures = asked.measures(arguments.get("measures") or [COUNT])
        order = None
        if (sorting := arguments.get("orderBy")) is not None:
            [by] = asked.measures([sorting["measure"]])
            order = Order(by.name, bool(sorting["direction"]))
        return aggregate(
            _take_view(request),
            asked.kind,
            by=asked.groupings(arguments.get("by") or ()),
            measures=measures,
            where=read_conditions(arguments.get("filter"), asked.kind),
            order=order,
            limit=None if request.whole else check_size("first", arguments["first"], MOST_ROWS),
            suppress_below=find_smallest_group(request, arguments["suppressBelow"]),
        )

    def count(arguments: Arguments, request: Request) -> list[Facet]:
        asked = Asked(types, request, arguments["kind"])
        facets = asked.groupings(arguments["facets"])
        check_size("facets", len(facets), MOST_FACETS)
        return count_facets(
            _take_view(request),
            asked.kind,
            facets,
            where=read_conditions(arguments.get("filter"), asked.kind),
            top=check_size("top", arguments["top"]),
            skip_own=arguments["skipOwn"],
            customers=arguments["customers"],
            suppress_below=find_smallest_group(request, arguments["suppressBelow"]),
        )

    def follow(arguments: Arguments, request: Request) -> Trend:
        asked = Asked(types, request, arguments["kind"])
        given = [arguments[name] for name in ("lens", "subLens") if arguments.get(name) is not None]
        if given and arguments.get("lens") is None:
            raise UsageError("a sub-lens is of a lens", hint="give `lens`, too")
        against = arguments.get("against")
        lensed = asked if against is None else Asked(types, request, against["kind"])
        lenses = lensed.groupings(given)
        rate = None
        if against is not None:
            among = read_conditions(against.get("filter"), lensed.kind)
            rate = Base(lensed.kind, lenses, among, against["per"])
        return follow_trend(
            _take_view(request),
            asked.kind,
            When(
                arguments["per"],
                asked.name(arguments.get("on")),
                arguments.get("since"),
                arguments.get("until"),
            ),
            lenses=lenses if rate is None else (),
            where=read_conditions(arguments.get("filter"), asked.kind),
            against=rate,
            top=check_size("top", arguments["top"], MOST_LENSES),
            suppress_below=find_smallest_group(request, arguments["suppressBelow"]),
        )

    return {
        "aggregate": _field(
            required(AGGREGATE),
            once(find),
            "Nodes of a kind by groups, with measures of each.",
            {
                **kind,
                "by": argument(groupings, "What they are grouped by; nothing: all together."),
                "measures": argument(
                    GraphQLList(required(MEASURE)), "What is computed; if not said, their number."
                ),
                **filter_,
                "orderBy": argument(sorted_by, "How rows are sorted; by their groups if not said."),
                "first": argument(GraphQLInt, f"How many rows, at most {MOST_ROWS}.", default=ROWS),
                **small,
            },
            lambda arguments, below: COST + max(arguments["first"], 0) * (1 + below) // 10,
        ),
        "facets": _field(
            list_of(FACET),
            once(count),
            "How many nodes are in the greatest groups of several groupings, each by itself.",
            {
                **kind,
                "facets": argument(required(groupings), f"What they are grouped by, at most {MOST_FACETS}."),
                **filter_,
                "top": argument(GraphQLInt, "How many groups of each.", default=10),
                "skipOwn": argument(
                    GraphQLBoolean,
                    "Whether a facet counts as if conditions on what it groups by were off.",
                    default=True,
                ),
                "customers": argument(GraphQLBoolean, "Whether customers are counted, too.", default=False),
                **small,
            },
            lambda arguments, below: COST + len(arguments["facets"]) * (10 + below),
        ),
        "trend": _field(
            required(TREND),
            once(follow),
            "Nodes of a kind by periods: how many, or how many for the units that could have them.",
            {
                **kind,
                "per": argument(PERIOD, "The length of a period.", default="month"),
                "on": argument(
                    GraphQLString, "The date that counts; that with which nodes begin if not said."
                ),
                "since": argument(DATE, "The first day."),
                "until": argument(DATE, "The last day."),
                "lens": argument(GROUPING, "One series for each of its groups; with a base, groups of that."),
                "subLens": argument(GROUPING, "One series for each pair with the groups of the lens."),
                "against": argument(base, "The units that rates are of."),
                **filter_,
                "top": argument(GraphQLInt, f"How many series, at most {MOST_LENSES}.", default=10),
                **small,
            },
            lambda arguments, below: COST + (1 + max(arguments["top"], 0)) * (10 + below),
        ),
    }


def _field(type_: Any, resolve: Any, about: str, args: dict[str, Any], cost: Any) -> Any:
    return only(STAFF, computed(type_, resolve, about, args=args, cost=cost))


def _define_base(types: Types) -> GraphQLInputObjectType:
    return GraphQLInputObjectType(
        "BaseInput",
        {
            "kind": GraphQLInputField(required(types.kind_names), description="The kind of the units."),
            "filter": GraphQLInputField(define_node_filter(types), description="Which units count."),
            "per": GraphQLInputField(
                required(GraphQLInt), default_value=1000, description="How many units a rate is of."
            ),
        },
        description="The units that rates are of: what could have been complained of.",
    )
