"""Random sequences of runs over two sources leave in the store what the model says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import Judgement, Reader, Store
from schema.kinds import Direction, Triple
from schema.vocabulary import RESOLVES_TO
from tests.graph.conformance.company import (
    HANDLED,
    NEXT,
    PASSED,
    REFERRED,
    SENT,
    VOCABULARY,
    Fact,
    NodeFact,
    link,
    node,
    read_source,
)
from tests.graph.conformance.conftest import Fresh
from tests.graph.conformance.model import Model
from tests.graph.conformance.snapshot import snapshot

COVERS = (
    "Transaction.upsert_records",
    "Transaction.upsert_nodes",
    "Transaction.upsert_relationships",
    "Transaction.touch_records",
    "Transaction.close_vanished",
    "Transaction.resume_run",
    "Transaction.assign",
    "Reader.page",
    "Reader.neighbours",
    "Reader.expand",
    "Reader.totals",
    "Reader.project",
    "Reader.find",
)

KEYS = st.sampled_from(["a", "B", "é"])
WORDS = st.none() | st.sampled_from(["x", "y"])
NUMBERS = st.none() | st.sampled_from([2, 10])


def facts() -> st.SearchStrategy[Fact]:
    parcels = st.builds(lambda k, label, n: node("Parcel", k, label=label, pieces=n), KEYS, WORDS, NUMBERS)
    records = st.builds(lambda k, n, s: node("SourceRecord", k, name=n, segment=s), KEYS, WORDS, WORDS)
    plain = st.builds(link, st.sampled_from([SENT, NEXT, REFERRED]), KEYS, KEYS)
    slotted = st.builds(
        lambda t, start, end, scan, note: link(t, start, end, scan=scan, note=note),
        st.sampled_from([PASSED, HANDLED]),
        KEYS,
        KEYS,
        NUMBERS,
        WORDS,
    )
    return st.one_of(parcels, records, plain, slotted)


def identity(fact: Fact) -> Any:
    """Tell facts apart: a record says one thing of a node or a relationship."""
    if isinstance(fact, NodeFact):
        return (fact.kind, fact.key)
    return (fact.triple, fact.start, fact.end, fact.properties.get("scan"))


@dataclass(frozen=True)
class Reading:
    """One source, read in a run."""

    source: str
    rows: dict[str, list[Fact]]
    whole: bool
    at_once: bool  # in one transaction, or in one a row


@dataclass(frozen=True)
class RandomRun:
    """What happens in one run."""

    readings: list[Reading]
    assigned: list[tuple[int, str]]  # which of the open records, and its customer


READINGS = st.builds(
    Reading,
    st.sampled_from(["crm", "shop"]),
    st.dictionaries(st.sampled_from("123"), st.lists(facts(), max_size=4, unique_by=identity), max_size=3),
    st.booleans(),
    st.booleans(),
)
RUNS = st.builds(
    RandomRun,
    st.lists(READINGS, min_size=1, max_size=2, unique_by=lambda r: r.source),
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "c", "é"])), max_size=2),
)


def play(store: Store, model: Model, happening: RandomRun) -> datetime:
    """Let a run happen in the store and in the model."""
    with store.transaction() as transaction:
        run = transaction.begin_run("random")
    for reading in happening.readings:
        parts = [reading.rows] if reading.at_once else [{k: v} for k, v in reading.rows.items()]
        for part in parts:
            with store.transaction() as transaction:
                transaction.resume_run(run)
                read_source(transaction, reading.source, part)
            model.read(reading.source, part)
        if reading.whole:
            with store.transaction() as transaction:
                transaction.resume_run(run)
                closed = transaction.close_vanished(reading.source)
            assert closed == model.close_vanished(reading.source, reading.rows)
    records = [key for key, _ in model.nodes().get("SourceRecord", [])]
    with store.transaction() as transaction:
        transaction.resume_run(run)
        for i, to in happening.assigned if records else ():
            record = records[i % len(records)]
            transaction.assign([Judgement(record, to)])
            model.assign(record, to)
        transaction.finish_run()
    return run.started


def agree(reader: Reader, model: Model) -> None:
    """Compare what a store holds with what the model says, by every way of asking."""
    expected: dict[str, Any] = {"nodes": model.nodes(), "relationships": model.relationships()}
    found = snapshot(reader)
    for links in found["relationships"].get(str(RESOLVES_TO), []):
        links[2].clear()  # the judgement's own words are tested elsewhere
    assert found == expected
    totals = reader.totals()
    assert totals.nodes == {kind: len(nodes) for kind, nodes in expected["nodes"].items()}
    types: dict[str, int] = {}
    for t in VOCABULARY.triples:
        if str(t) in expected["relationships"]:
            types[t.type] = types.get(t.type, 0) + len(expected["relationships"][str(t)])
    assert totals.relationships == types
    projected(reader, expected)
    for kind, nodes in expected["nodes"].items():
        for key, _ in nodes:
            around(reader, kind, key)


def projected(reader: Reader, expected: dict[str, Any]) -> None:
    projection = reader.project()
    keys = {kind: table["key"].to_pylist() for kind, table in projection.nodes.items()}
    assert {k: v for k, v in keys.items() if v} == {
        kind: [key for key, _ in nodes] for kind, nodes in expected["nodes"].items()
    }
    for triple, table in projection.relationships.items():
        rows = expected["relationships"].get(str(triple), [])
        ends = [(keys[triple.start][r["start"]], keys[triple.end][r["end"]]) for r in table.to_pylist()]
        assert ends == [(start, end) for start, end, _ in rows]
        for name in {"scan", "note"} & set(table.column_names):
            assert table[name].to_pylist() == [said.get(name) for *_, said in rows]


def around(reader: Reader, kind: str, key: str) -> None:
    """Inward and outward views agree, and `expand` counts what `neighbours` lists."""
    found = reader.neighbours(kind, key, limit=1000)
    counts: dict[tuple[Triple, Direction], int] = {}
    for n in found:
        branch = (n.relationship.triple, n.direction)
        counts[branch] = counts.get(branch, 0) + 1
        back = Direction.IN if n.direction is Direction.OUT else Direction.OUT
        reverse = reader.neighbours(n.node.kind, n.node.key, direction=back, limit=1000)
        assert n.relationship in [other.relationship for other in reverse]
    assert {(b.triple, b.direction): b.count for b in reader.expand(kind, key)} == counts


def test_store_and_model_agree(fresh: Fresh, examples: Callable[[int], int]) -> None:
    @settings(
        max_examples=examples(60),
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink a failure takes minutes
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(runs=st.lists(RUNS, min_size=1, max_size=4))
    def check(runs: list[RandomRun]) -> None:
        store_and_model_agree(fresh, runs)

    check()


def store_and_model_agree(fresh: Fresh, runs: list[RandomRun]) -> None:
    """Let runs happen in both, and compare behind each."""
    model = Model(VOCABULARY)
    with fresh() as store:
        moments: list[tuple[datetime, dict[str, Any]]] = []
        for run in runs:
            started = play(store, model, run)
            agree(store.reader(), model)
            moments.append((started, model.nodes()))
        reader = store.reader()
        for moment, nodes in moments:
            for kind in ("Parcel", "SourceRecord", "Customer", "Region", "Agent"):
                there = {key: reader.find(kind, key, at=moment) for key in ("a", "B", "c", "é")}
                was = {key: dict(found.properties) for key, found in there.items() if found is not None}
                assert was == dict(nodes.get(kind, [])), (kind, moment)
