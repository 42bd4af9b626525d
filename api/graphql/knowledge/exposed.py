"""The customers that a root cause holds for, a page of each; read at once for all root causes of a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import GraphQLBoolean, GraphQLField

from api.graphql.execution import Arguments
from api.graphql.knowledge.causes import Told
from api.graphql.request import Request
from api.graphql.types import (
    Edge,
    Paging,
    Slice,
    Types,
    argument,
    computed,
    decode,
    encode,
    page_cost,
    paging_arguments,
    read_paging,
    required,
)
from graph import Node
from schema import CUSTOMER, UsageError


@dataclass
class Exposures:
    """Pages of the customers that root causes hold for; `quiet`: of those who have not complained of it."""

    told: Sequence[Told]
    quiet: bool
    paging: Paging
    _nodes: dict[str, Node] | None = field(default=None, repr=False)

    def keys(self, told: Told) -> list[str]:
        """Return the keys of a page, and of one more behind it."""
        after = None if self.paging.after is None else _decode_cursor(self.paging.after)
        limit = self.paging.limit + 1
        return told.survey.list_exposed(told.id, quiet=self.quiet, after=after, limit=limit)

    def load(self, request: Request) -> dict[str, Node]:
        """Return the customers of all pages that may be seen, by key, read on first use."""
        if self._nodes is None:
            wanted = dict.fromkeys(key for told in self.told for key in self.keys(told)[: self.paging.limit])
            self._nodes = request.reader.get_many(CUSTOMER, list(wanted)) if wanted else {}
        return self._nodes


@dataclass(frozen=True, slots=True)
class Exposed:
    """The customers that one root cause holds for."""

    exposures: Exposures
    told: Told

    def load(self, request: Request) -> Slice:
        """Return the page."""
        nodes, paging = self.exposures.load(request), self.exposures.paging
        keys = self.exposures.keys(self.told) if paging.limit else []
        edges = [Edge(encode("exposed", key), nodes[key]) for key in keys[: paging.limit] if key in nodes]
        return Slice(edges, len(keys) > paging.limit, paging.after is not None)

    def count(self, request: Request) -> int:  # noqa: ARG002  (as every connection)
        """Return how many there were when the root cause was found."""
        return self.told.survey.count_exposed(self.told.id, quiet=self.exposures.quiet)


def _decode_cursor(cursor: str) -> str:
    try:
        name, key = decode(cursor, 2)
    except ValueError:
        name, key = "", ""
    if name != "exposed":
        raise UsageError(f"{cursor[:80]!r} is not a cursor", hint="take the `cursor` of an edge") from None
    return key


def exposed_field(types: Types) -> GraphQLField:
    """Return the field of a root cause for the customers that it holds for."""

    def resolve(told: Sequence[Told], arguments: Arguments, _request: Request) -> list[Exposed]:
        exposures = Exposures(told, bool(arguments.get("notYetComplaining")), read_paging(arguments))
        return [Exposed(exposures, one) for one in told]

    return computed(
        required(types.connections[CUSTOMER]),
        resolve,
        "The customers that it holds for: whose units are in its pattern.",
        args={
            **paging_arguments(),
            "notYetComplaining": argument(
                GraphQLBoolean, "Only those who have filed no complaint of it.", False
            ),
        },
        cost=page_cost,
    )
