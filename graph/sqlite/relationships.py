"""Writing relationships: contributions between nodes, found or made by their keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from graph.contributions import spell_slot
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


class Ends(NamedTuple):
    """The nodes at one end of some relationships, and these nodes as they were given, see `given`."""

    nodes: Sequence[int]
    given: Sequence[int]


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
        starts: Ends,
        ends: Ends,
        columns: Columns,
    ) -> None:
        """Write relationships."""
        ids = self._ledger.ids(source, records)
        stored = table.columns.encode(columns, len(ids))
        slots = [""] * len(ids)
        if table.type.slot:
            slots = [spell_slot(value) for value in stored[table.columns.names.index(table.type.slot)]]
        via = [e.given for e, name in ((starts, "via_start"), (ends, "via_end")) if name in table.via]
        names = [*table.via, *map(quoted, table.columns.names)]
        fresh: Iterable[tuple[Any, ...]] = zip(
            starts.nodes,
            ends.nodes,
            slots,
            ids,
            repeat(self._ledger.now),
            repeat(self._ledger.run),
            *via,
            *stored,
        )
        if stale := self.stale.get(table.triple):
            width = 6 + len(via)
            said = zip(starts.given, ends.given, slots, ids, strict=True)
            fresh = [row for row, key in zip(fresh, said, strict=True) if not _again(stale, key, row[width:])]
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
            slot = ""
            if table.type.slot:
                stored = table.columns.encode({table.type.slot: [move.slot]}, 1)
                slot = spell_slot(stored[names.index(table.type.slot)][0])
            this = (start, end, slot)
            given_ = {name: [value] for name, value in move.properties.items()}
            new = [column[0] for column in table.columns.encode(given_, 1)]
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
                    (start, to, slot, record, now, run, *kept),
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


def _again(stale: Said, said: tuple[int, int, str, int], row: tuple[Any, ...]) -> bool:
    """Tell whether a changed record says again what it said before; then that stays."""
    again = said in stale and stale[said][1] == row
    if again:
        del stale[said]
    return again
