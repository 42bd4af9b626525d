"""Reading one node and what is around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from graph.model import (
    Arrivals,
    Branch,
    Condition,
    Contribution,
    Hit,
    Measure,
    Neighbour,
    Node,
    Order,
    Page,
    Ref,
    Relationship,
    Totals,
    Walk,
)
from graph.projection import Projection
from graph.questions import get_property
from graph.sqlite import arrivals, pages, projector, queries, searching, walks
from graph.sqlite.connection import Connection, answers
from graph.sqlite.following import Following, between
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.paths import Search
from graph.sqlite.recorded import LedgerReader
from graph.sqlite.tables import KindTable, Tables, quoted
from schema.errors import NotFoundError
from schema.kinds import Direction, Triple
from schema.values import Time
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO, Vocabulary

_TIME = Time()


@answers
class SqliteReader(LedgerReader):
    """See `graph.contract.Reader`."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        super().__init__(connection)
        self._tables = tables
        self._ways: dict[tuple[Triple, Direction], Following] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the store holds."""
        return self._tables.vocabulary

    def get(self, kind: str, key: str, *, at: datetime | None = None) -> Node:
        """Return a node; `NotFoundError` if there is none."""
        node = self.find(kind, key, at=at)
        if node is None:
            raise NotFoundError(f"there is no {kind} {key!r}" + (f" at {at}" if at else ""))
        return node

    def find(self, kind: str, key: str, *, at: datetime | None = None) -> Node | None:
        """Return a node, or None."""
        table = self._tables.of_kind(kind)
        if at is not None:
            return self._find_at(table, key, _TIME.encode(at))
        columns = queries.node_columns(table)
        row = self._run(
            f"SELECT {columns} FROM {table.name} n WHERE n.key = ? AND n.valid_to IS NULL", (key,)
        ).fetchone()
        return None if row is None else queries.decode_node(self._connection, table, row)

    def get_many(self, kind: str, keys: Sequence[str], *, where: Sequence[Condition] = ()) -> dict[str, Node]:
        """Return those of these nodes that are there and meet the conditions, by key."""
        return pages.get_many(self._connection, self._tables, self._tables.of_kind(kind), keys, where)

    def _find_at(self, table: KindTable, key: str, at: int) -> Node | None:
        row = self._run(f"SELECT id FROM {table.name} WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        facts = [f for f in self._facts(table, row[0]) if f[3] <= at and (f[4] is None or f[4] > at)]
        since = walks.touched_at(self._connection, self._tables, table.kind.name, row[0], at)
        if facts:
            values: dict[str, Any] = {}
            for *_, data in facts:
                values = {**orjson.loads(data), **values}
            source, _, run, valid_from, valid_to, _ = facts[0]
        elif since:
            values = {}
            source, run, valid_from, valid_to = since
        else:
            return None
        properties = table.columns.decode([values.get(name) for name in table.columns.names])
        times = (_TIME.decode(valid_from), None if valid_to is None else _TIME.decode(valid_to))
        return Node(
            table.kind.name,
            key,
            table.kind.caption_of(key, properties),
            properties,
            source,
            run,
            *times,
        )

    def _facts(self, table: KindTable, node: int) -> list[Any]:
        """Return (source, record, run, valid_from, valid_to, data) in order of precedence."""
        columns = "s.name, c.key, f.run, f.valid_from, f.valid_to, f.data"
        joins = "JOIN record c ON c.id = f.record JOIN source s ON s.id = c.source"
        if table.kind.name != CUSTOMER:
            return self._run(
                f"SELECT {columns} FROM {table.facts} f {joins} WHERE f.node = ? ORDER BY c.source, c.id",
                (node,),
            ).fetchall()
        # What is known of a customer is what its records say, while they are of this customer.
        facts = self._tables.kinds[RECORD].facts
        return self._run(
            "SELECT s.name, c.key, f.run, max(f.valid_from, l.valid_from), "
            "CASE WHEN l.valid_to IS NULL THEN f.valid_to WHEN f.valid_to IS NULL THEN l.valid_to "
            "ELSE min(f.valid_to, l.valid_to) END, f.data "
            f"FROM {self._tables.triples[RESOLVES_TO].name} l JOIN {facts} f ON f.node = l.start {joins} "
            f"JOIN {self._tables.kinds[RECORD].name} r ON r.id = l.start "
            'WHERE l."end" = ? AND (f.valid_to IS NULL OR f.valid_to > l.valid_from) '
            "AND (l.valid_to IS NULL OR l.valid_to > f.valid_from) ORDER BY c.source, c.id, r.key",
            (node,),
        ).fetchall()

    def history(self, kind: str, key: str) -> list[Contribution]:
        """Return all contributions to a node, open and closed, oldest first."""
        table = self._tables.of_kind(kind)
        row = self._run(f"SELECT id FROM {table.name} WHERE key = ?", (key,)).fetchone()
        facts = self._facts(table, row[0]) if row else []
        names = table.columns.names
        return [
            Contribution(
                source,
                record,
                run,
                _TIME.decode(since),
                None if until is None else _TIME.decode(until),
                table.columns.decode([said.get(name) for name in names]),
            )
            for source, record, run, since, until, data in sorted(facts, key=lambda f: f[3])
            if (said := orjson.loads(data)) is not None
        ]

    def lookup(self, kind: str, property_: str, values: Sequence[Any]) -> dict[Any, list[str]]:
        """Return the keys of the open nodes that have one of these values."""
        table = self._tables.of_kind(kind)
        p = get_property(table.kind, property_)
        stored = {p.value_type.encode(value): value for value in values}
        rows = self._run(
            f"SELECT {quoted(property_)}, key FROM {table.name} "
            f"WHERE {quoted(property_)} {IN_LIST} AND valid_to IS NULL ORDER BY key",
            (as_list(list(stored)),),
        )
        found: dict[Any, list[str]] = {}
        for value, key in rows:
            found.setdefault(stored[value], []).append(key)
        return found

    def customers_of(self, records: Sequence[str]) -> dict[str, str]:
        """Return the customer of each of these records, where known."""
        return dict(self._links("r.key", "c.key", "r.key", records))

    def records_of(self, customers: Sequence[str]) -> dict[str, list[str]]:
        """Return the records of each of these customers."""
        found: dict[str, list[str]] = {}
        for customer, record in self._links("c.key", "r.key", "c.key", customers):
            found.setdefault(customer, []).append(record)
        return found

    def _links(self, first: str, second: str, given: str, keys: Sequence[str]) -> list[tuple[str, str]]:
        kinds = self._tables.kinds
        return self._run(
            f"SELECT {first}, {second} FROM {self._tables.triples[RESOLVES_TO].name} l "
            f"JOIN {kinds[RECORD].name} r ON r.id = l.start "
            f'JOIN {kinds[CUSTOMER].name} c ON c.id = l."end" '
            f"WHERE {given} {IN_LIST} AND l.valid_to IS NULL ORDER BY {first}, {second}",
            (as_list(keys),),
        ).fetchall()

    def expand(self, kind: str, key: str) -> list[Branch]:
        """Return how many relationships a node has of each triple and direction."""
        return walks.expand(self._connection, self._tables, kind, key)

    def neighbours(
        self,
        kind: str,
        key: str,
        *,
        types: Sequence[str] | None = None,
        direction: Direction | None = None,
        limit: int = 100,
    ) -> list[Neighbour]:
        """Return relationships of a node with their other ends."""
        return walks.neighbours(self._connection, self._tables, (kind, key), types, direction, limit)

    def follow(
        self,
        triple: Triple,
        direction: Direction,
        keys: Sequence[str],
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> dict[str, list[Neighbour]]:
        """Return the neighbours of many nodes by one triple."""
        return self._walk(triple, direction).neighbours(keys, after, limit, where, order)

    def follow_all(self, walks: Sequence[Walk]) -> list[dict[str, list[Neighbour]]]:
        """Return the neighbours by several walks."""
        with self._connection.one_state():
            return [
                self._walk(w.triple, w.direction).neighbours(w.keys, w.after, w.limit, w.where, w.order)
                for w in walks
            ]

    def degrees(
        self, triple: Triple, direction: Direction, keys: Sequence[str], *, where: Sequence[Condition] = ()
    ) -> dict[str, int]:
        """Return how many neighbours by a triple each of these nodes has, if any."""
        return self._walk(triple, direction).degrees(keys, where)

    def _walk(self, triple: Triple, direction: Direction) -> Following:
        """Return what walks a triple, kept with the text of its queries."""
        way = (triple, direction)
        if way not in self._ways:
            self._ways[way] = Following(self._connection, self._tables, triple, direction)
        return self._ways[way]

    def between(self, refs: Sequence[Ref], *, limit: int = 10_000) -> list[Relationship]:
        """Return the relationships whose ends are both among these nodes."""
        return between(self._connection, self._tables, refs, limit)

    def shortest_path(
        self, start: Ref, end: Ref, *, types: Sequence[str] | None = None, longest: int = 6
    ) -> list[Relationship] | None:
        """Return a shortest path, relationships walked either way."""
        found = self.shortest_paths(start, end, types=types, longest=longest, limit=1)
        return found[0] if found else None

    def shortest_paths(
        self,
        start: Ref,
        end: Ref,
        *,
        types: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        longest: int = 6,
        limit: int = 10,
    ) -> list[list[Relationship]]:
        """Return shortest paths, all of one length."""
        return Search(self._connection, self._tables, types, kinds).find(start, end, longest, limit)

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[str] | None = None,
        limit: int = 20,
        properties: Mapping[str, Sequence[str]] | None = None,
        where: Mapping[str, Sequence[Condition]] | None = None,
    ) -> list[Hit]:
        """Return the nodes whose searchable properties hold all words."""
        return searching.search(self._connection, self._tables, text, kinds, limit, properties, where)

    def page(
        self,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> Page:
        """Return nodes in order."""
        table = self._tables.of_kind(kind)
        return pages.page(self._connection, self._tables, table, after, limit, where, order)

    def aggregate(
        self,
        kind: str,
        *,
        by: Sequence[str] = (),
        measures: Sequence[Measure] = (Measure("count"),),
        where: Sequence[Condition] = (),
    ) -> list[dict[str, Any]]:
        """Return one row a group."""
        table = self._tables.of_kind(kind)
        return queries.aggregate(self._connection, self._tables, table, by, measures, where)

    def arrivals(self, kind: str, *, after: str | None = None, limit: int = 100) -> Arrivals:
        """Return the nodes that came since a mark."""
        return arrivals.arrivals(self._connection, self._tables.of_kind(kind), after, limit)

    def version(self) -> str:
        """Return a text that every transaction changes that keeps something."""
        row = self._run("SELECT value FROM setting WHERE name = 'version'").fetchone()
        return "" if row is None else str(row[0])

    def interrupt(self) -> None:
        """End what this reader is doing with an `OvertimeError`."""
        self._connection.stop_task()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def totals(self) -> Totals:
        """Return how much the graph holds."""
        nodes = {}
        for name, kind in self._tables.kinds.items():
            count = self._run(f"SELECT count(*) FROM {kind.name} WHERE valid_to IS NULL").fetchone()[0]
            if count:
                nodes[name] = count
        relationships: dict[str, int] = {}
        for triple, table in self._tables.triples.items():
            count = self._run(
                f'SELECT count(*) FROM (SELECT DISTINCT start, "end", slot FROM {table.name} '
                "WHERE valid_to IS NULL)"
            ).fetchone()[0]
            if count:
                relationships[triple.type] = relationships.get(triple.type, 0) + count
        return Totals(nodes, relationships)

    def project(
        self, kinds: Sequence[str] | None = None, triples: Sequence[Triple] | None = None
    ) -> Projection:
        """Return the open graph, or a part of it, as arrays."""
        return projector.project(self._connection, self._tables, kinds, triples)
