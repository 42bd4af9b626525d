"""Relationships of nodes as connections: those of a whole level are read together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLField

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
from api.graphql.types.fields import Fields, argument, computed, each, free, required
from api.graphql.types.filters import read_filter
from api.graphql.types.ids import decode_cursor
from api.graphql.types.names import name_edge
from api.graphql.types.registry import Types, describe
from api.graphql.types.shared import PROVENANCE
from graph import Condition, Neighbour, Node, Order, Walk
from schema import Property, RefusedError, UsageError
from schema.paths import Step


@dataclass
class Fan:
    """What many nodes are joined to by one step, a page of each; read and counted at once for all."""

    step: Step
    keys: tuple[str, ...]
    where: tuple[Condition, ...]
    order: Order | None
    paging: Paging
    _pages: dict[str, Slice] | None = field(default=None, repr=False)
    _counts: dict[str, int] | None = field(default=None, repr=False)

    def load(self, request: Request) -> dict[str, Slice]:
        """Return the page of each key that has any."""
        if self._pages is None:
            read_fans(request, self)
        return self._pages or {}

    def announce(self, request: Request) -> None:
        """Have its pages read along with others that are asked for beside them."""
        if self._pages is None:
            request.ahead[id(self)] = self

    @property
    def walk(self) -> Walk:
        """What is asked of the store."""
        return Walk(
            self.step.triple,
            self.step.direction,
            self.keys,
            after=decode_cursor(self.order, self.paging.after),
            limit=self.paging.limit + 1,  # one more tells that there is more
            where=self.where,
            order=self.paging.turn(self.order),
        )

    def take(self, found: Mapping[str, Sequence[Neighbour]]) -> None:
        """Take in what the store found."""
        paging = self.paging
        self._pages = {
            key: paging.cut(
                [Placed(self.order, n.cursor, n.node, n.relationship) for n in near],
                len(near) > paging.limit,
            )
            for key, near in found.items()
        }

    def count(self, request: Request) -> dict[str, int]:
        """Return how many each key has, of those that have any."""
        if self._counts is None:
            self._counts = request.reader.degrees(
                self.step.triple, self.step.direction, self.keys, where=self.where
            )
        return self._counts


@dataclass(slots=True)
class Links:
    """What one node of a fan is joined to."""

    fan: Fan
    key: str

    def announce(self, request: Request) -> None:
        """Have its page read along with others that are asked for beside it."""
        self.fan.announce(request)

    def load(self, request: Request) -> Slice:
        """Return the page of this node."""
        return self.fan.load(request).get(self.key) or Slice()

    def count(self, request: Request) -> int:
        """Return how many this node is joined to."""
        return self.fan.count(request).get(self.key, 0)


def read_fans(request: Request, asked: Fan) -> None:
    """Read the pages of a fan, and with them those that are known to be asked for, in one question."""
    fans = [asked, *(fan for fan in request.ahead.values() if fan is not asked)]
    request.ahead.clear()
    for fan in fans:
        if not fan.paging.limit:
            fan.take({})
    fans = [fan for fan in fans if fan.paging.limit]
    try:
        answers = request.reader.follow_all([fan.walk for fan in fans]) if fans else []
    except (UsageError, RefusedError):  # one of them cannot be asked, which is to be told of it alone
        fans = [asked]
        answers = request.reader.follow_all([asked.walk])
    for fan, found in zip(fans, answers, strict=True):
        fan.take(found)


def define_links(types: Types) -> None:
    """Make the connection of each type of relationship to each kind that it leads to, either way."""
    for triple in types.vocabulary.triples:
        for to in (triple.end, triple.start):
            if (triple.type, to) not in types.links:
                types.links[triple.type, to] = make_connection(
                    types,
                    name_edge(triple, to),
                    types.objects[to],
                    f"{to} along {triple.type}",
                    edge_fields=_edge_fields(types, triple.type),
                )


def _edge_fields(types: Types, type_: str) -> Callable[[], Fields]:
    def make() -> Fields:
        of, names = types.vocabulary.get_relationship(type_), types.edges[type_]
        provenance = each(lambda edge: edge.link)
        return {
            "provenance": computed(required(PROVENANCE), provenance, "Where the link comes from.", cost=free),
            **{names[p.name]: _property(types, p) for p in of.properties.values()},
        }

    return make


def _property(types: Types, p: Property) -> GraphQLField:
    def resolve(edges: Sequence[Placed], _arguments: Arguments, _request: Request) -> list[Any]:
        return [edge.link.properties.get(p.name) for edge in edges]

    return computed(types.value(p), resolve, describe(p.about, p.name), sensitivity=p.sensitivity, cost=free)


def spread(
    step: Step, nodes: Sequence[Node], arguments: Arguments, order: Order | None = None
) -> list[Links]:
    """Return what each of these nodes is joined to by a step; `order` is that where none is asked for."""
    keys = tuple(dict.fromkeys(node.key for node in nodes))
    where = read_filter(arguments.get("filter"))
    fan = Fan(step, keys, where, arguments.get("orderBy") or order, read_paging(arguments))
    return [Links(fan, node.key) for node in nodes]


def link_field(types: Types, step: Step, about: str = "", order: Order | None = None) -> GraphQLField:
    """Return the field of a node for what it is joined to by a step, in an order if none is asked for."""
    of = types.vocabulary.get_relationship(step.triple.type)

    def resolve(nodes: Sequence[Node], arguments: Arguments, _request: Request) -> list[Links]:
        return spread(step, nodes, arguments, order)

    return computed(
        types.links[step.triple.type, step.to],
        resolve,
        about or f"{describe(of.about, of.name).rstrip('.')} ({step.triple}).",
        args={
            **paging_arguments(backwards=True),
            "filter": argument(types.filters[step.to], "Only those that meet these conditions."),
            "orderBy": argument(
                types.orders[step.to],
                f"How they are sorted; {'newest first' if order else 'by key'} if not said.",
            ),
        },
        cost=page_cost,
    )
