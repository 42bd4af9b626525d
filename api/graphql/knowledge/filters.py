"""Which complaints and units root causes are looked for among."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from graphql import GraphQLInputField, GraphQLInputObjectType, GraphQLInt, GraphQLList, GraphQLString

from algorithms import Among
from api.graphql.execution import Arguments
from api.graphql.knowledge.causes import Question
from api.graphql.request import Request
from api.graphql.types import DATE, Types, argument, read_filter, required
from api.graphql.types.names import Names, uncapitalise
from graph import Condition, Linked, Where
from schema import ATTRIBUTED_TO, COMPLAINT, Direction, UsageError
from schema.paths import NEVER

NAME = "RootCauseFilter"
OWN = ("from", "until", "causes")
DEEPEST = 5  # literals of a pattern


def define_filter(types: Types) -> GraphQLInputObjectType:
    """Return the filter of root causes; a value is a list of `Among`."""
    known = types.find(NAME)
    if isinstance(known, GraphQLInputObjectType):
        return known
    names = Names(*OWN)
    units = {
        names.take(uncapitalise(types.kinds[kind].type)): kind
        for kind in (COMPLAINT, *(kind for kind in types.vocabulary.kinds if kind not in NEVER))
    }

    def fields() -> dict[str, GraphQLInputField]:
        found = {
            "from": GraphQLInputField(DATE, description="Complaints filed on this day or later."),
            "until": GraphQLInputField(DATE, description="Complaints filed on this day or before."),
            "causes": GraphQLInputField(
                GraphQLList(required(GraphQLString)),
                description="Complaints that state one of these causes, by their keys.",
            ),
        }
        for name, kind in units.items():
            about = f"Units that meet this, where {kind} is the unit."
            if kind == COMPLAINT:
                about = "Complaints that meet this, such as being filed by a customer of a region."
            found[name] = GraphQLInputField(types.filters[kind], description=about)
        return found

    return types.add(
        GraphQLInputObjectType(
            NAME,
            fields,
            description="Which complaints count, and which units are compared; all that is given must be "
            "met. Complaints of a period are held against units of all times, unless these are chosen, too.",
            out_type=_reader(units),
        )
    )


def _reader(units: dict[str, str]) -> Callable[[dict[str, Any]], tuple[Among, ...]]:
    def read(given: dict[str, Any]) -> tuple[Among, ...]:
        tests: dict[str, list[Condition]] = {}
        for name, value in given.items():
            if value is None:
                continue
            if name in units:
                tests.setdefault(units[name], []).extend(read_filter(value))
            else:
                tests.setdefault(COMPLAINT, []).append(_read_own(name, value))
        return tuple(Among(kind, tuple(found)) for kind, found in tests.items() if found)

    return read


def _read_own(name: str, value: Any) -> Condition:
    if name == "causes":
        return Linked(ATTRIBUTED_TO, Direction.OUT, (Where("key", "in", tuple(value)),))
    if name == "from":
        return Where("filed_at", "ge", datetime.combine(value, time.min, UTC))
    return Where("filed_at", "le", datetime.combine(value, time.max, UTC))


def question_arguments(types: Types) -> dict[str, Any]:
    """Return the arguments that say which root causes are looked for."""
    return {
        "unit": argument(types.kind_names, "What is exposed; the project's unit if not said."),
        "filter": argument(define_filter(types), "Which complaints count, and which units are compared."),
        "maxOrder": argument(
            GraphQLInt, f"Conditions that a pattern has at most, from 1 to {DEEPEST}.", default=3
        ),
    }


def read_question(arguments: Arguments, request: Request) -> Question:
    """Return what is asked; `RefusedError` if by something that the caller may not see."""
    where: tuple[Among, ...] = arguments.get("filter") or ()
    for among in where:
        request.reader.get_many(among.kind, [], where=among.tests)
    order = arguments["maxOrder"]
    if not 1 <= order <= DEEPEST:
        raise UsageError(f"`maxOrder` is from 1 to {DEEPEST}, not {order}")
    return Question(arguments.get("unit"), where, order)
