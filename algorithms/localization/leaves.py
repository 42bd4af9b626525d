"""Leaves: the finest combinations, with how far each is from its forecast and how far chance takes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from algorithms.localization.table import Floats, KpiTable
from algorithms.localization.cuboids import combine

FREEDOM = 4.0  # of Student's t: tails that are as heavy as those of real forecasts
FINEST = 0.005  # no forecast is trusted more closely than that, relatively
STRAY = 0.1  # share of a cause's leaves that need not follow it
_PEAK = math.lgamma((FREEDOM + 1) / 2) - math.lgamma(FREEDOM / 2) - 0.5 * math.log(math.pi * FREEDOM)
_ORDINARY = 4.0


@dataclass(frozen=True, eq=False)
class Leaves:
    """The leaves that say something (actual or forecast is not zero).

    `rows`: a row of the table that each stands for. `deviation`: (predict - real) / the larger of
    both, -1 to 1, the same for all leaves of a cause by the ripple effect. `spread`: the standard
    deviation of it by chance. `anything`: log density of a deviation of which nothing is known.
    `normal`: log density as it is without any cause.
    """

    rows: np.ndarray
    real: Floats
    predict: Floats
    deviation: Floats
    spread: Floats
    anything: Floats
    normal: Floats
    strange: float

    def __len__(self) -> int:
        return len(self.deviation)


def log_density(deviation: Floats, centre: Floats | float, spread: Floats) -> Floats:
    """Student's t, the scale being `spread`."""
    scaled = (deviation - centre) / spread
    return _PEAK - np.log(spread) - (FREEDOM + 1) / 2 * np.log1p(scaled * scaled / FREEDOM)


def read_leaves(table: KpiTable) -> Leaves:
    """Sum the rows that are alike in every dimension, and judge each by the others of like size."""
    cells, size = combine(table.dimensions, tuple(range(len(table.dimensions))))
    first = np.full(size, -1, dtype=np.int64)
    first[cells[::-1]] = np.arange(len(cells))[::-1]
    real = np.bincount(cells, weights=table.real, minlength=size)
    predict = np.bincount(cells, weights=table.predict, minlength=size)
    told = np.flatnonzero((first >= 0) & ((real != 0) | (predict != 0)))
    real, predict = real[told], predict[told]
    larger = np.maximum(np.abs(real), np.abs(predict))
    deviation = np.clip((predict - real) / larger, -1.0, 1.0)
    spread = estimate_spread(deviation, larger)
    strange = _share_strange(deviation, spread)
    anything = -np.log(2.0 + math.sqrt(2 * math.pi) * spread)
    normal = np.maximum(
        math.log(1 - strange) + log_density(deviation, 0.0, spread), math.log(strange) + anything
    )
    return Leaves(first[told], real, predict, deviation, spread, anything, normal, strange)


def _share_strange(deviation: Floats, spread: Floats) -> float:
    count = np.count_nonzero(np.abs(deviation) > _ORDINARY * spread)
    return float((count + 0.5) / (len(deviation) + 1.0)) if len(deviation) else 0.5


def estimate_spread(deviation: Floats, size: Floats) -> Floats:
    """The standard deviation of each leaf's deviation: a part that falls with size (counts), and one that
    does not.

    Leaves of a cause must not count, and are not known yet; so the scale is read from the leaves nearest
    to their forecasts, as many as half of those that are no outliers.
    """
    if len(deviation) == 0:
        return deviation
    away = np.abs(deviation)
    order = np.argsort(size, kind="stable")
    parts = np.array_split(order, max(1, min(12, len(order) // 30)))
    scale = np.array([max(FINEST, float(np.quantile(away[p], 0.25)) / 0.3186) for p in parts]) ** 2
    middle = np.array([float(np.median(size[p])) for p in parts])
    weight = np.array([len(p) for p in parts])
    fixed = np.unique(np.r_[scale, FINEST**2])
    falling = np.r_[0.0, scale * middle]
    model = fixed[:, None, None] + falling[None, :, None] / middle
    miss = (np.abs(np.log(model) - np.log(scale)) * weight).sum(axis=2)
    best = np.unravel_index(np.argmin(miss), miss.shape)
    spread = np.sqrt(fixed[best[0]] + falling[best[1]] / size)
    for _ in range(4):
        scaled = away / spread
        ordinary = float(np.mean(scaled <= _ORDINARY))
        spread *= float(np.quantile(scaled, ordinary / 2)) / 0.6745
        spread = np.maximum(spread, FINEST)
    return spread
