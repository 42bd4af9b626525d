"""Pages of nodes, in the order of their keys."""

from __future__ import annotations

from typing import Any

import pytest

from graph import Reader, Store, Where
from schema.errors import UsageError
from tests.graph.conformance.company import NEXT, ingest, link, node

COVERS = ("Reader.page",)

# Sorted by code point, which is neither the order of a language nor of UTF-16.
KEYS = ["", " ", "1", "10", "2", "A", "Z", "a", "a ", "aa", "b", "z", "á", "ñ", "Ω", "中", "～", "😀"]


def walk(reader: Reader, limit: int, **options: Any) -> list[str]:
    keys, after = [], None
    while True:
        page = reader.page("Parcel", after=after, limit=limit, **options)
        keys += [n.key for n in page.nodes]
        assert len(page.nodes) <= limit
        if page.next is None:
            return keys
        assert page.next == page.nodes[-1].key
        after = page.next


@pytest.fixture
def shelf(store: Store) -> Store:
    rows = {f"r{i}": [node("Parcel", key, pieces=i % 3)] for i, key in enumerate(reversed(KEYS))}
    ingest(store, a=rows)
    return store


@pytest.mark.parametrize("limit", [1, 2, 3, 5, len(KEYS) - 1, len(KEYS), 1000])
def test_pages_join_to_all_in_order_of_code_points(shelf: Store, limit: int) -> None:
    assert sorted(KEYS) == KEYS
    assert walk(shelf.reader(), limit) == KEYS


def test_a_condition_holds_on_every_page(shelf: Store) -> None:
    wanted = [key for i, key in enumerate(reversed(KEYS)) if i % 3 == 1]
    assert walk(shelf.reader(), 2, where=[Where("pieces", "eq", 1)]) == sorted(wanted)


def test_after_need_not_be_a_key(shelf: Store) -> None:
    page = shelf.reader().page("Parcel", after="B", limit=2)
    assert [n.key for n in page.nodes] == ["Z", "a"]


def test_behind_the_last_there_is_nothing(shelf: Store) -> None:
    page = shelf.reader().page("Parcel", after=KEYS[-1])
    assert (list(page.nodes), page.next) == ([], None)


def test_a_page_that_holds_all_is_the_last(shelf: Store) -> None:
    assert shelf.reader().page("Parcel", limit=len(KEYS)).next is None
    assert shelf.reader().page("Agent").next is None


def test_nodes_are_as_get_returns_them_stubs_too(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="x"), link(NEXT, "p", "q")]})
    reader = store.reader()
    assert list(reader.page("Parcel").nodes) == [reader.get("Parcel", "p"), reader.get("Parcel", "q")]


def test_closed_nodes_are_left_out(shelf: Store) -> None:
    ingest(shelf, a={"1": [node("Parcel", "new")]})
    assert walk(shelf.reader(), 10) == ["new"]


def test_a_hundred_unless_told(store: Store) -> None:
    ingest(store, a={str(i): [node("Parcel", f"{i:03}")] for i in range(101)})
    page = store.reader().page("Parcel")
    assert (len(page.nodes), page.next) == (100, "099")


def test_what_cannot_be_asked(shelf: Store) -> None:
    with pytest.raises(UsageError):
        shelf.reader().page("Parcel", limit=0)
    with pytest.raises(UsageError):
        shelf.reader().page("Nothing")
