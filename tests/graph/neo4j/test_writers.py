"""Several who write into one graph at once, and those who read meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest

from graph import Reader, Store, open_store
from tests.graph.conformance.company import NEXT, SENT, VOCABULARY, Rows, customer, link, node, write
from tests.graph.conformance.snapshot import snapshot
from tests.graph.neo4j.graphs import Graphs

BATCHES = 8


@pytest.fixture
def url(neo4j_graphs: Graphs) -> Iterator[str]:
    with neo4j_graphs.lent() as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with closing(open_store(url, VOCABULARY)) as store:
        yield store


def batches(source: str, way: int) -> Iterator[Rows]:
    """Yield rows that name the same nodes in another order than others do."""
    for number in range(BATCHES):
        shared = [f"shared {i}" for i in range(20)][::way]
        yield {
            f"{number}": [
                *(node("Parcel", key, label=source) for key in shared),
                *(link(NEXT, key, f"end {source} {number}") for key in shared),
                customer(f"{source}:{number}", name=source),
                link(SENT, f"{source}:{number}", shared[0]),
            ]
        }


def write_all(url: str, source: str, way: int) -> None:
    with closing(open_store(url, VOCABULARY)) as store:
        for rows in batches(source, way):
            with store.transaction() as transaction:
                transaction.begin_run(source)
                write(transaction, source, rows)


def test_writers_neither_double_nor_block_each_other(url: str, store: Store, neo4j_graphs: Graphs) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("ranks")
        for source in ("a", "b", "c"):
            transaction.upsert_records(source, [], [])
    with ThreadPoolExecutor(3) as threads:
        work = [threads.submit(write_all, url, s, way) for s, way in (("a", 1), ("b", -1), ("c", 1))]
        for one in work:
            one.result(timeout=240)
    reader = store.reader()
    totals = reader.totals()
    assert totals.nodes == {"Parcel": 20 + 3 * BATCHES, "Customer": 3 * BATCHES, "SourceRecord": 3 * BATCHES}
    assert totals.relationships == {"NEXT": 20 * 3 * BATCHES, "SENT": 3 * BATCHES, "RESOLVES_TO": 3 * BATCHES}
    run = reader.latest_run()
    assert run is not None
    assert run.id == 3 * BATCHES + 1
    with neo4j_graphs.lent() as other, closing(open_store(other, VOCABULARY)) as alone:
        for source, way in (("a", 1), ("b", -1), ("c", 1)):
            write_all(alone.url, source, way)
        assert snapshot(alone.reader()) == snapshot(reader)


def test_readers_never_see_a_half_written_batch(url: str, store: Store) -> None:
    """Every batch adds as many parcels with one label as with the other, and a chain through them."""
    done = Event()

    def count(reader: Reader) -> tuple[int, int]:
        groups = {row["label"]: row["count"] for row in reader.aggregate("Parcel", by=["label"])}
        projection = reader.project(kinds=["Parcel"])
        labels = projection.nodes["Parcel"]["label"].to_pylist()
        assert labels.count("left") == labels.count("right")
        assert projection.relationships[NEXT].num_rows == labels.count("left")
        return groups.get("left", 0), groups.get("right", 0)

    def read() -> list[tuple[int, int]]:
        seen = []
        with closing(open_store(url)) as other:
            reader = other.reader()
            while not done.is_set():
                seen.append(count(reader))
        return seen

    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read) for _ in range(2)]
        try:
            for number in range(BATCHES):
                pairs = [(f"{number} {i} left", f"{number} {i} right") for i in range(300)]
                said = [
                    fact for a, b in pairs for fact in (node("Parcel", a, label="left"), link(NEXT, a, b))
                ]
                said += [node("Parcel", b, label="right") for _, b in pairs]
                with store.transaction() as transaction:
                    transaction.begin_run("batches")
                    write(transaction, "a", {f"{number}": said})
        finally:
            done.set()
        seen = [pair for one in reading for pair in one.result(timeout=120)]
    assert [pair for pair in seen if pair[0] != pair[1]] == []
    assert count(store.reader()) == (300 * BATCHES, 300 * BATCHES)
