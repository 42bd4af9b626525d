"""All that an SQLite store keeps, row by row, for copies and exports."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from graph.archive import COPY, ROWS_AT_ONCE, Part, Row
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.tables import KindTable, Tables, TripleTable, quoted
from schema.vocabulary import RECORD

# What is read of the ledger, and how it is written again
_READ = {
    "setting": "SELECT substr(name, 6), value FROM setting WHERE name LIKE 'kept.%' ORDER BY name",
    "source": "SELECT id, name FROM source ORDER BY id",
    "run": "SELECT id, started, fingerprint, finished FROM run ORDER BY id",
    "record": "SELECT id, source, key, digest, run FROM record ORDER BY id",
    "progress": "SELECT run, source, cursor, read, written, unchanged, quarantined, done FROM progress "
    "ORDER BY run, source",
    "rejected": "SELECT id, source, position, key, run, row, errors FROM rejected ORDER BY id",
    "decision": "SELECT id, topic, action, by, at, why, said FROM decision ORDER BY id",
    "subject": "SELECT decision, place, kind, key, detail FROM subject ORDER BY decision, place",
}
_WRITE = {
    "setting": "INSERT OR REPLACE INTO setting VALUES ('kept.' || ?, ?)",
    "source": "INSERT INTO source VALUES (?, ?)",
    "run": "INSERT INTO run VALUES (?, ?, ?, ?)",
    "record": "INSERT INTO record VALUES (?, ?, ?, ?, ?)",
    "progress": "INSERT INTO progress VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "rejected": "INSERT INTO rejected (id, source, position, key, run, row, errors) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)",
    "decision": "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)",
    "subject": "INSERT INTO subject VALUES (?, ?, ?, ?, ?)",
}


class SqliteArchive:
    """See `graph.archive.Archive`."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        write: Callable[[], AbstractContextManager[sqlite3.Connection]],
        tables: Tables,
    ) -> None:
        self._connection = connect()
        self._write = write
        self._tables = tables

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep what is read at one state, while the block runs."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    def rows(self, part: Part) -> Iterator[list[Row]]:
        """Yield the rows of a part, some at a time."""
        make: Callable[[Any], Row] = list
        if part.sort == "node":
            statement, make = self._nodes(self._tables.kinds[part.of])
        elif part.sort == "fact":
            statement = self._facts(self._tables.kinds[part.of])
        elif part.sort == "link":
            statement, make = self._links(self._triple(part))
        else:
            statement = _READ[part.sort]
            if part.sort in ("run", "progress"):
                make = _flagged
        found = self._connection.execute(statement)
        while some := found.fetchmany(ROWS_AT_ONCE):
            yield [make(row) for row in some]

    def _triple(self, part: Part) -> TripleTable:
        return next(table for triple, table in self._tables.triples.items() if str(triple) == part.of)

    def _nodes(self, table: KindTable) -> tuple[str, Callable[[Any], Row]]:
        statement = (
            f"SELECT n.key, s.name, n.run, n.valid_from, n.valid_to{table.columns.select('n')} "
            f"FROM {table.name} n JOIN source s ON s.id = n.source ORDER BY n.id"
        )
        return statement, lambda row: [*row[:5], _named(table.columns.names, row[5:])]

    def _facts(self, table: KindTable) -> str:
        return (
            "SELECT n.key, c.source, c.id, c.key, f.valid_from, f.valid_to, f.run, f.data "
            f"FROM {table.facts} f JOIN {table.name} n ON n.id = f.node JOIN record c ON c.id = f.record "
            "ORDER BY f.node, f.record, f.valid_from"
        )

    def _links(self, table: TripleTable) -> tuple[str, Callable[[Any], Row]]:
        start, end = self._tables.kinds[table.triple.start].name, self._tables.kinds[table.triple.end].name
        record = self._tables.kinds[RECORD].name
        joins = "".join(f" JOIN {record} {name} ON {name}.id = t.{name}" for name in table.via)
        via = [f"{name}.key" if name in table.via else "NULL" for name in ("via_start", "via_end")]
        statement = (
            f"SELECT a.key, b.key, t.slot, c.source, c.id, t.valid_from, t.valid_to, t.run, {', '.join(via)}"
            f"{table.columns.select('t')} FROM {table.name} t JOIN {start} a ON a.id = t.start "
            f'JOIN {end} b ON b.id = t."end" JOIN record c ON c.id = t.record{joins} '
            'ORDER BY t.start, t."end", t.slot, t.record, t.valid_from'
        )
        return statement, lambda row: [*row[:10], _named(table.columns.names, row[10:])]

    def load(self, part: Part, rows: Sequence[Row], progress: Any) -> None:
        """Write rows of a part, and keep the setting `copy` with them, in one transaction."""
        with self._write() as writer:
            if part.sort == "node":
                self._load_nodes(writer, self._tables.kinds[part.of], rows)
            elif part.sort == "fact":
                self._load_facts(writer, self._tables.kinds[part.of], rows)
            elif part.sort == "link":
                self._load_links(writer, self._triple(part), rows)
            else:
                writer.executemany(_WRITE[part.sort], map(_spread, rows))
            writer.execute(_WRITE["setting"], (COPY, json.dumps(progress)))

    def _load_nodes(self, writer: sqlite3.Connection, table: KindTable, rows: Sequence[Row]) -> None:
        sources = dict(writer.execute("SELECT name, id FROM source"))
        names = table.columns.names
        writer.executemany(
            f"INSERT INTO {table.name} (key, source, run, valid_from, valid_to"
            f"{''.join(', ' + quoted(n) for n in names)}) VALUES (?, ?, ?, ?, ?{', ?' * len(names)})",
            [(row[0], sources[row[1]], *row[2:5], *map(row[5].get, names)) for row in rows],
        )

    def _load_facts(self, writer: sqlite3.Connection, table: KindTable, rows: Sequence[Row]) -> None:
        ids = _ids(writer, table, [row[0] for row in rows])
        writer.executemany(
            f"INSERT INTO {table.facts} (node, record, valid_from, valid_to, run, data) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [(ids[row[0]], row[2], *row[4:]) for row in rows],
        )

    def _load_links(self, writer: sqlite3.Connection, table: TripleTable, rows: Sequence[Row]) -> None:
        kinds = self._tables.kinds
        starts = _ids(writer, kinds[table.triple.start], [row[0] for row in rows])
        ends = _ids(writer, kinds[table.triple.end], [row[1] for row in rows])
        records = _ids(writer, kinds[RECORD], [key for row in rows for key in row[8:10] if key is not None])
        names = table.columns.names
        columns = ["start", '"end"', "slot", "record", "valid_from", "valid_to", "run", *table.via]
        columns += map(quoted, names)
        writer.executemany(
            f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            [
                (
                    *(starts[a], ends[b], slot, number, since, until, run),
                    *(records[key] for key in via if key is not None),
                    *map(values.get, names),
                )
                for a, b, slot, _, number, since, until, run, *via, values in rows
            ],
        )


def _ids(writer: sqlite3.Connection, table: KindTable, keys: Sequence[str]) -> dict[str, int]:
    wanted = as_list(list(dict.fromkeys(keys)))
    return dict(writer.execute(f"SELECT key, id FROM {table.name} WHERE key {IN_LIST}", (wanted,)))


def _named(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _flagged(row: Sequence[Any]) -> Row:
    """Return a row that ends in a flag; a progress has its counts together."""
    if len(row) == 8:
        return [*row[:3], list(row[3:7]), bool(row[7])]
    return [*row[:-1], bool(row[-1])]


def _spread(row: Row) -> list[Any]:
    """Return a row without lists in it."""
    return [value for part in row for value in (part if isinstance(part, list) else [part])]
