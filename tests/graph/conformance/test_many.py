"""Many nodes at once, by their keys."""

from __future__ import annotations

import pytest

from graph import Store, Where
from schema.errors import UsageError
from tests.graph.conformance import goods
from tests.graph.conformance.company import NEXT, ingest, link, node

COVERS = ("Reader.get_many",)


@pytest.fixture
def full(store: Store) -> Store:
    goods.fill(store)
    return store


def test_they_are_as_get_returns_them(full: Store) -> None:
    reader = full.reader()
    for kind, nodes in goods.NODES.items():
        assert reader.get_many(kind, list(nodes)) == {key: reader.get(kind, key) for key in nodes}


def test_those_that_are_not_there_are_left_out(full: Store) -> None:
    reader = full.reader()
    assert sorted(reader.get_many("Parcel", ["a", "no such", "A", "a ", "e", "ana"])) == ["a", "e"]
    assert reader.get_many("Parcel", []) == {}
    assert reader.get_many("Invoice", ["a"]) == {}


def test_the_same_key_twice_is_one(full: Store) -> None:
    assert list(full.reader().get_many("Parcel", ["a", "a"])) == ["a"]


def test_conditions_leave_out(full: Store) -> None:
    found = full.reader().get_many("Parcel", ["a", "b", "c"], where=[Where("carrier", "eq", "air")])
    assert sorted(found) == ["b", "c"]


def test_thousands_at_once(store: Store) -> None:
    keys = [f"p{i}" for i in range(3_000)]
    ingest(store, a={"1": [node("Parcel", key) for key in keys]})
    assert set(store.reader().get_many("Parcel", keys)) == set(keys)


def test_stubs_are_there_and_closed_nodes_are_not(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")], "2": [node("Parcel", "r")]})
    ingest(store, a={"1": [link(NEXT, "p", "q")]})
    assert sorted(store.reader().get_many("Parcel", ["p", "q", "r"])) == ["p", "q"]


def test_what_cannot_be_asked(full: Store) -> None:
    with pytest.raises(UsageError):
        full.reader().get_many("Nothing", ["a"])
