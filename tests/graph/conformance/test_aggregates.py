"""Groups and measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest

from graph import Measure, Store, Where
from schema.errors import UsageError
from schema.values import Amount
from tests.graph.conformance.company import NEXT, ingest, link, node
from tests.graph.conformance.conftest import Fresh

COVERS = ("Reader.aggregate",)


def brl(value: str) -> Amount:
    return Amount(Decimal(value), "BRL")


def eur(value: str) -> Amount:
    return Amount(Decimal(value), "EUR")


DAY, NEXT_DAY = date(2026, 1, 31), date(2026, 2, 1)
EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
NODES: dict[str, dict[str, Any]] = {
    "a": {"carrier": "post", "pieces": 1, "weight": 0.5, "fragile": True, "fee": brl("0.10")},
    "b": {"carrier": "post", "pieces": 2, "weight": 1.5, "fragile": False, "fee": brl("0.2")},
    "c": {"carrier": "post", "pieces": 2, "sent_on": DAY, "lost_at": LATE, "fee": eur("5")},
    "d": {"carrier": "air", "pieces": 10, "sent_on": NEXT_DAY, "lost_at": EARLY, "fee": brl("0.20")},
    "e": {"pieces": 7, "fee": eur("99999999999999.9999")},
    "f": {"carrier": "air"},
}


@pytest.fixture(scope="module")
def goods(fresh: Fresh) -> Iterator[Store]:
    with fresh() as store:
        ingest(store, a={key: [node("Parcel", key, **said)] for key, said in NODES.items()})
        yield store


def measure(
    store: Store, op: Literal["count", "distinct", "sum", "mean", "min", "max"], of: str = "", **options: Any
) -> Any:
    """Return a measure over all, or the list of it by group."""
    m = Measure(op, of)
    rows = store.reader().aggregate("Parcel", measures=[m], **options)
    assert all(set(row) == {*options.get("by", ()), m.name} for row in rows)
    values = [row[m.name] for row in rows]
    return values if options.get("by") else values[0]


def test_groups_are_sorted_nulls_first(goods: Store) -> None:
    assert goods.reader().aggregate("Parcel", by=["carrier"]) == [
        {"carrier": None, "count": 1},
        {"carrier": "air", "count": 2},
        {"carrier": "post", "count": 3},
    ]


def test_groups_of_two_properties(goods: Store) -> None:
    rows = goods.reader().aggregate("Parcel", by=["carrier", "pieces"])
    assert [tuple(row.values()) for row in rows] == [
        (None, 7, 1),
        ("air", None, 1),
        ("air", 10, 1),
        ("post", 1, 1),
        ("post", 2, 2),
    ]


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("pieces", [None, 1, 2, 7, 10]),
        ("weight", [None, 0.5, 1.5]),
        ("fragile", [None, False, True]),
        ("sent_on", [None, DAY, NEXT_DAY]),
        ("lost_at", [None, EARLY, LATE]),
    ],
)
def test_groups_are_values_of_the_type(goods: Store, by: str, groups: list[Any]) -> None:
    rows = goods.reader().aggregate("Parcel", by=[by])
    assert [row[by] for row in rows] == groups
    assert [type(row[by]) for row in rows] == [type(group) for group in groups]
    assert sum(row["count"] for row in rows) == len(NODES)


def test_equal_sums_of_money_are_one_group(goods: Store) -> None:
    rows = goods.reader().aggregate("Parcel", by=["fee"], where=[Where("fee", "ne", None)])
    assert {(row["fee"].value, row["fee"].currency): row["count"] for row in rows} == {
        (Decimal("0.1"), "BRL"): 1,
        (Decimal("0.2"), "BRL"): 2,
        (Decimal(5), "EUR"): 1,
        (Decimal("99999999999999.9999"), "EUR"): 1,
    }


def test_text_groups_are_in_order_of_code_points(store: Store) -> None:
    words = ["Z", "a", "á", "～", "😀"]
    ingest(store, a={w: [node("Parcel", w, carrier=w)] for w in reversed(words)})
    assert [row["carrier"] for row in store.reader().aggregate("Parcel", by=["carrier"])] == words
    assert (measure(store, "min", "carrier"), measure(store, "max", "carrier")) == ("Z", "😀")


def test_count(goods: Store) -> None:
    assert measure(goods, "count") == 6
    assert measure(goods, "count", by=["carrier"]) == [1, 2, 3]


def test_distinct_leaves_nulls_out(goods: Store) -> None:
    assert measure(goods, "distinct", "carrier") == 2
    assert measure(goods, "distinct", "pieces") == 4
    assert measure(goods, "distinct", "pieces", by=["carrier"]) == [1, 1, 2]
    assert measure(goods, "distinct", "fee") == 4


def test_numbers(goods: Store) -> None:
    assert measure(goods, "sum", "pieces") == 22
    assert measure(goods, "mean", "pieces") == pytest.approx(4.4)
    assert (measure(goods, "min", "pieces"), measure(goods, "max", "pieces")) == (1, 10)
    assert measure(goods, "sum", "weight") == pytest.approx(2.0)
    assert measure(goods, "mean", "weight", by=["carrier"]) == [None, None, pytest.approx(1.0)]
    assert measure(goods, "max", "weight") == pytest.approx(1.5)


def test_the_least_and_greatest_of_other_types(goods: Store) -> None:
    assert (measure(goods, "min", "sent_on"), measure(goods, "max", "sent_on")) == (DAY, NEXT_DAY)
    assert (measure(goods, "min", "lost_at"), measure(goods, "max", "lost_at")) == (EARLY, LATE)
    assert (measure(goods, "min", "carrier"), measure(goods, "max", "carrier")) == ("air", "post")
    assert measure(goods, "min", "sent_on", by=["carrier"]) == [None, NEXT_DAY, DAY]


def test_money_is_measured_per_currency_and_exactly(goods: Store) -> None:
    where = [Where("key", "ne", "e")]
    assert measure(goods, "sum", "fee", where=where) == [brl("0.50"), eur("5")]
    assert measure(goods, "min", "fee", where=where) == [brl("0.10"), eur("5")]
    assert measure(goods, "max", "fee", where=where) == [brl("0.2"), eur("5")]
    assert measure(goods, "mean", "fee", where=where) == [brl("0.1667"), eur("5")]
    assert measure(goods, "sum", "fee", by=["carrier"]) == [
        [eur("99999999999999.9999")],
        [brl("0.2")],
        [brl("0.30"), eur("5")],
    ]
    assert measure(goods, "sum", "fee") == [brl("0.50"), eur("100000000000004.9999")]


def test_money_sums_have_no_rounding(store: Store) -> None:
    ingest(store, a={str(i): [node("Parcel", str(i), fee=brl("0.1001"))] for i in range(1000)})
    assert measure(store, "sum", "fee") == [brl("100.1")]


def test_money_compares_as_a_number(store: Store) -> None:
    ingest(store, a={v: [node("Parcel", v, fee=brl(v))] for v in ("9", "10", "-100", "2.5")})
    assert (measure(store, "min", "fee"), measure(store, "max", "fee")) == ([brl("-100")], [brl("10")])


def test_several_measures_at_once(goods: Store) -> None:
    measures = [Measure("count"), Measure("sum", "pieces"), Measure("distinct", "carrier")]
    assert goods.reader().aggregate("Parcel", measures=measures) == [
        {"count": 6, "sum_pieces": 22, "distinct_carrier": 2}
    ]


def test_nothing_is_one_group_without_by_and_none_with_it(store: Store) -> None:
    reader = store.reader()
    measures = [
        Measure("count"),
        Measure("distinct", "carrier"),
        Measure("mean", "weight"),
        Measure("sum", "fee"),
    ]
    assert reader.aggregate("Parcel", measures=measures) == [
        {"count": 0, "distinct_carrier": 0, "mean_weight": None, "sum_fee": []}
    ]
    assert reader.aggregate("Parcel", by=["carrier"], measures=measures) == []


def test_conditions_come_before_grouping(goods: Store) -> None:
    rows = goods.reader().aggregate("Parcel", by=["carrier"], where=[Where("pieces", "gt", 1)])
    assert rows == [
        {"carrier": None, "count": 1},
        {"carrier": "air", "count": 1},
        {"carrier": "post", "count": 2},
    ]


def test_stubs_count_and_closed_nodes_do_not(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")], "2": [node("Parcel", "r", carrier="post")]})
    ingest(store, a={"1": [link(NEXT, "p", "q")]})
    assert store.reader().aggregate("Parcel", by=["carrier"]) == [{"carrier": None, "count": 2}]


def test_what_cannot_be_asked(goods: Store) -> None:
    reader = goods.reader()
    with pytest.raises(UsageError):
        reader.aggregate("Nothing")
    with pytest.raises(UsageError):
        reader.aggregate("Parcel", by=["nothing"])
    with pytest.raises(UsageError):
        reader.aggregate("Parcel", measures=[Measure("sum", "nothing")])
    for op, of in (("sum", "carrier"), ("mean", "sent_on")):
        with pytest.raises(UsageError):
            measure(goods, op, of)  # type: ignore[arg-type]
