"""Leaves: the finest combinations, with how far each is from its forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from algorithms.localization.cuboids import combine
from algorithms.localization.noise import UNKNOWN, Noise
from algorithms.localization.table import LEAST, Floats, KpiTable


@dataclass(frozen=True, eq=False)
class Leaves:
    """The leaves that say something (actual or forecast is not zero), under a noise.

    `rows`: a row of the table that each stands for. `size`: the larger of actual and forecast.
    `deviation`: (forecast - actual) / size, -1 to 1, by the ripple effect the same for all leaves of
    a cause. `predict` may have been moved from `forecast`. `counts`: all actual values are whole.
    """

    rows: NDArray[np.int64]
    real: Floats
    predict: Floats
    size: Floats
    deviation: Floats
    forecast: Floats
    counts: bool
    noise: Noise

    def __len__(self) -> int:
        return len(self.deviation)

    def move(self, ratio: float) -> Leaves:
        """The leaves with every forecast multiplied."""
        predict = self.predict * ratio
        size, deviation = compare(self.real, predict)
        return replace(self, predict=predict, size=size, deviation=deviation)

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


def compare(real: Floats, predict: Floats) -> tuple[Floats, Floats]:
    """The size of each leaf, and its deviation; for a KPI below zero (losses) as for one above."""
    larger = np.where(np.abs(real) > np.abs(predict), real, predict)
    larger = np.where(larger == 0, 1.0, larger)
    return np.abs(larger), np.clip(predict / larger - real / larger, -1.0, 1.0)


def read_leaves(table: KpiTable) -> Leaves:
    """Sum the rows that are alike in every dimension; the noise is not known yet."""
    cells, count = combine(table.dimensions, tuple(range(len(table.dimensions))), len(table))
    first = np.full(count, -1, dtype=np.int64)
    first[cells[::-1]] = np.arange(len(cells))[::-1]
    real, predict = (
        np.bincount(cells, weights=weights, minlength=count).astype(np.float64)
        for weights in (table.real, table.predict)
    )
    told = np.flatnonzero((first >= 0) & _says(real, predict))
    return _make_leaves(first[told], real[told], predict[told])


def read_rows(table: KpiTable, leaves: Leaves) -> tuple[Leaves, NDArray[np.int64]]:
    """Every row by itself, and the leaf that it is of (-1: one that sums to nothing)."""
    told = np.flatnonzero(_says(table.real, table.predict))
    cells, count = combine(table.dimensions, tuple(range(len(table.dimensions))), len(table))
    leaf = np.full(count, -1, dtype=np.int64)
    leaf[cells[leaves.rows]] = np.arange(len(leaves))
    return _make_leaves(told, table.real[told], table.predict[told]), leaf[cells[told]]


def _says(real: Floats, predict: Floats) -> NDArray[np.bool_]:
    return np.maximum(np.abs(real), np.abs(predict)) >= LEAST


def _make_leaves(rows: NDArray[np.int64], real: Floats, predict: Floats) -> Leaves:
    size, deviation = compare(real, predict)
    counts = bool(np.all(np.mod(real, 1) == 0))
    return Leaves(rows, real, predict, size, deviation, predict, counts, UNKNOWN)
