"""Reading what the ledger keeps: runs, records, progress, quarantine, settings, decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from graph.model import Decision, KnownRecord, Progress, RejectedRow, Run, Subject
from graph.neo4j.layout import Layout, reference
from graph.neo4j.ledger import decode_progress, decode_rejected, decode_run
from graph.neo4j.server import Ask
from schema.values import Time

_TIME = Time()
ROWS_AT_ONCE = 1_000  # of the quarantine


def latest_run(ask: Ask, layout: Layout) -> Run | None:
    """Return the newest run."""
    rows = ask(
        f"MATCH (m:_Motivo {{graph: $graph}}) MATCH (r:{layout.ledger} {{ref: 'run:' + m.runs}}) "
        "RETURN properties(r) AS row",
        graph=layout.graph,
    )
    return decode_run(rows[0]) if rows else None


def progress(ask: Ask, layout: Layout, run: int, source: str) -> Progress | None:
    """Return how far a run has read a source."""
    rows = _entries(ask, layout, [reference("progress", run, source)])
    return decode_progress(rows[0]) if rows else None


def _entries(ask: Ask, layout: Layout, refs: Sequence[str]) -> list[dict[str, Any]]:
    return ask(f"MATCH (l:{layout.ledger}) WHERE l.ref IN $refs RETURN properties(l) AS row", refs=refs)


def _sources(ask: Ask, layout: Layout) -> list[str]:
    rows = ask("MATCH (m:_Motivo {graph: $graph}) RETURN coalesce(m.sources, []) AS row", graph=layout.graph)
    return list(rows[0]) if rows else []


def known_records(ask: Ask, layout: Layout, source: str, keys: Sequence[str]) -> dict[str, KnownRecord]:
    """Return what is known of these records of a source."""
    sources = _sources(ask, layout)
    if source not in sources:
        return {}
    rank = sources.index(source) + 1
    rows = ask(
        f"MATCH (c:{layout.ledger}) WHERE c.ref IN $refs AND c.digest IS NOT NULL "
        "RETURN [c.key, c.digest, c.run] AS row",
        refs=[reference("record", rank, key) for key in keys],
    )
    return {key: KnownRecord(digest, run) for key, digest, run in rows}


def rejected_rows(ask: Ask, layout: Layout, source: str | None) -> Iterator[RejectedRow]:
    """Yield the quarantine."""
    sources = _sources(ask, layout)
    ranks = [i for i, name in enumerate(sources, 1) if source in (None, name)]
    for rank in ranks:
        behind = 0
        while True:
            rows = ask(
                f"MATCH (q:{layout.of_ledger('_Rejected')}) "
                "WHERE q.source = $rank AND q.id > $behind "
                f"RETURN properties(q) AS row ORDER BY q.id LIMIT {ROWS_AT_ONCE}",
                rank=rank,
                behind=behind,
            )
            yield from (decode_rejected(row, sources[rank - 1]) for row in rows)
            if len(rows) < ROWS_AT_ONCE:
                break
            behind = rows[-1]["id"]


def setting(ask: Ask, layout: Layout, name: str) -> Any:
    """Return what was kept under a name, or None."""
    rows = _entries(ask, layout, [reference("setting", name)])
    return json.loads(rows[0]["value"]) if rows else None


def decisions(ask: Ask, layout: Layout, topic: str) -> list[Decision]:
    """Return what was decided on a topic, oldest first."""
    label, subject = (layout.of_ledger(name) for name in ("_Decision", "_Subject"))
    rows = ask(
        f"MATCH (d:{label}) WHERE d.topic = $topic "
        f"RETURN [properties(d), COLLECT {{ MATCH (s:{subject}) WHERE s.decision = d.id "
        "RETURN properties(s) ORDER BY s.place }] AS row ORDER BY d.id",
        topic=topic,
    )
    return [_decision(d, subjects) for d, subjects in rows]


def _decision(d: dict[str, Any], subjects: Sequence[dict[str, Any]]) -> Decision:
    about = [Subject(s["kind"], s["key"], orjson.loads(s["detail"])) for s in subjects]
    at, said = _TIME.decode(d["at"]), orjson.loads(d["said"])
    return Decision(d["topic"], d["action"], d["by"], at, d["why"], said, about, d["id"])
