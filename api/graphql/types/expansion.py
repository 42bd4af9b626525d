"""What lies around a node in numbers, before any of it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.connections import page_cost, paging_arguments, read_paging
from api.graphql.types.fields import (
    Fields,
    argument,
    attribute,
    computed,
    each,
    free,
    list_of,
    once,
    required,
)
from api.graphql.types.ids import decode_id
from api.graphql.types.nodes import read_nodes
from api.graphql.types.overview import count
from api.graphql.types.registry import Types
from api.graphql.types.shared import DIRECTION
from api.graphql.types.walks import Walk, kind_of
from graph import Branch, Node, Ref
from schema import name_in

SUPERNODE = 1_000  # neighbours by one triple from which on a branch is shown as a number first


@dataclass(frozen=True)
class Expansion:
    """What lies around a node, in numbers."""

    ref: Ref
    node: Node | None
    branches: Sequence[Branch]
    threshold: int


@dataclass(frozen=True)
class Twig:
    """A branch of an expansion."""

    ref: Ref
    branch: Branch
    threshold: int


def _expand(arguments: Arguments, request: Request) -> Expansion:
    ref = decode_id(arguments["id"])
    branches = request.reader.expand(*ref)
    return Expansion(ref, read_nodes(request.reader, [ref]).get(ref), branches, arguments["threshold"])


def _twigs(expansion: Expansion) -> list[Twig]:
    return [Twig(expansion.ref, branch, expansion.threshold) for branch in expansion.branches]


def _by_kind(expansion: Expansion) -> list[Any]:
    counts: dict[str, int] = {}
    for branch in expansion.branches:
        counts[kind_of(branch)] = counts.get(kind_of(branch), 0) + branch.count
    return count(counts)


def _walks(twigs: Sequence[Twig], arguments: Arguments, _request: Request) -> list[Walk]:
    paging = read_paging(arguments)
    return [Walk(twig.ref, [twig.branch], paging) for twig in twigs]


def _labels(twigs: Sequence[Twig], _arguments: Arguments, request: Request) -> list[str]:
    declared = request.reader.vocabulary.relationships
    types = [declared[twig.branch.triple.type] for twig in twigs]
    return [name_in(of.label, of.name, request.language) for of in types]


def expansion_fields(types: Types) -> Fields:
    """Return the root field of what lies around a node."""
    neighbours = types.find("NeighbourConnection")
    if not isinstance(neighbours, GraphQLObjectType):
        return {}
    expansion = GraphQLObjectType(
        "Expansion",
        {
            "node": attribute(types.node, "node", "The node."),
            "count": computed(
                required(GraphQLInt),
                each(lambda e: sum(branch.count for branch in e.branches)),
                "How many relationships it has in all.",
                cost=free,
            ),
            "kinds": computed(
                list_of(types.get("KindTotal")), each(_by_kind), "How many lead to each kind.", cost=free
            ),
            "branches": computed(
                list_of(_define_branch(types, neighbours)),
                each(_twigs),
                "Each triple and direction that there is one of.",
                cost=lambda _arguments, below: 10 * below,
            ),
        },
        description="What lies around a node, in numbers.",
    )
    about = "From how many on a branch is too much to be shown at once."
    return {
        "expand": computed(
            expansion,
            once(_expand),
            "How many relationships a node has of each type and direction, before any is read.",
            args={
                "id": argument(required(GraphQLID), "The global id of the node."),
                "threshold": argument(required(GraphQLInt), about, SUPERNODE),
            },
            cost=lambda _arguments, below: 10 + below,
        )
    }


def _define_branch(types: Types, neighbours: GraphQLObjectType) -> GraphQLObjectType:
    return GraphQLObjectType(
        "Branch",
        {
            "relationship": computed(
                required(types.relationship_names),
                each(lambda twig: twig.branch.triple.type),
                "The type.",
                cost=free,
            ),
            "label": computed(required(GraphQLString), _labels, "The type, in your language.", cost=free),
            "direction": computed(
                required(DIRECTION),
                each(lambda twig: twig.branch.direction),
                "Which way.",
                cost=free,
            ),
            "kind": computed(
                required(types.kind_names),
                each(lambda twig: kind_of(twig.branch)),
                "To what.",
                cost=free,
            ),
            "count": computed(
                required(GraphQLInt), each(lambda twig: twig.branch.count), "How many.", cost=free
            ),
            "supernode": computed(
                required(GraphQLBoolean),
                each(lambda twig: twig.branch.count >= twig.threshold),
                "Whether these are too many to be shown at once: show the number, then page.",
                cost=free,
            ),
            "neighbours": computed(
                neighbours, _walks, "The neighbours, by page.", args=paging_arguments(), cost=page_cost
            ),
        },
        description="What one triple leads to from a node, one way.",
    )
