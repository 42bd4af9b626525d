"""Conditions on the nodes of a kind, tested on arrays: true or false, as in the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.aggregation.arrays import Arrays, as_chosen
from algorithms.reach import Chosen
from graph import And, Condition, Linked, Not, Where
from schema import Amount, Direction, UsageError
from schema.paths import Step

_COMPARE = {
    "eq": pc.equal,
    "lt": pc.less,
    "le": pc.less_equal,
    "gt": pc.greater,
    "ge": pc.greater_equal,
}
OPERATORS = (*_COMPARE, "ne", "in", "contains", "starts", "is_null")


def choose(arrays: Arrays, kind: str, conditions: Sequence[Condition]) -> Chosen | None:
    """Return which nodes of a kind meet all conditions, shape (n,); None where there are none: all do."""
    chosen: Chosen | None = None
    for condition in conditions:
        met = meet(arrays, kind, condition)
        chosen = met if chosen is None else chosen & met
    return chosen


def meet(arrays: Arrays, kind: str, condition: Condition) -> Chosen:
    """Return which nodes of a kind meet a condition, shape (n,).

    `UsageError` of what cannot be compared, `RefusedError` of a property that is not shown to who asks.
    """
    if isinstance(condition, Where):
        return _compare(arrays, kind, condition)
    if isinstance(condition, Not):
        return ~meet(arrays, kind, condition.condition)
    if isinstance(condition, Linked):
        return _meet_linked(arrays, kind, condition)
    found = np.full(arrays.size(kind), isinstance(condition, And))
    for each in condition.conditions:
        met = meet(arrays, kind, each)
        found = found & met if isinstance(condition, And) else found | met
    return found


def _meet_linked(arrays: Arrays, kind: str, condition: Linked) -> Chosen:
    step = Step(condition.triple, condition.direction)
    here = condition.triple.start if condition.direction is Direction.OUT else condition.triple.end
    if here != kind:
        raise UsageError(f"{condition.triple} does not join a {kind} that way", hint="turn the direction")
    source, target = arrays.ends(step)
    met = choose(arrays, step.to, condition.conditions)
    found = np.zeros(arrays.size(kind), np.bool_)
    found[source if met is None else source[met[target]]] = True
    return found


def _compare(arrays: Arrays, kind: str, where: Where) -> Chosen:
    if where.op not in OPERATORS:
        raise UsageError(f"there is no condition {where.op!r}", hint=f"one of {', '.join(OPERATORS)}")
    if where.op == "ne":
        return ~_compare(arrays, kind, Where(where.name, "eq", where.value))
    column, value = arrays.column(kind, where.name), where.value
    if where.op == "is_null" or (where.op == "eq" and value is None):
        missing = pc.is_null(column).to_numpy(zero_copy_only=False)
        return np.asarray(missing if value is not False else ~missing, np.bool_)
    if value is None:
        return np.zeros(len(column), np.bool_)
    if where.op in ("contains", "starts"):
        return _look_into(arrays, kind, where)
    if pa.types.is_decimal(column.type):
        return _compare_money(arrays, kind, where)
    return as_chosen(_compare_values(where, column))


def _compare_values(where: Where, column: pa.Array) -> pa.Array:
    if where.op == "in":
        wanted = [_scalar(where, v, column.type).as_py() for v in where.value if v is not None]
        return pc.is_in(column, value_set=pa.array(wanted, column.type))
    value = _scalar(where, where.value, column.type)
    if pa.types.is_boolean(column.type):  # which Arrow does not order
        column, value = column.cast(pa.int8()), value.cast(pa.int8())
    return _COMPARE[where.op](column, value)


def _compare_money(arrays: Arrays, kind: str, where: Where) -> Chosen:
    """Compare sums of money, each within its currency."""
    column = arrays.column(kind, where.name)
    currency = arrays.column(kind, f"{where.name}_currency")
    found = np.zeros(len(column), np.bool_)
    for value in where.value if where.op == "in" else [where.value]:
        if value is None:
            continue
        if not isinstance(value, Amount):
            raise UsageError(f"{where.name} is compared with sums of money, and {value!r} is none")
        compare = _COMPARE["eq" if where.op == "in" else where.op]
        amount = _scalar(where, value.value, column.type)
        found |= as_chosen(pc.and_(compare(column, amount), pc.equal(currency, value.currency)))
    return found


def _scalar(where: Where, value: Any, type_: pa.DataType) -> pa.Scalar:
    try:
        return pa.scalar(value, type_)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        raise UsageError(f"{where.name} cannot be compared with {value!r}") from None


def _look_into(arrays: Arrays, kind: str, where: Where) -> Chosen:
    column, wanted = arrays.column(kind, where.name), str(where.value)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        raise UsageError(f"{where.name} is no text to look into", hint="compare it")
    if where.op == "starts" and where.name == "key":
        return as_chosen(pc.starts_with(column, wanted))
    folded = arrays.snapshot.keep(("folded", kind, where.name), lambda: _fold_case(column))
    look = pc.match_substring if where.op == "contains" else pc.starts_with
    return as_chosen(look(folded, wanted.casefold()))


def _fold_case(texts: pa.Array) -> pa.Array:
    """Return texts as they compare without regard to case (Arrow has lower case only, where ß is not ss)."""
    encoded = texts.dictionary_encode()
    folded = pa.array([text.casefold() for text in encoded.dictionary.to_pylist()], texts.type)
    return folded.take(encoded.indices)
