"""What all stores check of a question alike: limits, names, values, conditions, cursors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from graph.model import And, Condition, Linked, Not, Or, Order, Where
from schema.errors import UsageError
from schema.kinds import Direction, NodeKind, Property, Triple
from schema.values import Stored
from schema.vocabulary import Vocabulary

OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts", "is_null")
KEY = Property("name", "text")  # how a key is stored and compared
MOST, DEEPEST = 2_000, 9  # conditions in one question, and within each other


def check_limit(limit: int) -> None:
    """Refuse a limit that lets nothing through."""
    if not 1 <= limit < 2**31:
        raise UsageError(f"a limit of {limit} cannot be", hint="it is at least one")


def get_property(kind: NodeKind, name: str) -> Property:
    """Return a property of a kind, or what a key is like; `UsageError` if there is no such property."""
    if name == "key":
        return KEY
    found = kind.properties.get(name)
    if found is None:
        raise UsageError(
            f"{kind.name} has no property {name!r}", hint="one of " + ", ".join(("key", *kind.properties))
        )
    return found


def get_ends(vocabulary: Vocabulary, triple: Triple, direction: Direction) -> tuple[str, str]:
    """Return the kinds from and to which a triple leads, walked this way; `UsageError` if there is none."""
    vocabulary.get_triple(triple.start, triple.type, triple.end)
    ends = (triple.start, triple.end)
    return ends if direction is Direction.OUT else (ends[1], ends[0])


def check_conditions(where: Sequence[Condition]) -> None:
    """Refuse what is no condition, and more of them than can be answered."""
    count = 0
    pending: list[tuple[Any, int, int]] = [(condition, 1, 1) for condition in where]
    while pending:
        condition, depth, layers = pending.pop()
        count += 1
        if count > MOST or depth > DEEPEST or layers > 3 * DEEPEST:
            raise UsageError(
                "these are too many conditions, or too deep within each other",
                hint=f"{MOST:,} in all and {DEEPEST} levels are the most; `in` takes any number of values",
            )
        depth += not isinstance(condition, And)  # it is as deep as what it stands in
        pending += [(inner, depth, layers + 1) for inner in _within(condition)]


def _within(condition: Any) -> Iterable[Any]:
    if isinstance(condition, And | Or | Linked):
        return condition.conditions
    if isinstance(condition, Not):
        return (condition.condition,)
    if isinstance(condition, Where):
        if condition.op not in OPERATORS:
            raise UsageError(f"there is no condition {condition.op!r}", hint="one of " + ", ".join(OPERATORS))
        return ()
    raise UsageError(f"{condition!r} is no condition")


def encode_value(kind: NodeKind, name: str, value: Any) -> Stored:
    """Return a value as it is stored; `UsageError` where the property cannot have it."""
    value_type = get_property(kind, name).value_type
    if value_type.python is float and type(value) is int and abs(value) < 2**63:
        value = float(value)
    elif isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    if type(value) is not value_type.python or (type(value) is not str and not value_type.validate(value)):
        raise UsageError(f"{kind.name}.{name} cannot be {value!r}", hint=value_type.about)
    if type(value) is str:
        check_text(value)
    return value_type.encode(value)


def check_text(text: str) -> None:
    """Refuse a text with half a letter in it (a lone surrogate), which nothing is written in."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{text!r} is no valid text") from None


def encode_values(kind: NodeKind, where: Where) -> list[Stored]:
    """Return the values of `in` as they are stored; null is none of them."""
    if isinstance(where.value, str | bytes) or not isinstance(where.value, Iterable):
        raise UsageError(f"`in` takes a list of values, not {where.value!r}")
    return [encode_value(kind, where.name, value) for value in where.value if value is not None]


def fold_part(kind: NodeKind, where: Where) -> str:
    """Return what a text is to contain or to start with, in the case in which it is compared."""
    p = get_property(kind, where.name)
    if p.value_type.python is not str:
        raise UsageError(f"{kind.name}.{where.name} is a {p.type}: only texts {where.op.rstrip('s')}")
    if not isinstance(where.value, str):
        raise UsageError(f"`{where.op}` takes a text, not {where.value!r}")
    check_text(where.value)
    return where.value if (where.name, where.op) == ("key", "starts") else where.value.casefold()


def write_cursor(order: Order | None, *place: Any) -> str:
    """Return a place in an order as an opaque text: the stored value, the key, and what else tells apart."""
    return orjson.dumps(["key" if order is None else order.name, *place]).decode()


def read_cursor(kind: NodeKind, order: Order | None, cursor: str, size: int) -> list[Any]:
    """Return the place that a cursor holds; `UsageError` where it holds none in this order."""
    name = "key" if order is None else order.name
    try:
        place: list[Any]
        given, *place = orjson.loads(cursor)
        if given != name or len(place) != size or not isinstance(place[1], str):
            raise ValueError("not of this order")
        if name != "key" and place[0] is not None:
            _check_stored(get_property(kind, name), place[0])
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        raise UsageError(
            f"{cursor!r} is no cursor of this order", hint="pass one that came with an answer"
        ) from None
    return place


def _check_stored(p: Property, stored: Any) -> None:
    """Raise what `read_cursor` expects where a value is none that the property could have."""
    number = isinstance(stored, int | float) and not isinstance(stored, bool) and math.isfinite(stored)
    if not (isinstance(stored, str) if p.value_type.storage == "text" else number):
        raise ValueError("not of this type")
    p.value_type.decode(stored)


def conjuncts(where: Sequence[Condition]) -> Iterator[Condition]:
    """Yield conditions all of which must be met, those of an `And` one by one."""
    for condition in where:
        if isinstance(condition, And):
            yield from conjuncts(condition.conditions)
        else:
            yield condition
