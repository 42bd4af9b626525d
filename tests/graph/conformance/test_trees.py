"""Conditions as trees: what they mean is what `goods.meets` says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import And, Condition, Linked, Measure, Not, Or, Reader, Store, Where
from schema.errors import UsageError
from schema.kinds import Direction, Triple
from schema.values import Amount
from tests.graph.conformance import goods
from tests.graph.conformance.company import FILED, HANDLED, NEXT, PASSED, SENT, VOCABULARY
from tests.graph.conformance.conftest import Fresh

COVERS = ("Reader.page", "Reader.aggregate", "Reader.get_many", "Reader.degrees")

OUT, IN = Direction.OUT, Direction.IN
TEXTS = (
    "",
    "a",
    "agil",
    "ÁGIL",
    "%",
    "_",
    "straße",
    "STRASSE",
    "post",
    "😀",
    "～",
    "north",
    "ana@example.com",
)


def values_of(kind: str, name: str) -> st.SearchStrategy[Any]:
    """Draw values that a property has somewhere, and some that are near."""
    there = {goods.value_of(kind, key, name) for key in goods.NODES[kind]} - {None}
    p = VOCABULARY.kinds[kind].properties.get(name)
    near: dict[str, list[Any]] = {
        "integer": [1, -(2**63)],
        "number": [1.0, -0.0],
        "boolean": [True, False],
        "date": [date(2026, 3, 2)],
        "time": [goods.NOON - goods.TICK],
        "money": [goods.brl("9.9000"), Amount(Decimal(10), "EUR")],
    }
    more = near.get("text" if p is None else p.type, list(TEXTS))
    return st.sampled_from(sorted(there, key=repr) + more)


def wheres(kind: str) -> st.SearchStrategy[Condition]:
    names = st.sampled_from(["key", *VOCABULARY.kinds[kind].properties])
    return names.flatmap(lambda name: where_of(kind, name))


def where_of(kind: str, name: str) -> st.SearchStrategy[Condition]:
    values = values_of(kind, name)
    p = VOCABULARY.kinds[kind].properties.get(name)
    drawn = [
        st.builds(Where, st.just(name), st.sampled_from(["eq", "ne"]), st.none() | values),
        st.builds(Where, st.just(name), st.sampled_from(["lt", "le", "gt", "ge"]), st.none() | values),
        st.builds(Where, st.just(name), st.just("in"), st.lists(st.none() | values, max_size=3)),
        st.builds(Where, st.just(name), st.just("is_null"), st.sampled_from([None, True, False])),
    ]
    if p is None or p.value_type.python is str:
        drawn.append(
            st.builds(Where, st.just(name), st.sampled_from(["contains", "starts"]), st.sampled_from(TEXTS))
        )
    return st.one_of(drawn)


def steps(kind: str) -> list[tuple[Triple, Direction, str]]:
    return [
        (triple, way, triple.end if way is OUT else triple.start)
        for triple, way in VOCABULARY.steps(kind)
        if triple.start in goods.NODES and triple.end in goods.NODES
    ]


def conditions(kind: str, depth: int = 3) -> st.SearchStrategy[Condition]:
    if depth == 0:
        return wheres(kind)
    inner = st.deferred(lambda: conditions(kind, depth - 1))
    several = st.lists(inner, max_size=3)
    linked = st.sampled_from(steps(kind)).flatmap(
        lambda step: st.builds(
            Linked, st.just(step[0]), st.just(step[1]), st.lists(conditions(step[2], depth - 1), max_size=2)
        )
    )
    return st.one_of(wheres(kind), linked, several.map(And), several.map(Or), inner.map(Not))


@pytest.fixture(scope="module")
def reader(fresh: Fresh) -> Iterator[Reader]:
    with fresh() as store:
        goods.fill(store)
        yield store.reader()


def agrees(reader: Reader, kind: str, where: list[Condition]) -> None:
    """Compare a store with plain Python, by every way of asking."""
    keys = goods.select(kind, where)
    assert [n.key for n in reader.page(kind, where=where).nodes] == keys
    assert reader.aggregate(kind, where=where) == [{"count": len(keys)}]
    found = reader.get_many(kind, [*goods.NODES[kind], "no such"], where=where)
    assert sorted(found) == keys
    assert all(node.key == key for key, node in found.items())


LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large]


def test_any_tree_means_what_it_says(reader: Reader, examples: Callable[[int], int]) -> None:
    @settings(max_examples=examples(200), deadline=None, suppress_health_check=LARGE)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(["Parcel", "Customer", "Region", "Agent"]))
        agrees(reader, kind, data.draw(st.lists(conditions(kind), min_size=1, max_size=2)))

    check()


def test_neighbours_meet_trees_too(reader: Reader, examples: Callable[[int], int]) -> None:
    @settings(max_examples=examples(50), deadline=None, suppress_health_check=LARGE)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        neighbours_agree(reader, data)

    check()


def neighbours_agree(reader: Reader, data: st.DataObject) -> None:
    """Compare the neighbours that meet a tree with those of plain Python."""
    kind = data.draw(st.sampled_from(["Parcel", "Customer", "Region", "Agent"]))
    triple, way, other = data.draw(st.sampled_from(steps(kind)))
    where = data.draw(st.lists(conditions(other, 2), min_size=1, max_size=2))
    keys = [*goods.NODES[kind], "no such"]
    wanted = {
        key: [n for n in goods.near(triple, way, key) if goods.meets(other, n[0], And(where))] for key in keys
    }
    assert reader.degrees(triple, way, keys, where=where) == {k: len(v) for k, v in wanted.items() if v}
    followed = reader.follow(triple, way, keys, where=where)
    assert {key: [n.node.key for n in found] for key, found in followed.items()} == {
        key: [n for n, _ in goods.arrange_near(other, found, None)] for key, found in wanted.items() if found
    }


AGIL, NAMED = Where("label", "contains", "agil"), Where("name", "in", ["Ana", "Bob"])
TREES: dict[str, Condition] = {
    "all of none": And([]),
    "any of none": Or([]),
    "not all of none": Not(And([])),
    "not any of none": Not(Or([])),
    "not less than where there is none": Not(Where("pieces", "lt", 5)),
    "not not": Not(Not(Where("pieces", "lt", 5))),
    "not of null": Not(Where("pieces", "lt", None)),
    "not in": Not(Where("carrier", "in", ["post", None])),
    "in null": Where("carrier", "in", [None]),
    "not contains": Not(AGIL),
    "neither": Not(Or([AGIL, Where("pieces", "eq", 10)])),
    "not both": Not(And([Where("weight", "gt", 0.0), Where("fragile", "eq", True)])),
    "not less in another currency": Not(Where("fee", "lt", goods.brl("10"))),
    "either": Or([Where("fee", "ge", goods.brl("10")), Where("lost_at", "le", goods.NOON)]),
    "starts": Where("label", "starts", "ágil"),
    "starts with a sign": Where("label", "starts", "Z_"),
    "starts with nothing": Where("label", "starts", ""),
    "starts folded": Where("label", "starts", "strass"),
    "key starts": Where("key", "starts", "a"),
    "key starts as it is": Where("key", "starts", "A"),
    "key starts with nothing": Where("key", "starts", ""),
    "key starts beyond": Where("key", "starts", "😀"),
    "key does not start": Not(Where("key", "starts", "a")),
    "linked": Linked(NEXT, OUT),
    "linked back": Linked(NEXT, IN, [Where("pieces", "gt", 5)]),
    "linked to none": Not(Linked(NEXT, OUT)),
    "linked with all": Linked(PASSED, OUT, [Where("name", "is_null"), Where("key", "ne", "north")]),
    "linked to one with either": Linked(
        SENT, IN, [Or([Where("key", "eq", "rui"), Where("name", "eq", "Ana")])]
    ),
    "linked by one not so": Linked(NEXT, OUT, [Not(Where("carrier", "eq", "post"))]),
    "linked by none so": Not(Linked(NEXT, OUT, [Where("carrier", "eq", "post")])),
    "of whom another was sent": Linked(SENT, IN, [Linked(SENT, OUT, [Where("key", "eq", "d")])]),
    "three steps": Linked(NEXT, OUT, [Linked(NEXT, OUT, [Linked(HANDLED, OUT, [NAMED])])]),
}


@pytest.mark.parametrize("name", TREES)
def test_a_tree(reader: Reader, name: str) -> None:
    agrees(reader, "Parcel", [TREES[name]])


def test_none_of_these_is_met_by_all_or_none_but_the_empty_ones() -> None:
    met = {name: len(goods.select("Parcel", [tree])) for name, tree in TREES.items()}
    trivial = {name for name, count in met.items() if count in (0, len(goods.PARCELS))}
    assert trivial == {
        "all of none",
        "any of none",
        "not all of none",
        "not any of none",
        "not of null",
        "in null",
        "key starts as it is",
        "key starts with nothing",
    }


def test_groups_take_trees(reader: Reader) -> None:
    where = [Not(Or([Where("carrier", "eq", "air"), Where("pieces", "is_null")]))]
    rows = reader.aggregate("Parcel", by=["carrier"], measures=[Measure("count")], where=where)
    keys = goods.select("Parcel", where)
    carriers = [goods.value_of("Parcel", key, "carrier") for key in keys]
    assert {row["carrier"]: row["count"] for row in rows} == {c: carriers.count(c) for c in set(carriers)}


def test_many_conditions_side_by_side(reader: Reader) -> None:
    either = Or([Where("key", "eq", f"no such {i}") for i in range(800)] + [Where("key", "eq", "c")])
    agrees(reader, "Parcel", [either])
    agrees(reader, "Parcel", [And([Not(Where("key", "eq", f"no such {i}")) for i in range(800)])])


WRAPS: list[Callable[[Condition], Condition]] = [
    lambda c: Linked(NEXT, OUT, [Where("weight", "ne", 9.0), c, Where("label", "ne", "no such")]),
    lambda c: Or([Where("weight", "eq", 9.0), c]),
    Not,
]


@pytest.mark.parametrize("turns", [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [0, 0, 0, 1]], ids=str)
def test_eight_levels_around_a_condition(reader: Reader, turns: list[int]) -> None:
    tree: Condition = Where("pieces", "gt", 1)
    for level in range(8):
        wrap = WRAPS[turns[level % len(turns)]]
        tree = wrap(And([And([Where("fee", "ne", goods.brl("7")), tree])]))  # an `And` adds none
    agrees(reader, "Parcel", [tree])
    where = [tree]
    near = {key: goods.near(NEXT, OUT, key) for key in goods.PARCELS}
    degrees = {key: sum(goods.meets("Parcel", n, tree) for n, _ in some) for key, some in near.items()}
    found = reader.degrees(NEXT, OUT, list(goods.PARCELS), where=where)
    assert found == {key: count for key, count in degrees.items() if count}
    assert [hit.node.key for hit in reader.search("agil", kinds=["Parcel"], where={"Parcel": where})] == [
        hit.node.key
        for hit in reader.search("agil", kinds=["Parcel"])
        if goods.meets("Parcel", hit.node.key, tree)
    ]


def deep(wrap: Callable[[Condition], Condition], levels: int = 500) -> Condition:
    tree: Condition = Where("pieces", "gt", 1)
    for _ in range(levels):
        tree = wrap(tree)
    return tree


WRONG: dict[str, Condition] = {
    "property": And([Where("nothing", "eq", 1)]),
    "property of another kind": Where("name", "eq", "x"),
    "property of the other end": Linked(NEXT, OUT, [Where("name", "eq", "x")]),
    "hostile property": Where('label" IS NULL OR "label', "eq", "x"),
    "operator": Not(Where("label", "like", "a")),  # type: ignore[arg-type]
    "triple": Linked(Triple("Parcel", "NEXT", "Agent"), OUT),
    "type": Linked(Triple("Parcel", "NOTHING", "Parcel"), OUT),
    "triple of another kind": Linked(FILED, OUT),
    "other way": Linked(SENT, OUT),
    "no condition": "label is null",  # type: ignore[dict-item]
    "a text is no number": Where("pieces", "gt", "1"),
    "a number is no text": Where("label", "eq", 1),
    "a yes is no whole number": Where("pieces", "eq", True),
    "a text is no day": Where("sent_on", "ge", "2026-03-01"),
    "a moment is no day": Where("sent_on", "ge", goods.NOON),
    "a day is no moment": Where("lost_at", "ge", date(2026, 3, 1)),
    "a moment without a zone": Where("lost_at", "ge", datetime(2026, 3, 1)),
    "a number is no money": Where("fee", "gt", 10),
    "a number is no key": Where("key", "eq", 10),
    "beyond 64 bits": Where("pieces", "lt", 2**63),
    "not finite": Where("weight", "lt", float("nan")),
    "wrong in a list": Where("pieces", "in", [1, "2"]),
    "a text is no list": Where("label", "in", "Ágil"),
    "no list": Where("pieces", "in", 1),
    "a number contains nothing": Where("pieces", "contains", "1"),
    "a day starts with nothing": Where("sent_on", "starts", "2026"),
    "contains null": Where("label", "contains", None),
    "half a letter": Where("label", "eq", "\ud83d"),
    "half a letter in a key": Where("key", "in", ["\ud83d"]),
    "too deep": deep(Not, 9),
    "much too deep": deep(Not),
    "too many steps": deep(WRAPS[0], 9),
    "all of all of all": deep(lambda c: And([c])),
    "too many": Or([Where("pieces", "eq", i) for i in range(5_000)]),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_asked(reader: Reader, name: str) -> None:
    where = [WRONG[name]]
    asks: list[Any] = [
        lambda: reader.page("Parcel", where=where),
        lambda: reader.aggregate("Parcel", where=where),
        lambda: reader.get_many("Parcel", ["a"], where=where),
        lambda: reader.follow(NEXT, OUT, ["a"], where=where),
        lambda: reader.degrees(NEXT, OUT, ["a"], where=where),
        lambda: reader.search("agil", where={"Parcel": where}),
    ]
    for ask in asks:
        with pytest.raises(UsageError):
            ask()


def test_values_that_say_the_same(reader: Reader) -> None:
    assert [n.key for n in reader.page("Parcel", where=[Where("weight", "ge", 2)]).nodes] == ["Z", "f"]
    tree = Where("pieces", "in", (10, 0))
    assert [n.key for n in reader.page("Parcel", where=[tree]).nodes] == ["b", "d", "～", "😀"]


def test_conditions_see_what_is_there_now(store: Store) -> None:
    goods.fill(store)
    where = [Linked(SENT, IN, [Where("key", "eq", "ana")])]
    before = store.reader().aggregate("Parcel", where=where)
    with store.transaction() as transaction:
        transaction.begin_run("later")
        transaction.upsert_records("a", ["1"], [1])
        transaction.upsert_records("b", ["1"], [1])
        transaction.upsert_nodes("Parcel", "a", ["1"], ["a"], {})
    assert before == [{"count": 8}]
    assert store.reader().aggregate("Parcel", where=where) == [{"count": 0}]
