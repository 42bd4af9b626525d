"""Whatever happens, both stores answer the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import (
    Judgement,
    Linked,
    Measure,
    Move,
    Node,
    Not,
    Or,
    Order,
    Reader,
    Relationship,
    Store,
    Where,
    open_store,
)
from graph.neo4j.address import parse_address
from schema.errors import MotivoError
from schema.kinds import Direction, Triple
from tests.graph.conformance.company import HANDLED, NEXT, PASSED, TAGGED, VOCABULARY, append, node
from tests.graph.conformance.model import Model
from tests.graph.conformance.snapshot import snapshot
from tests.graph.conformance.test_random_runs import RUNS, RandomRun, play
from tests.graph.neo4j.graphs import Graphs

KEYS = ("a", "B", "c", "é", "x")
IS_A = Where("key", "eq", "a")
KINDS = ("Parcel", "SourceRecord", "Customer", "Region", "Agent")


@pytest.fixture(scope="module")
def pair(
    neo4j_graphs: Graphs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], tuple[Store, Store]]]:
    """Open two empty stores, one of each sort."""

    with neo4j_graphs.lent() as url:
        name = parse_address(url).graph

        def make() -> tuple[Store, Store]:
            path = tmp_path_factory.mktemp("pair") / "graph.db"
            return (
                open_store(f"sqlite:///{path}", VOCABULARY),
                open_store(neo4j_graphs.named(name), VOCABULARY),
            )

        yield make


def plain(value: Any, starts: dict[datetime, int]) -> Any:
    """Return an answer with the starts of runs as their numbers: they differ between stores."""
    if isinstance(value, datetime):
        return starts.get(value, value)
    if isinstance(value, list | tuple):
        return [plain(one, starts) for one in value]
    if isinstance(value, dict):
        return {name: plain(one, starts) for name, one in value.items()}
    if hasattr(value, "__slots__") and not isinstance(value, str | Triple):
        return [plain(getattr(value, name), starts) for name in value.__slots__]
    return value


def questions(moments: list[datetime]) -> Iterator[tuple[str, Callable[[Reader], Any]]]:
    yield "snapshot", snapshot
    yield "totals", lambda r: r.totals()
    yield "checks", lambda r: r.check()
    for kind in KINDS:
        yield f"page {kind}", lambda r, k=kind: r.page(k, limit=2)
        yield f"count {kind}", lambda r, k=kind: r.aggregate(k, by=[])
        for key in KEYS:
            yield f"history {kind} {key}", lambda r, k=kind, n=key: r.history(k, n)
            yield f"neighbours {kind} {key}", lambda r, k=kind, n=key: r.neighbours(k, n, limit=3)
            yield f"expand {kind} {key}", lambda r, k=kind, n=key: r.expand(k, n)
            for moment in moments:
                yield f"{kind} {key} at", lambda r, k=kind, n=key, at=moment: told(r.find(k, n, at=at))
    pieces = [Measure("sum", "pieces"), Measure("max", "label"), Measure("distinct", "label")]
    yield "groups", lambda r: r.aggregate("Parcel", by=["label"], measures=pieces)
    yield "where", lambda r: r.page("Parcel", where=[Where("label", "ne", "x"), Where("pieces", "gt", 2)])
    yield "lookup", lambda r: r.lookup("Parcel", "label", ["x", "y"])
    yield "search", lambda r: sorted((h.node.kind, h.node.key) for h in r.search("x"))
    yield "customers", lambda r: r.customers_of(KEYS)
    yield "records", lambda r: r.records_of(KEYS)
    yield "many", lambda r: r.get_many("Parcel", KEYS)
    yield "between", lambda r: r.between([(kind, key) for kind in KINDS for key in KEYS])
    for way in Direction:
        order = Order("label", descending=way is Direction.IN)
        tree = [Or([Where("label", "ne", "x"), Not(Linked(NEXT, way, [Where("pieces", "is_null")]))])]
        yield f"follow {way}", lambda r, w=way, o=order: r.follow(NEXT, w, KEYS, limit=2, order=o)
        yield f"scans {way}", lambda r, w=way, t=tree: r.follow(NEXT, w, KEYS, where=t)
        yield f"degrees {way}", lambda r, w=way, t=tree: r.degrees(NEXT, w, KEYS, where=t)
        yield f"order {way}", lambda r, o=order, t=tree: r.page("Parcel", order=o, limit=3, where=t)
        yield f"linked {way}", lambda r, w=way: r.page("Parcel", where=[Linked(NEXT, w, [IS_A])])
    for end in KEYS:
        yield (
            f"paths {end}",
            lambda r, e=end: {str(p) for p in steps(r.shortest_paths(("Parcel", "a"), ("Parcel", e)))},
        )
        yield f"path {end}", lambda r, e=end: len(r.shortest_path(("Parcel", "a"), ("Parcel", e)) or ())
    yield "known", lambda r: [r.known_records(s, list("123")) for s in ("crm", "shop")]
    yield "arrays", lambda r: [t.to_pylist() for t in r.project().relationships.values()]
    yield "tables", lambda r: [t.to_pylist() for t in r.project().nodes.values()]


def steps(paths: list[list[Relationship]]) -> list[list[tuple[str, ...]]]:
    return [[(r.start, str(r.triple), r.end) for r in path] for path in paths]


def told(found: Node | None) -> Any:
    return found and (found.properties, found.caption)


def answer(ask: Callable[[Reader], Any], reader: Reader, starts: dict[datetime, int]) -> Any:
    try:
        return plain(ask(reader), starts)
    except MotivoError as error:
        return (type(error), error.message, error.hint)


def compare(stores: tuple[Store, Store], runs: list[list[datetime]]) -> None:
    readers = [store.reader() for store in stores]
    starts = [{moment: number for number, moment in enumerate(moments)} for moments in runs]
    asked = [list(questions(moments)) for moments in runs]
    for (name, first), (_, second) in zip(*asked, strict=True):
        assert answer(second, readers[1], starts[1]) == answer(first, readers[0], starts[0]), name


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(runs=st.lists(RUNS, min_size=1, max_size=4))
def test_random_runs_leave_the_same(pair: Callable[[], tuple[Store, Store]], runs: list[RandomRun]) -> None:
    stores = pair()
    with closing(stores[0]), closing(stores[1]):
        started: list[list[datetime]] = [[], []]
        models = [Model(VOCABULARY), Model(VOCABULARY)]
        for run in runs:
            for place in (0, 1):
                started[place].append(play(stores[place], models[place], run))
        compare(stores, started)


ACTIONS: dict[str, Callable[[Any], Any]] = {
    "unknown kind": lambda t: t.upsert_nodes("Nothing", "a", ["1"], ["x"], {}),
    "customer": lambda t: t.upsert_nodes("Customer", "a", ["1"], ["x"], {}),
    "unknown property": lambda t: t.upsert_nodes("Parcel", "a", ["1"], ["x"], {"nothing": [1]}),
    "unknown triple": lambda t: t.upsert_relationships(
        Triple("Parcel", "NEXT", "Agent"), "a", ["1"], ["x"], ["y"], {}
    ),
    "unknown record": lambda t: t.upsert_nodes("Parcel", "a", ["9"], ["x"], {}),
    "move to nowhere": lambda t: t.move_relationships(NEXT, [Move("a", "B", None, "nowhere")]),
    "move a slot": lambda t: t.move_relationships(PASSED, [Move("a", "B", 2, "B", {"scan": 3})]),
    "erase nobody": lambda t: t.erase_customer("nobody"),
    "count moves": lambda t: t.move_relationships(TAGGED, []),
    "count gone": lambda t: t.close_vanished("nowhere"),
    "assign": lambda t: t.assign([Judgement("new", "c")]),
    "handled": lambda t: t.move_relationships(HANDLED, [Move("a", "B", None, "a")]),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_wrong_calls_end_the_same(pair: Callable[[], tuple[Store, Store]], name: str) -> None:
    ends = []
    stores = pair()
    with closing(stores[0]), closing(stores[1]):
        for store in stores:
            append(store, a={"1": [node("Parcel", "a", label="x"), node("Region", "B")]})
            try:
                with store.transaction() as transaction:
                    transaction.begin_run("another")
                    transaction.upsert_records("a", ["1"], [7])
                    end = ACTIONS[name](transaction)
            except MotivoError as error:
                end = (type(error), error.message, error.hint)
            ends.append((end, snapshot(store.reader())))
    assert ends[1] == ends[0]
