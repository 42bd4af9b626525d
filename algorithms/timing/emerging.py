"""Causes that are rising now: a CUSUM over the last weeks, against what came before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.timing.rates import find_dispersion, fit_levels
from algorithms.timing.series import Series

WATCHED = 56  # days at the end of the record that are watched
BASELINE = 28  # days before these, at least, and complaints to be expected in them
FEWEST = 5.0
VAGUE = 1.0  # standard error of the usual log strength, above which there is nothing to compare with
RISE = 2.0  # the rise that is found soonest
FALSE_A_YEAR = 0.1  # false alarms a cause and year, at most
# The cumulated log likelihood ratio passes h at most once in e^h days by chance (Lorden 1971).
LIMIT = float(np.log(365.25 / FALSE_A_YEAR))


@dataclass(frozen=True)
class Emerging:
    """A rise that is going on: first day (as a number), complaints since then, and those expected."""

    since: int
    complaints: int
    expected: float
    ratio: float


def find_emerging(series: Series) -> Emerging | None:
    """Return the rise that is going on at the end of a series; None if there is none, or no baseline.

    Page's CUSUM (1954) of the log likelihood ratio of a strength that is `RISE` times the usual one. The
    usual one is that of all days before those that are watched, taken one standard error higher, for it is
    estimated; where counts scatter more than chance has them, the ratio is divided by how much more.
    """
    start = len(series) - WATCHED
    if start < BASELINE:
        return None
    before = series.part(0, start)
    usual = fit_levels(before, np.ones((1, start), np.bool_))
    level, information = float(usual.log[0]), float(usual.information[0])
    expected = float(np.sum(before.others * before.odds) * np.exp(level)) if before.known else 0.0
    if max(float(before.inside.sum()), expected) < FEWEST or information <= 0:
        return None
    dispersion = find_dispersion(before, np.full(start, level))
    error = float(np.sqrt(dispersion / information))
    if error > VAGUE:
        return None
    now = series.part(start, len(series))
    usual_odds = np.exp(level + error) * now.odds
    gains = now.inside * np.log(RISE) - (now.inside + now.others) * np.log(
        (1 + RISE * usual_odds) / (1 + usual_odds)
    )
    path = np.cumsum(np.r_[0.0, gains / dispersion])
    risen = path - np.minimum.accumulate(path)
    begun = int(np.flatnonzero(risen == 0)[-1])
    if risen[-1] < LIMIT:
        return None
    rising = now.part(begun, WATCHED)
    # What is to be expected is told as it was estimated.
    odds = np.exp(float(usual.log[0])) * rising.odds
    ratio = float(np.exp(fit_levels(rising, np.ones((1, len(rising)), np.bool_)).log[0] - usual.log[0]))
    return Emerging(rising.first, int(rising.inside.sum()), float(np.sum(rising.others * odds)), ratio)


def find_shift(series: Series) -> float:
    """Return by how many standard errors a cause is stronger in the days watched than before."""
    late = np.arange(len(series)) >= len(series) - WATCHED
    levels = fit_levels(series, np.stack([~late, late]))
    if not np.all(levels.information > 0):
        return 0.0
    dispersion = find_dispersion(series, np.where(late, levels.log[1], levels.log[0]))
    return float((levels.log[1] - levels.log[0]) / np.sqrt(dispersion * np.sum(1 / levels.information)))
