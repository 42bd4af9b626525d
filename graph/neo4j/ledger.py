"""The ledger: sources, runs, records, progress, quarantine and decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from graph.contributions import IDENTITY
from graph.model import Counts, Decision, FieldError, Progress, RejectedRow, Run
from graph.neo4j.journal import Journal
from graph.neo4j.layout import ARRIVAL, SOURCE_BITS, Layout, reference
from schema.errors import UsageError
from schema.values import Time

_TIME = Time()


def decode_run(run: dict[str, Any]) -> Run:
    """Return a run as the contract has it."""
    return Run(run["id"], _TIME.decode(run["started"]), run["fingerprint"], run["finished"])


def decode_progress(kept: dict[str, Any]) -> Progress:
    """Return a progress as the contract has it."""
    return Progress(orjson.loads(kept["cursor"]), Counts(*kept["counts"]), kept["done"])


def decode_rejected(row: dict[str, Any], source: str) -> RejectedRow:
    """Return a row of the quarantine as the contract has it."""
    found = tuple(FieldError(field, message) for field, message in orjson.loads(row["errors"]))
    return RejectedRow(source, row["position"], row.get("key"), orjson.loads(row["row"]), found)


class Ledger:
    """What was read, when, and what became of it; part of one transaction."""

    def __init__(self, journal: Journal, layout: Layout) -> None:
        self._journal = journal
        self._layout = layout
        graph = journal.graph
        self.sources: list[str] = list(graph.get("sources", ()))
        self._records: dict[str, dict[str, int]] = {}
        self._references: dict[int, str] = {}
        self._latest = {
            name: int(graph.get(name, 0)) for name in ("records", "rejected", "decisions", "runs", "arrivals")
        }
        self._started = int(graph.get("started", 0))
        self._current = (self._latest["runs"], self._started) if self._latest["runs"] else None
        self.changed: set[int] = set()

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
            raise UsageError("nothing can be written before a run has begun")
        return self._current

    def told(self, source: str) -> tuple[str, int, int]:
        """Return what a new node carries: source, run, valid_from."""
        return (source, self.run, self.now)

    def _note(self, **values: Any) -> None:
        self._journal.write(
            "MATCH (m:_Motivo {graph: $graph}) SET m += $values", graph=self._layout.graph, values=values
        )

    def _next(self, name: str, count: int = 1) -> int:
        """Reserve numbers; return the first."""
        first = self._latest[name] + 1
        self._latest[name] += count
        if count:
            self._note(**{name: self._latest[name]})
        return first

    def arrive(self, nodes: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Number nodes that come into the graph, given by their properties; return them."""
        for number, properties in enumerate(nodes, self._next("arrivals", len(nodes))):
            properties[ARRIVAL] = number
        return nodes

    def begin_run(self, fingerprint: str) -> Run:
        """Begin a run, later than every other, so that validity never runs backwards."""
        started = max(_TIME.encode(datetime.now(UTC)), self._started + 1)
        number = self._next("runs")
        self._started = started
        self._note(started=started)
        run = {"id": number, "started": started, "fingerprint": fingerprint, "finished": False}
        self.enter("_Run", [{**run, "ref": reference("run", number)}])
        self._current = (number, started)
        return decode_run(run)

    def enter(self, label: str, rows: Iterable[dict[str, Any]]) -> None:
        """Keep something in the ledger, each with its `ref`."""
        self._journal.write_rows(
            f"CREATE (l:{self._layout.ledger}:{self._layout.of_ledger(label)}) SET l = row", rows
        )

    def keep(self, label: str, row: dict[str, Any]) -> None:
        """Keep something in the ledger in place of what has its `ref`."""
        self._journal.write(
            f"MERGE (l:{self._layout.ledger} {{ref: $row.ref}}) "
            f"SET l = $row, l:{self._layout.of_ledger(label)}",
            row=row,
        )

    def resume_run(self, run: Run) -> None:
        """Go on with a run."""
        found = self._journal.ask(
            f"MATCH (r:{self._layout.ledger} {{ref: $ref}}) RETURN properties(r) AS row",
            ref=reference("run", run.id),
        )
        if not found or found[0]["finished"]:
            raise UsageError(f"run {run.id} cannot be resumed", hint="it is finished, or not of this store")
        self._current = (found[0]["id"], found[0]["started"])

    def finish_run(self) -> None:
        """Mark the run as finished."""
        self._journal.write(
            f"MATCH (r:{self._layout.ledger} {{ref: $ref}}) SET r.finished = true",
            ref=reference("run", self.run),
        )

    def source(self, name: str) -> int:
        """Return the rank of a source, from 1 on; sources rank as they first appear."""
        if name not in self.sources:
            self.sources.append(name)
            self._note(sources=self.sources)
        return self.sources.index(name) + 1

    def source_of(self, record: int) -> str:
        """Return the name of the source of a record."""
        return self.sources[(record >> SOURCE_BITS) - 1]

    def is_last(self, name: str) -> bool:
        """Tell whether no source of records ranks behind this one."""
        others = [source for source in self.sources if source != IDENTITY]
        return bool(others) and others[-1] == name

    def upsert(self, source: str, keys: Sequence[str], digests: Sequence[int]) -> set[int]:
        """Enter records; return those that were known before."""
        rank, run = self.source(source), self.run
        references = {key: reference("record", rank, key) for key in dict.fromkeys(keys)}
        known = dict(
            self._journal.ask(
                f"MATCH (c:{self._layout.ledger}) WHERE c.ref IN $refs RETURN [c.key, c.id] AS row",
                refs=list(references.values()),
            )
        )
        fresh = [key for key in references if key not in known]
        number = (rank << SOURCE_BITS) + self._next("records", len(fresh))
        ids = {**known, **{key: number + i for i, key in enumerate(fresh)}}
        latest = dict(zip(keys, digests, strict=True))
        first = dict(zip(reversed(keys), reversed(digests), strict=True))
        self.enter(
            "_Record",
            (
                {"ref": references[k], "id": ids[k], "source": rank, "key": k, "digest": first[k], "run": run}
                for k in fresh
            ),
        )
        self._journal.write_rows(
            f"MATCH (c:{self._layout.ledger} {{ref: row[0]}}) SET c.digest = row[1], c.run = $run",
            [(references[key], latest[key]) for key in known],
            run=run,
        )
        self._records.setdefault(source, {}).update(ids)
        self._references.update((ids[key], ref) for key, ref in references.items())
        again = set(known.values()) - self.changed
        self.changed |= again
        return again

    def ids(self, source: str, keys: Sequence[str]) -> list[int]:
        """Return the numbers of records that were entered in this transaction."""
        entered = self._records.get(source, {})
        try:
            return [entered[key] for key in keys]
        except KeyError as error:
            raise UsageError(f"record {error} of {source} was not entered before what it says") from None

    def ref(self, record: int) -> str:
        """Return the reference of a record that this transaction has met."""
        return self._references[record]

    def touch(self, source: str, keys: Sequence[str]) -> None:
        """Note that records were seen in this run."""
        rank = self.source(source)
        self._journal.write_rows(
            f"MATCH (c:{self._layout.ledger} {{ref: row}}) SET c.run = $run",
            [reference("record", rank, key) for key in dict.fromkeys(keys)],
            run=self.run,
        )

    def vanish(self, source: str) -> list[int]:
        """Mark the records of a source that this run has not seen as gone; return them."""
        rows = self._journal.write(
            f"MATCH (c:{self._layout.of_ledger('_Record')}) WHERE c.source = $source AND c.run < $run "
            "AND c.digest IS NOT NULL SET c.digest = null RETURN [c.id, c.ref] AS row",
            source=self.source(source),
            run=self.run,
        )
        self._references.update((number, ref) for number, ref in rows)
        return sorted(number for number, _ in rows)

    def reject(self, rows: Sequence[RejectedRow]) -> None:
        """Put rows into quarantine."""
        kept: dict[str, dict[str, Any]] = {}
        first = self._next("rejected", len(rows))
        for number, row in enumerate(rows, first):
            rank = self.source(row.source)
            ref = reference("rejected", rank, row.position)
            kept.pop(ref, None)
            kept[ref] = {
                "ref": ref,
                "id": number,
                "source": rank,
                "position": row.position,
                "key": row.key,
                "run": self.run,
                "row": orjson.dumps(dict(row.row)).decode(),
                "errors": orjson.dumps([(e.field, e.message) for e in row.errors]).decode(),
            }
        self._delete(kept)
        self.enter("_Rejected", kept.values())

    def _delete(self, refs: Iterable[str]) -> None:
        self._journal.write_rows(f"MATCH (l:{self._layout.ledger} {{ref: row}}) DELETE l", refs)

    def release(self, source: str, positions: Sequence[str]) -> None:
        """Take rows out of quarantine."""
        rank = self.source(source)
        self._delete(reference("rejected", rank, position) for position in positions)

    def release_old(self, source: str) -> None:
        """Take out what earlier runs put into quarantine: this run has read those rows again."""
        self._journal.write(
            f"MATCH (q:{self._layout.of_ledger('_Rejected')}) "
            "WHERE q.source = $source AND q.run < $run DELETE q",
            source=self.source(source),
            run=self.run,
        )

    def save_progress(self, source: str, progress: Progress) -> None:
        """Keep how far the run has read a source."""
        c = progress.counts
        self.keep(
            "_Progress",
            {
                "ref": reference("progress", self.run, source),
                "run": self.run,
                "source": self.source(source),
                "cursor": orjson.dumps(dict(progress.cursor)).decode(),
                "counts": [c.read, c.written, c.unchanged, c.quarantined],
                "done": progress.done,
            },
        )

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        text = json.dumps(value)
        self.keep("_Setting", {"ref": reference("setting", name), "name": name, "value": text})

    def decide(self, decision: Decision) -> Decision:
        """Keep a decision; return it with its number."""
        d = replace(decision, id=self._next("decisions"))
        kept = {
            "ref": reference("decision", d.id),
            "id": d.id,
            "topic": d.topic,
            "action": d.action,
            "by": d.by,
            "at": _TIME.encode(d.at),
            "why": d.why,
            "said": orjson.dumps(dict(d.said)).decode(),
        }
        self.enter("_Decision", [kept])
        self.enter(
            "_Subject",
            (
                {
                    "ref": reference("subject", d.id, place),
                    "decision": d.id,
                    "place": place,
                    "kind": s.kind,
                    "key": s.key,
                    "detail": orjson.dumps(dict(s.detail)).decode(),
                }
                for place, s in enumerate(d.subjects)
            ),
        )
        return d
