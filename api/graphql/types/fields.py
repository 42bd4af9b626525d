"""Short ways to write fields, arguments and enums that say what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLType,
    Undefined,
)

from api.graphql.execution import Arguments, Cost, FieldRule, Resolver, make_field
from api.graphql.request import Request
from schema import Sensitivity

Fields = dict[str, GraphQLField]


def required(type_: Any) -> Any:
    """Return a type that is never null."""
    return GraphQLNonNull(type_)


def list_of(type_: GraphQLType) -> Any:
    """Return a list, never null, of values that are never null."""
    return GraphQLNonNull(GraphQLList(GraphQLNonNull(type_)))


def attribute(
    type_: GraphQLOutputType,
    name: str,
    description: str,
    *,
    sensitivity: Sensitivity = Sensitivity.PUBLIC,
) -> GraphQLField:
    """Return a field that shows the attribute of that name."""
    return make_field(type_, FieldRule(name, sensitivity=sensitivity), description=description)


def computed(
    type_: GraphQLOutputType,
    resolve: Resolver,
    description: str,
    *,
    args: Mapping[str, GraphQLArgument] | None = None,
    sensitivity: Sensitivity = Sensitivity.PUBLIC,
    cost: Cost | None = None,
    ahead: Callable[[Sequence[Any], Request], None] | None = None,
) -> GraphQLField:
    """Return a field whose values are computed for all objects of a level."""
    rule = FieldRule("", resolve, sensitivity=sensitivity, cost=cost, ahead=ahead)
    return make_field(type_, rule, args=args, description=description)


def each(get: Callable[[Any], Any]) -> Resolver:
    """Return a resolver that takes each value from its object alone."""

    def resolve(objects: Sequence[Any], _arguments: Arguments, _request: Request) -> list[Any]:
        return [get(one) for one in objects]

    return resolve


def once(get: Callable[[Arguments, Request], Any]) -> Resolver:
    """Return a resolver of a field that does not depend on its object, such as those of the root."""

    def resolve(objects: Sequence[Any], arguments: Arguments, request: Request) -> list[Any]:
        return [get(arguments, request)] * len(objects)

    return resolve


def free(_arguments: Arguments, below: int) -> int:
    """Return the cost of a field that asks nothing of the store."""
    return below


def argument(type_: GraphQLInputType, description: str, default: Any = Undefined) -> GraphQLArgument:
    """Return an argument of a field; one with a default is never null."""
    given = type_ if default is Undefined or isinstance(type_, GraphQLNonNull) else required(type_)
    return GraphQLArgument(given, default_value=default, description=description)


def make_enum(name: str, description: str, values: Iterable[tuple[str, Any, str]]) -> GraphQLEnumType:
    """Return an enum of (name, value in Python, description)."""
    return GraphQLEnumType(
        name,
        {label: GraphQLEnumValue(value, description=about) for label, value, about in values},
        description=description,
    )


def enum_of(members: type[Enum], description: str, abouts: Mapping[str, str]) -> GraphQLEnumType:
    """Return the GraphQL enum of a Python enum, its values in capitals; `abouts` describes each by name."""
    values = [(m.name, m, abouts[m.name]) for m in members]
    return make_enum(members.__name__, description, values)
