"""Walking from a node: its neighbours of any kind, and how many there are before any is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.connections import (
    Edge,
    Paging,
    Slice,
    make_connection,
    page_cost,
    paging_arguments,
    read_paging,
)
from api.graphql.types.edges import link_of
from api.graphql.types.fields import Fields, argument, attribute, computed, each, free, list_of, once, required
from api.graphql.types.ids import decode, decode_id, encode
from api.graphql.types.nodes import read_nodes
from api.graphql.types.overview import count
from api.graphql.types.registry import Types
from api.graphql.types.shared import DIRECTION
from graph import Branch, Node, Ref
from schema import Direction, UsageError, name_in

SUPERNODE = 1_000  # neighbours by one triple from which on a branch is shown as a number first


def _place(branch: Branch) -> str:
    return f"{branch.direction} {branch.triple}"


@dataclass
class Walk:
    """The neighbours of a node along some branches, one branch after the other, of which a page is shown."""

    ref: Ref
    branches: Sequence[Branch]
    paging: Paging
    _page: Slice | None = field(default=None, repr=False)

    def load(self, request: Request) -> Slice:
        """Return the page, read on first use."""
        if self._page is None:
            self._page = self._read(request)
        return self._page

    def _read(self, request: Request) -> Slice:
        kind, key = self.ref
        limit, place, cursor = self.paging.limit, *self._start()
        if not limit or not self.branches:
            return Slice()
        here = read_nodes(request.reader, [self.ref]).get(self.ref)
        edges: list[Edge] = []
        for branch in self.branches[place:]:
            found = request.reader.follow(
                branch.triple, branch.direction, [key], after=cursor, limit=limit + 1 - len(edges)
            )
            for n in found.get(key, ()):
                edges.append(Edge(encode(_place(branch), n.cursor), n.node, (link_of(n, here), n.direction)))
            if len(edges) > limit:
                break
            cursor = None
        return Slice(edges[:limit], len(edges) > limit, self.paging.after is not None)

    def _start(self) -> tuple[int, str | None]:
        """Return the branch with which to begin, and the store's cursor in it."""
        if self.paging.after is None:
            return 0, None
        places = [_place(branch) for branch in self.branches]
        try:
            place, cursor = decode(self.paging.after, 2)
            return places.index(place), cursor
        except ValueError:
            raise UsageError(
                f"{self.paging.after[:80]!r} is not a cursor of these neighbours",
                hint="take the `cursor` of an edge",
            ) from None

    def count(self, _request: Request) -> int:
        """Return how many there are in all."""
        return sum(branch.count for branch in self.branches)


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

    @property
    def kind(self) -> str:
        """The kind at the other end."""
        triple = self.branch.triple
        return triple.end if self.branch.direction is Direction.OUT else triple.start


def _neighbours(arguments: Arguments, request: Request) -> Walk:
    ref = decode_id(arguments["id"])
    types, kinds = arguments.get("relationship"), arguments.get("kinds")
    wanted = [
        branch
        for branch in request.reader.expand(*ref)
        if (types is None or branch.triple.type in types)
        and arguments.get("direction") in (None, branch.direction)
        and (kinds is None or Twig(ref, branch, 0).kind in kinds)
    ]
    return Walk(ref, wanted, read_paging(arguments))


def _expand(arguments: Arguments, request: Request) -> Expansion:
    ref = decode_id(arguments["id"])
    branches = request.reader.expand(*ref)
    return Expansion(ref, read_nodes(request.reader, [ref]).get(ref), branches, arguments["threshold"])


def _twigs(expansions: Sequence[Expansion], _arguments: Arguments, _request: Request) -> list[list[Twig]]:
    return [[Twig(e.ref, branch, e.threshold) for branch in e.branches] for e in expansions]


def _by_kind(expansions: Sequence[Expansion], _arguments: Arguments, _request: Request) -> list[Any]:
    found = []
    for e in expansions:
        counts: dict[str, int] = {}
        for branch in e.branches:
            kind = Twig(e.ref, branch, 0).kind
            counts[kind] = counts.get(kind, 0) + branch.count
        found.append(count(counts))
    return found


def _walks(twigs: Sequence[Twig], arguments: Arguments, _request: Request) -> list[Walk]:
    paging = read_paging(arguments)
    return [Walk(twig.ref, [twig.branch], paging) for twig in twigs]


def _labels(twigs: Sequence[Twig], _arguments: Arguments, request: Request) -> list[str]:
    declared = request.reader.vocabulary.relationships
    return [
        name_in(declared[t.branch.triple.type].label, t.branch.triple.type, request.language) for t in twigs
    ]


def walk_fields(types: Types) -> Fields:
    """Return the root fields that show what lies around a node."""
    if not types.vocabulary.relationships:
        return {}
    neighbours = make_connection(
        types,
        "Neighbour",
        types.node,
        "neighbours",
        edge_fields=lambda: {
            "relationship": computed(
                required(types.get("GraphEdge")),
                each(lambda edge: edge.link[0]),
                "What leads to it.",
                cost=free,
            ),
            "direction": computed(
                required(DIRECTION), each(lambda edge: edge.link[1]), "Which way that was walked.", cost=free
            ),
        },
    )
    expansion = _define_expansion(types, neighbours)
    several = GraphQLList(GraphQLNonNull(types.relationship_names))
    kinds = GraphQLList(GraphQLNonNull(types.kind_names))
    id_ = argument(required(GraphQLID), "The global id of the node.")
    return {
        "neighbours": computed(
            neighbours,
            once(_neighbours),
            "What a node is joined to: by type of relationship, direction and key.",
            args={
                "id": id_,
                "relationship": argument(several, "Only along these types of relationship; else all."),
                "direction": argument(DIRECTION, "Only this way; else both."),
                "kinds": argument(kinds, "Only to these kinds; else all."),
                **paging_arguments(),
            },
            cost=page_cost,
        ),
        "expand": computed(
            expansion,
            once(_expand),
            "How many relationships a node has of each type and direction, before any is read.",
            args={
                "id": id_,
                "threshold": argument(
                    required(GraphQLInt), "From how many on a branch is a supernode's.", SUPERNODE
                ),
            },
            cost=lambda _arguments, below: 10 + below,
        ),
    }


def _define_expansion(types: Types, neighbours: GraphQLObjectType) -> GraphQLObjectType:
    branch = GraphQLObjectType(
        "Branch",
        lambda: {
            "relationship": computed(
                required(types.relationship_names), each(lambda t: t.branch.triple.type), "The type.", cost=free
            ),
            "label": computed(required(GraphQLString), _labels, "The type, in your language.", cost=free),
            "direction": computed(
                required(DIRECTION), each(lambda t: t.branch.direction), "Which way it is walked.", cost=free
            ),
            "kind": attribute(required(types.kind_names), "kind", "The kind that it leads to."),
            "count": computed(required(GraphQLInt), each(lambda t: t.branch.count), "How many.", cost=free),
            "supernode": computed(
                required(GraphQLBoolean),
                each(lambda t: t.branch.count >= t.threshold),
                "Whether these are too many to show at once: say how many, and page.",
                cost=free,
            ),
            "neighbours": computed(
                required(neighbours), _walks, "The neighbours, by page.", args=paging_arguments(), cost=page_cost
            ),
        },
        description="What one triple leads to from a node, one way.",
    )
    return GraphQLObjectType(
        "Expansion",
        lambda: {
            "node": attribute(types.node, "node", "The node."),
            "count": computed(
                required(GraphQLInt),
                each(lambda e: sum(branch.count for branch in e.branches)),
                "How many relationships it has in all.",
                cost=free,
            ),
            "kinds": computed(
                list_of(types.get("KindTotal")), _by_kind, "How many lead to each kind.", cost=free
            ),
            "branches": computed(
                list_of(branch), _twigs, "Each triple and direction that there is one of.", cost=_branches_cost
            ),
        },
        description="What lies around a node, in numbers.",
    )


def _branches_cost(_arguments: Arguments, below: int) -> int:
    return 10 * below
