"""The ledger: sources, runs, records, progress and quarantine."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from graph.contributions import IDENTITY
from graph.model import Decision, FieldError, Progress, RejectedRow, Run
from schema.errors import UsageError
from schema.values import Time

_TIME = Time()
IN_LIST = "IN (SELECT value FROM json_each(?))"


def as_list(values: Sequence[Any]) -> str:
    """Return values as the parameter that `IN_LIST` takes: any number in one statement."""
    return orjson.dumps(values).decode()


def decode_run(row: tuple[int, int, str, int]) -> Run:
    """Return a run as the contract has it."""
    return Run(row[0], _TIME.decode(row[1]), row[2], bool(row[3]))


def decode_rejected(row: tuple[str, str, str | None, str, str]) -> RejectedRow:
    """Return a row of the quarantine as the contract has it."""
    source, position, key, raw, errors = row
    found = tuple(FieldError(field, message) for field, message in orjson.loads(errors))
    return RejectedRow(source, position, key, orjson.loads(raw), found)


class Ledger:
    """What was read, when, and what became of it; part of one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany
        self.changed: set[int] = set()
        self._current: tuple[int, int] | None = None
        self._sources: dict[str, int] = {}
        self._records: dict[str, dict[str, int]] = {}

    @property
    def run(self) -> int:
        """The id of the run that is under way."""
        return self._under_way()[0]

    @property
    def now(self) -> int:
        """The start of the run that is under way, as stored."""
        return self._under_way()[1]

    def _under_way(self) -> tuple[int, int]:
        if self._current is None:
            row = self._run("SELECT id, started FROM run ORDER BY id DESC LIMIT 1").fetchone()
            if row is None:
                raise UsageError("nothing can be written before a run has begun")
            self._current = (row[0], row[1])
        return self._current

    def begin_run(self, fingerprint: str) -> Run:
        """Begin a run, later than every other, so that validity never runs backwards."""
        last = self._run("SELECT coalesce(max(started), 0) FROM run").fetchone()[0]
        started = max(_TIME.encode(datetime.now(UTC)), last + 1)
        row = self._run(
            "INSERT INTO run (started, fingerprint) VALUES (?, ?) RETURNING id",
            (started, fingerprint),
        ).fetchone()
        self._current = (row[0], started)
        return Run(row[0], _TIME.decode(started), fingerprint)

    def resume_run(self, run: Run) -> None:
        """Go on with a run."""
        row = self._run("SELECT id, started, finished FROM run WHERE id = ?", (run.id,)).fetchone()
        if row is None or row[2]:
            raise UsageError(f"run {run.id} cannot be resumed", hint="it is finished, or not of this store")
        self._current = (row[0], row[1])

    def finish_run(self) -> None:
        """Mark the run as finished."""
        self._run("UPDATE run SET finished = 1 WHERE id = ?", (self.run,))

    def source(self, name: str) -> int:
        """Return the id of a source; sources are numbered, and so rank, as they first appear."""
        if name not in self._sources:
            row = self._run("SELECT id FROM source WHERE name = ?", (name,)).fetchone()
            if row is None:
                row = self._run("INSERT INTO source (name) VALUES (?) RETURNING id", (name,)).fetchone()
            self._sources[name] = row[0]
        return self._sources[name]

    def is_last(self, name: str) -> bool:
        """Tell whether no source of records ranks behind this one."""
        last = self._run("SELECT max(id) FROM source WHERE name <> ?", (IDENTITY,)).fetchone()[0]
        return bool(last == self.source(name))

    def upsert(self, source: str, keys: Sequence[str], digests: Sequence[int]) -> set[int]:
        """Enter records; return the ids of those that were known before."""
        number, run = self.source(source), self.run
        known = dict(
            self._run(
                f"SELECT key, id FROM record WHERE source = ? AND key {IN_LIST}",
                (number, as_list(keys)),
            ).fetchall()
        )
        latest = self._run("SELECT coalesce(max(id), 0) FROM record").fetchone()[0]
        ids: dict[str, int] = {}
        fresh, changed = [], []
        for key, digest in zip(keys, digests, strict=True):
            if key in known:
                ids[key] = known[key]
                changed.append((digest, run, known[key]))
            elif key not in ids:
                latest += 1
                ids[key] = latest
                fresh.append((latest, number, key, digest, run))
        self._run_many("INSERT INTO record VALUES (?, ?, ?, ?, ?)", fresh)
        self._run_many("UPDATE record SET digest = ?, run = ? WHERE id = ?", changed)
        self._records.setdefault(source, {}).update(ids)
        known_ids = {row[2] for row in changed} - self.changed
        self.changed |= known_ids
        return known_ids

    def ids(self, source: str, keys: Sequence[str]) -> list[int]:
        """Return the ids of records that were entered in this transaction."""
        entered = self._records.get(source, {})
        try:
            return [entered[key] for key in keys]
        except KeyError as error:
            raise UsageError(f"record {error} of {source} was not entered before what it says") from None

    def touch(self, source: str, keys: Sequence[str]) -> None:
        """Note that records were seen in this run."""
        self._run(
            f"UPDATE record SET run = ? WHERE source = ? AND key {IN_LIST}",
            (self.run, self.source(source), as_list(keys)),
        )

    def vanish(self, source: str) -> list[int]:
        """Mark the records of a source that this run has not seen as gone; return their ids."""
        rows = self._run(
            "UPDATE record SET digest = NULL WHERE source = ? AND run < ? AND digest IS NOT NULL "
            "RETURNING id",
            (self.source(source), self.run),
        ).fetchall()
        return [row[0] for row in rows]

    def reject(self, rows: Sequence[RejectedRow]) -> None:
        """Put rows into quarantine."""
        self._run_many(
            'INSERT OR REPLACE INTO rejected (source, position, key, run, "row", errors) '
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    self.source(row.source),
                    row.position,
                    row.key,
                    self.run,
                    orjson.dumps(dict(row.row)).decode(),
                    orjson.dumps([(e.field, e.message) for e in row.errors]).decode(),
                )
                for row in rows
            ],
        )

    def release(self, source: str, positions: Sequence[str]) -> None:
        """Take rows out of quarantine."""
        self._run(
            f"DELETE FROM rejected WHERE source = ? AND position {IN_LIST}",
            (self.source(source), as_list(positions)),
        )

    def release_old(self, source: str) -> None:
        """Take out what earlier runs put into quarantine: this run has read those rows again."""
        self._run("DELETE FROM rejected WHERE source = ? AND run < ?", (self.source(source), self.run))

    def save_progress(self, source: str, progress: Progress) -> None:
        """Keep how far the run has read a source."""
        c = progress.counts
        self._run(
            "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.run,
                self.source(source),
                orjson.dumps(dict(progress.cursor)).decode(),
                *(c.read, c.written, c.unchanged, c.quarantined),
                int(progress.done),
            ),
        )

    def decide(self, decision: Decision) -> Decision:
        """Keep a decision; return it with its number."""
        d = decision
        row = self._run(
            "INSERT INTO decision (topic, action, by, at, why, said) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (d.topic, d.action, d.by, _TIME.encode(d.at), d.why, orjson.dumps(dict(d.said)).decode()),
        ).fetchone()
        self._run_many(
            "INSERT INTO subject VALUES (?, ?, ?, ?, ?)",
            [
                (row[0], place, s.kind, s.key, orjson.dumps(dict(s.detail)).decode())
                for place, s in enumerate(d.subjects)
            ],
        )
        return replace(d, id=row[0])
