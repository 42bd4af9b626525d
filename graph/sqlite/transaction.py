"""One indivisible change of an SQLite store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from graph.model import Columns, Erasure, Judgement, Move
from graph.sqlite.connection import Connection
from graph.sqlite.customers import CustomerWriter
from graph.sqlite.erasure import erase_customer
from graph.sqlite.ledger import IN_LIST, Ledger, as_list
from graph.sqlite.nodes import NodeWriter
from graph.sqlite.reader import SqliteReader
from graph.sqlite.relationships import Ends, RelationshipWriter, given
from graph.sqlite.tables import Tables
from schema.errors import NotFoundError, UsageError
from schema.kinds import Triple
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

VANISHED_AT_ONCE = 10_000  # records closed in one step, which bounds the memory it takes


class SqliteTransaction:
    """See `graph.contract.Transaction`."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._run = connection.execute
        self._tables = tables
        self._ledger = Ledger(connection)
        self._nodes = NodeWriter(connection, tables, self._ledger)
        self._relationships = RelationshipWriter(connection, tables, self._ledger)
        self._customers = CustomerWriter(connection, tables, self._ledger, self._nodes, self._relationships)
        self.reader = SqliteReader(connection, tables)
        self.begin_run = self._ledger.begin_run
        self.resume_run = self._ledger.resume_run
        self.finish_run = self._ledger.finish_run
        self.touch_records = self._ledger.touch
        self.reject = self._ledger.reject
        self.release = self._ledger.release
        self.save_progress = self._ledger.save_progress
        self.decide = self._ledger.decide
        self._left: dict[str, set[int]] = {}  # kind -> nodes that relationships were moved away from
        self.erased = False

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        self._run("INSERT OR REPLACE INTO setting VALUES (?, ?)", (f"kept.{name}", json.dumps(value)))

    def upsert_records(self, source: str, keys: Sequence[str], digests: Sequence[int]) -> None:
        """Enter records that are new or whose row has changed, before what they contribute."""
        changed = self._ledger.upsert(source, keys, digests)
        if changed:
            self._nodes.load_stale(changed)
            self._relationships.load_stale(changed)

    def upsert_nodes(
        self, kind: str, source: str, records: Sequence[str], keys: Sequence[str], columns: Columns
    ) -> None:
        """Write what records say of nodes."""
        table = self._tables.of_kind(kind)
        if kind == CUSTOMER:
            raise UsageError(f"a {CUSTOMER} is not written", hint=f"write its {RECORD}")
        self._nodes.upsert(table, source, records, keys, columns)

    def upsert_relationships(
        self,
        triple: Triple,
        source: str,
        records: Sequence[str],
        starts: Sequence[str],
        ends: Sequence[str],
        columns: Columns,
    ) -> None:
        """Write relationships; ends that are not there yet are created with nothing but their key."""
        table = self._tables.of_triple(triple)
        if triple == RESOLVES_TO:
            raise UsageError(f"{triple} is not written", hint="assign the record to a customer")
        self._relationships.upsert(
            table,
            source,
            records,
            self._ends(triple.start, source, starts),
            self._ends(triple.end, source, ends),
            columns,
        )

    def _ends(self, kind: str, source: str, keys: Sequence[str]) -> Ends:
        """Return the nodes at one end of relationships, made where they are not there."""
        given_kind = RECORD if kind == CUSTOMER else kind
        nodes = self._nodes.ensure(self._tables.kinds[given_kind], source, keys)
        return Ends(self._customers.resolve(nodes) if kind == CUSTOMER else nodes, nodes)

    def move_relationships(self, triple: Triple, moves: Sequence[Move]) -> int:
        """Give relationships another end; return how many there were."""
        table = self._tables.of_triple(triple)
        if CUSTOMER in (triple.start, triple.end):
            raise UsageError(f"{triple} is not moved", hint="assign the record to another customer")
        if not moves:
            return 0
        starts = self._nodes.find(self._tables.kinds[triple.start], [m.start for m in moves])
        keys = [key for m in moves for key in (m.end, m.to)]
        ends = self._nodes.find(self._tables.kinds[triple.end], keys)
        for m in moves:
            if m.to not in ends:
                raise NotFoundError(f"there is no {triple.end} {m.to!r}")
            if table.type.slot in m.properties:
                raise UsageError(f"the slot of {triple} does not change", hint="move it to another end only")
        there = [m for m in moves if m.start in starts and m.end in ends]
        self._left.setdefault(triple.end, set()).update(ends[m.end] for m in there)
        found = [(starts[m.start], ends[m.end], ends[m.to], m) for m in there]
        return self._relationships.redirect(table, found)

    def assign(self, judgements: Sequence[Judgement]) -> None:
        """Resolve records to customers; what hangs on the records moves along."""
        if judgements:
            self._customers.assign(judgements)

    def close_vanished(self, source: str) -> int:
        """Close what records not seen in this run contributed, drop old quarantine; count records."""
        vanished = self._ledger.vanish(source)
        for first in range(0, len(vanished), VANISHED_AT_ONCE):
            some = vanished[first : first + VANISHED_AT_ONCE]
            self._nodes.load_stale(some)
            self._relationships.load_stale(some)
            self.settle()
        self._ledger.release_old(source)
        return len(vanished)

    def erase_customer(self, key: str) -> Erasure:
        """Remove a customer for good."""
        self.settle()
        self.erased = True
        return erase_customer(self._connection, self._tables, self.reader.get(CUSTOMER, key).key)

    def settle(self) -> None:
        """Close what changed records no longer say, and what hangs on nothing any more."""
        loose, self._left = self._left, {}
        for kind, facts in self._nodes.stale.items():
            if facts:
                table = self._tables.kinds[kind]
                self._nodes.close_facts(table, [(*fact, since) for fact, (since, _) in facts.items()])
                undescribed = self._nodes.refresh(table, (node for node, _ in facts))
                loose.setdefault(kind, set()).update(undescribed)
                if kind == RECORD:
                    self._nodes.touched_records.update(node for node, _ in facts)
        for triple, said in self._relationships.stale.items():
            if said:
                table_ = self._tables.triples[triple]
                closed = [(a, b, slot, record, t) for (a, b, slot, record), (t, _) in said.items()]
                self._relationships.close(table_, closed)
                for kind, ends in (
                    (triple.start, {start for start, *_ in closed}),
                    (triple.end, {end for _, end, *_ in closed}),
                ):
                    loose.setdefault(RECORD if kind == CUSTOMER else kind, set()).update(ends)
        for kind, nodes in loose.items():
            self._close_loose(kind, nodes)
        self._nodes.stale.clear()
        self._relationships.stale.clear()
        self._ledger.changed.clear()
        if self._nodes.touched_records:
            touched = sorted(self._nodes.touched_records)
            self._nodes.touched_records.clear()
            alone = self._customers.own(self._open(RECORD, touched))
            self._customers.refresh_of(record for record in touched if record not in alone)

    def _open(self, kind: str, nodes: Sequence[int]) -> list[int]:
        table = self._tables.kinds[kind]
        rows = self._run(
            f"SELECT id FROM {table.name} WHERE id {IN_LIST} AND valid_to IS NULL ORDER BY id",
            (as_list(nodes),),
        )
        return [row[0] for row in rows.fetchall()]

    def _close_loose(self, kind: str, nodes: Iterable[int]) -> None:
        """Close those of these nodes that no record describes and no relationship touches."""
        table = self._tables.kinds[kind]
        wanted = as_list(sorted(nodes))
        rows = self._run(
            f"SELECT DISTINCT node FROM {table.facts} WHERE node {IN_LIST} AND valid_to IS NULL",
            (wanted,),
        )
        undescribed = set(json.loads(wanted)) - {row[0] for row in rows}
        touched = self._touched(kind, undescribed)
        self._nodes.empty(table, undescribed & touched, close=False)
        self._nodes.empty(table, undescribed - touched, close=True)
        if kind == RECORD:
            self._customers.release(sorted(undescribed - touched))

    def _touched(self, kind: str, nodes: set[int]) -> set[int]:
        """Return those nodes that open relationships touch."""
        touched: set[int] = set()
        wanted = as_list(sorted(nodes))
        links = self._tables.triples[RESOLVES_TO].name
        for triple, table in self._tables.triples.items():
            for column, end in (("start", triple.start), ("end", triple.end)):
                if kind == RECORD and f"via_{column}" in table.via:
                    # A record is touched by what came to its customer by it.
                    statement = (
                        f'SELECT l.start FROM {links} l JOIN {table.name} t ON t."{column}" = l."end" '
                        f"AND t.via_{column} = l.start AND t.valid_to IS NULL "
                        f"WHERE l.start {IN_LIST} AND l.valid_to IS NULL"
                    )
                elif end == kind and triple != RESOLVES_TO:
                    statement = (
                        f"SELECT {given(table, column)} FROM {table.name} "
                        f'WHERE "{column}" {IN_LIST} AND valid_to IS NULL'
                    )
                else:
                    continue
                touched.update(row[0] for row in self._run(statement, (wanted,)))
        return touched
