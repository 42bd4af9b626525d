"""Properties, kinds, relationship types and their names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from schema.kinds import (
    RESERVED,
    VALUE_TYPES,
    NodeKind,
    Property,
    RelationshipType,
    Sensitivity,
    Triple,
    humanise,
    name_in,
)
from schema.values import Amount, ValueType


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("days_late", "days late"),
        ("OrderItem", "order item"),
        ("RESOLVES_TO", "resolves to"),
        ("Tower5G", "tower5 g"),
        ("x", "x"),
    ],
)
def test_names_as_words(name: str, words: str) -> None:
    assert humanise(name) == words


def test_a_label_falls_back_to_english_then_to_the_name() -> None:
    assert name_in({"en": "late", "pt": "atraso"}, "days_late", "pt") == "atraso"
    assert name_in({"en": "late", "pt": "atraso"}, "days_late", "es") == "late"
    assert name_in({"pt": "atraso"}, "days_late", "es") == "days late"


@pytest.mark.parametrize(
    "name", ["", "Name", "1st", "a-b", "a__b", "_a", "a_", "ñ", 'a"b', "a b", *sorted(RESERVED)]
)
def test_a_property_needs_a_proper_name(name: str) -> None:
    with pytest.raises(ValueError, match="property"):
        Property(name)


def test_a_property_needs_a_known_type() -> None:
    with pytest.raises(ValueError, match="words"):
        Property("x", "words")
    assert Property("x").sensitivity is Sensitivity.PUBLIC


@pytest.mark.parametrize("name", VALUE_TYPES)
def test_value_types_know_themselves(name: str) -> None:
    value_type = Property("x", name).value_type
    assert isinstance(value_type, ValueType)
    assert (value_type.name, bool(value_type.about)) == (name, True)
    assert value_type.storage in ("text", "integer", "real")
    assert all(hasattr(value_type, option) for option in value_type.options)


@pytest.mark.parametrize("name", ["", "order", "Order Item", "Ñ", "1Order", 'A"', "A" * 41, "A_B"])
def test_a_kind_needs_a_proper_name(name: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        NodeKind(name)


def test_a_caption_is_the_first_property_with_a_value() -> None:
    properties = {"fee": Property("fee", "money"), "on": Property("on", "date")}
    kind = NodeKind("Order", properties, caption=("fee", "on"))
    assert kind.caption_of("k", {"fee": Amount(Decimal("1234.5"), "BRL")}) == "1,234.50 BRL"
    assert kind.caption_of("k", {"fee": None, "on": date(2026, 11, 24)}) == "2026-11-24"
    assert kind.caption_of("k", {}) == "k"
    with pytest.raises(ValueError, match="nothing"):
        NodeKind("Order", properties, caption=("nothing",))


@pytest.mark.parametrize("name", ["", "sent", "SENT-TO", "_SENT", "SENT_", "SENT__TO", "1SENT", "É"])
def test_a_relationship_needs_a_proper_name(name: str) -> None:
    with pytest.raises(ValueError, match="relationship"):
        RelationshipType(name, ())


def test_a_relationship_has_a_triple_for_each_pair_of_ends() -> None:
    type_ = RelationshipType("IN", (("Store", "Region"), ("Tower", "Region")))
    assert [str(t) for t in type_.triples()] == ["Store-IN->Region", "Tower-IN->Region"]
    assert sorted([Triple("B", "X", "A"), Triple("A", "Y", "B")])[0].start == "A"


def test_a_slot_is_a_property() -> None:
    with pytest.raises(ValueError, match="slot"):
        RelationshipType("IN", (), slot="at")


def test_the_currency_of_a_sum_has_a_name_of_its_own() -> None:
    properties = {"fee": Property("fee", "money"), "fee_currency": Property("fee_currency")}
    with pytest.raises(ValueError, match="fee_currency"):
        NodeKind("Order", properties)
    with pytest.raises(ValueError, match="fee_currency"):
        RelationshipType("IN", (), properties)
