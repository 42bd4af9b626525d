"""Pages in any order, on and on by cursors, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import And, Condition, Not, Or, Order, Reader, Store, Where
from schema.errors import UsageError
from tests.graph.conformance import goods
from tests.graph.conformance.company import VOCABULARY, append, customer, ingest, node
from tests.graph.conformance.conftest import Fresh
from tests.graph.conformance.test_trees import conditions

COVERS = ("Reader.page",)

NAMES = ["key", *VOCABULARY.kinds["Parcel"].properties]


@pytest.fixture(scope="module")
def reader(fresh: Fresh) -> Iterator[Reader]:
    with fresh() as store:
        goods.fill(store)
        yield store.reader()


def walk(reader: Reader, kind: str, limit: int, **options: Any) -> list[str]:
    """Go from page to page to the end; return the keys."""
    keys, after = [], None
    while True:
        page = reader.page(kind, after=after, limit=limit, **options)
        assert len(page.cursors) == len(page.nodes) <= limit
        keys += [n.key for n in page.nodes]
        if page.next is None:
            return keys
        assert page.next == page.cursors[-1]
        assert len(page.nodes) == limit
        after = page.next


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_pages_join_to_all_in_order(reader: Reader, name: str, descending: bool) -> None:
    order = Order(name, descending)
    wanted = goods.arrange("Parcel", list(goods.PARCELS), order)
    for limit in (1, 2, 5, len(wanted) - 1, len(wanted), 1000):
        assert walk(reader, "Parcel", limit, order=order) == wanted


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_behind_each_cursor_comes_the_rest(reader: Reader, name: str, descending: bool) -> None:
    order = Order(name, descending)
    page = reader.page("Parcel", order=order)
    keys = [n.key for n in page.nodes]
    for place, cursor in enumerate(page.cursors):
        rest = reader.page("Parcel", after=cursor, order=order)
        assert [n.key for n in rest.nodes] == keys[place + 1 :]
        # The same cursor leads back where the order is turned round.
        back = reader.page("Parcel", after=cursor, order=Order(name, not descending))
        assert [n.key for n in back.nodes] == keys[:place][::-1]
        assert list(back.cursors) == list(page.cursors[:place])[::-1]


def test_any_order_gives_each_node_once(reader: Reader, examples: Callable[[int], int]) -> None:
    @settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        order=st.builds(Order, st.sampled_from(NAMES), st.booleans()),
        limit=st.integers(1, 13),
        where=st.lists(conditions("Parcel", 2), max_size=1),
    )
    def check(order: Order, limit: int, where: list[Condition]) -> None:
        wanted = goods.arrange("Parcel", goods.select("Parcel", where), order)
        assert walk(reader, "Parcel", limit, order=order, where=where) == wanted

    check()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tree", [Or([]), Not(And([])), Where("key", "lt", None)], ids=str)
def test_none_meet_what_cannot_be_met(reader: Reader, name: str, tree: Condition) -> None:
    for where in ([tree], [tree, Where("carrier", "eq", "post")], [And([tree, Where("key", "eq", "a")])]):
        assert walk(reader, "Parcel", 5, order=Order(name), where=where) == []
        assert walk(reader, "Parcel", 5, order=Order(name), where=[Not(And(where))]) == goods.arrange(
            "Parcel", list(goods.PARCELS), Order(name)
        )


def test_in_the_order_of_keys_a_cursor_is_the_key(reader: Reader) -> None:
    for order in (None, Order("key"), Order("key", descending=True)):
        page = reader.page("Parcel", order=order)
        assert list(page.cursors) == [n.key for n in page.nodes]
    page = reader.page("Parcel", order=Order("key", descending=True), after="c", limit=2)
    assert ([n.key for n in page.nodes], page.next) == (["b", "aa"], "aa")


def test_nodes_are_as_get_returns_them(reader: Reader) -> None:
    page = reader.page("Parcel", order=Order("fee"))
    assert list(page.nodes) == [reader.get("Parcel", n.key) for n in page.nodes]


def test_customers_are_in_order_as_they_are_merged(reader: Reader) -> None:
    assert walk(reader, "Customer", 2, order=Order("name", descending=True)) == ["rui", "ana", "sol"]
    assert walk(reader, "Customer", 1, order=Order("email")) == ["rui", "sol", "ana"]


def test_long_texts_have_their_place(store: Store) -> None:
    long = "x" * 2_000
    texts = [long, long + "a", long + "b", long[:-1], "x", long + "a" * 20_000, None]
    ingest(store, a={str(i): [node("Parcel", f"p{i}", carrier=text)] for i, text in enumerate(texts)})
    for order in (Order("carrier"), Order("carrier", descending=True)):
        wanted = sorted(
            range(len(texts)), key=lambda i: (texts[i] is not None, texts[i] or ""), reverse=order.descending
        )
        assert walk(store.reader(), "Parcel", 2, order=order) == [f"p{i}" for i in wanted]


def test_a_cursor_holds_its_place_whatever_comes_and_goes(store: Store) -> None:
    ingest(
        store,
        a={key: [node("Parcel", key, pieces=n)] for key, n in zip("abcde", (1, 2, 2, 3, 4), strict=True)},
    )
    order = Order("pieces")
    page = store.reader().page("Parcel", limit=2, order=order)
    append(store, a={"new": [node("Parcel", "aa", pieces=2)], "late": [node("Parcel", "z", pieces=0)]})
    append(store, a={"b": [node("Parcel", "other", pieces=9)]})  # where the cursor was, there is none now
    assert page.next is not None
    rest = store.reader().page("Parcel", after=page.next, order=order)
    assert [n.key for n in rest.nodes] == ["c", "d", "e", "other"]


def test_conditions_and_order_on_indexed_properties(store: Store) -> None:
    rows = {
        f"{i:04}": [customer(f"{i * 7919 % 1000:04}", email=f"{i % 37}@example.com", segment=f"s{i % 3}")]
        for i in range(1000)
    }
    ingest(store, a=rows)
    reader = store.reader()
    said = {n.key: n.properties for n in reader.page("Customer", limit=1000).nodes}
    where = [Or([Where("email", "starts", "1"), Where("email", "eq", "36@example.com")])]
    where2 = [*where, Where("segment", "eq", "s1")]
    for name in ("email", "segment", "key"):
        for chosen in (where, where2):
            wanted = sorted(
                key
                for key, p in said.items()
                if (p["email"].startswith("1") or p["email"] == "36@example.com")
                and (chosen is where or p["segment"] == "s1")
            )
            wanted.sort(key=lambda key: (said[key].get(name, ""), key))
            assert walk(reader, "Customer", 100, order=Order(name), where=chosen) == wanted
    one = [Where("email", "eq", "5@example.com")]
    five = sorted(key for key, p in said.items() if p["email"] == "5@example.com")
    assert walk(reader, "Customer", 10, order=Order("segment"), where=one) == sorted(
        five, key=lambda key: (said[key]["segment"], key)
    )
    assert walk(reader, "Customer", 10, order=Order("key", descending=True), where=one) == five[::-1]


def test_what_cannot_be_asked(reader: Reader) -> None:
    cursor = reader.page("Parcel", limit=1, order=Order("pieces")).next
    wrong: list[dict[str, Any]] = [
        {"order": Order("nothing")},
        {"order": Order('pieces" DESC; --')},
        {"order": Order("")},
        {"order": Order("pieces"), "after": "no cursor"},
        {"order": Order("pieces"), "after": ""},
        {"order": Order("pieces"), "after": "😀"},
        {"order": Order("pieces"), "after": "\ud83d"},
        {"order": Order("pieces"), "after": (cursor or "")[:-3]},
        {"order": Order("pieces"), "after": "W10"},
        {"order": Order("weight"), "after": cursor},
        {"after": "\ud83d"},
        {"limit": 0},
        {"limit": -1},
        {"order": Order("pieces"), "limit": 0},
    ]
    for options in wrong:
        with pytest.raises(UsageError):
            reader.page("Parcel", **options)
