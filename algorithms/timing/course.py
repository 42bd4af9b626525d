"""The course of a cause: since when, where it is going, whether it is rising now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from algorithms.timing.emerging import find_emerging
from algorithms.timing.onset import find_onset
from algorithms.timing.rates import find_dispersion, fit_levels
from algorithms.timing.series import Group, Series, count_cells

Trend = Literal["rising", "steady", "falling"]
LEVEL = 1.96  # standard errors of a 95 % interval
WIDEST = 7.0  # half of an interval, in logs, beyond which nothing is known


@dataclass(frozen=True)
class Rising:
    """A rise that is going on now: its first day, complaints since then, those expected, their ratio."""

    since: date
    complaints: int
    expected: float
    ratio: float


@dataclass(frozen=True)
class Course:
    """How a cause ran over time, against all other complaints and, where known, the units exposed.

    `onset`: the day from which it is stronger, `onset_low` to `onset_high` the days on which that may
    lie (95 %), `onset_ratio` how many times stronger, `ended` the first day on which that was over. Where
    no change stands out, `onset` is the first complaint and the others are None. `trend_ratio`: strength
    in the last third of the period over that before, with its 95 % interval; None where it is not known.
    """

    onset: date | None = None
    onset_low: date | None = None
    onset_high: date | None = None
    onset_ratio: float | None = None
    ended: date | None = None
    trend: Trend | None = None
    trend_ratio: float | None = None
    trend_low: float | None = None
    trend_high: float | None = None
    emerging: Rising | None = None
    monthly: tuple[tuple[str, int], ...] = ()


def follow(inside: Group, others: Group, period: tuple[int, int]) -> Course:
    """Return the course of the complaints inside, within a period of days (as numbers since 1970)."""
    if not len(inside.filed):
        return Course()
    cells = count_cells(inside, others, *period)
    onset = find_onset(cells)
    series = cells.series()
    rising = find_emerging(series)
    if onset is not None and onset.ended is not None and rising is not None and onset.ended > rising.since:
        rising = None  # it was one, and is over
    months = inside.filed.astype("datetime64[D]").astype("datetime64[M]")
    names, counts = np.unique(months, return_counts=True)
    trend, *ratio = _follow_trend(series)
    return Course(
        onset=as_date(int(inside.filed.min()) if onset is None else onset.day),
        onset_low=None if onset is None else as_date(onset.low),
        onset_high=None if onset is None else as_date(onset.high),
        onset_ratio=None if onset is None else onset.ratio,
        ended=None if onset is None or onset.ended is None else as_date(onset.ended),
        trend=trend,
        trend_ratio=ratio[0],
        trend_low=ratio[1],
        trend_high=ratio[2],
        emerging=None
        if rising is None
        else Rising(as_date(rising.since), rising.complaints, rising.expected, rising.ratio),
        monthly=tuple((str(month), int(n)) for month, n in zip(names, counts, strict=True)),
    )


def as_date(number: int) -> date:
    """Return the day that a number since 1970 is."""
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


def _follow_trend(series: Series) -> tuple[Trend | None, float | None, float | None, float | None]:
    """Return the direction at the end, and the ratio of strengths with its interval."""
    late = np.arange(len(series)) >= len(series) - max(len(series) // 3, 1)
    levels = fit_levels(series, np.stack([~late, late]))
    if not np.all(levels.information > 0):
        return None, None, None, None
    dispersion = find_dispersion(series, np.where(late, levels.log[1], levels.log[0]))
    change = float(levels.log[1] - levels.log[0])
    wide = LEVEL * float(np.sqrt(dispersion * np.sum(1 / levels.information)))
    if wide > WIDEST:
        return None, None, None, None
    trend: Trend = "steady" if abs(change) <= wide else "rising" if change > 0 else "falling"
    ratio, low, high = (float(np.exp(x)) for x in (change, change - wide, change + wide))
    return trend, ratio, low, high
