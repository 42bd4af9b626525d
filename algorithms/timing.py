"""When the complaints of a cause began, and where they are going."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Trend = Literal["rising", "steady", "falling"]
SURE = np.log(20.0)  # a change is told where the data speak for it 20 : 1, all possible days priced in


@dataclass(frozen=True)
class Course:
    """How complaints ran over time: first day of the raised rate, direction at the end, by month."""

    onset: date | None
    trend: Trend | None
    monthly: tuple[tuple[str, int], ...]


def follow(filed: npt.NDArray[np.datetime64], period: tuple[np.datetime64, np.datetime64]) -> Course:
    """Return the course of complaints filed at these moments (NaT: unknown) within a period.

    The onset is the most likely day on which a Poisson rate rose (one change point, by likelihood
    ratio), or the first complaint where none stands out. The trend compares the last third of the
    period with what went before it.
    """
    days = np.sort(filed[~np.isnat(filed)].astype("datetime64[D]").astype(np.int64))
    if not len(days):
        return Course(None, None, ())
    first, last = (int(moment.astype("datetime64[D]").astype(np.int64)) for moment in period)
    length = last - first + 1
    onset = _rise(days, first, length)
    months, counts = np.unique(days.astype("datetime64[D]").astype("datetime64[M]"), return_counts=True)
    monthly = tuple((str(month), int(n)) for month, n in zip(months, counts, strict=True))
    since = days[0] if onset is None else onset
    return Course(_day(since), _direction(days, first, length), monthly)


def _day(number: int) -> date:
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


def _gain(
    before: npt.ArrayLike, time_before: npt.ArrayLike, after: npt.ArrayLike, time_after: npt.ArrayLike
) -> Numbers:
    """Return the log likelihood ratio of two Poisson rates against one."""
    n0, t0, n1, t1 = (np.asarray(x, np.float64) for x in (before, time_before, after, time_after))
    pooled = (n0 + n1) / (t0 + t1)

    def term(n: Numbers, t: Numbers) -> Numbers:
        rate = np.divide(n, t, out=np.zeros_like(n * t), where=t > 0)
        ratio = np.divide(rate, pooled, out=np.ones_like(n * t), where=rate > 0)
        return n * np.log(ratio)

    gain: Numbers = term(n0, t0) + term(n1, t1)
    return gain


def _rise(days: Days, first: int, length: int) -> int | None:
    """Return the day from which the rate is higher, if the data say so."""
    splits = np.unique(days)
    splits = splits[splits > first]
    if not len(splits):
        return None
    before = np.searchsorted(days, splits, "left")
    time_before = splits - first
    after, time_after = len(days) - before, length - time_before
    gains = _gain(before, time_before, after, time_after)
    gains[before * time_after > after * time_before] = 0.0
    best = int(np.argmax(gains))
    return int(splits[best]) if gains[best] - np.log(length) > SURE else None


def _direction(days: Days, first: int, length: int) -> Trend:
    edge = first + length - max(length // 3, 1)
    before = int(np.searchsorted(days, edge, "left"))
    after = len(days) - before
    time_before, time_after = edge - first, first + length - edge
    if time_before <= 0 or _gain(before, time_before, after, time_after) <= SURE:
        return "steady"
    return "rising" if after * time_before > before * time_after else "falling"
