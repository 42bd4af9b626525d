"""The values of a property as numbers that can be added and compared, and back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.aggregation.arrays import Arrays
from algorithms.aggregation.coding import encode
from algorithms.reach import Chosen
from schema import UsageError

SUMS = pa.decimal128(38, 4)
PLACES = 4  # of money, which is counted in ten-thousandths


@dataclass(frozen=True, eq=False)
class Scale:
    """Values as numbers, shape (n,): whole ones, but for the type `number`.

    Texts are their places among `values`, dates are days, times microseconds, money ten-thousandths of the
    currency that is its place among `currencies`. `there`: which are not null.
    """

    numbers: npt.NDArray[Any]
    there: Chosen
    type: pa.DataType
    values: pa.Array | None = None
    currency: npt.NDArray[np.int64] | None = None
    currencies: tuple[str, ...] = ("",)

    @property
    def is_money(self) -> bool:
        """Whether it is of sums of money."""
        return self.currency is not None

    def restore(self, numbers: npt.NDArray[Any], there: Chosen) -> pa.Array:
        """Return values of numbers, null where there is none; whole numbers may be greater than 64 bits."""
        if self.values is not None:
            return self.values.take(pa.array(numbers, pa.int64(), mask=~there))
        if self.is_money:
            found = [
                Decimal(int(n)).scaleb(-PLACES) if held else None
                for n, held in zip(numbers, there, strict=True)
            ]
            return pa.array(found, SUMS)
        if numbers.dtype == object:
            return _restore_whole(numbers, there)
        if pa.types.is_integer(self.type) and numbers.dtype.kind == "f":
            return pa.array(numbers, mask=~there)
        whole = pa.array(numbers, mask=~there)
        if pa.types.is_date(self.type) or pa.types.is_boolean(self.type):
            whole = whole.cast(pa.int32())
        return whole.cast(self.type)


def _restore_whole(numbers: npt.NDArray[Any], there: Chosen) -> pa.Array:
    found = [int(n) if held else None for n, held in zip(numbers, there, strict=True)]
    try:
        return pa.array(found, pa.int64())
    except (OverflowError, pa.ArrowInvalid):
        return pa.array([None if n is None else Decimal(n) for n in found], pa.decimal128(38, 0))


def read_scale(arrays: Arrays, kind: str, name: str) -> Scale:
    """Return the values of a property as numbers."""
    return arrays.snapshot.keep(("scale", kind, name), lambda: _read_scale(arrays, kind, name))


def _read_scale(arrays: Arrays, kind: str, name: str) -> Scale:
    column = arrays.column(kind, name)
    there = column.is_valid().to_numpy(zero_copy_only=False)
    type_ = column.type
    if pa.types.is_decimal(type_):
        codes, names = encode(arrays.currency(kind, name))
        return Scale(
            _count_ten_thousandths(column), there & (codes > 0), type_, currency=codes.astype(np.int64) - 1,
            currencies=tuple(names.to_pylist()),
        )  # fmt: skip
    if pa.types.is_floating(type_):
        return Scale(pc.fill_null(column, 0.0).to_numpy(), there, type_)
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        codes, values = encode(column)
        return Scale(codes.astype(np.int64) - 1, there, type_, values)
    if pa.types.is_date(type_) or pa.types.is_boolean(type_):
        column = column.cast(pa.int32())
    whole = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
    return Scale(whole, there, type_)


def _count_ten_thousandths(column: pa.Array) -> npt.NDArray[np.int64]:
    """Return sums of money as whole numbers: those that a decimal of 18 digits is kept as."""
    if column.type.precision > 18 or column.type.scale != PLACES:
        raise UsageError(f"sums of money are of the type decimal128(18, {PLACES})")
    if not len(column):
        return np.zeros(0, np.int64)
    halves = np.frombuffer(column.buffers()[1], np.int64)[: 2 * (column.offset + len(column))]
    return np.where(column.is_valid().to_numpy(zero_copy_only=False), halves[::2][column.offset :], 0)
