"""Leaves: the finest combinations, with how far each is from its forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from algorithms.localization.cuboids import combine
from algorithms.localization.noise import Noise
from algorithms.localization.table import Floats, KpiTable


@dataclass(frozen=True, eq=False)
class Leaves:
    """The leaves that say something (actual or forecast is not zero), under a noise.

    `rows`: a row of the table that each stands for. `size`: the larger of actual and forecast.
    `deviation`: (forecast - actual) / size, -1 to 1, by the ripple effect the same for all leaves of
    a cause.
    """

    rows: NDArray[np.int64]
    real: Floats
    predict: Floats
    size: Floats
    deviation: Floats
    noise: Noise

    def __len__(self) -> int:
        return len(self.deviation)

    @cached_property
    def spread(self) -> Floats:
        """The scale of the deviation by chance."""
        return self.noise.find_spread(self.size)

    @cached_property
    def anything(self) -> Floats:
        """Log density of the deviation if nothing is known of it."""
        return self.noise.log_anything(self.spread)

    @cached_property
    def normal(self) -> Floats:
        """Log density of the deviation without any cause."""
        strange = self.noise.strange
        ordinary = math.log(1 - strange) + self.noise.log_density(self.deviation, 0.0, self.spread)
        return np.maximum(ordinary, math.log(strange) + self.anything)


def read_leaves(table: KpiTable) -> Leaves:
    """Sum the rows that are alike in every dimension; the noise is not known yet."""
    cells, size = combine(table.dimensions, tuple(range(len(table.dimensions))))
    first = np.full(size, -1, dtype=np.int64)
    first[cells[::-1]] = np.arange(len(cells))[::-1]
    real = np.bincount(cells, weights=table.real, minlength=size)
    predict = np.bincount(cells, weights=table.predict, minlength=size)
    told = np.flatnonzero((first >= 0) & ((real != 0) | (predict != 0)))
    real, predict = real[told], predict[told]
    larger = np.maximum(np.abs(real), np.abs(predict))
    deviation = np.clip((predict - real) / larger, -1.0, 1.0)
    return Leaves(first[told], real, predict, larger, deviation, Noise(1.0, 0.0, 6.0, 0.5))
