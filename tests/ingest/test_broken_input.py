"""Broken rows of every format: all are counted, none is lost, and the good ones are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import Counts, open_store
from ingest import ingest, load_project
from tests.ingest.broken import BAD, FORMATS, GOOD, LONG

AFTER = "V10"  # the row behind the broken ones


@pytest.mark.parametrize("batch_rows", [10_000, 2])
@pytest.mark.parametrize("format_", FORMATS)
def test_every_row_is_accounted_for(format_: str, batch_rows: int, tmp_path: Path) -> None:
    path, unreadable = FORMATS[format_](tmp_path)
    project = load_project(path)
    store = open_store(f"sqlite:///{tmp_path / 'motivo.db'}")
    counts = ingest(project, store, batch_rows=batch_rows).sources["visits"]
    quarantined = len(BAD) + unreadable
    assert counts == Counts(len(GOOD) + 2 + quarantined, len(GOOD) + 1, 1, quarantined)
    reader = store.reader()
    assert reader.totals().nodes["Visit"] == len(GOOD) + 1
    assert reader.get("Visit", "V1").properties["note"] == "tos"
    assert reader.get("Visit", "V2").properties["note"] == LONG
    assert reader.get("Visit", AFTER).properties["note"] == "after the quote"

    rows = list(reader.rejected_rows())
    assert len(rows) == quarantined
    assert len({row.position for row in rows}) == quarantined
    assert all(row.errors and row.errors[0].message for row in rows)
    for key, values, word in BAD:
        found = [row for row in rows if row.row.get("note") == values[2]]
        assert [(row.key, row.row.get("day")) for row in found] == [(key, values[1])], values
        assert word in found[0].errors[0].message
    assert next(row for row in rows if row.key == "V4").errors[0].field == "day"

    again = ingest(project, store, batch_rows=batch_rows)
    assert again.sources["visits"] == Counts(counts.read, 0, len(GOOD) + 2, quarantined)
    assert again.nodes == {**reader.totals().nodes, "Visit": len(GOOD) + 1}
    assert len(list(store.reader().rejected_rows())) == quarantined
    assert store.reader().check() == []
    store.close()


@pytest.mark.parametrize("format_", FORMATS)
def test_the_size_of_a_batch_changes_nothing(format_: str, tmp_path: Path) -> None:
    path, _ = FORMATS[format_](tmp_path)
    project = load_project(path)
    seen = []
    for batch_rows in (1, 3, 10_000):
        store = open_store(f"sqlite:///{tmp_path / f'{batch_rows}.db'}")
        counts = ingest(project, store, batch_rows=batch_rows).sources["visits"]
        rejected = sorted((r.position, r.key or "", str(r.errors)) for r in store.reader().rejected_rows())
        nodes = store.reader().project(["Visit"], []).nodes["Visit"].to_pylist()
        seen.append((counts, rejected, nodes))
        store.close()
    assert seen[0] == seen[1] == seen[2]


def test_an_empty_file_with_a_header_closes_what_was_there(tmp_path: Path) -> None:
    path, _ = FORMATS["csv"](tmp_path)
    store = open_store(f"sqlite:///{tmp_path / 'motivo.db'}")
    ingest(load_project(path), store)
    (tmp_path / "visits.csv").write_text("id,day,note\n")
    report = ingest(load_project(path), store)
    assert report.sources["visits"] == Counts()
    assert "Visit" not in report.nodes
    assert list(store.reader().rejected_rows()) == []
    assert store.reader().history("Visit", "V1")[0].valid_to is not None
    store.close()
