"""How the store finds things quickly: what it counts, walks and narrows changes no answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from graph import Condition, Linked, Order, Reader, Store, Where, open_store
from schema.errors import OvertimeError
from schema.kinds import Direction
from schema.vocabulary import core_vocabulary
from tests.graph.conformance.company import ABOUT, FILED, append, customer, ingest, link, node
from tests.graph.conformance.company import VOCABULARY as COMPANY
from tests.graph.neo4j.graphs import Graphs

VOCABULARY = core_vocabulary().extend(
    {"kinds": {"Complaint": {"properties": {"score": {"type": "number", "indexed": True}}}}}
)
OUT, IN = Direction.OUT, Direction.IN


@pytest.fixture
def url(neo4j_graphs: Graphs) -> str:
    return neo4j_graphs.named("reading")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with closing(open_store(url, VOCABULARY)) as store:
        yield store


def keys(reader: Reader, order: Order | None = None, *where: Condition, limit: int = 100) -> list[str]:
    return [n.key for n in reader.page("Complaint", order=order, where=where, limit=limit).nodes]


def test_nulls_that_come_later_are_seen(store: Store, url: str) -> None:
    ingest(store, a={key: [node("Complaint", key, score=float(i))] for i, key in enumerate("cab")})
    reader, order = store.reader(), Order("score")
    with closing(open_store(url, VOCABULARY)) as other:
        for _ in range(2):
            assert keys(reader, order) == ["c", "a", "b"]
        append(other, a={"z": [node("Complaint", "z")]})
        assert keys(reader, order) == ["z", "c", "a", "b"]
        assert keys(reader, order, limit=1) == ["z"]
        append(other, a={"z": [node("Complaint", "z", score=0.5)]})
        assert keys(reader, order) == keys(reader, order) == ["c", "z", "a", "b"]
    with store.transaction() as transaction:
        transaction.begin_run("a run")
        transaction.upsert_records("a", ["y"], [1])
        transaction.upsert_nodes("Complaint", "a", ["y"], ["y"], {})
        assert keys(transaction.reader, order) == ["y", "c", "z", "a", "b"]


@pytest.fixture
def filed(store: Store) -> Store:
    """A customer with few complaints, another with very many; three products among them."""
    rows: dict[str, Any] = {"few": [customer("few", email="few@example.com"), customer("many")]}
    for i in range(1_500):
        key = f"c{i:04}"
        who = "few" if i % 150 == 7 else "many"
        said = [node("Complaint", key, score=float(i * 7 % 1_500)), link(FILED, who, key)]
        rows[key] = [*said, link(ABOUT, key, f"p{i % 3}")]
    ingest(store, a=rows)
    return store


@pytest.mark.parametrize("order", [None, Order("score"), Order("score", descending=True), Order("status")])
def test_few_are_found_from_the_far_end(filed: Store, order: Order | None) -> None:
    reader = filed.reader()
    of_few = [f"c{i:04}" for i in range(1_500) if i % 150 == 7]
    score = {f"c{i:04}": i * 7 % 1_500 for i in range(1_500)}

    def arrange(chosen: list[str]) -> list[str]:
        if order is None or order.name == "status":
            return sorted(chosen)
        return sorted(chosen, key=score.__getitem__, reverse=order.descending)

    for end in (
        Where("key", "eq", "few"),
        Where("email", "in", ["few@example.com"]),
        Where("key", "lt", "g"),
    ):
        linked = Linked(FILED, IN, [end])
        assert keys(reader, order, linked) == arrange(of_few)
        high = [key for key in of_few if score[key] >= 700]
        assert keys(reader, order, linked, Where("score", "ge", 700.0)) == arrange(high)
        assert reader.aggregate("Complaint", where=[linked]) == [{"count": len(of_few)}]
        found = reader.page("Complaint", where=[linked], order=order, limit=4)
        rest = reader.page("Complaint", where=[linked], order=order, after=found.next)
        assert [n.key for n in [*found.nodes, *rest.nodes]] == arrange(of_few)
    many = Linked(FILED, IN, [Where("key", "eq", "many")])
    assert keys(reader, order, many, limit=2_000) == arrange([k for k in score if k not in of_few])
    assert reader.aggregate("Complaint", where=[many]) == [{"count": 1_490}]
    assert keys(reader, order, Linked(FILED, IN, [Where("key", "eq", "nobody")])) == []
    both = Linked(ABOUT, OUT, [Linked(ABOUT, IN, [Linked(FILED, IN, [Where("key", "eq", "few")])])])
    assert reader.aggregate("Complaint", where=[both]) == [{"count": 500}]  # of one product in three


@pytest.mark.parametrize("order", [None, Order("score"), Order("score", descending=True), Order("status")])
def test_hubs_are_read_as_far_as_they_are_wanted(filed: Store, order: Order | None) -> None:
    reader = filed.reader()
    every = [n.key for n in reader.page("Complaint", order=order, limit=2_000).nodes]
    wanted = [key for key in every if int(key[1:]) % 150 != 7]
    found: list[str] = []
    after = None
    while some := reader.follow(FILED, OUT, ["many", "few"], limit=400, order=order, after=after):
        if "many" not in some:
            break
        found += [n.node.key for n in some["many"]]
        after = some["many"][-1].cursor
    assert found == wanted
    where = [Where("score", "lt", 20.0)]
    low = reader.follow(FILED, OUT, ["many"], limit=5, order=order, where=where)
    assert [n.node.key for n in low["many"]] == [key for key in wanted if int(key[1:]) * 7 % 1_500 < 20][:5]
    assert reader.degrees(FILED, OUT, ["many", "few"]) == {"many": 1_490, "few": 10}


def under_way(graphs: Graphs) -> list[Any]:
    """Return the transactions of readers that the server is at work on."""
    query = "SHOW TRANSACTIONS YIELD metaData WHERE metaData.work IS NOT NULL RETURN metaData.work"
    return graphs._driver.execute_query(query).records


def test_what_is_interrupted_ends_on_the_server(neo4j_graphs: Graphs) -> None:
    keys_ = [f"{i:02}" for i in range(40)]
    tree: Condition = Where("label", "eq", "no such")
    next_ = COMPANY.get_triple("Parcel", "NEXT", "Parcel")
    for _ in range(8):
        tree = Linked(next_, OUT, [tree])
    with neo4j_graphs.lent() as url, closing(open_store(url, COMPANY)) as store:
        ingest(store, a={a: [link(next_, a, b) for b in keys_] for a in keys_})
        reader = store.reader()
        ended: list[BaseException] = []

        def ask() -> None:
            try:
                reader.page("Parcel", where=[tree])
            except OvertimeError as error:
                ended.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        await_(lambda: bool(under_way(neo4j_graphs)))
        reader.interrupt()
        thread.join(60)
        assert [type(error) for error in ended] == [OvertimeError]
        await_(lambda: not under_way(neo4j_graphs))
        assert len(reader.page("Parcel").nodes) == 40


def await_(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end
        time.sleep(0.02)
