"""Conditions on arrays mean what they mean in a store: what `goods.meets` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algorithms.aggregation import aggregate
from algorithms.aggregation.arrays import Arrays, Needs, take
from algorithms.aggregation.conditions import choose
from graph import Condition, Snapshots, Store, View, open_store
from schema import Triple, UsageError
from tests.algorithms.aggregation.views import make_view
from tests.graph.conformance import goods
from tests.graph.conformance.company import VOCABULARY, append, ingest, node
from tests.graph.conformance.test_trees import TREES, WRONG, conditions

LINKS: dict[Triple, list[tuple[str, str]]] = {}
for triple, start, end, _ in goods.LINKS:
    LINKS.setdefault(triple, []).append((start, end))


@pytest.fixture(scope="module")
def view() -> View:
    return make_view(VOCABULARY, goods.NODES, LINKS)


def select(view: View, kind: str, where: list[Condition]) -> list[str]:
    arrays: Arrays = take(view, Needs(), {kind: where})
    chosen = choose(arrays, kind, where)
    keys = arrays.column(kind, "key").to_pylist()
    return keys if chosen is None else [keys[place] for place in np.flatnonzero(chosen)]


@pytest.mark.parametrize("name", TREES)
def test_a_tree(view: View, name: str) -> None:
    assert select(view, "Parcel", [TREES[name]]) == goods.select("Parcel", [TREES[name]])


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_tree_means_what_it_says(view: View, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["Parcel", "Customer", "Region", "Agent"]))
    where = data.draw(st.lists(conditions(kind), min_size=1, max_size=2))
    assert select(view, kind, where) == goods.select(kind, where)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'graph.db'}", VOCABULARY)
    goods.fill(store)
    yield store
    store.close()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_groups_are_those_of_the_store(store: Store, data: st.DataObject) -> None:
    reader = store.reader()
    kind = data.draw(st.sampled_from(["Parcel", "Customer", "Region", "Agent"]))
    where = data.draw(st.lists(conditions(kind), max_size=2))
    by = data.draw(
        st.lists(st.sampled_from(list(VOCABULARY.kinds[kind].properties)), max_size=2, unique=True)
    )
    expected = reader.aggregate(kind, by=by, where=where)
    found = aggregate(Snapshots().view(reader), kind, by=by, where=where)
    rows = {tuple(group.value for group in row.groups): row.figures["count"] for row in found.rows()}
    assert rows == {tuple(row[name] for name in by): row["count"] for row in expected}


def test_what_was_written_is_seen(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'graph.db'}", VOCABULARY)
    now = [0.0]
    snapshots = Snapshots(clock=lambda: now[0])
    ingest(store, a={"1": [node("Parcel", "p", carrier="post")]})
    for carriers in (["post"], ["air", "post"]):
        view = snapshots.view(store.reader())
        found = aggregate(view, "Parcel", by=["carrier"])
        assert [row.groups[0].value for row in found.rows()] == carriers
        now[0] += 60
        append(store, a={"2": [node("Parcel", "q", carrier="air")]})
    store.close()


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_asked(view: View, name: str) -> None:
    with pytest.raises(UsageError):
        select(view, "Parcel", [WRONG[name]])
