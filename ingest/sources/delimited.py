"""CSV and its kin: records of quoted fields between delimiters."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ingest.sources.contract import (
    BATCH_BYTES,
    RECORD_BYTES,
    Batch,
    BrokenRow,
    Cursor,
    FileSource,
)
from ingest.sources.lines import Lines, TooLongError, open_lines
from ingest.sources.texts import table_of
from schema.errors import SourceError

DELIMITERS = ",;\t|"
AT_ONCE = 1_000  # lines that are tried as one record each
# The bound of the csv module is one for the whole process; ours is on the record.
csv.field_size_limit(RECORD_BYTES)


class _Header(NamedTuple):
    """The names of the columns, the delimiter, and where the first record begins."""

    names: list[str]
    delimiter: str
    offset: int
    line: int


class DelimitedSource(FileSource):
    """A CSV or TSV file whose first line names the columns.

    Quotes are read strictly, so that one that never closes shows at the next quoted field. Its row
    is broken and reading goes on at the following line: no other row is lost with it.
    """

    def __init__(self, path: Path, encoding: str, delimiter: str = "") -> None:
        super().__init__(path)
        self._encoding = encoding
        self._header = _read_header(path, encoding, delimiter)

    def columns(self) -> list[str]:
        """Return the names in the first line."""
        return self._header.names

    def read(self, cursor: Cursor | None, batch_rows: int) -> Iterator[Batch]:
        """Yield the records behind the cursor (`offset` in bytes, `line`)."""
        self._check_cursor(cursor)
        self._check_unchanged()
        names, delimiter, offset, line = self._header
        if cursor is not None:
            offset, line = cursor["offset"], cursor["line"]
        with self._path.open("rb", buffering=2**20) as file:
            lines = Lines(file, self._encoding, offset, line)
            while True:
                before = lines.offset
                rows, starts, broken = _read_rows(lines, len(names), delimiter, batch_rows)
                if lines.offset == before:
                    break
                yield Batch(
                    table=table_of(names, rows),
                    positions=[f"line {start}" for start in starts],
                    broken=broken,
                    cursor={"stamp": self._stamp, "offset": lines.offset, "line": lines.line},
                    advanced=lines.offset - before,
                )
        self._check_unchanged()


def _read_header(path: Path, encoding: str, delimiter: str) -> _Header:
    with path.open("rb") as file:
        lines = open_lines(file, encoding)
        try:
            first = next(lines.decoded(), "")
            delimiter = delimiter or _find_delimiter(first)
            lines.seek(lines.start, lines.start_line)
            names = next(csv.reader(lines.decoded(), delimiter=delimiter, strict=True), [])
        except (csv.Error, TooLongError) as error:
            raise SourceError(
                f"{path}: the first line is not a line of column names",
                hint=_explain(str(error), 1) if str(error) else "is it a text file?",
            ) from None
    if lines.flaw:
        raise SourceError(
            f"{path}: the first line {lines.flaw}",
            hint="give the source an 'encoding', such as latin-1",
        )
    names = [name.strip() for name in names]
    if not names:
        raise SourceError(f"{path} has no first line", hint="its first line must name the columns")
    if "" in names:
        raise SourceError(
            f"{path}: column {names.index('') + 1} has no name",
            hint="name every column in the first line",
        )
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise SourceError(f"{path}: two columns are called {twice[0]!r}", hint="rename one of them")
    return _Header(names, delimiter, lines.offset, lines.line)


def _find_delimiter(header: str) -> str:
    """Return the delimiter that occurs most in the header, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _read_rows(
    lines: Lines, width: int, delimiter: str, most: int
) -> tuple[list[list[str]], list[int], list[BrokenRow]]:
    """Read up to `most` records; return the good ones, the lines they begin on, the broken ones."""
    rows: list[list[str]] = []
    starts: list[int] = []
    broken: list[BrokenRow] = []
    end = lines.offset + BATCH_BYTES
    while (left := min(most - len(rows) - len(broken), AT_ONCE)) > 0 and lines.offset < end:
        before, line = lines.offset, lines.line
        plain = _read_plain(lines, width, delimiter, left)
        if plain:
            rows += plain
            starts += range(line, lines.line)
            continue
        for start, row in _read_carefully(lines, width, delimiter, left, end):
            if isinstance(row, BrokenRow):
                broken.append(row)
            else:
                rows.append(row)
                starts.append(start)
        if lines.offset == before:
            break
    return rows, starts, broken


def _read_plain(lines: Lines, width: int, delimiter: str, most: int) -> list[list[str]]:
    """Read records of one line each at once, which is faster than one by one.

    None, and nothing is read, where a record spans lines, a line is empty or anything is wrong.
    """
    start, line = lines.offset, lines.line
    texts = lines.take(most)
    try:
        rows = list(csv.reader(texts, delimiter=delimiter, strict=True))
    except csv.Error:
        rows = []
    if len(rows) == len(texts) and all(len(row) == width for row in rows):
        return rows
    lines.seek(start, line)
    return []


def _read_carefully(
    lines: Lines, width: int, delimiter: str, most: int, end: int
) -> Iterator[tuple[int, list[str] | BrokenRow]]:
    """Yield up to `most` records one by one, good or broken, with the lines that they begin on."""
    lines.begin()
    reader = csv.reader(lines.decoded(), delimiter=delimiter, strict=True)
    while most and lines.offset < end:
        start = lines.start_line
        try:
            row = next(reader, None)
            if row is None:
                return
            message = lines.flaw
            if len(row) != width and not message:
                message = f"has {len(row)} columns where {width} are expected" if row else ""
        except TooLongError:
            message = f"is longer than {RECORD_BYTES // 2**20} MiB, or a quote in it is never closed"
            row = []
        except csv.Error as error:
            message = _explain(str(error), lines.line - lines.start_line)
            row = []
        if message:
            yield start, _break_row(lines, message)
            reader = csv.reader(lines.decoded(), delimiter=delimiter, strict=True)
            most -= 1
            continue
        if row:
            yield start, row
            most -= 1
        lines.begin()


def _break_row(lines: Lines, message: str) -> BrokenRow:
    """Return the first line of the record as a broken row, and go on behind it."""
    start, line = lines.start, lines.start_line
    lines.skip_first()
    row = BrokenRow(f"line {line}", lines.raw(start, lines.offset), message)
    lines.begin()
    return row


def _explain(said: str, span: int) -> str:
    """Return what the csv module says in plain words."""
    if "unexpected end of data" in said or span > 1:
        return "a quote in it is never closed"
    if "expected after" in said:
        return 'a quote inside a quoted field is not doubled ("")'
    if "new-line" in said:
        return "has a line end (\\r) outside quotes"
    return f"is not a line of columns: {said}"
