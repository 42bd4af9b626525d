"""Since when a cause is stronger: one change point, with the days on which it may lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.timing.rates import find_dispersion, fit_levels
from algorithms.timing.series import Cells, Days, Numbers, Series

SURE = np.log(20.0)  # a change is told where the data speak for it 20 : 1, all possible days priced in
SHORTEST = 14  # days of record, and complaints, before a rise: a burst needs something to rise from
FEWEST = 5.0
COARSE, FINE = 150, 400  # days tried at first, and near the likeliest
FAR = 9.0  # log likelihood below the best at which a day is out of the question


@dataclass(frozen=True)
class Onset:
    """The day (as a number) from which a cause is stronger, the 95 % range of it, and how much stronger.

    `ended`: first day on which that was over.
    """

    day: int
    low: int
    high: int
    ratio: float
    ended: int | None


@dataclass(frozen=True, eq=False)
class _Change:
    """Positions of a change and its range, and the log strengths before and after."""

    at: int
    low: int
    high: int
    before: float
    after: float


def find_onset(cells: Cells) -> Onset | None:
    """Return the onset of a cause; None where none stands out, or it has nothing to rise from.

    A rise with less than `SHORTEST` days before it, or with so little in them that nobody could have
    complained, is where the record begins, and what follows is looked at by itself.
    """
    series = cells.series()
    found = _find_rise(series)
    if found is None or not cells.known:
        return found
    # Ages were standardised as if nothing had changed: once more, given what has.
    days = series.first + np.arange(len(series))
    raised = (days >= found.day) & (days < (found.ended or days[-1] + 1))
    again = _find_rise(cells.series(np.where(raised, found.ratio, 1.0)))
    return again or found


def _find_rise(series: Series) -> Onset | None:
    start = 0
    while len(series) - start > SHORTEST:
        rest = series.part(start, len(series))
        rise, fall = _bracket(rest)
        if rise is None:
            return None
        if _has_baseline(rest.part(0, rise.at), rise.after):
            day, low, high = (rest.first + position for position in (rise.at, rise.low, rise.high))
            ended = None if fall is None else rest.first + fall
            return Onset(day, low, high, float(np.exp(rise.after - rise.before)), ended)
        start += max(rise.at, 1)
    return None


def _bracket(series: Series) -> tuple[_Change | None, int | None]:
    """Return the rise and the position at which it is over, if it is."""
    rise = _find_change(series, 1)
    if rise is None:  # a burst that is over may hide in an even course, up to where it fell
        over = _find_change(series, -1)
        rise = None if over is None else _find_change(series.part(0, over.at), 1)
        return rise, None if rise is None or over is None else over.at
    over = _find_change(series.part(rise.at, len(series)), -1)
    if over is None:
        return rise, None
    end = rise.at + over.at
    return _find_change(series.part(0, end), 1) or rise, end


def _has_baseline(before: Series, level: float) -> bool:
    """Tell whether complaints could have come before: some did, or the exposed were there."""
    if np.count_nonzero(before.inside + before.others) == 0 or len(before) < SHORTEST:
        return False
    if before.known:
        return float(np.sum(before.others * before.odds) * np.exp(level)) >= FEWEST
    return float(before.inside.sum()) >= FEWEST


def _find_change(series: Series, sign: int) -> _Change | None:
    """Return the likeliest rise (1) or fall (-1), if the data say so; ranges by posterior weight.

    Each day is as likely as any before the data are seen; the strengths on both sides are integrated
    out by Laplace's approximation.
    """
    told = np.flatnonzero((series.odds > 0) & (series.inside + series.others > 0))
    if len(told) < 2:
        return None
    splits = told[1:]  # the change lies behind the day with complaints before, up to this one
    tried = splits[:: max(1, len(splits) // COARSE)]
    gains, *_ = _gains(series, tried, sign)
    best = int(np.argmax(gains))
    if gains[best] <= SURE:
        return None
    near = np.flatnonzero(gains > gains[best] - FAR)
    low, high = tried[max(near[0] - 1, 0)], tried[min(near[-1] + 1, len(tried) - 1)]
    close = splits[(splits >= low) & (splits <= high)]
    step = max(1, len(close) // FINE)
    close = close[::step]
    gains, weights, before, after = _gains(series, close, sign)
    best = int(np.argmax(gains))
    level = np.where(np.arange(len(series)) < close[best], before[best], after[best])
    dispersion = find_dispersion(series, level)
    if gains[best] / dispersion - np.log(len(splits)) <= SURE:
        return None
    previous = told[np.searchsorted(told, close) - 1]
    inside = _likeliest((gains - gains[best]) / dispersion + weights + np.log(close - previous))
    return _Change(
        int(close[best]),
        int(previous[inside].min()) + 1,
        int(close[inside].max()),
        float(before[best]),
        float(after[best]),
    )


def _gains(series: Series, splits: Days, sign: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return, for changes at these days, log likelihood gained, log of Laplace's factor, both levels."""
    late = np.arange(len(series)) >= splits[:, None]
    before, after = fit_levels(series, ~late), fit_levels(series, late)
    whole = fit_levels(series, np.ones((1, len(series)), np.bool_))
    gains = before.likelihood + after.likelihood - whole.likelihood[0]
    gains[sign * (after.log - before.log) <= 0] = -np.inf
    factor = -0.5 * np.log((before.information + 0.5) * (after.information + 0.5))
    return gains, factor, before.log, after.log


def _likeliest(log_weights: Numbers, share: float = 0.95) -> Days:
    """Return the positions of greatest weight that hold a share of all."""
    weights = np.exp(log_weights - log_weights.max())
    order = np.argsort(-weights, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    return order[: int(np.searchsorted(reached, share)) + 1]
