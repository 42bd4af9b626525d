"""Following a triple from many nodes at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from graph.model import Condition, Neighbour, Node, Order, Ref, Relationship
from graph.questions import check_limit, get_ends, read_cursor, write_cursor
from graph.sqlite.conditions import Conditions, as_keys, sides
from graph.sqlite.connection import Connection
from graph.sqlite.hubs import Hub
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.queries import decode_node, decode_relationship, node_columns, relationship_columns
from graph.sqlite.sorting import Sorting
from graph.sqlite.tables import KindTable, Tables, TripleTable
from schema.kinds import Direction, Triple

ROWS = 500  # contributions that are read without counting first, and a fiftieth more for each node
SOME, MANY = 32, 2_000  # neighbours that are read all the same, and up to which they are counted
PRODUCT = 20_000  # pairs of nodes that are looked up one by one
Place = tuple[Any, str, Any]  # what decides, key, slot


def ids_of(connection: Connection, table: KindTable, keys: Sequence[str]) -> dict[int, str]:
    """Return those of these nodes that are there: id -> key."""
    return dict(
        connection.execute(
            f"SELECT id, key FROM {table.name} WHERE key {IN_LIST} AND valid_to IS NULL", (as_keys(keys),)
        ).fetchall()
    )


@dataclass(frozen=True)
class Following:
    """A triple, walked one way from some nodes."""

    connection: Connection
    tables: Tables
    triple: Triple
    direction: Direction

    @cached_property
    def _table(self) -> TripleTable:
        return self.tables.of_triple(self.triple)

    @cached_property
    def _kinds(self) -> tuple[KindTable, KindTable]:
        here, there = get_ends(self.tables.vocabulary, self.triple, self.direction)
        return self.tables.kinds[here], self.tables.kinds[there]

    def degrees(self, keys: Sequence[str], where: Sequence[Condition]) -> dict[str, int]:
        """Return how many neighbours each of these nodes has that meet the conditions, if any."""
        here, there = sides(self.direction)
        start, other = self._kinds
        asked = Conditions(self.tables)
        met = asked.on(other, where)
        join = f"JOIN {other.name} n ON n.id = r.{there} " if where else ""
        # One by one: then the index has what is to be told apart side by side, and nothing is sorted.
        rows = self.connection.execute(
            f"SELECT a.key, (SELECT count(*) FROM (SELECT DISTINCT r.{there}, r.slot "
            f"FROM {self._table.name} r {join}WHERE r.{here} = a.id AND r.valid_to IS NULL{met})) "
            f"FROM {start.name} a WHERE a.key {IN_LIST} AND a.valid_to IS NULL",
            (*asked.parameters, as_keys(keys)),
        ).fetchall()
        return {key: count for key, count in rows if count}

    def neighbours(
        self,
        keys: Sequence[str],
        after: str | None,
        limit: int,
        where: Sequence[Condition],
        order: Order | None,
    ) -> dict[str, list[Neighbour]]:
        """Return the neighbours of these nodes, so many of each that has any."""
        check_limit(limit)
        other = self._kinds[1]
        sorting = Sorting.of(other, order)
        segments = sorting.behind(None)
        place: Place | None = None
        if after is not None:
            value, key, slot = read_cursor(other.kind, order, after, 3)
            place = (sorting.rank(value), key, _slot_rank(slot))
            segments = sorting.behind((value, key), at=True)
        asked = Conditions(self.tables)
        met = asked.on(other, where)
        most = ROWS + ROWS // 50 * len(keys)
        rows = self._contributions(f"a.key {IN_LIST} AND a.valid_to IS NULL", (as_keys(keys),), most)
        if not rows:
            return {}
        if len(rows) == most:  # some have very many: of these, only the first are read
            rows, few = [], []
            for node, count in self._count(keys, max(limit, MANY)):
                if count <= max(limit, SOME):
                    few.append(node)
                    continue
                hub = Hub(self.connection, self._table, self.direction, node, sorting, met, asked.parameters)
                first = hub.first(segments, limit + 1, count if count <= MANY else None)
                given = f"a.id = ? AND r.{sides(self.direction)[1]} {IN_LIST}"
                rows += self._contributions(given, (node, as_list(first)))
            rows += self._contributions(f"a.id {IN_LIST}", (as_list(few),))
        nodes = self._nodes({row[1] for row in rows}, sorting, met, asked.parameters)
        chosen = _choose(rows, self._slot, nodes, sorting, place, limit)
        reading = _Reading(self, nodes, order)
        found = {some[0][-1]: [reading.neighbour(row) for row in some] for some in chosen}
        return {key: found[key] for key in dict.fromkeys(keys) if key in found}

    def _count(self, keys: Sequence[str], most: int) -> list[tuple[int, int]]:
        """Return the nodes, each with how many contributions it has, counted up to one beyond the most."""
        here, _ = sides(self.direction)
        return self.connection.execute(
            f"SELECT a.id, (SELECT count(*) FROM (SELECT 1 FROM {self._table.name} r "
            f"WHERE r.{here} = a.id AND r.valid_to IS NULL LIMIT ?)) "
            f"FROM {self._kinds[0].name} a WHERE a.key {IN_LIST} AND a.valid_to IS NULL",
            (most + 1, as_keys(keys)),
        ).fetchall()

    def _contributions(self, given: str, parameters: Sequence[Any], most: int = -1) -> list[Any]:
        """Return (node, other, slot, rank, ..., the node's key) of relationships `r` of nodes `a`."""
        return self.connection.execute(
            f"{self._said} WHERE {given} AND r.valid_to IS NULL LIMIT ?", (*parameters, most)
        ).fetchall()

    @cached_property
    def _said(self) -> str:
        """What selects contributions, up to WHERE."""
        here, there = sides(self.direction)
        return (
            f"SELECT a.id, r.{there}, r.slot, c.source << 40 | c.id, {relationship_columns(self._table)}, "
            f"a.key FROM {self._kinds[0].name} a CROSS JOIN {self._table.name} r ON r.{here} = a.id "
            "CROSS JOIN record c ON c.id = r.record"
        )

    def _nodes(
        self, ids: Iterable[int], sorting: Sorting, met: str, parameters: Sequence[Any]
    ) -> dict[int, Any]:
        """Return those of these nodes that meet the conditions: id -> what decides, and the node's row."""
        rows = self.connection.execute(
            f"SELECT n.id, {'NULL' if sorting.by_key else sorting.column}, {self._found}{met}",
            (as_list(list(ids)), *parameters),
        ).fetchall()
        return {row[0]: row[1:] for row in rows}

    @cached_property
    def _found(self) -> str:
        """What selects nodes by their ids, behind what decides their order."""
        other = self._kinds[1]
        return f"{node_columns(other)} FROM {other.name} n NOT INDEXED WHERE n.id {IN_LIST}"

    @cached_property
    def _slot(self) -> int | None:
        """Where the slot stands in a row of `_contributions`."""
        slot = self._table.type.slot
        return 7 + self._table.columns.names.index(slot) if slot else None


def _slot_rank(stored: Any) -> tuple[Any, ...]:
    return () if stored is None else (stored,)


def _choose(
    rows: Iterable[Any],
    slot: int | None,
    nodes: Mapping[int, Any],
    sorting: Sorting,
    place: Place | None,
    limit: int,
) -> Iterator[list[Any]]:
    """Yield of each node the first relationships behind a place, each as what ranks first says it."""
    best: dict[tuple[int, int, str], Any] = {}
    for row in rows:
        identity = row[:3]
        if row[1] in nodes and (identity not in best or row[3] < best[identity][3]):
            best[identity] = row
    ranks = {id_: (sorting.rank(found[0]), found[1]) for id_, found in nodes.items()}
    descending = sorting.order.descending
    near: dict[int, list[tuple[Place, Any]]] = {}
    for row in best.values():
        at: Place = (*ranks[row[1]], _slot_rank(None if slot is None else row[slot]))
        if place is None or (at < place if descending else at > place):
            near.setdefault(row[0], []).append((at, row))
    for some in near.values():
        if len(some) > 1:
            some.sort(key=itemgetter(0), reverse=descending)
        yield [row for _, row in some[:limit]]


class _Reading:
    """Makes neighbours of rows, each node once."""

    def __init__(self, following: Following, rows: Mapping[int, Any], order: Order | None) -> None:
        self._following = following
        self._rows = rows
        self._order = order
        self._made: dict[int, Node] = {}

    def neighbour(self, row: Sequence[Any]) -> Neighbour:
        """Return a neighbour from a row of `_contributions`."""
        f = self._following
        value, *found = self._rows[row[1]]
        node = self._made.get(row[1])
        if node is None:
            node = self._made[row[1]] = decode_node(f.connection, f._kinds[1], found)
        ends = (row[-1], node.key) if f.direction is Direction.OUT else (node.key, row[-1])
        relationship = decode_relationship(f.connection, f._table, ends, row[4:-1])
        slot = None if f._slot is None else row[f._slot]
        return Neighbour(relationship, f.direction, node, write_cursor(self._order, value, node.key, slot))


def between(connection: Connection, tables: Tables, refs: Sequence[Ref], limit: int) -> list[Relationship]:
    """Return the relationships whose ends are both among these nodes, by triple, start, end, slot."""
    check_limit(limit)
    keys: dict[str, list[str]] = {}
    for kind, key in refs:
        keys.setdefault(kind, []).append(key)
    ids = {kind: ids_of(connection, tables.of_kind(kind), some) for kind, some in keys.items()}
    found: list[Relationship] = []
    for triple, table in tables.triples.items():
        starts, ends = ids.get(triple.start), ids.get(triple.end)
        if not starts or not ends:
            continue
        # Pair by pair where these are few, else from one side, without the index of pairs.
        unused = "" if len(starts) * len(ends) <= PRODUCT else "+"
        a, b = tables.kinds[triple.start].name, tables.kinds[triple.end].name
        rows = connection.execute(
            f'SELECT r.start, r."end", min(c.source << 40 | c.id), {relationship_columns(table)} '
            f"FROM {table.name} r JOIN record c ON c.id = r.record JOIN {a} a ON a.id = r.start "
            f'JOIN {b} b ON b.id = r."end" WHERE r.start {IN_LIST} AND {unused}r."end" {IN_LIST} '
            'AND r.valid_to IS NULL GROUP BY r.start, r."end", r.slot '
            f"ORDER BY a.key, b.key, {table.by_slot('r')} LIMIT ?",
            (as_list(list(starts)), as_list(list(ends)), limit - len(found)),
        ).fetchall()
        found += [
            decode_relationship(connection, table, (starts[row[0]], ends[row[1]]), row[3:]) for row in rows
        ]
        if len(found) == limit:
            break
    return found
