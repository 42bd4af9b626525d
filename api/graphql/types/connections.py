"""Connections: lists that are read a page at a time, and only as far as they are asked for.

A connection's value is a `Connection`. It reads its page when the first of `edges`, `nodes` and `pageInfo` is
asked for, and counts when `totalCount` is; both for all connections that were made together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import GraphQLArgument, GraphQLInt, GraphQLObjectType, GraphQLOutputType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.fields import Fields, argument, attribute, computed, free, list_of, required
from api.graphql.types.ids import encode_cursor
from api.graphql.types.registry import Types
from api.graphql.types.shared import PAGE_INFO
from graph import Order
from schema import UsageError

PAGE = 20  # of a connection where nothing is said
LARGEST = 500


# Not frozen: of these there are thousands in an answer, and frozen ones take three times as long to make.
@dataclass(slots=True)
class PageInfo:
    """Where a page lies."""

    has_next: bool = False
    has_previous: bool = False
    start: str | None = None
    end: str | None = None


@dataclass(slots=True)
class Edge:
    """What is listed, and its cursor. `link` is the relationship that leads to it, where one does."""

    cursor: str
    node: Any
    link: Any = None


@dataclass(slots=True)
class Placed:
    """An edge whose cursor is made of the store's, when it is asked for."""

    order: Order | None
    place: str
    node: Any
    link: Any = None

    @property
    def cursor(self) -> str:
        """The cursor."""
        return encode_cursor(self.order, self.place)


@dataclass(slots=True)
class Slice:
    """A page of a connection."""

    edges: Sequence[Edge | Placed] = ()
    has_next: bool = False
    has_previous: bool = False

    @property
    def nodes(self) -> list[Any]:
        """What is listed."""
        return [edge.node for edge in self.edges]

    @property
    def page_info(self) -> PageInfo:
        """Where the page lies."""
        first, last = (self.edges[0].cursor, self.edges[-1].cursor) if self.edges else (None, None)
        return PageInfo(self.has_next, self.has_previous, first, last)


class Connection(Protocol):
    """A list of which a page is shown."""

    def load(self, request: Request) -> Slice:
        """Return the page, read on first use."""
        ...

    def count(self, request: Request) -> int | None:
        """Return how many there are in all, counted on first use."""
        ...


@dataclass(frozen=True)
class Paging:
    """Which page is asked for: `limit` behind `after` or, `backwards`, before it."""

    limit: int
    after: str | None = None
    backwards: bool = False

    def turn(self, order: Order | None) -> Order | None:
        """Return the order in which the page comes first: the last are the first in the opposite one."""
        if not self.backwards:
            return order
        return Order("key", True) if order is None else Order(order.name, not order.descending)

    def cut(self, edges: Sequence[Edge | Placed], more: bool) -> Slice:
        """Return the page of edges that were read in that order; `more` tells whether there are others."""
        shown, passed = edges[: self.limit], self.after is not None
        return Slice(shown[::-1], passed, more) if self.backwards else Slice(shown, more, passed)


def read_paging(arguments: Arguments) -> Paging:
    """Return which page is asked for; `UsageError` where that makes no sense."""
    first, last = arguments.get("first"), arguments.get("last")
    after, before = arguments.get("after"), arguments.get("before")
    if last is None and before is None:
        return Paging(check_size("first", PAGE if first is None else first), after)
    if first is not None or after is not None:
        raise UsageError("a list is paged one way", hint="`first` and `after`, or `last` and `before`")
    return Paging(check_size("last", PAGE if last is None else last), before, True)


def check_size(name: str, size: int, largest: int = LARGEST) -> int:
    """Return how many are asked for; `UsageError` if that is too many or cannot be."""
    if not 0 <= size <= largest:
        raise UsageError(f"`{name}` is from 0 to {largest}, not {size}", hint="page with cursors, or export")
    return size


def paging_arguments(*, backwards: bool = False, default: int = PAGE) -> dict[str, GraphQLArgument]:
    """Return the arguments of a connection."""
    found = {
        "first": argument(GraphQLInt, f"How many, at most {LARGEST}; {default} if not said."),
        "after": argument(GraphQLString, "The cursor behind which to go on."),
    }
    if backwards:
        found |= {
            "last": argument(GraphQLInt, f"How many from the end, at most {LARGEST}."),
            "before": argument(GraphQLString, "The cursor before which to go on."),
        }
    return found


def page_cost(arguments: Arguments, below: int) -> int:
    """Return the cost of a connection: itself, and each of what it may list with what is asked of it."""
    sizes = (arguments.get(name) for name in ("first", "last"))
    size = next((size for size in sizes if size is not None), PAGE)
    return 1 + max(size, 0) * (1 + below)


def _shown(get: Callable[[Slice], Any]) -> Any:
    def resolve(connections: Sequence[Connection], _arguments: Arguments, request: Request) -> list[Any]:
        return [get(connection.load(request)) for connection in connections]

    return resolve


def _announce(connections: Sequence[Any], request: Request) -> None:
    """Tell connections that are there that their pages will be asked for."""
    for connection in connections:
        announce = getattr(connection, "announce", None)
        if announce is not None:
            announce(request)


def _count(connections: Sequence[Connection], _arguments: Arguments, request: Request) -> list[int | None]:
    return [connection.count(request) for connection in connections]


def make_connection(
    types: Types,
    stem: str,
    node: GraphQLOutputType,
    about: str,
    *,
    edge_fields: Callable[[], Mapping[str, Any]] | None = None,
    counted: bool = True,
) -> GraphQLObjectType:
    """Return the type `<stem>Connection` of pages of nodes of this type, and make `<stem>Edge`."""

    def fields_of_edge() -> Fields:
        own = edge_fields() if edge_fields else {}
        return {
            "cursor": attribute(required(GraphQLString), "cursor", "What to pass as `after` to go on here."),
            "node": attribute(required(node), "node", "What is listed."),
            **own,
        }

    edge = GraphQLObjectType(
        types.names.of(f"{stem}Edge"), fields_of_edge, description=f"One of {about}, with its cursor."
    )

    def fields() -> Fields:
        def page(type_: Any, get: Callable[[Slice], Any], about: str) -> Any:
            return computed(type_, _shown(get), about, cost=free, ahead=_announce)

        found = {
            "edges": page(list_of(edge), lambda s: s.edges, "The page, with cursors."),
            "nodes": page(list_of(node), lambda s: s.nodes, "The page."),
            "pageInfo": page(required(PAGE_INFO), lambda s: s.page_info, "Where the page lies."),
        }
        if counted:
            found["totalCount"] = computed(
                GraphQLInt, _count, "How many there are in all; counted only when asked for."
            )
        return found

    return GraphQLObjectType(types.names.of(f"{stem}Connection"), fields, description=f"Pages of {about}.")
