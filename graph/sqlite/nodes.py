"""Writing nodes: contributions, and the merged node that follows from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import Any

import orjson

from graph.contributions import adds, spell_facts
from graph.model import Columns
from graph.sqlite.ledger import IN_LIST, Ledger, as_list
from graph.sqlite.tables import KindTable, Tables, quoted
from schema.vocabulary import RECORD


class NodeWriter:
    """Writes nodes; part of one transaction."""

    def __init__(self, connection: sqlite3.Connection, tables: Tables, ledger: Ledger) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany
        self._tables = tables
        self._ledger = ledger
        # kind -> key -> id of nodes met in this transaction, all open: rows name the same ones often
        self._met: dict[str, dict[str, int]] = {}
        self._said: dict[str, set[tuple[int, int]]] = {}  # kind -> (node, record), in this transaction
        # kind -> (node, record) -> (valid_from, data) of changed records, until they say it again
        self.stale: dict[str, dict[tuple[int, int], tuple[int, str]]] = {}
        self.touched_records: set[int] = set()

    def load_stale(self, records: Iterable[int]) -> None:
        """Note what changed records contribute so far."""
        wanted = as_list(list(records))
        for name, table in self._tables.kinds.items():
            rows = self._run(
                f"SELECT node, record, valid_from, data FROM {table.facts} "
                f"WHERE record {IN_LIST} AND valid_to IS NULL",
                (wanted,),
            )
            self.stale.setdefault(name, {}).update({(n, r): (since, data) for n, r, since, data in rows})

    def upsert(
        self,
        table: KindTable,
        source: str,
        records: Sequence[str],
        keys: Sequence[str],
        columns: Columns,
    ) -> None:
        """Write what records say of nodes."""
        kind = table.kind.name
        stored = table.columns.encode(columns, len(keys))
        names = table.columns.names
        rows = zip(*stored, strict=True) if stored else repeat((), len(keys))
        run, now, rank = self._ledger.run, self._ledger.now, self._ledger.source(source)
        stale, changed = self.stale.get(kind, {}), self._ledger.changed
        spelled = spell_facts([(n, c) for n, c in zip(names, stored, strict=True) if n in columns], len(keys))
        said_before = self._said.setdefault(kind, set())
        held = self._find_held(table, keys, rank)
        last = self._ledger.is_last(source)
        latest = self._latest_id(table)
        fresh, facts, superseded, merge = [], [], [], set()
        ids = self._ledger.ids(source, records)
        for key, record, row, data in zip(keys, ids, rows, spelled, strict=True):
            if key in held:
                node, values = held[key]
                again = record in changed or (node, record) in said_before
                if again or adds(row, values, last=last):
                    merge.add(node)
            else:
                latest += 1
                node = latest
                held[key] = (node, row)
                fresh.append((node, key, rank, run, now, *row))
            said_before.add((node, record))
            if stale:
                since, before = stale.pop((node, record), (0, ""))
                if before == data:
                    continue
                if before:
                    superseded.append((node, record, since))
            facts.append((node, record, now, run, data))
        self._run_many(
            f"INSERT INTO {table.name} (id, key, source, run, valid_from"
            f"{''.join(', ' + quoted(n) for n in names)}) VALUES (?, ?, ?, ?, ?{', ?' * len(names)})",
            fresh,
        )
        self._run_many(
            f"INSERT OR REPLACE INTO {table.facts} (node, record, valid_from, run, data) "
            "VALUES (?, ?, ?, ?, ?)",
            facts,
        )
        self.close_facts(table, superseded)
        met = {key: node for key, (node, _) in held.items()}
        self._met.setdefault(kind, {}).update(met)
        if kind == RECORD:
            self.touched_records.update(met.values())
        self.refresh(table, merge)

    def _find_held(
        self, table: KindTable, keys: Sequence[str], rank: int
    ) -> dict[str, tuple[int, tuple[Any, ...] | None]]:
        """Return by key the nodes that there are or were: id, and the values that they have.

        No values where the next contribution of a source of this rank is to be merged in any case.
        """
        rows = self._run(
            f"SELECT key, id, valid_to IS NULL AND source <= ? AND EXISTS (SELECT 1 FROM {table.facts} f "
            f"WHERE f.node = n.id AND f.valid_to IS NULL){table.columns.select('n')} "
            f"FROM {table.name} n WHERE key {IN_LIST}",
            (rank, as_list(list(dict.fromkeys(keys)))),
        )
        return {key: (node, tuple(values) if stands else None) for key, node, stands, *values in rows}

    def _latest_id(self, table: KindTable) -> int:
        found: int = self._run(f"SELECT coalesce(max(id), 0) FROM {table.name}").fetchone()[0]
        return found

    def find(self, table: KindTable, keys: Sequence[str]) -> dict[str, int]:
        """Return the ids of those nodes that are there, by key."""
        return dict(
            self._run(
                f"SELECT key, id FROM {table.name} WHERE key {IN_LIST} AND valid_to IS NULL",
                (as_list(list(dict.fromkeys(keys))),),
            ).fetchall()
        )

    def ensure(self, table: KindTable, source: str, keys: Sequence[str]) -> list[int]:
        """Return the ids of nodes, made or opened again where they are not there."""
        run, now, rank = self._ledger.run, self._ledger.now, self._ledger.source(source)
        met = self._met.setdefault(table.kind.name, {})
        wanted = [key for key in dict.fromkeys(keys) if key not in met]
        closed = []
        if wanted:
            rows = self._run(
                f"SELECT key, id, valid_to FROM {table.name} WHERE key {IN_LIST}", (as_list(wanted),)
            )
            for key, node, valid_to in rows:
                met[key] = node
                if valid_to is not None:
                    closed.append((rank, run, now, node))
        latest = self._latest_id(table)
        fresh = []
        for key in wanted:
            if key not in met:
                latest += 1
                met[key] = latest
                fresh.append((latest, key, rank, run, now))
        self._run_many(
            f"INSERT INTO {table.name} (id, key, source, run, valid_from) VALUES (?, ?, ?, ?, ?)",
            fresh,
        )
        self._run_many(
            f"UPDATE {table.name} SET source = ?, run = ?, valid_from = ?, valid_to = NULL WHERE id = ?",
            closed,
        )
        if table.kind.name == RECORD:
            self.touched_records.update(row[0] for row in fresh)
            self.touched_records.update(row[3] for row in closed)
        return [met[key] for key in keys]

    def refresh(self, table: KindTable, nodes: Iterable[int]) -> set[int]:
        """Merge the open contributions to nodes again; return the nodes that have none."""
        wanted = set(nodes)
        if not wanted:
            return set()
        rows = self._run(
            "SELECT f.node, c.source, f.run, f.valid_from, f.data "
            f"FROM {table.facts} f JOIN record c ON c.id = f.record "
            f"WHERE f.node {IN_LIST} AND f.valid_to IS NULL ORDER BY f.node, c.source, c.id",
            (as_list(sorted(wanted)),),
        )
        return wanted - self.merge(table, rows)

    def merge(self, table: KindTable, facts: Iterable[tuple[int, int, int, int, str]]) -> set[int]:
        """Write nodes merged from (node, source, run, valid_from, data), by node and rank; return them."""
        names = table.columns.names
        merged = []
        for node, group in groupby(facts, key=lambda row: row[0]):
            said = list(group)
            values: dict[str, Any] = {}
            for *_, data in said:
                values = {**orjson.loads(data), **values}
            merged.append((*said[0][1:4], *map(values.get, names), node))
        assignments = "".join(f", {quoted(name)} = ?" for name in names)
        self._run_many(
            f"UPDATE {table.name} SET source = ?, run = ?, valid_from = ?, valid_to = NULL{assignments} "
            "WHERE id = ?",
            merged,
        )
        return {row[-1] for row in merged}

    def empty(self, table: KindTable, nodes: Iterable[int], *, close: bool) -> None:
        """Take the properties off nodes that no record describes any more; with `close`, close them."""
        names = table.columns.names
        clear = "".join(f", {quoted(name)} = NULL" for name in names)
        valid_to = self._ledger.now if close else None
        if close:
            self._met.pop(table.kind.name, None)
        self._run_many(
            f"UPDATE {table.name} SET valid_to = ?{clear} WHERE id = ?",
            [(valid_to, n) for n in nodes],
        )

    def close_facts(self, table: KindTable, facts: Iterable[tuple[int, int, int]]) -> None:
        """Close contributions, given as (node, record, valid_from)."""
        now = self._ledger.now
        self._run_many(
            f"UPDATE {table.facts} SET valid_to = ? WHERE node = ? AND record = ? AND valid_from = ?",
            [(now, *fact) for fact in facts],
        )
