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
from graph.questions import encode_value, encode_values, fold_part, get_ends
from schema import UsageError
from schema.paths import Step

_COMPARE = {
    "eq": pc.equal,
    "lt": pc.less,
    "le": pc.less_equal,
    "gt": pc.greater,
    "ge": pc.greater_equal,
}


def choose(arrays: Arrays, kind: str, conditions: Sequence[Condition]) -> Chosen | None:
    """Return which nodes of a kind meet all conditions, shape (n,); None where there are none: all do.

    A value that the store would not take is a `UsageError` here, too.
    """
    met = [meet(arrays, kind, condition) for condition in conditions]
    return np.logical_and.reduce(met) if met else None


def meet(arrays: Arrays, kind: str, condition: Condition) -> Chosen:
    """Return which nodes of a kind meet a condition, shape (n,)."""
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
    near, far = get_ends(arrays.vocabulary, condition.triple, condition.direction)
    if near != kind:
        raise UsageError(f"{condition.triple} does not lead from a {kind} that way")
    source, target = arrays.ends(Step(condition.triple, condition.direction))
    met = choose(arrays, far, condition.conditions)
    found = np.zeros(arrays.size(kind), np.bool_)
    found[source if met is None else source[met[target]]] = True
    return found


def _compare(arrays: Arrays, kind: str, where: Where) -> Chosen:
    if where.op == "ne":
        return ~_compare(arrays, kind, Where(where.name, "eq", where.value))
    column, value = arrays.column(kind, where.name), where.value
    if where.op == "is_null" or (where.op == "eq" and value is None):
        missing = column.is_null().to_numpy(zero_copy_only=False)
        return np.asarray(missing if value is not False else ~missing, np.bool_)
    if where.op in ("contains", "starts"):
        return _look_into(arrays, kind, where)
    if value is None:
        return np.zeros(len(column), np.bool_)
    return _compare_values(arrays, kind, where, column)


def _compare_values(arrays: Arrays, kind: str, where: Where, column: pa.Array) -> Chosen:
    declared = arrays.vocabulary.get_kind(kind)
    if where.op == "in":
        encode_values(declared, where)
        values = [each for each in where.value if each is not None]
    else:
        encode_value(declared, where.name, where.value)
        values = [where.value]
    if pa.types.is_decimal(column.type):
        return _compare_money(where.op, column, arrays.currency(kind, where.name), values)
    if pa.types.is_boolean(column.type):  # which Arrow does not order
        column, values = column.cast(pa.int8()), [int(each) for each in values]
    if where.op == "in":
        return as_chosen(pc.is_in(column, value_set=pa.array(values, column.type)))
    return as_chosen(_COMPARE[where.op](column, pa.scalar(values[0], column.type)))


def _compare_money(op: str, column: pa.Array, currency: pa.Array, values: Sequence[Any]) -> Chosen:
    """Compare sums of money, each within its currency."""
    found = np.zeros(len(column), np.bool_)
    for value in values:
        met = _COMPARE["eq" if op == "in" else op](column, pa.scalar(value.value, column.type))
        found |= as_chosen(pc.and_(met, pc.equal(currency, value.currency)))
    return found


def _look_into(arrays: Arrays, kind: str, where: Where) -> Chosen:
    wanted = fold_part(arrays.vocabulary.get_kind(kind), where)
    column = arrays.column(kind, where.name)
    if where.op == "starts" and where.name == "key":
        return as_chosen(pc.starts_with(column, wanted))
    folded = arrays.snapshot.keep(("folded", kind, where.name), lambda: _fold_case(column))
    look = pc.match_substring if where.op == "contains" else pc.starts_with
    return as_chosen(look(folded, wanted))


def _fold_case(texts: pa.Array) -> pa.Array:
    """Return texts as they compare without regard to case (Arrow has lower case only, where ß is not ss)."""
    encoded = texts.dictionary_encode()
    folded = pa.array([text.casefold() for text in encoded.dictionary.to_pylist()], texts.type)
    return folded.take(encoded.indices)
