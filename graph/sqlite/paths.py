"""Shortest paths: breadth-first from both ends, the smaller side first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from graph.model import Ref, Relationship
from graph.questions import check_limit
from graph.sqlite.conditions import sides
from graph.sqlite.connection import Connection
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.queries import decode_relationship, relationship_columns
from graph.sqlite.tables import Tables, TripleTable
from graph.sqlite.walks import node_id, steps
from schema.kinds import Direction, Triple

Spot = tuple[str, int]  # kind, id
Step = tuple[Spot, Triple, Direction]  # the spot before, and how it leads on from there
Ends = tuple[Triple, tuple[int, int]]  # a relationship by the ids of its ends
ROWS_AT_ONCE = 10_000


@dataclass
class _Side:
    """What is reached from one end: each spot with the steps that lead to it on shortest ways."""

    rim: list[Spot]
    reached: dict[Spot, list[Step]] = field(init=False)

    def __post_init__(self) -> None:
        self.reached = {spot: [] for spot in self.rim}

    def ways(self, spot: Spot) -> Iterator[tuple[Step, ...]]:
        """Yield the shortest ways to a spot, each as its steps, the last first."""
        pending: list[tuple[Spot, tuple[Step, ...]]] = [(spot, ())]
        while pending:
            at, way = pending.pop()
            before = self.reached[at]
            if not before:
                yield way
            pending += [(step[0], (*way, step)) for step in reversed(before)]


@dataclass(frozen=True)
class Search:
    """A search for shortest paths between two nodes, through some types and kinds."""

    connection: Connection
    tables: Tables
    types: Sequence[str] | None = None
    kinds: Sequence[str] | None = None

    def find(self, start: Ref, end: Ref, longest: int, limit: int) -> list[list[Relationship]]:
        """Return shortest paths, relationships walked either way."""
        check_limit(limit)
        for kind in self.kinds or ():
            self.tables.of_kind(kind)
        spots = [(ref[0], node_id(self.connection, self.tables, *ref)) for ref in (start, end)]
        list(steps(self.tables, start[0], self.types))  # refuses types that are not there
        if spots[0] == spots[1]:
            return [[]]
        both = (_Side([spots[0]]), _Side([spots[1]]))
        for _ in range(longest):
            side, opposite = both if len(both[0].rim) <= len(both[1].rim) else both[::-1]
            meeting = self._widen(side, opposite, first=limit == 1)
            if meeting:
                return [self._read(path) for path in islice(_paths(both, meeting), limit)]
            if not side.rim:
                break
        return []

    def _widen(self, side: _Side, opposite: _Side, *, first: bool) -> list[Spot]:
        """Go one step on from the rim; return where the sides meet, with `first` as soon as they do."""
        rim: dict[Spot, None] = {}
        ends = set(opposite.rim)
        meeting: dict[Spot, None] = {}
        for step, spot in self._around(side.rim):
            if spot in side.reached and spot not in rim:
                continue
            if spot not in rim:
                if spot not in ends and self.kinds is not None and spot[0] not in self.kinds:
                    continue
                rim[spot] = None
                side.reached[spot] = []
            side.reached[spot].append(step)
            if spot in ends:
                meeting[spot] = None
                if first:
                    break
        side.rim = list(rim)
        return list(meeting)

    def _around(self, rim: Sequence[Spot]) -> Iterator[tuple[Step, Spot]]:
        """Yield the steps from the rim, in order of triple."""
        for kind in dict.fromkeys(kind for kind, _ in rim):
            nodes = as_list([node for k, node in rim if k == kind])
            for table, way in steps(self.tables, kind, self.types):
                here, there = sides(way)
                other = table.triple.end if way is Direction.OUT else table.triple.start
                rows = self.connection.execute(
                    f"SELECT DISTINCT {here}, {there} FROM {table.name} "
                    f"WHERE {here} {IN_LIST} AND valid_to IS NULL ORDER BY {here}, {there}",
                    (nodes,),
                )
                while some := rows.fetchmany(ROWS_AT_ONCE):
                    for node, found in some:
                        yield ((kind, node), table.triple, way), (other, found)

    def _read(self, path: Sequence[Ends]) -> list[Relationship]:
        return [self._relationship(self.tables.triples[triple], ends) for triple, ends in path]

    def _relationship(self, table: TripleTable, ends: tuple[int, int]) -> Relationship:
        """Return the relationship between two nodes: of several the first slot, as it ranks first."""
        start, end = (self.tables.kinds[kind].name for kind in (table.triple.start, table.triple.end))
        row = self.connection.execute(
            f"SELECT a.key, b.key, {relationship_columns(table)} FROM {table.name} r "
            f'JOIN {start} a ON a.id = r.start JOIN {end} b ON b.id = r."end" '
            "JOIN record c ON c.id = r.record "
            'WHERE r.start = ? AND r."end" = ? AND r.valid_to IS NULL '
            f"ORDER BY {table.by_slot('r')}, c.source, c.id LIMIT 1",
            ends,
        ).fetchone()
        return decode_relationship(self.connection, table, (row[0], row[1]), row[2:])


def _paths(both: tuple[_Side, _Side], meeting: Sequence[Spot]) -> Iterator[list[Ends]]:
    """Yield the paths through where the sides meet, each as its triples with start and end."""
    for spot in meeting:
        for there in both[0].ways(spot):
            for back in both[1].ways(spot):
                yield [*reversed(list(_ends(spot, there))), *_ends(spot, back)]


def _ends(spot: Spot, way: Sequence[Step]) -> Iterator[Ends]:
    """Yield the triples of a way with start and end, the last first."""
    for before, triple, direction in way:
        ends = (before[1], spot[1]) if direction is Direction.OUT else (spot[1], before[1])
        yield triple, ends
        spot = before
