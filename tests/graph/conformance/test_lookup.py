"""Nodes by the value of a property."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from graph import Judgement, Store
from schema.errors import UsageError
from schema.values import Amount
from tests.graph.conformance.company import customer, ingest, node

COVERS = ("Reader.lookup",)


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("label", "x", "X"),
        ("carrier", "x", "x "),
        ("pieces", 0, -(2**63)),
        ("weight", 0.1, 0.2),
        ("fragile", False, True),
        ("sent_on", date(2026, 1, 1), date(1, 1, 1)),
        ("lost_at", datetime(2026, 1, 1, tzinfo=UTC), datetime(1960, 1, 1, tzinfo=UTC)),
        ("fee", Amount(Decimal("1.00"), "BRL"), Amount(Decimal("1.00"), "EUR")),
        ("notify", "a@example.com", "b@example.com"),
    ],
)
def test_by_a_value_of_each_type(store: Store, name: str, value: Hashable, other: Hashable) -> None:
    said: dict[str, Any] = {"p": value, "q": other, "o": value}
    ingest(store, a={key: [node("Parcel", key, **{name: v})] for key, v in said.items()})
    reader = store.reader()
    assert reader.lookup("Parcel", name, [value, other]) == {value: ["o", "p"], other: ["q"]}
    assert reader.lookup("Parcel", name, [other]) == {other: ["q"]}


def test_equal_sums_of_money_are_equal(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", fee=Amount(Decimal("1.50"), "BRL"))]})
    asked = Amount(Decimal("1.5"), "BRL")
    assert store.reader().lookup("Parcel", "fee", [asked]) == {asked: ["p"]}


def test_values_that_no_node_has_are_left_out(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", carrier="post"), node("Parcel", "q")]})
    reader = store.reader()
    assert reader.lookup("Parcel", "carrier", ["air", "post"]) == {"post": ["p"]}
    assert reader.lookup("Parcel", "carrier", []) == {}


def test_only_open_nodes_as_they_stand(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", carrier="x")], "2": [node("Parcel", "q", carrier="x")]})
    ingest(store, a={"1": [node("Parcel", "p", carrier="y")]})
    assert store.reader().lookup("Parcel", "carrier", ["x", "y"]) == {"y": ["p"]}


def test_customers_as_they_are_merged(store: Store) -> None:
    ingest(store, a={"1": [customer("r1")]}, b={"1": [customer("r2", email="ana@example.com")]})
    with store.transaction() as transaction:
        transaction.begin_run("identity")
        transaction.assign([Judgement("r2", "r1")])
    reader = store.reader()
    assert reader.lookup("Customer", "email", ["ana@example.com"]) == {"ana@example.com": ["r1"]}
    assert reader.lookup("SourceRecord", "email", ["ana@example.com"]) == {"ana@example.com": ["r2"]}


def test_many_values_at_once(store: Store) -> None:
    values = [f"v{i}" for i in range(3000)]
    ingest(store, a={"1": [node("Parcel", v, carrier=v) for v in values]})
    assert store.reader().lookup("Parcel", "carrier", values) == {v: [v] for v in values}


def test_what_cannot_be_asked(store: Store) -> None:
    with pytest.raises(UsageError):
        store.reader().lookup("Nothing", "label", ["x"])
    with pytest.raises(UsageError):
        store.reader().lookup("Parcel", "nothing", ["x"])
