"""Who asks, and how much there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.fields import Fields, attribute, computed, free, list_of, once, required
from api.graphql.types.registry import Types
from api.graphql.types.scalars import JSON, LONG, TIME
from api.graphql.types.shared import ROLE, SENSITIVITY
from schema import Sensitivity, name_in


def _who(_arguments: Arguments, request: Request) -> dict[str, Any]:
    caller = request.caller
    return {
        "role": caller.role,
        "name": caller.name or None,
        "expires_at": caller.expires_at,
        "sees": [level for level in Sensitivity if caller.may_see(level)],
        "customer": caller.customer,
        "rows": {kind: list(keys) for kind, keys in caller.rows.items()} or None,
        "language": request.language,
    }


def _totals(_arguments: Arguments, request: Request) -> dict[str, Any]:
    totals = request.reader.totals()
    return {"nodes": count(totals.nodes), "relationships": count(totals.relationships)}


def count(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return counts by name as values of `KindTotal` or `RelationshipTotal`."""
    return [{"name": name, "count": found} for name, found in counts.items()]


def _kind_labels(totals: Sequence[Any], _arguments: Arguments, request: Request) -> list[str]:
    kinds = request.reader.vocabulary.kinds
    return [name_in(kinds[t["name"]].label, t["name"], request.language) for t in totals]


def _type_labels(totals: Sequence[Any], _arguments: Arguments, request: Request) -> list[str]:
    types = request.reader.vocabulary.relationships
    return [name_in(types[t["name"]].label, t["name"], request.language) for t in totals]


def define_totals(types: Types) -> None:
    """Make the types of counts by kind and by type of relationship."""
    many = attribute(required(LONG), "count", "How many.")
    types.add(
        GraphQLObjectType(
            "KindTotal",
            {
                "kind": attribute(required(types.kind_names), "name", "The kind."),
                "label": computed(required(GraphQLString), _kind_labels, "It in your language.", cost=free),
                "count": many,
            },
            description="How many nodes there are of a kind.",
        )
    )
    types.add(
        GraphQLObjectType(
            "RelationshipTotal",
            {
                "type": attribute(required(types.relationship_names), "name", "The type."),
                "label": computed(required(GraphQLString), _type_labels, "It in your language.", cost=free),
                "count": many,
            },
            description="How many relationships there are of a type.",
        )
    )


def overview_fields(types: Types) -> Fields:
    """Return the root fields of who asks and how much there is."""
    me = GraphQLObjectType(
        "Me",
        {
            "role": attribute(required(ROLE), "role", "What you do with the service."),
            "name": attribute(GraphQLString, "name", "Who you are, as the audit log has it."),
            "expiresAt": attribute(TIME, "expires_at", "When you have to sign in anew; null: never."),
            "sees": attribute(list_of(SENSITIVITY), "sees", "What you may see."),
            "customer": attribute(GraphQLString, "customer", "The only customer that you may see."),
            "rows": attribute(JSON, "rows", "Whose customers alone you may see: keys by kind."),
            "language": attribute(required(GraphQLString), "language", "In which language you are answered."),
        },
        description="Who asks, and what they may see.",
    )
    found = {"me": computed(required(me), once(_who), "Who you are, and what you may see.", cost=free)}
    if types.vocabulary.relationships:
        totals = GraphQLObjectType(
            "Totals",
            {
                "nodes": attribute(list_of(types.get("KindTotal")), "nodes", "By kind; none are left out."),
                "relationships": attribute(
                    list_of(types.get("RelationshipTotal")), "relationships", "By type; none are left out."
                ),
            },
            description="How much the graph holds.",
        )
        found["totals"] = computed(
            totals, once(_totals), "How much there is in all.", cost=lambda _, below: 50 + below
        )
    return found
