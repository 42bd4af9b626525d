"""Walking from a node to its neighbours of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import GraphQLID, GraphQLList, GraphQLNonNull, GraphQLObjectType

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
from api.graphql.types.fields import Fields, argument, computed, each, free, once, required
from api.graphql.types.ids import decode, decode_id, encode
from api.graphql.types.nodes import read_nodes
from api.graphql.types.registry import Types
from api.graphql.types.shared import DIRECTION
from graph import Branch, Ref
from schema import Direction, UsageError


def kind_of(branch: Branch) -> str:
    """Return the kind that a branch leads to."""
    return branch.triple.end if branch.direction is Direction.OUT else branch.triple.start


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
        limit, key = self.paging.limit, self.ref[1]
        place, cursor = self._start()
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


def _neighbours(arguments: Arguments, request: Request) -> Walk:
    ref = decode_id(arguments["id"])
    types, kinds = arguments.get("relationship"), arguments.get("kinds")
    wanted = [
        branch
        for branch in request.reader.expand(*ref)
        if (types is None or branch.triple.type in types)
        and arguments.get("direction") in (None, branch.direction)
        and (kinds is None or kind_of(branch) in kinds)
    ]
    return Walk(ref, wanted, read_paging(arguments))


def define_neighbours(types: Types) -> None:
    """Make the connection of neighbours of any kind."""
    edge = types.get("GraphEdge")

    def fields() -> Fields:
        return {
            "relationship": computed(
                required(edge), each(lambda edge: edge.link[0]), "What leads to it.", cost=free
            ),
            "direction": computed(
                required(DIRECTION), each(lambda edge: edge.link[1]), "Which way that is walked.", cost=free
            ),
        }

    types.add(make_connection(types, "Neighbour", types.node, "neighbours", edge_fields=fields))


def walk_fields(types: Types) -> Fields:
    """Return the root field of the neighbours of a node."""
    neighbours = types.find("NeighbourConnection")
    if not isinstance(neighbours, GraphQLObjectType):
        return {}
    several = GraphQLList(GraphQLNonNull(types.relationship_names))
    kinds = GraphQLList(GraphQLNonNull(types.kind_names))
    return {
        "neighbours": computed(
            neighbours,
            once(_neighbours),
            "What a node is joined to: by type of relationship, direction and key.",
            args={
                "id": argument(required(GraphQLID), "The global id of the node."),
                "relationship": argument(several, "Only along these types of relationship; else all."),
                "direction": argument(DIRECTION, "Only this way; else both."),
                "kinds": argument(kinds, "Only to these kinds; else all."),
                **paging_arguments(),
            },
            cost=page_cost,
        )
    }
