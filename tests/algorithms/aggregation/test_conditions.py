"""Conditions on arrays mean what they mean in a store: what `goods.meets` says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algorithms.aggregation.arrays import Arrays, Needs, take
from algorithms.aggregation.conditions import choose
from graph import Condition, View
from schema import Triple, UsageError
from tests.algorithms.aggregation.views import make_view
from tests.graph.conformance import goods
from tests.graph.conformance.company import VOCABULARY
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


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_tree_means_what_it_says(view: View, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["Parcel", "Customer", "Region", "Agent"]))
    where = data.draw(st.lists(conditions(kind), min_size=1, max_size=2))
    assert select(view, kind, where) == goods.select(kind, where)


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_asked(view: View, name: str) -> None:
    with pytest.raises(UsageError):
        select(view, "Parcel", [WRONG[name]])
