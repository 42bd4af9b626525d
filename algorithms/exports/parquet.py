"""Tables as Parquet, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from algorithms.exports.pipe import Pipe

GROUP = 64_000  # rows that are written together, at least


def write_parquet(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """Yield a table as a Parquet file; a field's own name is in its metadata, as `name`."""
    pipe = Pipe()
    writer = None
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        writer = writer or pq.ParquetWriter(pipe, batch.schema, compression="zstd")
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= GROUP:
            writer.write_table(pa.Table.from_batches(waiting))
            waiting = []
            yield pipe.take()
    if writer is not None:
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting))
        writer.close()
        yield pipe.take()
