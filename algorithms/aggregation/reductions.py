"""Many numbers to one, cell by cell."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from algorithms.aggregation.cells import Cells
from algorithms.aggregation.scales import Scale

Numbers = npt.NDArray[Any]
EXACT = 2.0**53  # whole numbers up to which floats have no gaps
_LIMB = 21  # bits of a whole number that are added at a time, exactly for up to 2^32 of them


def reduce(op: str, q: float, cells: Cells, scale: Scale) -> pa.Array:
    """Return what an operation (of `Measure`) makes of each cell, null of nothing; `q`: which quantile.

    Sums of whole numbers and money are exact. Means and quantiles of whole numbers are floats, those of money
    are rounded half to even.
    """
    numbers, count = scale.numbers[cells.nodes], cells.count()
    if op == "distinct":
        return pa.array(_count_distinct(cells, scale))
    if op in ("min", "max"):
        found = _find_extremes(op, cells, numbers)
    elif op == "quantile":
        found = _find_quantiles(q, cells, scale)
    else:
        found = _add_up(cells, numbers)
        if op == "mean":
            found = _divide(found, np.maximum(count, 1), scale)
    return scale.restore(found, count > 0)


def _count_distinct(cells: Cells, scale: Scale) -> Numbers:
    distinct, places = np.unique(scale.numbers[cells.nodes], return_inverse=True)
    if scale.currency is not None:
        places = places * len(scale.currencies) + scale.currency[cells.nodes]
    return cells.count_distinct(len(distinct) * len(scale.currencies), places)


def _find_extremes(op: str, cells: Cells, numbers: Numbers) -> Numbers:
    reach = np.minimum if op == "min" else np.maximum
    found = np.zeros(cells.size, numbers.dtype)
    found[cells.cells] = numbers  # some value of each
    reach.at(found, cells.cells, numbers)
    return found


def _add_up(cells: Cells, numbers: Numbers) -> Numbers:
    """Return the sum of each cell; whole numbers exactly, as Python's where they need more than 53 bits."""
    if numbers.dtype.kind == "f" or float(np.abs(numbers, dtype=np.float64).sum()) < EXACT:
        sums = np.bincount(cells.cells, numbers, minlength=cells.size)
        return sums if numbers.dtype.kind == "f" else sums.astype(np.int64)
    total, left = np.zeros(cells.size, object), numbers
    for shift in range(0, 64, _LIMB):
        part = left & ((1 << _LIMB) - 1) if shift + _LIMB < 64 else left
        sums = np.bincount(cells.cells, part, minlength=cells.size)
        total += np.array([int(s) << shift for s in sums], object)
        left = left >> _LIMB
    return total


def _divide(sums: Numbers, count: Numbers, scale: Scale) -> Numbers:
    if not scale.is_money:
        return np.asarray(sums / count, np.float64)
    means = (round(Fraction(int(s), int(n))) for s, n in zip(sums, count, strict=True))
    return np.fromiter(means, np.int64, len(sums))


def _find_quantiles(q: float, cells: Cells, scale: Scale) -> Numbers:
    """Return the quantile of each cell, interpolated between the two values that it lies between.

    That is definition 7 of Hyndman and Fan 1996 (The American Statistician 50), which numpy and pandas take.
    """
    order = np.lexsort((scale.numbers[cells.nodes], cells.cells))
    numbers, count = scale.numbers[cells.nodes][order], cells.count()
    if not len(numbers):
        return np.zeros(cells.size, scale.numbers.dtype)
    place = np.maximum(count - 1, 0) * q
    below = np.minimum(np.cumsum(count) - count + np.floor(place).astype(np.int64), len(numbers) - 1)
    above = np.minimum(below + (place % 1 > 0), len(numbers) - 1)
    between = (numbers[above] - numbers[below]) * (place % 1)
    if scale.is_money:
        return np.asarray(numbers[below] + np.rint(between).astype(np.int64))
    if pa.types.is_temporal(scale.type):
        return np.asarray(numbers[below] + np.floor(between).astype(np.int64))
    return np.asarray(numbers[below] + between)
