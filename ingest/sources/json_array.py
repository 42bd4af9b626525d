"""A JSON file that is one array of objects, read object by object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ingest.sources.contract import (
    BATCH_BYTES,
    Batch,
    BrokenRow,
    Cursor,
    FileSource,
)
from ingest.sources.json_window import Window, read_items
from ingest.sources.lines import BOM
from ingest.sources.objects import Flat, names_in, table_of_objects
from schema.errors import SourceError


class JsonArraySource(FileSource):
    """A JSON file that is one array of objects.

    It has no header: its columns are the names in all of its objects, found in one pass; an empty
    array has none. Where the     array itself is broken, all that is left of the file is one broken row.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__(path)
        self._encoding = encoding
        self._columns: list[str] | None = None
        with path.open("rb") as file:
            if self._open_window(file).peek() != "[":
                raise SourceError(
                    f"{path} is not a JSON array of objects, '[{{...}}, ...]'",
                    hint="where each line is an object, give 'format: jsonl'",
                )

    def _open_window(self, file: BinaryIO) -> Window:
        bom = self._encoding == "utf-8" and file.read(len(BOM)) == BOM
        return Window(file, self._encoding, len(BOM) if bom else 0)

    def columns(self) -> list[str]:
        """Return the names in all objects, in the order in which they first occur."""
        if self._columns is None:
            with self._path.open("rb") as file:
                self._columns = names_in(self._path, read_items(self._open_window(file), 0))
        return self._columns

    def read(self, cursor: Cursor | None, batch_rows: int) -> Iterator[Batch]:
        """Yield the objects behind the cursor (`offset` in bytes, `item`, whether it `ended`)."""
        self._check_cursor(cursor)
        self._check_unchanged()
        columns = self.columns()
        if not columns:
            return
        item = before = 0
        if cursor is not None:
            if cursor["ended"]:
                return
            item, before = cursor["item"], cursor["offset"]
        with self._path.open("rb") as file:
            window = Window(file, self._encoding, before) if item else self._open_window(file)
            items = read_items(window, item)
            ended = False
            while not ended:
                rows: list[Flat] = []
                positions: list[str] = []
                broken: list[BrokenRow] = []
                size = 0
                while len(rows) + len(broken) < batch_rows and size < BATCH_BYTES:
                    row = next(items, None)
                    if row is None:
                        ended = True
                        break
                    item += 1
                    size += len(window.taken)
                    if isinstance(row, BrokenRow):
                        broken.append(row)
                    else:
                        rows.append(row)
                        positions.append(f"item {item}")
                offset = window.settle()
                ended = ended or window.given_up
                if rows or broken or offset > before:
                    yield Batch(
                        table=table_of_objects(columns, rows),
                        positions=positions,
                        broken=broken,
                        cursor={"stamp": self._stamp, "offset": offset, "item": item, "ended": ended},
                        advanced=offset - before,
                    )
                    before = offset
        self._check_unchanged()
