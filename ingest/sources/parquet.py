"""Parquet files, row group by row group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.sources.contract import (
    BATCH_BYTES,
    SHOWN_BYTES,
    Batch,
    BrokenRow,
    Cursor,
    FileSource,
)
from ingest.sources.texts import columns_of, texts_of
from schema.errors import SourceError


class ParquetSource(FileSource):
    """A Parquet file. Its values are read as texts; the fields of structs are columns."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            with pq.ParquetFile(path) as file:
                self._rows: int = file.metadata.num_rows
                empty = file.schema_arrow.empty_table()
        except pa.ArrowException as error:
            raise SourceError(f"{path} is not a Parquet file", hint=_first_line(error)) from None
        self._columns = [name for name, _ in _flat_columns(empty.combine_chunks())]
        twice = {name for name in self._columns if self._columns.count(name) > 1}
        if twice:
            raise SourceError(f"{path}: two columns are called {min(twice)!r}", hint="rename one of them")

    def columns(self) -> list[str]:
        """Return the names of the columns."""
        return list(self._columns)

    def size(self) -> int:
        """Return the number of rows."""
        return self._rows

    def read(self, cursor: Cursor | None, batch_rows: int) -> Iterator[Batch]:
        """Yield the rows behind the cursor (`row`)."""
        self._check_cursor(cursor)
        self._check_unchanged()
        row = skip = cursor["row"] if cursor else 0
        with pq.ParquetFile(self._path) as file:
            groups = list(range(file.metadata.num_row_groups))
            while groups and skip >= file.metadata.row_group(groups[0]).num_rows:
                skip -= file.metadata.row_group(groups.pop(0)).num_rows
            try:
                for batch in file.iter_batches(_batch_rows(file, batch_rows), row_groups=groups):
                    rest = batch.slice(min(skip, batch.num_rows))
                    skip -= batch.num_rows - rest.num_rows
                    if rest.num_rows:
                        yield self._make_batch(rest, row)
                        row += rest.num_rows
            except (pa.ArrowException, OSError) as error:
                raise SourceError(
                    f"{self._path}: row {row + 1} and those behind it cannot be read",
                    hint=_first_line(error),
                ) from None
        self._check_unchanged()

    def _make_batch(self, rows: pa.RecordBatch, row: int) -> Batch:
        count = rows.num_rows
        arrays = []
        flaws: dict[int, str] = {}
        for name, array in _flat_columns(rows):
            texts, wrong = texts_of(array)
            arrays.append(texts)
            for index, message in wrong.items():
                flaws.setdefault(index, f"{name} {message}")
        table = pa.table(arrays, names=self._columns)
        positions = [f"row {row + i + 1}" for i in range(count)]
        broken = [
            BrokenRow(positions[i], _show_row(rows, i), message) for i, message in sorted(flaws.items())
        ]
        if flaws:
            good = [i for i in range(count) if i not in flaws]
            table = table.take(pa.array(good, pa.int64()))
            positions = [positions[i] for i in good]
        return Batch(table, positions, broken, {"stamp": self._stamp, "row": row + count}, count)


def _flat_columns(rows: pa.RecordBatch | pa.Table) -> list[tuple[str, pa.Array]]:
    found: list[tuple[str, pa.Array]] = []
    for name, array in zip(rows.schema.names, rows.columns, strict=True):
        whole = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        found += columns_of(whole, name).items()
    return found


def _show_row(rows: pa.RecordBatch, index: int) -> str:
    values = {}
    for name, array in zip(rows.schema.names, rows.columns, strict=True):
        try:
            values[name] = array[index].as_py()
        except UnicodeDecodeError:
            values[name] = array.cast(pa.binary())[index].as_py()
        except (ValueError, OverflowError):
            values[name] = array.slice(index, 1).to_string(skip_new_lines=True)
    return repr(values)[:SHOWN_BYTES]


def _batch_rows(file: pq.ParquetFile, most: int) -> int:
    """Return how many rows make a batch that is not too large."""
    metadata = file.metadata
    size = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    a_row = max(1, size // max(1, metadata.num_rows))
    return int(max(1, min(most, BATCH_BYTES // a_row)))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
