"""The timeline of customers: what happened around each, newest first, read for many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from api.graphql.request import Request
from api.graphql.types.connections import Edge, Paging, Slice
from api.graphql.types.ids import decode, encode
from api.graphql.types.ways import TimelineEvent, Way, newest_first
from graph import Condition, Neighbour, Node, Order, Walk, Where
from schema import Direction, UsageError
from schema.paths import Step

Place = tuple[datetime, str, str]  # moment, kind, event
MOST_BETWEEN = 500  # of a customer's nodes over which a second step is walked, the newest


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. `day`: only the day is known, and `time` is its beginning."""

    time: datetime
    day: bool
    event: TimelineEvent
    node: Node

    @property
    def place(self) -> Place:
        """Its moment, and where it stands among what happened then."""
        return self.time, self.node.kind, self.event.value


@dataclass(frozen=True)
class Mark:
    """Where a page ended: how many were shown of one place."""

    place: Place
    shown: int

    def write(self) -> str:
        """Return the cursor."""
        moment, kind, event = self.place
        return encode(moment.isoformat(), kind, event, str(self.shown))


def read_mark(after: str | None) -> Mark | None:
    """Return where a page ended; `UsageError` if that is no cursor of a timeline."""
    if after is None:
        return None
    try:
        moment, kind, event, shown = decode(after, 4)
        return Mark((datetime.fromisoformat(moment).astimezone(UTC), kind, event), int(shown))
    except (ValueError, OverflowError):
        raise UsageError(
            f"{after[:80]!r} is not a cursor of a timeline", hint="take the `cursor` of an edge"
        ) from None


@dataclass
class Timeline:
    """What happened around many customers along some ways, a page of each; read at once for all."""

    ways: Sequence[Way]
    keys: tuple[str, ...]
    paging: Paging
    _pages: dict[str, Slice] | None = field(default=None, repr=False)

    def load(self, request: Request) -> dict[str, Slice]:
        """Return the page of each customer around whom anything happened."""
        if self._pages is None:
            self._pages = self._read(request) if self.paging.limit else {}
        return self._pages

    def _read(self, request: Request) -> dict[str, Slice]:
        limit, mark = self.paging.limit, read_mark(self.paging.after)
        ways = [way for way in self.ways if request.caller.may_see(way.dated.sensitivity)]
        found: dict[str, dict[Any, Entry]] = {}
        walks: list[tuple[Way, Walk, Mapping[str, str]]] = [
            (way, self._walk(way, way.first, self.keys, mark), {}) for way in ways if way.second is None
        ]
        for first in dict.fromkeys(way.first for way in ways if way.second is not None):
            if between := find_own(request, first, self.keys):
                walks += [
                    (way, self._walk(way, way.second, list(between), mark), between)
                    for way in ways
                    if way.second is not None and way.first == first
                ]
        answers = request.reader.follow_all([walk for _, walk, _ in walks]) if walks else []
        for (way, _, owners), answer in zip(walks, answers, strict=True):
            for key, near in answer.items():
                _collect(found.setdefault(owners.get(key, key), {}), way, near)
        return {key: _cut(list(entries.values()), limit, mark) for key, entries in found.items()}

    def _walk(self, way: Way, step: Step, keys: Sequence[str], mark: Mark | None) -> Walk:
        return Walk(
            step.triple,
            step.direction,
            keys,
            limit=self.paging.limit + 1 + (mark.shown if mark else 0),
            where=_behind(mark, way),
            order=Order(way.dated.name, True),
        )


@dataclass(frozen=True, slots=True)
class Happenings:
    """The timeline of one customer."""

    timeline: Timeline
    key: str

    def load(self, request: Request) -> Slice:
        """Return the page of this customer."""
        return self.timeline.load(request).get(self.key) or Slice()

    def count(self, _request: Request) -> None:
        """Return None: how much happened in all is not counted."""


@dataclass(frozen=True, slots=True)
class Things:
    """What happened around one customer, as nodes."""

    happenings: Happenings

    def load(self, request: Request) -> Slice:
        """Return the page of this customer."""
        page = self.happenings.load(request)
        edges = [Edge(edge.cursor, edge.node.node) for edge in page.edges]
        return Slice(edges, page.has_next, page.has_previous)

    def count(self, _request: Request) -> None:
        """Return None: how many there are is not counted."""


def find_own(request: Request, step: Step, keys: tuple[str, ...]) -> dict[str, str]:
    """Return what is joined to one of these customers by a step, and to no other: its key -> the customer.

    It is read once a request.
    """
    return request.keep(("own", step, keys), lambda: _read_own(request, step, keys))


def _read_own(request: Request, step: Step, keys: Sequence[str]) -> dict[str, str]:
    order = newest_first(request.reader.vocabulary.get_kind(step.to))
    near = request.reader.follow(step.triple, step.direction, keys, limit=MOST_BETWEEN, order=order)
    owners = {n.node.key: customer for customer, found in near.items() for n in found}
    if not owners:
        return {}
    back = Direction.IN if step.direction is Direction.OUT else Direction.OUT
    degrees = request.reader.degrees(step.triple, back, list(owners))
    return {key: customer for key, customer in owners.items() if degrees.get(key) == 1}


def _collect(entries: dict[Any, Entry], way: Way, near: Sequence[Neighbour]) -> None:
    for n in near:
        moment = n.node.properties.get(way.dated.name)
        if moment is not None:
            entries[n.node.kind, n.node.key, way.event] = _entry(way, n.node, moment)


def _entry(way: Way, node: Node, moment: date) -> Entry:
    if isinstance(moment, datetime):
        return Entry(moment, False, way.event, node)
    return Entry(datetime.combine(moment, time(), UTC), True, way.event, node)


def _cut(entries: list[Entry], limit: int, mark: Mark | None) -> Slice:
    """Return the newest behind a mark; what is of one place stays in the order of the store."""
    entries.sort(key=lambda e: e.place[1:])
    entries.sort(key=lambda e: e.time, reverse=True)
    shown: Counter[Place] = Counter()
    edges: list[Edge] = []
    for entry in entries:
        shown[entry.place] += 1
        here = Mark(entry.place, shown[entry.place])
        if mark is None or here.place != mark.place or here.shown > mark.shown:
            if len(edges) == limit:
                return Slice(edges, True, mark is not None)
            edges.append(Edge(here.write(), entry))
    return Slice(edges, False, mark is not None)


def _behind(mark: Mark | None, way: Way) -> tuple[Condition, ...]:
    """Return the conditions that what a way leads to is of the place of a mark, or comes behind it."""
    p = way.dated
    if mark is None:
        return (Where(p.name, "is_null", False),)
    moment, *rank = mark.place
    including = way.rank >= tuple(rank)
    if p.type == "time":
        return (Where(p.name, "le" if including else "lt", moment),)
    # A day begins before the moment, unless the moment is its beginning.
    begun = moment.time() != time()
    return (Where(p.name, "le" if including or begun else "lt", moment.date()),)


def spread_timeline(
    ways: Sequence[Way], nodes: Sequence[Node], paging: Paging, kinds: Sequence[str] | None = None
) -> list[Happenings]:
    """Return the timeline of each of these customers, of some kinds only if they are given."""
    chosen = [way for way in ways if kinds is None or way.kind in kinds]
    timeline = Timeline(chosen, tuple(dict.fromkeys(node.key for node in nodes)), paging)
    return [Happenings(timeline, node.key) for node in nodes]
