"""What every source is: columns of text, read in batches, from a cursor on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from schema.errors import SourceError

# No record is larger: what looks larger is a quote or bracket that was never closed.
RECORD_BYTES = 8 * 2**20
# A batch ends before its number of rows when it has grown to this.
BATCH_BYTES = 32 * 2**20
# How much of a broken record is kept to show.
SHOWN_BYTES = 64 * 2**10

Cursor = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be read, with its raw text (bytes that are no text are escaped)."""

    position: str
    raw: str
    message: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a source.

    `table` has the columns of the source, all of them text; an empty text is null. `positions`
    (`line 17`, `row 5`) runs parallel to its rows. `cursor` (plain JSON) is what to read on from;
    `advanced` how far the batch goes, in the unit of `Source.size`.
    """

    table: pa.Table
    positions: list[str]
    broken: list[BrokenRow]
    cursor: dict[str, Any]
    advanced: int


class Source(Protocol):
    """Rows of text in columns. Never held in memory as a whole."""

    def columns(self) -> list[str]:
        """Return the names of the columns, in their order."""
        ...

    def size(self) -> int | None:
        """Return how much there is to read, in bytes or rows; None where nobody knows."""
        ...

    def accepts(self, cursor: Cursor) -> bool:
        """Tell whether the source is still what it was when this cursor was made."""
        ...

    def read(self, cursor: Cursor | None, batch_rows: int) -> Iterator[Batch]:
        """Yield the rows behind the cursor, or all, in batches of at most `batch_rows`.

        Raises `SourceError` if the cursor is not accepted.
        """
        ...


def _stamp_of(path: Path) -> tuple[int, str]:
    """Return the size of a file, and what changes when it is written."""
    status = path.stat()
    return status.st_size, f"{status.st_size}:{status.st_mtime_ns}"


class FileSource:
    """What sources share that are one file: its stamp tells whether it is as it was when opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size, self._stamp = _stamp_of(path)

    def size(self) -> int | None:
        """Return the size of the file, in bytes."""
        return self._size

    def accepts(self, cursor: Cursor) -> bool:
        """Tell whether the file is what it was when this cursor was made."""
        return cursor.get("stamp") == self._stamp == _stamp_of(self._path)[1]

    def _check_cursor(self, cursor: Cursor | None) -> None:
        """Refuse a cursor made when the file was another."""
        if cursor is not None and not self.accepts(cursor):
            raise SourceError(
                f"{self._path} has changed since it was last read from", hint="read it from its beginning"
            )

    def _check_unchanged(self) -> None:
        """Refuse a file that was written while it was read: what is missing from it is not gone."""
        if _stamp_of(self._path)[1] != self._stamp:
            raise SourceError(
                f"{self._path} has changed while it was read",
                hint="run this again when the file is written to its end",
            )
