"""Reading what the ledger keeps: runs, progress, quarantine, settings, decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from graph.model import Counts, Decision, KnownRecord, Problem, Progress, RejectedRow, Run, Subject
from graph.sqlite.connection import Connection, answers
from graph.sqlite.ledger import IN_LIST, as_list, decode_rejected, decode_run
from schema.values import Time

_TIME = Time()


@answers
class LedgerReader:
    """The part of a reader that is about how knowledge came in; see `graph.contract.Reader`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.execute

    def latest_run(self) -> Run | None:
        """Return the newest run."""
        row = self._run(
            "SELECT id, started, fingerprint, finished FROM run ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return None if row is None else decode_run(row)

    def progress(self, run: int, source: str) -> Progress | None:
        """Return how far a run has read a source."""
        row = self._run(
            "SELECT cursor, read, written, unchanged, quarantined, done FROM progress "
            "WHERE run = ? AND source = (SELECT id FROM source WHERE name = ?)",
            (run, source),
        ).fetchone()
        return None if row is None else Progress(orjson.loads(row[0]), Counts(*row[1:5]), bool(row[5]))

    def known_records(self, source: str, keys: Sequence[str]) -> dict[str, KnownRecord]:
        """Return what is known of these records of a source."""
        rows = self._run(
            "SELECT key, digest, run FROM record WHERE source = (SELECT id FROM source WHERE name = ?) "
            f"AND key {IN_LIST} AND digest IS NOT NULL",
            (source, as_list(keys)),
        )
        return {key: KnownRecord(digest, run) for key, digest, run in rows}

    def rejected_rows(self, *, source: str | None = None) -> Iterator[RejectedRow]:
        """Yield the quarantine."""
        rows = self._run(
            "SELECT s.name, r.position, r.key, r.row, r.errors FROM rejected r "
            "JOIN source s ON s.id = r.source WHERE ? IS NULL OR s.name = ? ORDER BY r.source, r.id",
            (source, source),
        )
        return map(decode_rejected, rows)

    def setting(self, name: str) -> Any:
        """Return what was kept under a name, or None."""
        row = self._run("SELECT value FROM setting WHERE name = ?", (f"kept.{name}",)).fetchone()
        return None if row is None else json.loads(row[0])

    def decisions(self, topic: str) -> list[Decision]:
        """Return what was decided on a topic, oldest first."""
        subjects: dict[int, list[Subject]] = {}
        for decision, kind, key, detail in self._run(
            "SELECT s.decision, s.kind, s.key, s.detail FROM subject s JOIN decision d ON d.id = s.decision "
            "WHERE d.topic = ? ORDER BY s.decision, s.place",
            (topic,),
        ):
            subjects.setdefault(decision, []).append(Subject(kind, key, orjson.loads(detail)))
        rows = self._run(
            "SELECT id, action, by, at, why, said FROM decision WHERE topic = ? ORDER BY id", (topic,)
        )
        return [
            Decision(
                topic, action, by, _TIME.decode(at), why, orjson.loads(said), subjects.get(number, []), number
            )
            for number, action, by, at, why, said in rows
        ]

    def check(self) -> list[Problem]:
        """Return what is wrong with the store."""
        problems = [
            Problem(f"the file is damaged: {row[0]}", "restore a backup, or delete it and ingest again")
            for row in self._run("PRAGMA quick_check(5)")
            if row[0] != "ok"
        ]
        run = self.latest_run()
        if run is not None and not run.finished:
            problems.append(Problem(f"run {run.id} was not finished", "run the same 'motivo ingest' again"))
        return problems
