"""How a field of the GraphQL schema says where its values come from, who may see them and what they cost.

A resolver answers for all objects of a level at once, so that what it asks of the store it asks once a level.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLAbstractType, GraphQLArgument, GraphQLField, GraphQLOutputType

from api.auth import Role
from api.graphql.request import Request
from schema import Sensitivity

Arguments = Mapping[str, Any]
# (objects, arguments, request) -> one value an object, in their order. A value that is an exception makes an
# error at that place alone; an exception that is raised makes one at each.
Resolver = Callable[[Sequence[Any], Arguments, Request], Sequence[Any]]
# What it yields are events: the object that `resolve` gets, and the value of the field where there is none.
Subscriber = Callable[[Arguments, Request], AsyncIterator[Any]]
# (arguments, cost of what is selected below, for one object: at least 1, but 0 for a leaf) -> cost
Cost = Callable[[Arguments, int], int]


@dataclass(frozen=True)
class FieldRule:
    """What execution knows of a field beside its type.

    name: in Python. resolve: None takes the attribute (of a mapping: the entry, null if there is none) of
    that name. Arguments are shared: a resolver does not change them.
    sensitivity: who may see it; those who may not get null, so such a field is nullable.
    roles: who may ask for it at all (else: an error); None is everyone who is signed in.
    cost: None is what is below, plus one where `resolve` is given.
    ahead: is given the objects that the field will be asked of, before what lies beside them is answered, so
    that all of it may be read at once.
    """

    name: str
    resolve: Resolver | None = None
    subscribe: Subscriber | None = None
    sensitivity: Sensitivity = Sensitivity.SENSITIVE
    roles: Collection[Role] | None = None
    cost: Cost | None = None
    ahead: Callable[[Sequence[Any], Request], None] | None = None


def make_field(
    type_: GraphQLOutputType,
    rule: FieldRule,
    *,
    args: Mapping[str, GraphQLArgument] | None = None,
    description: str = "",
) -> GraphQLField:
    """Return a field of a GraphQL type that our execution resolves."""
    return GraphQLField(
        type_, args=dict(args or {}), description=description or None, extensions={"motivo": rule}
    )


def get_rule(field: GraphQLField) -> FieldRule:
    """Return the rule of a field that `make_field` made."""
    rule: FieldRule = field.extensions["motivo"]
    return rule


def get_type_name(value: Any, type_: GraphQLAbstractType, request: Request) -> str:
    """Return the name of the object type of a value of an interface or a union.

    It is the value's attribute `kind` (of a mapping: the entry `__typename`), as a node has it; a type whose
    values have none is made with `resolve_type=(value, request, type) -> name`.
    """
    if type_.resolve_type is not None:
        name: str = type_.resolve_type(value, request, type_)  # type: ignore[arg-type,assignment]
        return name
    name = value["__typename"] if isinstance(value, Mapping) else value.kind
    return name
