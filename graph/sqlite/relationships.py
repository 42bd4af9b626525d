"""Writing relationships: contributions between nodes, found or made by their keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from graph.model import Columns, Move
from graph.sqlite.ledger import IN_LIST, Ledger, as_list
from graph.sqlite.tables import Tables, TripleTable, quoted
from schema.kinds import Triple

# What a record says of a relationship: start, end (source records where they are customers), slot,
# record -> since when, and the property values
Said = dict[tuple[int, int, str, int], tuple[int, tuple[Any, ...]]]


def given(table: TripleTable, column: str) -> str:
    """Return the column that holds an end as it was given: by source record where it is a customer."""
    via = f"via_{column}"
    return via if via in table.via else quoted(column)


def spell_slot(value: Any) -> str:
    """Return a slot as part of a key: no value is told from every text."""
    return "" if value is None else f"={value}"


class RelationshipWriter:
    """Writes relationships; part of one transaction."""

    def __init__(self, connection: sqlite3.Connection, tables: Tables, ledger: Ledger) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany
        self._tables = tables
        self._ledger = ledger
        self.stale: dict[Triple, Said] = {}

    def load_stale(self, records: Iterable[int]) -> None:
        """Note what changed records contribute so far."""
        wanted = as_list(list(records))
        for triple, table in self._tables.triples.items():
            rows = self._run(
                f"SELECT {given(table, 'start')}, {given(table, 'end')}, slot, record, valid_from"
                f"{table.columns.select('t')} FROM {table.name} t "
                f"WHERE record {IN_LIST} AND valid_to IS NULL",
                (wanted,),
            )
            self.stale.setdefault(triple, {}).update({row[:4]: (row[4], row[5:]) for row in rows})

    def upsert(
        self,
        table: TripleTable,
        source: str,
        records: Sequence[str],
        starts: Sequence[tuple[int, int]],
        ends: Sequence[tuple[int, int]],
        columns: Columns,
    ) -> None:
        """Write relationships; an end is (node, node as it was given), see `given`."""
        rows = table.columns.encode(columns, len(records))
        run, now = self._ledger.run, self._ledger.now
        stale, changed = self.stale.get(table.triple, {}), self._ledger.changed
        slot_column = table.columns.names.index(table.type.slot) if table.type.slot else None
        via = [("via_start" in table.via), ("via_end" in table.via)]
        fresh = []
        for record, (start, start_given), (end, end_given), row in zip(
            self._ledger.ids(source, records), starts, ends, rows, strict=True
        ):
            slot = "" if slot_column is None else spell_slot(row[slot_column])
            if record in changed:
                said = (start_given, end_given, slot, record)
                if said in stale and stale[said][1] == row:
                    del stale[said]
                    continue
            keys = (start_given,) * via[0] + (end_given,) * via[1]
            fresh.append((start, end, slot, record, now, run, *keys, *row))
        names = [*table.via, *map(quoted, table.columns.names)]
        self._run_many(
            f'INSERT OR REPLACE INTO {table.name} (start, "end", slot, record, valid_from, run'
            f"{''.join(', ' + n for n in names)}) VALUES (?, ?, ?, ?, ?, ?{', ?' * len(names)})",
            fresh,
        )

    def close(
        self, table: TripleTable, said: Iterable[tuple[int, int, str, int, int]]
    ) -> list[tuple[int, int]]:
        """Close contributions, given as (start, end, slot, record, valid_from); return their ends."""
        now = self._ledger.now
        ends: list[tuple[int, int]] = []
        for contribution in said:
            ends += self._run(
                f"UPDATE {table.name} SET valid_to = ? WHERE {given(table, 'start')} = ? "
                f"AND {given(table, 'end')} = ? AND slot = ? AND record = ? AND valid_from = ? "
                'RETURNING start, "end"',
                (now, *contribution),
            ).fetchall()
        return ends

    def redirect(self, table: TripleTable, moves: Sequence[tuple[int, int, int, Move]]) -> int:
        """Give open relationships, as (start, end, new end, move), another end; count them."""
        run, now = self._ledger.run, self._ledger.now
        names = table.columns.names
        columns = ", ".join(('start, "end"', "slot", "record", "valid_from", "run", *map(quoted, names)))
        moved = 0
        where = 'start = ? AND "end" = ? AND slot = ? AND valid_to IS NULL'
        for start, end, to, move in moves:
            given_slot = {table.type.slot: [move.slot]} if table.type.slot else {}
            slot = next((v for v in table.columns.encode(given_slot, 1)[0] if v is not None), None)
            this = (start, end, spell_slot(slot))
            (new,) = table.columns.encode({name: [value] for name, value in move.properties.items()}, 1)
            rows = self._run(
                f"SELECT record{table.columns.select('t')} FROM {table.name} t WHERE {where}", this
            ).fetchall()
            self._run(f"UPDATE {table.name} SET valid_to = ? WHERE {where}", (now, *this))
            for record, *said in rows:
                kept = [
                    n if name in move.properties else old
                    for name, old, n in zip(names, said, new, strict=True)
                ]
                self._run(
                    f"INSERT OR REPLACE INTO {table.name} ({columns}) "
                    f"VALUES (?, ?, ?, ?, ?, ?{', ?' * len(names)})",
                    (start, to, this[2], record, now, run, *kept),
                )
            moved += bool(rows)
        return moved

    def move(self, column: str, record: int, old: int, new: int) -> None:
        """Give a customer end that came by a source record to another customer."""
        for table in self._tables.triples.values():
            if f"via_{column}" in table.via:
                self._run(
                    f"UPDATE OR REPLACE {table.name} SET {quoted(column)} = ? "
                    f"WHERE {quoted(column)} = ? AND via_{column} = ?",
                    (new, old, record),
                )
