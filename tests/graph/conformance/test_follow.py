"""The neighbours of many nodes at once: so many of each, in order, from behind a cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import And, Neighbour, Order, Reader, Store, Walk, Where
from schema.errors import UsageError
from schema.kinds import Direction, Triple
from schema.vocabulary import RESOLVES_TO
from tests.graph.conformance import goods
from tests.graph.conformance.company import FILED, HANDLED, NEXT, PASSED, SENT, VOCABULARY, ingest, link, node
from tests.graph.conformance.conftest import Fresh
from tests.graph.conformance.test_trees import conditions, steps

COVERS = ("Reader.follow", "Reader.follow_all", "Reader.degrees")

OUT, IN = Direction.OUT, Direction.IN
Near = list[tuple[str, Any]]


@pytest.fixture(scope="module")
def reader(fresh: Fresh) -> Iterator[Reader]:
    with fresh() as store:
        goods.fill(store)
        yield store.reader()


def near(found: dict[str, list[Neighbour]]) -> dict[str, Near]:
    """Return what was found as keys and slots."""
    return {
        key: [(n.node.key, n.relationship.properties.get("scan")) for n in neighbours]
        for key, neighbours in found.items()
    }


def wanted(triple: Triple, way: Direction, order: Order | None = None, limit: int = 100) -> dict[str, Near]:
    here, other = (triple.start, triple.end) if way is OUT else (triple.end, triple.start)
    found = {key: goods.arrange_near(other, goods.near(triple, way, key), order) for key in goods.NODES[here]}
    return {key: some[:limit] for key, some in found.items() if some}


STEPS = [(triple, way) for triple in (NEXT, SENT, PASSED, HANDLED) for way in Direction]


@pytest.mark.parametrize(("triple", "way"), STEPS, ids=str)
def test_it_finds_what_neighbours_finds(reader: Reader, triple: Triple, way: Direction) -> None:
    kind = triple.start if way is OUT else triple.end
    keys = list(goods.NODES[kind])
    found = reader.follow(triple, way, keys)
    assert near(found) == wanted(triple, way)
    for key, neighbours in found.items():
        one = reader.neighbours(kind, key, types=[triple.type], direction=way)
        assert [replace(n, cursor="") for n in neighbours] == [
            n for n in one if n.relationship.triple == triple
        ]


def test_keys_that_are_not_there_are_left_out(reader: Reader) -> None:
    assert near(reader.follow(NEXT, OUT, ["e", "no such", "e", "c"])) == {
        "e": [("f", None)],
        "c": [("d", None)],
    }
    assert reader.follow(NEXT, OUT, []) == {}
    assert reader.follow(NEXT, OUT, ["Z"]) == {}
    assert reader.degrees(NEXT, OUT, ["no such", "Z"]) == {}
    assert reader.degrees(NEXT, OUT, []) == {}
    assert reader.follow(FILED, OUT, ["ana"]) == {}


def test_the_limit_is_for_each(reader: Reader) -> None:
    for limit in range(1, 10):
        assert near(reader.follow(PASSED, IN, ["north", "south"], limit=limit)) == wanted(
            PASSED, IN, limit=limit
        )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", ["key", *VOCABULARY.kinds["Parcel"].properties])
def test_orders(reader: Reader, name: str, descending: bool) -> None:
    order = Order(name, descending)
    for triple, way in ((SENT, OUT), (NEXT, IN), (PASSED, IN)):
        keys = list(goods.NODES[triple.start if way is OUT else triple.end])
        for limit in (1, 3, 100):
            assert near(reader.follow(triple, way, keys, order=order, limit=limit)) == wanted(
                triple, way, order, limit
            )


@pytest.mark.parametrize("order", [None, Order("carrier"), Order("fee", descending=True)], ids=str)
def test_behind_each_cursor_comes_the_rest(reader: Reader, order: Order | None) -> None:
    for triple, way, key in ((SENT, OUT, "ana"), (PASSED, IN, "north"), (NEXT, OUT, "a"), (NEXT, IN, "b")):
        found = reader.follow(triple, way, [key], order=order)[key]
        turned = Order(order.name if order else "key", not (order and order.descending))
        for place, n in enumerate(found):
            for limit in (1, 2, 100):
                rest = reader.follow(triple, way, [key], order=order, after=n.cursor, limit=limit)
                assert rest.get(key, []) == found[place + 1 :][:limit]
                back = reader.follow(triple, way, [key], order=turned, after=n.cursor, limit=limit)
                assert back.get(key, []) == found[:place][::-1][:limit]


def test_one_cursor_is_for_all(reader: Reader) -> None:
    order = Order("pieces")
    first = reader.follow(SENT, OUT, ["ana"], order=order, limit=3)["ana"]
    rest = reader.follow(SENT, OUT, ["ana", "rui"], order=order, after=first[-1].cursor)
    place = (goods.ranked(first[-1].node.properties.get("pieces")), first[-1].node.key)
    for key in ("ana", "rui"):
        keys = [n for n, _ in goods.arrange_near("Parcel", goods.near(SENT, OUT, key), order)]
        behind = [n for n in keys if (goods.ranked(goods.PARCELS[n].get("pieces")), n) > place]
        assert [n.node.key for n in rest[key]] == behind


def follow_on(reader: Reader, triple: Triple, way: Direction, key: str, **options: Any) -> Near:
    found: Near = []
    after = None
    while some := reader.follow(triple, way, [key], after=after, **options):
        found += near(some)[key]
        after = some[key][-1].cursor
    return found


def test_pages_join_to_all(reader: Reader, examples: Callable[[int], int]) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]

    @settings(max_examples=examples(100), deadline=None, suppress_health_check=slow)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        pages_join(reader, data)

    check()


def pages_join(reader: Reader, data: st.DataObject) -> None:
    """Compare the pages of somebody's neighbours with all of them."""
    kind = data.draw(st.sampled_from(["Parcel", "Customer", "Region", "Agent"]))
    triple, way, other = data.draw(st.sampled_from(steps(kind)))
    key = data.draw(st.sampled_from(list(goods.NODES[kind])))
    name = data.draw(st.sampled_from(["key", *VOCABULARY.kinds[other].properties]))
    order = Order(name, data.draw(st.booleans()))
    where = data.draw(st.lists(conditions(other, 1), max_size=1))
    limit = data.draw(st.integers(1, 4))
    all_ = [n for n in goods.near(triple, way, key) if goods.meets(other, n[0], And(where))]
    assert follow_on(reader, triple, way, key, order=order, where=where, limit=limit) == goods.arrange_near(
        other, all_, order
    )


def test_several_walks_at_once_find_what_each_finds(reader: Reader) -> None:
    assert reader.follow_all([]) == []
    walks = [
        Walk(triple, way, list(goods.NODES[triple.start if way is OUT else triple.end]), limit=2, order=order)
        for triple, way in STEPS
        for order in (None, Order("key", True))
    ]
    behind = [
        replace(walk, keys=keys[:1], after=found[keys[0]][0].cursor)
        for walk in walks
        if (found := follow(reader, walk)) and (keys := list(found))
    ]
    meeting = [Walk(SENT, OUT, ["ana"], where=[Where("key", "gt", "b")]), Walk(SENT, OUT, [], limit=1)]
    asked = [*walks, *behind, *meeting]
    assert reader.follow_all(asked) == [follow(reader, walk) for walk in asked]
    with pytest.raises(UsageError):
        reader.follow_all([walks[0], replace(walks[1], limit=0)])


def follow(reader: Reader, walk: Walk) -> dict[str, list[Neighbour]]:
    options = {"after": walk.after, "limit": walk.limit, "where": walk.where, "order": walk.order}
    return reader.follow(walk.triple, walk.direction, walk.keys, **options)  # type: ignore[arg-type]


def test_degrees_count_what_follow_lists(reader: Reader) -> None:
    for triple, way in STEPS:
        keys = list(goods.NODES[triple.start if way is OUT else triple.end])
        found = reader.follow(triple, way, keys)
        assert reader.degrees(triple, way, keys) == {key: len(some) for key, some in found.items()}


def test_records_resolve_like_any_other(reader: Reader) -> None:
    found = reader.follow(RESOLVES_TO, IN, ["ana", "sol"])
    assert {key: [n.node.key for n in some] for key, some in found.items()} == {
        "ana": ["ana"],
        "sol": ["sol"],
    }
    assert reader.degrees(RESOLVES_TO, OUT, ["ana", "sol"]) == {"ana": 1, "sol": 1}


@pytest.mark.parametrize("limit", [1, 50, 1_000])
def test_hubs_among_others(store: Store, limit: int) -> None:
    keys = [f"{i * 7_919 % 1_000:03}" for i in range(900)]
    carrier = {key: f"c{int(key) % 7}" for key in keys}
    hubs = {"spread": keys[::2], "first": sorted(keys)[:300], "few": keys[5:8], "all": keys}
    rows = {
        key: [
            node("Parcel", key, carrier=carrier[key], pieces=int(key) % 5),
            *(link(PASSED, key, hub, scan=scan) for hub in hubs if key in hubs[hub] for scan in (2, 1)),
        ]
        for key in keys
    }
    ingest(store, a=rows)
    gone = set(keys[::10])
    ingest(store, a=rows | {key: [node("Parcel", key, label="gone")] for key in gone})
    reader = store.reader()
    where = [Where("pieces", "ne", 3)]
    for order in (None, Order("carrier"), Order("pieces", descending=True)):
        name = order.name if order else "key"
        values: dict[str, Any] = {
            "key": lambda key: key,
            "carrier": carrier.__getitem__,
            "pieces": lambda key: int(key) % 5,
        }
        all_ = {
            hub: sorted(
                ((key, scan) for key in set(near_) - gone for scan in (1, 2)),
                key=lambda n: (values[name](n[0]), *n),
                reverse=order is not None and order.descending,
            )
            for hub, near_ in hubs.items()
        }
        found = reader.follow(PASSED, IN, list(hubs), limit=limit, order=order)
        assert near(found) == {hub: some[:limit] for hub, some in all_.items() if some}
        after = found["all"][-1].cursor
        rest = reader.follow(PASSED, IN, ["all"], limit=limit, order=order, after=after)
        assert near(rest).get("all", []) == all_["all"][limit : 2 * limit]
        chosen = reader.follow(PASSED, IN, list(hubs), limit=limit, order=order, where=where)
        assert near(chosen) == {
            hub: kept[:limit]
            for hub, some in all_.items()
            if (kept := [n for n in some if int(n[0]) % 5 != 3])
        }
    counts = reader.degrees(PASSED, IN, list(hubs))
    assert counts == {hub: 2 * len(set(near_) - gone) for hub, near_ in hubs.items() if set(near_) - gone}


def test_what_cannot_be_asked(reader: Reader) -> None:
    cursor = reader.follow(SENT, OUT, ["ana"], order=Order("pieces"))["ana"][0].cursor
    for triple in (Triple("Parcel", "NEXT", "Agent"), Triple("Parcel", "NOTHING", "Parcel")):
        with pytest.raises(UsageError):
            reader.follow(triple, OUT, ["a"])
        with pytest.raises(UsageError):
            reader.degrees(triple, OUT, ["a"])
    wrong: list[dict[str, Any]] = [
        {"limit": 0},
        {"limit": -5},
        {"order": Order("nothing")},
        {"after": "no cursor"},
        {"after": ""},
        {"after": cursor},
        {"after": cursor, "order": Order("weight")},
        {"after": cursor[:-3], "order": Order("pieces")},
    ]
    for options in wrong:
        with pytest.raises(UsageError):
            reader.follow(SENT, OUT, ["ana"], **options)
        with pytest.raises(UsageError):
            reader.follow(SENT, OUT, [], **options)
