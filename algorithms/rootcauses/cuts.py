"""Cut points of a number or a date, chosen without looking at the outcomes.

Being blind to the outcomes keeps the description price an exact union bound: the cuts that could
be tried are the cuts that there are.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_CUTS = 96
_DATE_STEPS = ("Y", "M", "D", "h", "m", "s")


def choose_cuts(values: NDArray[Any], held: NDArray[np.int64]) -> NDArray[Any]:
    """The rising cuts of `values` (rising float64 or datetime64, each held by `held` units), same type.

    Units with `cuts[i] <= value < cuts[i + 1]` are one bin; no bin is empty. Few distinct values
    are all cuts; else each gap between quantiles (every 1/64, finer in both tails, where what is
    unusual lies) is cut at its roundest value.
    """
    is_date = values.dtype.kind == "M"
    finite = np.ones(len(values), dtype=np.bool_) if is_date else np.isfinite(values)
    distinct = values[finite]
    if len(distinct) <= MAX_CUTS:
        cuts = distinct if len(distinct) < len(values) else distinct[1:]
        return np.asarray(cuts if is_date or not np.any(np.isneginf(values)) else distinct)
    tails = 0.5 ** np.arange(6.5, 11.5, 0.5)
    shares = np.sort(np.r_[np.arange(1, 64) / 64, tails, 1 - tails])
    below = np.cumsum(held[finite])
    places = np.searchsorted(below, (shares * (below[-1] - 1)).astype(np.int64), side="right")
    edges = distinct[np.unique(np.r_[0, places])]
    find = _find_round_date if is_date else _find_round_number
    return np.array([find(a, b) for a, b in pairwise(edges)], values.dtype)


def _find_round_number(low: float, high: float) -> float:
    """The roundest number above `low` and not above `high`."""
    if low < 0 <= high:
        return 0.0
    for power in range(math.floor(math.log10(max(abs(low), abs(high)))) + 1, -15, -1):
        for part in (1.0, 0.5, 0.2, 0.1):
            step = part * 10.0**power
            value = round(math.floor(high / step) * step, max(0, 1 - power))
            if low < value <= high:
                return float(value)
    return float(high)


def _find_round_date(low: np.datetime64, high: np.datetime64) -> np.datetime64:
    """The start of a year, month, Monday, day, hour... after `low` and not after `high`."""
    for step in _DATE_STEPS:
        start = high.astype(f"datetime64[{step}]").astype(high.dtype)
        if step == "D":
            day = high.astype("datetime64[D]")
            monday = day - (day.astype(np.int64) + 3) % 7
            if monday.astype(high.dtype) > low:
                return np.datetime64(monday.astype(high.dtype))
        if low < start <= high:
            return np.datetime64(start)
    return high
