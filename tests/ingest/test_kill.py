"""A process that is killed loses nothing and doubles nothing: the next one goes on where it was."""

from __future__ import annotations

import multiprocessing
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph import open_store
from ingest import IngestReport, ingest, load_project
from ingest.pipeline import Silent
from tests.ingest.shop import make_shop

KILLS = 20
BATCH_ROWS = 250  # more than eighty batches, of which the kills let through some forty


class Herald(Silent):
    """Says where each source is taken up, and when a batch is kept."""

    def __init__(self, say: Callable[[Any], None]) -> None:
        self._say = say

    def begin(self, source: str, size: int | None, done: int) -> None:
        self._say((source, done))

    def advance(self, source: str, done: int, rows: int) -> None:
        self._say((source, done))


def read_shop(project: Path, store: Path, say: Callable[[Any], None]) -> IngestReport:
    opened = open_store(f"sqlite:///{store}")
    try:
        return ingest(load_project(project), opened, observer=Herald(say), batch_rows=BATCH_ROWS)
    finally:
        opened.close()


def read_in_a_process(project: Path, store: Path, pipe: Any) -> None:
    read_shop(project, store, pipe.send)


def content(path: Path) -> dict[str, Any]:
    """Return all that a store holds open, and how many rows each of its tables has."""
    store = open_store(f"sqlite:///{path}", create=False)
    reader = store.reader()
    graph = reader.project()
    found: dict[str, Any] = {
        "nodes": {kind: table.to_pylist() for kind, table in graph.nodes.items()},
        "relationships": {str(triple): table.to_pylist() for triple, table in graph.relationships.items()},
        "quarantine": sorted((r.source, r.position, r.key or "") for r in reader.rejected_rows()),
        "problems": reader.check(),
    }
    store.close()
    base = sqlite3.connect(path)
    names = [name for (name,) in base.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found["rows"] = {name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    found["integrity"] = base.execute("PRAGMA integrity_check").fetchall()
    base.close()
    return found


def test_killed_at_twenty_moments_an_ingest_ends_as_if_it_never_was(tmp_path: Path) -> None:
    project = make_shop(tmp_path, customers=6_000, orders=14_000, messages=300)
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    batches: list[Any] = []
    began = time.monotonic()
    expected = read_shop(project, whole, batches.append)
    pace = (time.monotonic() - began) / len(batches)

    # Forked from a process that has imported all, so that 20 starts cost little.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    draw = random.Random(20)
    taken_up = []
    for _ in range(KILLS):
        pipe, end = context.Pipe(duplex=False)
        process = context.Process(target=read_in_a_process, args=(project, killed, end))
        process.start()
        end.close()
        said = [pipe.recv() for _ in range(draw.randint(1, 2))]
        time.sleep(draw.uniform(0, pace))  # which was longer if the machine had more to do
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        taken_up.append(said[0])
        base = sqlite3.connect(killed)
        assert base.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        base.close()
    assert len(set(taken_up)) > KILLS // 2, f"the kills were not spread: {taken_up}"

    report = read_shop(project, killed, batches.append)
    assert report.sources == expected.sources
    assert report.nodes == expected.nodes
    assert report.relationships == expected.relationships
    found = content(killed)
    assert found["integrity"] == [("ok",)]
    assert found["problems"] == []
    assert found == content(whole)

    again = read_shop(project, killed, batches.append)
    assert {name: c.written for name, c in again.sources.items()} == dict.fromkeys(expected.sources, 0)
    assert (again.nodes, again.relationships) == (expected.nodes, expected.relationships)
