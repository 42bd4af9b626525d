"""Opening and reading sources in tests."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.project import Place, SourceSpec
from ingest.sources import Batch, BrokenRow, Source, open_source

Row = dict[str, str | None]


def spec(path: Path, format_: str, **options: Any) -> SourceSpec:
    values: dict[str, Any] = {
        "table": "",
        "key": (),
        "system": "s",
        "optional": False,
        "encoding": "utf-8",
        "delimiter": "",
        "computed": {},
        "place": Place(Path("motivo.yaml"), 3, "sources.s"),
    }
    return SourceSpec(name="s", path=path.name, format=format_, **(values | options))


def open_file(path: Path, format_: str, **options: Any) -> Source:
    return open_source(spec(path, format_, **options), path.parent)


def read_all(
    source: Source, batch_rows: int = 1000, cursor: dict[str, Any] | None = None
) -> tuple[list[Row], list[str], list[BrokenRow], list[Batch]]:
    """Return rows (without nulls), positions, broken rows and the batches."""
    batches = list(source.read(cursor, batch_rows))
    for batch in batches:
        assert batch.table.num_rows + len(batch.broken) <= batch_rows
        assert all(field.type == pa.string() for field in batch.table.schema)
        assert len(batch.positions) == batch.table.num_rows
        assert json.loads(json.dumps(batch.cursor)) == batch.cursor
    rows = [
        {name: value for name, value in row.items() if value is not None}
        for batch in batches
        for row in batch.table.to_pylist()
    ]
    positions = [p for b in batches for p in b.positions]
    return rows, positions, [r for b in batches for r in b.broken], batches


def check_resuming(source: Source, batch_rows: int) -> None:
    """Whatever batch a reader stopped behind, the rest is what follows."""
    rows, positions, broken, _ = read_all(source, 10_000)
    small = read_all(source, batch_rows)
    assert small[:3] == (rows, positions, broken)
    for number, batch in enumerate(small[3]):
        assert source.accepts(batch.cursor)
        rest = read_all(source, batch_rows, batch.cursor)
        ahead = small[3][: number + 1]
        taken = sum(b.table.num_rows for b in ahead)
        lost = sum(len(b.broken) for b in ahead)
        assert rest[0] == rows[taken:]
        assert rest[1] == positions[taken:]
        assert rest[2] == broken[lost:]
    size = source.size()
    assert size is not None
    assert sum(b.advanced for b in small[3]) <= size


def write_sqlite(path: Path, names: list[str], rows: list[list[Any]], table: str = "t") -> None:
    def quote(name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE {quote(table)} ({', '.join(map(quote, names))})")
    marks = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO {quote(table)} VALUES ({marks})", rows)
    connection.commit()
    connection.close()


def write_parquet(path: Path, names: list[str], rows: list[list[Any]], size: int = 3) -> None:
    columns = [pa.array(list(column), pa.string()) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=names), path, row_group_size=size)
