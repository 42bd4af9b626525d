"""Trying the rows in quarantine again."""

from __future__ import annotations

import pyarrow as pa

from graph import Counts, RejectedRow, Store
from ingest.identity import load_identities
from ingest.mapping import Mapper
from ingest.pipeline import Observer, Silent, choose_extractor
from ingest.project import Project
from ingest.sources import Batch
from ingest.text import Extractor
from ingest.text.review import load_namer
from ingest.writing import CONFLICT, BatchWriter


def retry_rejected(
    project: Project,
    store: Store,
    *,
    extractor: Extractor | None = None,
    observer: Observer | None = None,
) -> Counts:
    """Map and write the rows in quarantine again, as the project says now; return what became of them.

    `extractor` reads the texts, if not the one that the project chooses.

    A row that could not even be split into columns, and one that says otherwise than another with
    its key, stay until their source is mended and ingested.
    """
    watching = observer or Silent()
    waiting: dict[str, list[RejectedRow]] = {}
    for row in store.reader().rejected_rows():
        if row.source in project.sources and not _is_for_the_source(row):
            waiting.setdefault(row.source, []).append(row)
    store.declare(project.vocabulary)
    counts = Counts()
    with store.transaction() as transaction:
        run = transaction.begin_run(f"retry of {project.name}")
        namer, judged = load_namer(transaction.reader), load_identities(transaction.reader)
        for source, rows in waiting.items():
            watching.begin(source, len(rows), 0)
            batch = _batch(rows)
            mapper = Mapper(project, source, batch.table.column_names)
            reading = choose_extractor(project, extractor, source)
            transaction.release(source, batch.positions)
            writer = BatchWriter(project, source, mapper, reading, namer, judged)
            writer.write(transaction, run, batch, counts)
            watching.advance(source, len(rows), len(rows))
            watching.end(source)
        transaction.finish_run()
    return counts


def _is_for_the_source(row: RejectedRow) -> bool:
    """Tell whether no mapping can mend a row: it is no row, or another one came before it."""
    return set(row.row) == {"raw"} or any(e.message.endswith(CONFLICT) for e in row.errors)


def _batch(rows: list[RejectedRow]) -> Batch:
    """Return rejected rows as the batch that they were read in."""
    names = list(dict.fromkeys(name for row in rows for name in row.row))
    columns = {name: pa.array([row.row.get(name) for row in rows], pa.string()) for name in names}
    return Batch(pa.table(columns), [row.position for row in rows], [], {}, len(rows))
