"""Orders: by which property a list is sorted."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLInputField, GraphQLInputObjectType

from api.graphql.types.fields import make_enum, required
from api.graphql.types.registry import Types, describe
from api.graphql.types.shared import SORT_DIRECTION
from graph import Order
from schema import NodeKind


def _read_order(given: dict[str, Any]) -> Order:
    return Order(given["field"], bool(given.get("direction")))


def define_orders(types: Types) -> None:
    """Make the order of each kind."""
    for kind in types.vocabulary.kinds.values():
        types.orders[kind.name] = _define(types, kind)


def _define(types: Types, kind: NodeKind) -> GraphQLInputObjectType:
    stem = types.kinds[kind.name].type
    values = [("KEY", "key", "The key.")]
    values += [(p.name.upper(), p.name, describe(p.about, p.name)) for p in kind.properties.values()]
    by = make_enum(types.names.take(f"{stem}OrderField"), f"What {kind.name} can be sorted by.", values)
    return GraphQLInputObjectType(
        types.names.take(f"{stem}Order"),
        {
            "field": GraphQLInputField(required(by), description="What to sort by; equal ones by their key."),
            "direction": GraphQLInputField(
                required(SORT_DIRECTION),
                default_value=False,
                description="Which way; least first if not said.",
            ),
        },
        description=f"How {kind.name} are sorted.",
        out_type=_read_order,
    )
