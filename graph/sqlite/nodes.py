"""Writing nodes: contributions, and the merged node that follows from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import orjson

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
        self._latest: dict[str, int] = {}
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
        rows = table.columns.encode(columns, len(keys))
        names = table.columns.names
        known = self.find_ids(table, keys)
        run, now, rank = self._ledger.run, self._ledger.now, self._ledger.source(source)
        stale, changed = self.stale.get(kind, {}), self._ledger.changed
        latest = self._latest_id(table)
        fresh, facts, merge = [], [], set()
        for key, record, row in zip(keys, self._ledger.ids(source, records), rows, strict=True):
            node = known.get(key)
            if node is None:
                latest += 1
                known[key] = node = latest
                fresh.append((node, key, rank, run, now, *row))
            else:
                merge.add(node)
            said = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            data = orjson.dumps(said).decode()
            if record in changed and stale.get((node, record), (0, ""))[1] == data:
                del stale[node, record]
            else:
                facts.append((node, record, now, run, data))
        self._latest[kind] = latest
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
        if kind == RECORD:
            self.touched_records.update(known.values())
        self.refresh(table, merge)

    def find_ids(self, table: KindTable, keys: Sequence[str]) -> dict[str, int]:
        """Return the ids of the nodes that there are or were, by key."""
        rows = self._run(f"SELECT key, id FROM {table.name} WHERE key {IN_LIST}", (as_list(keys),))
        return dict(rows.fetchall())

    def _latest_id(self, table: KindTable) -> int:
        kind = table.kind.name
        if kind not in self._latest:
            self._latest[kind] = self._run(f"SELECT coalesce(max(id), 0) FROM {table.name}").fetchone()[0]
        return self._latest[kind]

    def ensure(self, table: KindTable, source: str, keys: Sequence[str]) -> list[int]:
        """Return the ids of nodes, made or opened again where they are not there."""
        run, now, rank = self._ledger.run, self._ledger.now, self._ledger.source(source)
        rows = self._run(f"SELECT key, id, valid_to FROM {table.name} WHERE key {IN_LIST}", (as_list(keys),))
        known, closed = {}, []
        for key, node, valid_to in rows:
            known[key] = node
            if valid_to is not None:
                closed.append((rank, run, now, node))
        latest = self._latest_id(table)
        fresh = []
        for key in keys:
            if key not in known:
                latest += 1
                known[key] = latest
                fresh.append((latest, key, rank, run, now))
        self._latest[table.kind.name] = latest
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
        return [known[key] for key in keys]

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
        names = table.columns.names
        merged = []
        for node, group in groupby(rows, key=lambda row: row[0]):
            wanted.discard(node)
            facts = list(group)
            values: dict[str, Any] = {}
            for *_, data in facts:
                values = {**orjson.loads(data), **values}
            merged.append((*facts[0][1:4], *map(values.get, names), node))
        assignments = "".join(f", {quoted(name)} = ?" for name in names)
        self._run_many(
            f"UPDATE {table.name} SET source = ?, run = ?, valid_from = ?, valid_to = NULL{assignments} "
            "WHERE id = ?",
            merged,
        )
        return wanted

    def empty(self, table: KindTable, nodes: Iterable[int], *, close: bool) -> None:
        """Take the properties off nodes that no record describes any more; with `close`, close them."""
        names = table.columns.names
        clear = "".join(f", {quoted(name)} = NULL" for name in names)
        valid_to = self._ledger.now if close else None
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
