"""Walking from node to node."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from graph.model import Branch, Neighbour, Ref, Relationship
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.queries import decode_node
from graph.sqlite.tables import KindTable, Tables, TripleTable, quoted
from schema.errors import NotFoundError, UsageError
from schema.kinds import Direction, Triple
from schema.values import Time
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

_TIME = Time()
Spot = tuple[str, int]  # kind, id
MANY = 200  # neighbours by one triple that make a hub, of which only those asked for are read


def _node_id(connection: sqlite3.Connection, tables: Tables, kind: str, key: str) -> int:
    row = connection.execute(
        f"SELECT id FROM {tables.of_kind(kind).name} WHERE key = ? AND valid_to IS NULL", (key,)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"there is no {kind} {key!r}")
    return int(row[0])


def _steps(
    tables: Tables, kind: str, types: Sequence[str] | None, direction: Direction | None = None
) -> Iterator[tuple[TripleTable, Direction]]:
    for name in types or ():
        tables.vocabulary.get_relationship(name)
    for triple, way in tables.vocabulary.steps(kind):
        if (types is None or triple.type in types) and direction in (None, way):
            yield tables.triples[triple], way


def _sides(way: Direction) -> tuple[str, str]:
    """Return the columns of this end and of the other."""
    return ("start", '"end"') if way is Direction.OUT else ('"end"', "start")


def expand(connection: sqlite3.Connection, tables: Tables, kind: str, key: str) -> list[Branch]:
    """Return how many relationships a node has of each triple and direction, where it has any."""
    node = _node_id(connection, tables, kind, key)
    branches = []
    for table, way in _steps(tables, kind, None):
        here, there = _sides(way)
        count = connection.execute(
            f"SELECT count(*) FROM (SELECT DISTINCT {there}, slot FROM {table.name} "
            f"WHERE {here} = ? AND valid_to IS NULL)",
            (node,),
        ).fetchone()[0]
        if count:
            branches.append(Branch(table.triple, way, count))
    return branches


def neighbours(
    connection: sqlite3.Connection,
    tables: Tables,
    ref: Ref,
    types: Sequence[str] | None,
    direction: Direction | None,
    limit: int,
) -> list[Neighbour]:
    """Return relationships of a node with their other ends, by triple, direction, key, slot."""
    if limit < 1:
        raise UsageError("the limit is at least one")
    node = _node_id(connection, tables, *ref)
    found: list[Neighbour] = []
    for table, way in _steps(tables, ref[0], types, direction):
        here, there = _sides(way)
        other = tables.kinds[table.triple.end if way is Direction.OUT else table.triple.start]
        first = _first_by_key(connection, table, other, way, node, limit - len(found))
        # min() makes SQLite take the other columns from the contribution that ranks first.
        rows = connection.execute(
            f"SELECT min(c.source << 40 | c.id), n.key, ns.name, n.run, n.valid_from"
            f"{other.columns.select('n')}, s.name, r.run, r.valid_from{table.columns.select('r')} "
            f"FROM {table.name} r JOIN {other.name} n ON n.id = r.{there} "
            "JOIN source ns ON ns.id = n.source JOIN record c ON c.id = r.record "
            f"JOIN source s ON s.id = c.source WHERE r.{here} = ? AND r.valid_to IS NULL "
            f"{'' if first is None else f'AND r.{there} {IN_LIST} '}"
            f"GROUP BY n.key, r.slot ORDER BY n.key, {table.by_slot('r')} LIMIT ?",
            (node, *(() if first is None else (as_list(first),)), limit - len(found)),
        )
        width = 5 + len(other.columns.names)
        for row in rows:
            reached = decode_node(other, row[1:width])
            ends = (ref[1], reached.key) if way is Direction.OUT else (reached.key, ref[1])
            found.append(Neighbour(_relationship(table, ends, row[width:]), way, reached))
        if len(found) >= limit:
            break
    return found


def _first_by_key(
    connection: sqlite3.Connection,
    table: TripleTable,
    other: KindTable,
    way: Direction,
    node: int,
    limit: int,
) -> list[int] | None:
    """Return the neighbours of a hub that come first by key, None where there are few in all.

    Most are found by walking the index of keys and asking of each whether it is a neighbour. Where
    that has looked at as many as there are neighbours, these are sorted instead.
    """
    here, there = _sides(way)
    ask = connection.execute
    of_node = f"FROM {table.name} r WHERE r.{here} = ? AND r.valid_to IS NULL"
    if ask(f"SELECT count(*) FROM (SELECT 1 {of_node} LIMIT ?)", (node, MANY)).fetchone()[0] < MANY:
        return None
    degree = ask(f"SELECT count(*) {of_node}", (node,)).fetchone()[0]
    nodes = ask(f"SELECT max(id) FROM {other.name}").fetchone()[0]
    if limit * nodes < degree * degree:  # if neighbours are spread evenly, it finds enough in time
        with closing(
            ask(
                f"SELECT n.id, EXISTS (SELECT 1 {of_node} AND r.{there} = n.id) "
                f"FROM {other.name} n ORDER BY n.key LIMIT ?",
                (node, degree),
            )
        ) as walk:
            found = list(islice((id_ for id_, is_near in walk if is_near), limit))
        if len(found) == limit:
            return found
    rows = ask(
        f"SELECT n.id FROM {other.name} n WHERE n.id IN (SELECT r.{there} {of_node}) ORDER BY n.key LIMIT ?",
        (node, limit),
    )
    return [row[0] for row in rows]


def _relationship(table: TripleTable, ends: tuple[str, str], row: Sequence[Any]) -> Relationship:
    source, run, valid_from, *values = row
    return Relationship(
        table.triple, *ends, table.columns.decode(values), source, run, _TIME.decode(valid_from)
    )


def shortest_path(
    connection: sqlite3.Connection,
    tables: Tables,
    start: Ref,
    end: Ref,
    types: Sequence[str] | None,
    longest: int,
) -> list[Relationship] | None:
    """Return a shortest path by breadth-first search from both ends, the smaller side first."""
    spots = [(ref[0], _node_id(connection, tables, *ref)) for ref in (start, end)]
    if spots[0] == spots[1]:
        return []
    # For each side: spot -> how it was reached (spot before, triple, direction), and the rim.
    reached: list[dict[Spot, tuple[Spot, Triple, Direction] | None]] = [
        {spots[0]: None},
        {spots[1]: None},
    ]
    rims = [[spots[0]], [spots[1]]]
    for _ in range(longest):
        side = 0 if len(rims[0]) <= len(rims[1]) else 1
        rim, seen, opposite = [], reached[side], reached[1 - side]
        for before, triple, way, spot in _around(connection, tables, rims[side], types):
            if spot not in seen:
                seen[spot] = (before, triple, way)
                rim.append(spot)
                if spot in opposite:
                    return _retrace(connection, tables, reached, spot)
        if not rim:
            return None
        rims[side] = rim
    return None


def _around(
    connection: sqlite3.Connection, tables: Tables, rim: Sequence[Spot], types: Sequence[str] | None
) -> Iterator[tuple[Spot, Triple, Direction, Spot]]:
    for kind in dict.fromkeys(kind for kind, _ in rim):
        nodes = as_list([node for k, node in rim if k == kind])
        for table, way in _steps(tables, kind, types):
            here, there = _sides(way)
            other = table.triple.end if way is Direction.OUT else table.triple.start
            rows = connection.execute(
                f"SELECT DISTINCT {here}, {there} FROM {table.name} "
                f"WHERE {here} {IN_LIST} AND valid_to IS NULL ORDER BY {here}, {there}",
                (nodes,),
            )
            for node, found in rows:
                yield (kind, node), table.triple, way, (other, found)


def _retrace(
    connection: sqlite3.Connection,
    tables: Tables,
    reached: Sequence[dict[Spot, tuple[Spot, Triple, Direction] | None]],
    meeting: Spot,
) -> list[Relationship]:
    path: list[Relationship] = []
    for side in (0, 1):
        spot = meeting
        while (step := reached[side][spot]) is not None:
            before, triple, way = step
            ends = (before[1], spot[1]) if way is Direction.OUT else (spot[1], before[1])
            path.append(_read_relationship(connection, tables.triples[triple], tables, ends))
            spot = before
        if side == 0:
            path.reverse()
    return path


def _read_relationship(
    connection: sqlite3.Connection, table: TripleTable, tables: Tables, ends: tuple[int, int]
) -> Relationship:
    start, end = tables.kinds[table.triple.start].name, tables.kinds[table.triple.end].name
    row = connection.execute(
        f"SELECT a.key, b.key, s.name, r.run, r.valid_from{table.columns.select('r')} FROM {table.name} r "
        f'JOIN {start} a ON a.id = r.start JOIN {end} b ON b.id = r."end" '
        "JOIN record c ON c.id = r.record JOIN source s ON s.id = c.source "
        'WHERE r.start = ? AND r."end" = ? AND r.valid_to IS NULL '
        f"ORDER BY {table.by_slot('r')}, c.source, c.id",
        ends,
    ).fetchone()
    return _relationship(table, (row[0], row[1]), row[2:])


def touched_at(
    connection: sqlite3.Connection, tables: Tables, kind: str, node: int, at: int
) -> tuple[str, int, int, int | None] | None:
    """Return (source, run, valid_from, valid_to) of a relationship that touched a node at a moment."""
    links = tables.triples[RESOLVES_TO].name
    for triple, table in tables.triples.items():
        if kind == CUSTOMER and triple != RESOLVES_TO:
            continue  # what hangs on a customer was moved along, its past with it
        for column, end in (("start", triple.start), ("end", triple.end)):
            if kind == RECORD and f"via_{column}" in table.via:
                # A record is touched by what came to any of its customers by it.
                condition = (
                    f'r.{quoted(column)} IN (SELECT "end" FROM {links} WHERE start = ?1) '
                    f"AND r.via_{column} = ?1"
                )
            elif end == kind and not (kind == RECORD and triple == RESOLVES_TO):
                condition = f"r.{quoted(column)} = ?1"
            else:
                continue
            row = connection.execute(
                f"SELECT s.name, r.run, r.valid_from, r.valid_to FROM {table.name} r "
                "JOIN record c ON c.id = r.record JOIN source s ON s.id = c.source "
                f"WHERE {condition} AND r.valid_from <= ?2 "
                "AND (r.valid_to IS NULL OR r.valid_to > ?2) ORDER BY r.valid_from LIMIT 1",
                (node, at),
            ).fetchone()
            if row is not None:
                return (row[0], row[1], row[2], row[3])
    return None
