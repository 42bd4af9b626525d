"""Conditions on properties, by operator and type; the same for pages and groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from graph import Measure, Store, Where
from schema.errors import UsageError
from schema.values import Amount
from tests.graph.conformance.company import ingest, node
from tests.graph.conformance.conftest import Fresh

COVERS = ("Reader.page", "Reader.aggregate")


def brl(value: str) -> Amount:
    return Amount(Decimal(value), "BRL")


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NODES: dict[str, dict[str, Any]] = {
    "a": {
        "label": "Ágil",
        "pieces": 1,
        "weight": 0.5,
        "fragile": True,
        "sent_on": date(2026, 3, 1),
        "lost_at": NOON,
        "fee": brl("9.90"),
    },
    "b": {
        "label": "agil 100%",
        "pieces": 2,
        "weight": 2.0,
        "fragile": False,
        "sent_on": date(2026, 10, 1),
        "lost_at": NOON + timedelta(microseconds=1),
        "fee": brl("10.00"),
    },
    "c": {
        "label": "Z_z",
        "pieces": 10,
        "weight": -1.0,
        "sent_on": date(1999, 12, 31),
        "lost_at": datetime(1960, 1, 1, tzinfo=UTC),
        "fee": brl("100"),
    },
    "d": {"label": "STRASSE", "pieces": -(2**63), "fee": Amount(Decimal("9.90"), "EUR")},
    "e": {},
}


@pytest.fixture(scope="module")
def goods(fresh: Fresh) -> Iterator[Store]:
    with fresh() as store:
        ingest(store, a={key: [node("Parcel", key, **said)] for key, said in NODES.items()})
        yield store


@pytest.mark.parametrize(
    ("name", "op", "value", "keys"),
    [
        ("label", "eq", "Ágil", "a"),
        ("label", "eq", "ágil", ""),
        ("label", "ne", "Ágil", "bcde"),
        ("label", "lt", "a", "cd"),
        ("label", "ge", "a", "ab"),
        ("label", "in", ["Ágil", "STRASSE", "x"], "ad"),
        ("label", "in", [], ""),
        ("label", "contains", "GIL", "ab"),
        ("label", "contains", "ÁGIL", "a"),
        ("label", "contains", "100%", "b"),
        ("label", "contains", "%", "b"),
        ("label", "contains", "_", "c"),
        ("label", "contains", "straße", "d"),
        ("label", "contains", "", "abcd"),
        ("label", "is_null", None, "e"),
        ("label", "is_null", True, "e"),
        ("label", "is_null", False, "abcd"),
        ("label", "eq", None, "e"),
        ("label", "ne", None, "abcd"),
        ("pieces", "eq", 2, "b"),
        ("pieces", "ne", 2, "acde"),
        ("pieces", "lt", 2, "ad"),
        ("pieces", "le", 2, "abd"),
        ("pieces", "gt", 2, "c"),
        ("pieces", "ge", 2, "bc"),
        ("pieces", "in", [1, 10, 11], "ac"),
        ("weight", "eq", 2.0, "b"),
        ("weight", "gt", -1.0, "ab"),
        ("fragile", "eq", True, "a"),
        ("fragile", "eq", False, "b"),
        ("fragile", "ne", True, "bcde"),
        ("fragile", "in", [True, False], "ab"),
        ("sent_on", "eq", date(2026, 3, 1), "a"),
        ("sent_on", "lt", date(2026, 3, 1), "c"),
        ("sent_on", "ge", date(2026, 3, 1), "ab"),
        ("lost_at", "eq", NOON, "a"),
        ("lost_at", "eq", NOON.astimezone(timezone(timedelta(hours=-3))), "a"),
        ("lost_at", "gt", NOON, "b"),
        ("lost_at", "le", NOON, "ac"),
        ("fee", "eq", brl("9.90"), "a"),
        ("fee", "eq", brl("9.9"), "a"),
        ("fee", "eq", brl("100.0000"), "c"),
        ("fee", "ne", brl("9.9"), "bcde"),
        ("fee", "in", [brl("9.9"), brl("10")], "ab"),
        ("fee", "gt", brl("9.9"), "bc"),
        ("fee", "ge", brl("9.9"), "abc"),
        ("fee", "lt", brl("10.0001"), "ab"),
        ("fee", "le", Amount(Decimal("9.90"), "EUR"), "d"),
        ("key", "eq", "c", "c"),
        ("key", "ne", "c", "abde"),
        ("key", "gt", "c", "de"),
        ("key", "le", "b", "ab"),
        ("key", "in", ["a", "e", "z"], "ae"),
        ("key", "contains", "A", "a"),
        ("key", "is_null", None, ""),
    ],
)
def test_a_condition(goods: Store, name: str, op: Any, value: Any, keys: str) -> None:
    where = [Where(name, op, value)]
    reader = goods.reader()
    assert "".join(n.key for n in reader.page("Parcel", where=where).nodes) == keys
    assert reader.aggregate("Parcel", measures=[Measure("count")], where=where) == [{"count": len(keys)}]


def test_conditions_hold_together(goods: Store) -> None:
    where = [Where("pieces", "ge", 1), Where("pieces", "lt", 10), Where("fragile", "eq", False)]
    assert [n.key for n in goods.reader().page("Parcel", where=where).nodes] == ["b"]


def test_what_cannot_be_asked(goods: Store) -> None:
    reader = goods.reader()
    with pytest.raises(UsageError):
        reader.page("Parcel", where=[Where("nothing", "eq", 1)])
    with pytest.raises(UsageError):
        reader.page("Parcel", where=[Where("label", "like", "a")])  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        reader.aggregate("Parcel", where=[Where("nothing", "eq", 1)])
