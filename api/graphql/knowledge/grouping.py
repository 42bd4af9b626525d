"""What nodes are grouped by and what is computed of groups, as arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from graphql import (
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLString,
)

from algorithms.aggregation import OPS, PERIODS, Grouping, Measure
from api.graphql.request import Request
from api.graphql.types import Types, make_enum, read_filter, required
from api.graphql.types.names import Names, uncapitalise
from graph import Condition
from schema import Sensitivity, UsageError
from schema.paths import Path

_LAST = re.compile(r"(?P<kind>[A-Za-z0-9]+)\.(?P<name>\w+)(?P<rest>\)?)$")

PERIOD = make_enum(
    "Period",
    "A period of the calendar, in UTC.",
    [
        (name.upper(), name, f"By {name}{'; they begin on Monday' if name == 'week' else ''}.")
        for name in PERIODS
    ],
)
_ABOUT = {
    "count": "How many nodes.",
    "customers": "How many different customers.",
    "distinct": "How many different values, or nodes at the end of a path.",
    "sum": "The sum; money by currency.",
    "mean": "The mean; money by currency.",
    "min": "The least.",
    "max": "The greatest.",
    "quantile": "A quantile: the median if `q` is not said.",
}
OP = make_enum("MeasureOp", "What is computed of a group.", [(op.upper(), op, _ABOUT[op]) for op in OPS])


def _read_grouping(given: dict[str, Any]) -> Grouping:
    return Grouping(given["path"], given.get("per"), given.get("width"), tuple(given.get("edges") or ()))


def _read_measure(given: dict[str, Any]) -> Measure:
    q = given.get("q")
    return Measure(given["op"], given.get("of") or "", 0.5 if q is None else q)


GROUPING = GraphQLInputObjectType(
    "GroupingInput",
    {
        "path": GraphQLInputField(
            required(GraphQLString),
            description="A property (`language`), or a path from the kind to a property or a node: "
            "`Complaint-ABOUT->Product.category`, `Complaint-ATTRIBUTED_TO->Cause`, "
            "`count(Customer-FILED->Complaint)`.",
        ),
        "per": GraphQLInputField(PERIOD, description="Dates and times by this period."),
        "width": GraphQLInputField(GraphQLFloat, description="Numbers by ranges of this width."),
        "edges": GraphQLInputField(
            GraphQLList(required(GraphQLFloat)),
            description="Numbers by ranges between these, ascending, and beyond them.",
        ),
    },
    description="What nodes are grouped by.",
    out_type=_read_grouping,
)
MEASURE = GraphQLInputObjectType(
    "MeasureInput",
    {
        "op": GraphQLInputField(required(OP), description="What is computed."),
        "of": GraphQLInputField(
            GraphQLString, description="Of which property, or path to one; counts are of nothing."
        ),
        "q": GraphQLInputField(GraphQLFloat, description="Which quantile, from 0 to 1."),
    },
    description="What is computed of each group.",
    out_type=_read_measure,
)


def define_node_filter(types: Types) -> GraphQLInputObjectType:
    """Return the filter of nodes of any kind: a value is the conditions by kind."""
    known = types.find("NodeFilter")
    if isinstance(known, GraphQLInputObjectType):
        return known
    names = Names()
    kinds = {names.take(uncapitalise(types.kinds[kind].type)): kind for kind in types.vocabulary.kinds}

    def fields() -> dict[str, GraphQLInputField]:
        return {
            name: GraphQLInputField(types.filters[kind], description=f"{kind} that meet these conditions.")
            for name, kind in kinds.items()
        }

    def read(given: dict[str, Any]) -> dict[str, tuple[Condition, ...]]:
        return {kinds[name]: read_filter(value) for name, value in given.items() if value is not None}

    return types.add(
        GraphQLInputObjectType(
            "NodeFilter",
            fields,
            description="Conditions on nodes of the kind that is asked for, under the name of that kind.",
            out_type=read,
        )
    )


def read_conditions(given: dict[str, tuple[Condition, ...]] | None, kind: str) -> tuple[Condition, ...]:
    """Return the conditions on a kind; `UsageError` if some are on another one."""
    for other in given or {}:
        if other != kind:
            raise UsageError(f"the filter is on {other}", hint=f"give it under the name of {kind}")
    return (given or {}).get(kind, ())


class Asked:
    """Reads paths, with properties as GraphQL or as the vocabulary names them."""

    def __init__(self, types: Types, request: Request, kind: str) -> None:
        self._types, self._request, self.kind = types, request, kind

    def groupings(self, given: Sequence[Grouping]) -> list[Grouping]:
        """Return groupings whose paths are those of the vocabulary."""
        found = []
        for each in given:
            path = self._translate(each.path)
            own = Grouping(path, each.per, each.width, each.edges)
            self._note(own.read(self.kind, self._types.vocabulary))
            found.append(own)
        return found

    def measures(self, given: Sequence[Measure]) -> list[Measure]:
        """Return measures of what the vocabulary names."""
        found = []
        for each in given:
            own = Measure(each.op, self._translate(each.of) if each.of else "", each.q)
            self._note(own.read(self.kind, self._types.vocabulary))
            found.append(own)
        return found

    def name(self, label: str | None) -> str | None:
        """Return the property of the kind that GraphQL calls so."""
        return None if label is None else self._rename(self.kind, label)

    def _translate(self, path: str) -> str:
        if path.isidentifier():
            return self._rename(self.kind, path)
        last = _LAST.search(path)
        if last is None:
            return path
        name = self._rename(last["kind"], last["name"])
        return f"{path[: last.start('name')]}{name}{last['rest']}"

    def _rename(self, kind: str, label: str) -> str:
        names = self._types.kinds.get(kind)
        return next((n for n, of in names.properties.items() if of == label), label) if names else label

    def _note(self, path: Path) -> None:
        """Note for the audit log that groups of a property of people are shown."""
        sightings = getattr(self._request.reader, "sightings", None)
        for end in path.ends or (path,):
            p = self._types.vocabulary.get_kind(end.kind).properties.get(end.name)
            if sightings is None or p is None or p.sensitivity is Sensitivity.PUBLIC:
                continue
            if self._request.caller.may_see(p.sensitivity):  # else it is refused
                sightings.note_fields(end.kind, [end.name])
