"""Rows as a store keeps them, into arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from graph.projection import ARROW_TYPES, MONEY
from schema.kinds import Property
from schema.values import Boolean, Date, Money

ROWS_AT_ONCE = 50_000


def fetch(
    parts: Iterable[Sequence[Sequence[Any]]],
    fixed: Sequence[tuple[str, pa.DataType]],
    properties: Sequence[Property],
) -> pa.Table:
    """Return rows that come some at a time as a table: fixed columns, then stored values of properties."""
    schema = pa.schema([*fixed, *(f for p in properties for f in _fields(p))])
    batches = []
    for some in parts:
        columns = list(zip(*some, strict=True))
        arrays = [pa.array(c, t) for c, (_, t) in zip(columns, fixed, strict=False)]
        for values, p in zip(columns[len(fixed) :], properties, strict=True):
            arrays += _arrays(p, values)
        batches.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema)


def _fields(p: Property) -> list[tuple[str, pa.DataType]]:
    if isinstance(p.value_type, Money):
        return [(p.name, MONEY), (f"{p.name}_currency", pa.string())]
    return [(p.name, ARROW_TYPES.get(p.type, pa.string()))]


def _arrays(p: Property, values: Sequence[Any]) -> list[pa.Array]:
    kind = p.value_type
    if isinstance(kind, Money):
        parts = [(None, None) if v is None else v.split(" ") for v in values]
        amounts = [None if amount is None else Decimal(amount) for amount, _ in parts]
        return [
            pa.array(amounts, MONEY),
            pa.array([currency for _, currency in parts], pa.string()),
        ]
    if isinstance(kind, Boolean):
        return [pa.array(values, pa.int8()).cast(pa.bool_())]
    if isinstance(kind, Date):
        return [pa.array(values, pa.string()).cast(pa.date32())]
    return [pa.array(values, ARROW_TYPES.get(p.type, pa.string()))]
