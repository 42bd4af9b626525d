"""JSON Lines: an object a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.sources.contract import (
    BATCH_BYTES,
    RECORD_BYTES,
    Batch,
    BrokenRow,
    Cursor,
    FileSource,
)
from ingest.sources.lines import BOM, Lines, TooLongError, open_lines
from ingest.sources.objects import DECODER, Flat, flatten_object, names_in, table_of_objects
from schema.errors import SourceError

_BLANK: Flat = {}  # what a line of nothing but white space is read as


class JsonLinesSource(FileSource):
    """A file with a JSON object on each line.

    It has no header: its columns are the names in all of its objects, found in one pass; an empty
    file has none.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__(path)
        self._encoding = encoding
        self._columns: list[str] | None = None
        with path.open("rb") as file:
            beginning = file.read(1000).removeprefix(BOM).lstrip()
        if beginning.startswith(b"["):
            raise SourceError(
                f"{path} begins with an array, not with an object, '{{...}}'",
                hint="an array of objects is 'format: json'",
            )

    def columns(self) -> list[str]:
        """Return the names in all objects, in the order in which they first occur."""
        if self._columns is None:
            batches = self._read_rows(None, 10_000)
            self._columns = names_in(self._path, (row for b in batches for some in b[::2] for row in some))
        return self._columns

    def read(self, cursor: Cursor | None, batch_rows: int) -> Iterator[Batch]:
        """Yield the objects behind the cursor (`offset` in bytes, `line`)."""
        self._check_cursor(cursor)
        self._check_unchanged()
        columns = self.columns()
        if not columns:
            return
        before = cursor["offset"] if cursor else 0
        for rows, positions, broken, (offset, line) in self._read_rows(cursor, batch_rows):
            yield Batch(
                table=table_of_objects(columns, rows),
                positions=positions,
                broken=broken,
                cursor={"stamp": self._stamp, "offset": offset, "line": line},
                advanced=offset - before,
            )
            before = offset
        self._check_unchanged()

    def _read_rows(
        self, cursor: Cursor | None, most: int
    ) -> Iterator[tuple[list[Flat], list[str], list[BrokenRow], tuple[int, int]]]:
        """Yield objects, their positions, broken lines, and the byte and line behind them."""
        with self._path.open("rb", buffering=2**20) as file:
            lines = open_lines(file, self._encoding)
            lines.seek(lines.offset, lines.line)
            if cursor is not None:
                lines.seek(cursor["offset"], cursor["line"])
            while True:
                before = lines.offset
                rows: list[Flat] = []
                positions: list[str] = []
                broken: list[BrokenRow] = []
                while len(rows) + len(broken) < most and lines.offset - before < BATCH_BYTES:
                    lines.begin()
                    row = _read_row(lines)
                    if row is None:
                        break
                    if isinstance(row, BrokenRow):
                        broken.append(row)
                    elif row is not _BLANK:
                        rows.append(row)
                        positions.append(f"line {lines.start_line}")
                if lines.offset == before:
                    return
                yield rows, positions, broken, (lines.offset, lines.line)


def _read_row(lines: Lines) -> Flat | BrokenRow | None:
    """Return the next line's object, `_BLANK` for an empty line, None at the end."""
    message = ""
    try:
        text = next(lines.decoded(), None)
    except TooLongError:
        lines.skip_first()
        text = ""
        message = f"is longer than {RECORD_BYTES // 2**20} MiB"
    if text is None:
        return None
    message = message or lines.flaw
    if not message:
        try:
            text = text.strip()
            return flatten_object(DECODER.decode(text)) if text else _BLANK
        except RecursionError:
            message = "is nested too deeply"
        except ValueError as error:
            message = str(error)
    raw = lines.raw(lines.start, lines.offset)
    return BrokenRow(f"line {lines.start_line}", raw, message)
