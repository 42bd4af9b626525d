"""Nodes of every type, joined in every way, and what the contract says of them, in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from graph import And, Condition, Linked, Not, Or, Order, Store, Where
from schema.kinds import Direction, Triple
from schema.values import Amount
from tests.graph.conformance.company import (
    HANDLED,
    NEXT,
    PASSED,
    SENT,
    VOCABULARY,
    Fact,
    LinkFact,
    customer,
    ingest,
    link,
    node,
)


def brl(value: str) -> Amount:
    return Amount(Decimal(value), "BRL")


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LONG_AGO = datetime(1960, 1, 1, tzinfo=UTC)
PARCELS: dict[str, dict[str, Any]] = {
    "": {"label": "empty key", "carrier": "post", "pieces": 2},
    "a": {"label": "Ágil", "carrier": "post", "pieces": 2, "weight": 0.5, "fragile": True, "lost_at": NOON},
    "aa": {"label": "ágil", "carrier": "post", "pieces": 2, "fee": brl("10.00"), "sent_on": date(2026, 3, 1)},
    "b": {"label": "agil 100%", "carrier": "air", "pieces": 10, "weight": -1.0, "lost_at": NOON + TICK},
    "c": {"label": "Z_z", "carrier": "air", "pieces": -3, "fee": brl("9.90"), "sent_on": date(1999, 12, 31)},
    "d": {"label": "STRASSE", "pieces": 10, "fee": Amount(Decimal("9.90"), "EUR"), "fragile": False},
    "e": {},
    "f": {"carrier": "post", "weight": 2.0, "fee": brl("100"), "fragile": True, "lost_at": NOON},
    "Z": {"label": "～", "carrier": "Post", "weight": 2.0, "sent_on": date(2026, 3, 1)},
    "á": {
        "label": "😀 agil",
        "carrier": "😀",
        "fee": brl("-9.9"),
        "lost_at": LONG_AGO,
    },
    "～": {"label": "straße", "carrier": "～", "pieces": 10},
    "😀": {"carrier": "", "pieces": 0, "weight": 0.0, "fragile": False},
}
AGENTS: dict[str, dict[str, Any]] = {"bob": {"name": "Bob"}, "eve": {"name": "Eve Agil"}}
CUSTOMERS: dict[str, dict[str, Any]] = {
    "ana": {"name": "Ana", "email": "ana@example.com", "segment": "home"},
    "rui": {"name": "Rui", "segment": "company"},
    "sol": {},
}
REGIONS: dict[str, dict[str, Any]] = {"north": {"name": "North"}, "south": {}}
NODES: dict[str, dict[str, dict[str, Any]]] = {
    "Parcel": PARCELS,
    "Agent": AGENTS,
    "Customer": CUSTOMERS,
    "Region": REGIONS,
}
LINKS: list[tuple[Triple, str, str, Any]] = [
    *((NEXT, start, end, None) for start, end in ("ab", "ba", "aa", "bc", "cd", "de", "ef", "fa", "fb")),
    (NEXT, "😀", "", None),
    (NEXT, "～", "😀", None),
    *((SENT, "ana", parcel, None) for parcel in ("a", "b", "c", "Z", "á", "～", "😀", "")),
    *((SENT, "rui", parcel, None) for parcel in ("b", "d", "f")),
    *((PASSED, parcel, "north", scan) for parcel in ("a", "b", "f", "Z") for scan in (3, 1)),
    (PASSED, "c", "north", None),
    (PASSED, "c", "north", 7),
    (PASSED, "a", "south", 2),
    (HANDLED, "a", "bob", 1),
    (HANDLED, "e", "bob", 1),
    (HANDLED, "e", "eve", 2),
]


def fill(store: Store) -> None:
    """Write the goods: what one record says of a customer, the other says again."""
    said: list[Fact] = [
        node(kind, key, **properties)
        for kind, nodes in NODES.items()
        if kind != "Customer"
        for key, properties in nodes.items()
    ]
    said += [customer(key, **properties) for key, properties in CUSTOMERS.items()]
    said += [link(t, start, end, **({} if slot is None else {"scan": slot})) for t, start, end, slot in LINKS]
    again = [fact for fact in said if isinstance(fact, LinkFact)]
    ingest(store, a={"1": said}, b={"1": again})


def near(triple: Triple, direction: Direction, key: str) -> list[tuple[str, Any]]:
    """Return the keys of the neighbours of a node, each with the slot."""
    if direction is Direction.OUT:
        return [(end, slot) for t, start, end, slot in LINKS if (t, start) == (triple, key)]
    return [(start, slot) for t, start, end, slot in LINKS if (t, end) == (triple, key)]


def value_of(kind: str, key: str, name: str) -> Any:
    return key if name == "key" else NODES[kind][key].get(name)


def meets(kind: str, key: str, condition: Condition) -> bool:
    """Tell whether a node meets a condition."""
    if isinstance(condition, Where):
        return _holds(value_of(kind, key, condition.name), condition)
    if isinstance(condition, And):
        return all(meets(kind, key, c) for c in condition.conditions)
    if isinstance(condition, Or):
        return any(meets(kind, key, c) for c in condition.conditions)
    if isinstance(condition, Not):
        return not meets(kind, key, condition.condition)
    assert isinstance(condition, Linked)
    other = condition.triple.end if condition.direction is Direction.OUT else condition.triple.start
    return any(
        all(meets(other, found, c) for c in condition.conditions)
        for found, _ in near(condition.triple, condition.direction, key)
    )


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": lambda a, b: bool(a < b),
    "le": lambda a, b: bool(a <= b),
    "gt": lambda a, b: bool(a > b),
    "ge": lambda a, b: bool(a >= b),
}


def _holds(value: Any, w: Where) -> bool:
    if w.op == "is_null":
        return (value is None) is (w.value is not False)
    if w.op in ("eq", "ne"):
        return (value == w.value) is (w.op == "eq")
    if value is None or w.value is None:
        return False
    if w.op == "in":
        return any(value == wanted for wanted in w.value)
    if w.op == "contains":
        return w.value.casefold() in value.casefold()
    if w.op == "starts":
        if w.name == "key":
            return bool(value.startswith(w.value))
        return bool(value.casefold().startswith(w.value.casefold()))
    if isinstance(value, Amount):
        return value.currency == w.value.currency and _COMPARE[w.op](value.value, w.value.value)
    return _COMPARE[w.op](value, w.value)


def select(kind: str, where: Sequence[Condition] = ()) -> list[str]:
    """Return the keys of the nodes that meet all conditions, sorted."""
    return sorted(key for key in NODES[kind] if meets(kind, key, And(where)))


def ranked(value: Any) -> tuple[bool, Any]:
    """Return what sorts values of one type: nulls first, money by currency first."""
    if isinstance(value, Amount):
        return (True, (value.currency, value.value))
    return (value is not None, 0 if value is None else value)


def arrange(kind: str, keys: Sequence[str], order: Order | None) -> list[str]:
    """Return keys in an order."""
    o = order or Order("key")
    return sorted(keys, key=lambda key: (ranked(value_of(kind, key, o.name)), key), reverse=o.descending)


def arrange_near(kind: str, found: Sequence[tuple[str, Any]], order: Order | None) -> list[tuple[str, Any]]:
    """Return neighbours, as key and slot, in an order."""
    o = order or Order("key")
    return sorted(
        found,
        key=lambda n: (ranked(value_of(kind, n[0], o.name)), n[0], ranked(n[1])),
        reverse=o.descending,
    )


assert set(NODES) <= set(VOCABULARY.kinds)
