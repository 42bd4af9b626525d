"""Lists of all nodes of a kind, and one of them by its key."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLField, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.connections import (
    Paging,
    Placed,
    Slice,
    make_connection,
    page_cost,
    paging_arguments,
    read_paging,
)
from api.graphql.types.fields import argument, computed, once, required
from api.graphql.types.filters import read_filter
from api.graphql.types.ids import decode_cursor
from api.graphql.types.registry import Types
from api.graphql.types.scalars import TIME
from graph import Condition, Node, Order
from schema import NodeKind


@dataclass
class Listing:
    """The nodes of a kind in order, of which a page is shown."""

    kind: str
    where: tuple[Condition, ...]
    order: Order | None
    paging: Paging
    _page: Slice | None = field(default=None, repr=False)
    _count: int | None = field(default=None, repr=False)

    def load(self, request: Request) -> Slice:
        """Return the page, read on first use."""
        if self._page is None:
            self._page = self._read(request) if self.paging.limit else Slice()
        return self._page

    def _read(self, request: Request) -> Slice:
        paging = self.paging
        page = request.reader.page(
            self.kind,
            after=decode_cursor(self.order, paging.after),
            limit=paging.limit,
            where=self.where,
            order=paging.turn(self.order),
        )
        edges = [
            Placed(self.order, cursor, node) for node, cursor in zip(page.nodes, page.cursors, strict=True)
        ]
        return paging.cut(edges, page.next is not None)

    def count(self, request: Request) -> int:
        """Return how many there are in all."""
        if self._count is None:
            self._count = int(request.reader.aggregate(self.kind, where=self.where)[0]["count"])
        return self._count


def define_connections(types: Types) -> None:
    """Make the connection of each kind."""
    for kind in types.vocabulary.kinds.values():
        stem = types.kinds[kind.name].type
        types.connections[kind.name] = make_connection(types, stem, types.objects[kind.name], stem)


def list_field(types: Types, kind: NodeKind) -> GraphQLField:
    """Return the root field of a page of a kind."""

    def resolve(arguments: Arguments, _request: Request) -> Listing:
        where = read_filter(arguments.get("filter"))
        return Listing(kind.name, where, arguments.get("orderBy"), read_paging(arguments))

    return computed(
        types.connections[kind.name],
        once(resolve),
        f"All of {kind.name}, by page. {kind.about}".strip(),
        args={
            **paging_arguments(backwards=True),
            "filter": argument(types.filters[kind.name], "Only those that meet these conditions."),
            "orderBy": argument(types.orders[kind.name], "How they are sorted; by key if not said."),
        },
        cost=page_cost,
    )


def get_field(types: Types, kind: NodeKind) -> GraphQLField:
    """Return the root field of one node of a kind."""

    def resolve(arguments: Arguments, request: Request) -> Node | None:
        return request.reader.find(kind.name, arguments["key"], at=arguments.get("at"))

    return computed(
        types.objects[kind.name],
        once(resolve),
        f"One {kind.name} by its key, or null. {kind.about}".strip(),
        args={
            "key": argument(required(GraphQLString), "Its key."),
            "at": argument(TIME, "As it was at this moment (what it is joined to is shown as it is now)."),
        },
    )
