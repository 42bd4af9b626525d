"""Walking from node to node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.model import Branch, Neighbour, Ref
from graph.questions import check_limit
from graph.sqlite.conditions import sides
from graph.sqlite.connection import Connection
from graph.sqlite.hubs import Hub
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.queries import decode_node, decode_relationship, node_columns, relationship_columns
from graph.sqlite.sorting import Sorting
from graph.sqlite.tables import KindTable, Tables, TripleTable, quoted
from schema.errors import NotFoundError
from schema.kinds import Direction
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

MANY = 200  # neighbours by one triple that make a hub, of which only those asked for are read


def node_id(connection: Connection, tables: Tables, kind: str, key: str) -> int:
    """Return the number of a node; `NotFoundError` if there is none."""
    row = connection.execute(
        f"SELECT id FROM {tables.of_kind(kind).name} WHERE key = ? AND valid_to IS NULL", (key,)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"there is no {kind} {key!r}")
    return int(row[0])


def steps(
    tables: Tables, kind: str, types: Sequence[str] | None, direction: Direction | None = None
) -> Iterator[tuple[TripleTable, Direction]]:
    """Yield the triples that lead from a kind, narrowed to types and direction, if given."""
    for name in types or ():
        tables.vocabulary.get_relationship(name)
    for triple, way in tables.vocabulary.steps(kind):
        if (types is None or triple.type in types) and direction in (None, way):
            yield tables.triples[triple], way


def expand(connection: Connection, tables: Tables, kind: str, key: str) -> list[Branch]:
    """Return how many relationships a node has of each triple and direction, where it has any."""
    node = node_id(connection, tables, kind, key)
    branches = []
    for table, way in steps(tables, kind, None):
        here, there = sides(way)
        count = connection.execute(
            f"SELECT count(*) FROM (SELECT DISTINCT {there}, slot FROM {table.name} "
            f"WHERE {here} = ? AND valid_to IS NULL)",
            (node,),
        ).fetchone()[0]
        if count:
            branches.append(Branch(table.triple, way, count))
    return branches


def neighbours(
    connection: Connection,
    tables: Tables,
    ref: Ref,
    types: Sequence[str] | None,
    direction: Direction | None,
    limit: int,
) -> list[Neighbour]:
    """Return relationships of a node with their other ends, by triple, direction, key, slot."""
    check_limit(limit)
    node = node_id(connection, tables, *ref)
    found: list[Neighbour] = []
    for table, way in steps(tables, ref[0], types, direction):
        here, there = sides(way)
        other = tables.kinds[table.triple.end if way is Direction.OUT else table.triple.start]
        first = _first_of_many(connection, table, other, way, node, limit - len(found))
        # min() makes SQLite take the other columns from the contribution that ranks first.
        rows = connection.execute(
            f"SELECT min(c.source << 40 | c.id), {node_columns(other)}, {relationship_columns(table)} "
            f"FROM {table.name} r JOIN {other.name} n ON n.id = r.{there} "
            f"JOIN record c ON c.id = r.record WHERE r.{here} = ? AND r.valid_to IS NULL "
            f"{'' if first is None else f'AND r.{there} {IN_LIST} '}"
            f"GROUP BY n.key, r.slot ORDER BY n.key, {table.by_slot('r')} LIMIT ?",
            (node, *(() if first is None else (as_list(first),)), limit - len(found)),
        ).fetchall()
        width = 5 + len(other.columns.names)
        for row in rows:
            reached = decode_node(connection, other, row[1:width])
            ends = (ref[1], reached.key) if way is Direction.OUT else (reached.key, ref[1])
            relationship = decode_relationship(connection, table, ends, row[width:])
            found.append(Neighbour(relationship, way, reached))
        if len(found) >= limit:
            break
    return found


def _first_of_many(
    connection: Connection, table: TripleTable, other: KindTable, way: Direction, node: int, limit: int
) -> list[int] | None:
    """Return the neighbours of a hub that come first by key, None where there are few in all."""
    here, _ = sides(way)
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {table.name} WHERE {here} = ? AND valid_to IS NULL LIMIT ?)",
        (node, MANY),
    ).fetchone()[0]
    if counted < MANY:
        return None
    hub = Hub(connection, table, way, node, Sorting.of(other, None))
    return hub.first(hub.sorting.behind(None), limit)


def touched_at(
    connection: Connection, tables: Tables, kind: str, node: int, at: int
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
