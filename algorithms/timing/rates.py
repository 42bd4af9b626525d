"""How strong a cause is on some days: complaints inside among all, binomial with the odds of each day.

Given how many complaints come on a day, how many of them lie inside is binomial (two Poisson counts,
conditioned on their sum; Przyborowski and Wilenski 1940): whatever moves all complaints alike, a season,
a holiday, a new inbox, drops out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from algorithms.timing.series import Numbers, Series

Parts = npt.NDArray[np.bool_]
ROUNDS = 30
BLOCK = 3.0  # variance that days are put together to before they tell how much counts scatter


@dataclass(frozen=True, eq=False)
class Levels:
    """Log strengths, one a part of the days, relative to the odds; information and log likelihood."""

    log: Numbers
    information: Numbers
    likelihood: Numbers


def fit_levels(series: Series, parts: Parts) -> Levels:
    """Return the strength of the cause on parts of the days, shape (parts, days).

    Half a complaint inside, and as many of the others as go with it, keep a part without any finite.
    """
    there = (series.odds > 0) & (series.inside + series.others > 0)
    weights = parts[:, there].astype(np.float64)
    hits, odds = series.inside[there], series.odds[there]
    total = hits + series.others[there]
    usual = float(np.exp(np.average(np.log(odds), weights=total))) if len(odds) else 1.0
    prior, offset = 0.5 + 0.5 / usual, np.log(odds)
    wanted = weights @ hits + 0.5
    log = np.zeros(len(parts))
    for _ in range(ROUNDS):
        p = _share(log[:, None] + offset)
        p0 = _share(log + np.log(usual))
        gradient = wanted - ((weights * p) @ total + prior * p0)
        curvature = (weights * p * (1 - p)) @ total + prior * p0 * (1 - p0)
        step = np.clip(gradient / curvature, -2, 2)
        log = log + step
        if np.all(np.abs(step) < 1e-8):
            break
    p = _share(log[:, None] + offset)
    likelihood = (weights * np.log(p)) @ hits + (weights * np.log1p(-p)) @ (total - hits)
    return Levels(log, (weights * p * (1 - p)) @ total, likelihood)


def _share(log_odds: Numbers) -> Numbers:
    return np.clip(1 / (1 + np.exp(-log_odds)), 1e-12, 1 - 1e-12)


def find_dispersion(series: Series, log_level: Numbers) -> float:
    """Return Pearson's variance over the binomial's, at least 1, of the days at these log strengths.

    Days are put together until their variance is worth it: single complaints scatter as they must.
    """
    there = series.odds > 0
    total = (series.inside + series.others)[there]
    p = _share(log_level[there] + np.log(series.odds[there]))
    variance = total * p * (1 - p)
    block = np.floor(np.cumsum(variance) / BLOCK).astype(np.int64) if len(variance) else np.zeros(0, np.int64)
    missed = np.bincount(block, series.inside[there] - total * p)
    scatter = np.bincount(block, variance)
    held = scatter > 0
    if held.sum() < 5:
        return 1.0
    return max(1.0, float(np.sum(missed[held] ** 2 / scatter[held]) / (held.sum() - 2)))
