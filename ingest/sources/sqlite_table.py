"""A table or view of an SQLite file, opened to read only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ingest.sources.contract import (
    BATCH_BYTES,
    SHOWN_BYTES,
    Batch,
    BrokenRow,
    Cursor,
    FileSource,
)
from ingest.sources.texts import table_of, text_of
from schema.errors import SourceError

_ROWIDS = ("rowid", "_rowid_", "oid")
_HIDDEN = 1  # a column of a virtual table that is none of its data; computed columns are 2 and 3


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class SqliteSource(FileSource):
    """A table or view. Rows come in the order of their ids, else (a view) of all their columns."""

    def __init__(self, path: Path, table: str) -> None:
        super().__init__(path)
        self._table = table
        with closing(self._connect()) as connection:
            try:
                self._columns, self._rowid = self._describe(connection)
            except sqlite3.Error as error:
                raise SourceError(f"{path} cannot be read as an SQLite file", hint=str(error)) from None

    def _describe(self, connection: sqlite3.Connection) -> tuple[list[str], str]:
        """Return the columns, and the name by which row ids are asked for, if there are any."""
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name"
            )
        ]
        if self._table not in tables:
            near = f"one of: {', '.join(tables)}" if tables else "it has no tables"
            raise SourceError(f"{self._path} has no table {self._table!r}", hint=near)
        about = connection.execute(f"PRAGMA table_xinfo({_quote(self._table)})")
        columns = [column[1] for column in about if column[6] != _HIDDEN]
        taken = {name.lower() for name in columns}
        rowid = next((name for name in _ROWIDS if name not in taken), "")
        try:
            # A view answers too, with nulls.
            first = connection.execute(
                f"SELECT {rowid or 'NULL'} FROM {_quote(self._table)} LIMIT 1"  # noqa: S608
            ).fetchone()
        except sqlite3.OperationalError:
            first = None if not rowid else (None,)
        return columns, rowid if first is None or first[0] is not None else ""

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)
        # Bytes that are no UTF-8 break their own row, not the reading of the table.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        return connection

    def columns(self) -> list[str]:
        """Return the names of the columns."""
        return list(self._columns)

    def size(self) -> int | None:
        """Return the number of rows; None where they cannot be counted."""
        query = f"SELECT count(*) FROM {_quote(self._table)}"  # noqa: S608  quoted
        with closing(self._connect()) as connection:
            try:
                return int(connection.execute(query).fetchone()[0])
            except sqlite3.Error:
                return None  # reading will tell why

    def read(self, cursor: Cursor | None, batch_rows: int) -> Iterator[Batch]:
        """Yield the rows behind the cursor (`row` counts them, `rowid` is the last one's id)."""
        self._check_cursor(cursor)
        row, rowid = (cursor["row"], cursor["rowid"]) if cursor else (0, None)
        with closing(self._connect()) as connection:
            try:
                answer = connection.execute(*self._query(row, rowid))
                while taken := self._take(answer, batch_rows):
                    rowid = taken[-1][0]
                    yield self._make_batch(taken, row, {"stamp": self._stamp, "rowid": rowid})
                    row += len(taken)
            except sqlite3.Error as error:
                raise SourceError(
                    f"{self._path}: table {self._table!r} cannot be read behind row {row}",
                    hint=str(error),
                ) from None

    def _query(self, row: int, rowid: int | None) -> tuple[str, tuple[int, ...]]:
        names = ", ".join(map(_quote, self._columns))
        table = _quote(self._table)
        if not self._rowid:
            order = ", ".join(str(i + 2) for i in range(len(self._columns)))
            return (
                f"SELECT NULL, {names} FROM {table} ORDER BY {order} LIMIT -1 OFFSET ?",  # noqa: S608
                (row,),
            )
        behind = "" if rowid is None else f"WHERE {self._rowid} > ?"
        return (
            f"SELECT {self._rowid}, {names} FROM {table} {behind} ORDER BY {self._rowid}",  # noqa: S608
            () if rowid is None else (rowid,),
        )

    def _take(self, answer: sqlite3.Cursor, most: int) -> list[tuple[Any, ...]]:
        """Return the next rows, fewer than `most` where these are large."""
        taken: list[tuple[Any, ...]] = []
        size = 0
        while len(taken) < most and size < BATCH_BYTES:
            some = answer.fetchmany(min(100, most - len(taken)))
            if not some:
                break
            taken += some
            size += sum(len(v) for values in some for v in values if isinstance(v, str | bytes))
        return taken

    def _make_batch(self, taken: list[tuple[Any, ...]], row: int, cursor: dict[str, Any]) -> Batch:
        rows: list[list[str | None]] = []
        positions: list[str] = []
        broken: list[BrokenRow] = []
        for number, (_, *values) in enumerate(taken, row + 1):
            try:
                rows.append([v if v is None else text_of(v) for v in values])
            except ValueError:
                broken.append(self._break_row(f"row {number}", values))
            else:
                positions.append(f"row {number}")
        cursor["row"] = row + len(taken)
        return Batch(table_of(self._columns, rows), positions, broken, cursor, len(taken))

    def _break_row(self, position: str, values: list[Any]) -> BrokenRow:
        messages = []
        for name, value in zip(self._columns, values, strict=True):
            try:
                text_of(value)
            except ValueError as error:
                messages.append(f"{name} {error}")
        raw = repr(dict(zip(self._columns, values, strict=True)))
        return BrokenRow(position, raw[:SHOWN_BYTES], "; ".join(messages))
