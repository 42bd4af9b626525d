"""The combinations that stand together: each with its own deviation, all leaves explained once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from algorithms.localization.cuboids import Cell, Cuboid, sum_cells
from algorithms.localization.leaves import Leaves
from algorithms.localization.table import Floats

Rows = NDArray[np.int64]
MOST_STRAY = 0.3  # share of the leaves of a cause that need not follow it
_CLIP = 4.0
_LOOK = 24


@dataclass(frozen=True, eq=False)
class Fit:
    """A cell as a cause: its leaves that were free, their common deviation, the nats it saves."""

    cell: Cell
    rows: Rows
    centre: float
    likelihood: float
    price: float
    score: float


class Search:
    """Greedy selection over all cells, then each cell again given the others."""

    def __init__(self, leaves: Leaves, cuboids: list[Cuboid], threshold: float) -> None:
        self.leaves, self.cuboids, self.threshold = leaves, cuboids, threshold
        scaled = np.clip(leaves.deviation / leaves.spread, -_CLIP, _CLIP)
        precision = 1 / leaves.spread
        self.pull = scaled * precision
        self.precision = precision * precision
        density = leaves.noise.log_density
        peak = density(np.zeros(len(leaves)), 0.0, leaves.spread) - leaves.normal
        stray = math.log(MOST_STRAY) + leaves.anything - leaves.normal
        strange = density(leaves.deviation, 0.0, leaves.spread) < leaves.anything
        # what a leaf would bring to a cause that it follows exactly, or cost if it does not deviate
        self.promise = np.where(strange, peak, np.minimum(stray, 0.0))
        self.free = np.ones(len(leaves), dtype=np.bool_)
        self._known: dict[Cell, Fit | None] = {}

    def run(self, max_causes: int) -> list[Fit]:
        """The causes, in the order found; the leaves of each are those that no earlier one holds."""
        found: list[Fit] = []
        while len(found) < max_causes:
            fit = self.find_best()
            if fit is None:
                break
            self._take(fit)
            found.append(fit)
        return self._improve(found)

    def _take(self, fit: Fit) -> None:
        self.free[fit.rows] = False
        self._forget(fit.rows)

    def _release(self, fit: Fit) -> None:
        self.free[fit.rows] = True
        self._forget(fit.rows)

    def _forget(self, rows: Rows) -> None:
        """Drop what is known of cells that hold any of these leaves."""
        if self._known:
            touched = [set(cuboid.cells[rows].tolist()) for cuboid in self.cuboids]
            self._known = {key: fit for key, fit in self._known.items() if key[1] not in touched[key[0]]}

    def _improve(self, found: list[Fit]) -> list[Fit]:
        for _ in range(3):
            before = [fit.cell for fit in found]
            for fit in list(found):
                self._release(fit)
                found.remove(fit)
                better = self.find_best()
                if better is not None:
                    self._take(better)
                    found.append(better)
            if [fit.cell for fit in found] == before:
                break
        return found

    def find_best(self) -> Fit | None:
        """The cell of highest score among the free leaves; None where none is above zero."""
        best: Fit | None = None
        for place, cell in self._list_promising():
            key = (place, cell)
            if key not in self._known:
                self._known[key] = self.fit(key)
            fit = self._known[key]
            if fit is not None and (best is None or fit.score > best.score):
                best = fit
        return best

    def _list_promising(self) -> list[Cell]:
        """The cells that may score highest, by two measures that take one pass each."""
        free = np.flatnonzero(self.free)
        promise, shift, where = [], [], []
        for place, cuboid in enumerate(self.cuboids):
            gain = sum_cells(cuboid, free, self.promise) - cuboid.price
            pull = sum_cells(cuboid, free, self.pull)
            held = sum_cells(cuboid, free, self.precision)
            joint = pull * pull / (2 * np.maximum(held, 1e-12)) - cuboid.price
            keep = np.flatnonzero(np.maximum(gain, joint) > 0)
            promise.append(gain[keep])
            shift.append(joint[keep])
            where.append(np.stack([np.full(len(keep), place), keep]))
        if not where:
            return []
        cells = np.concatenate(where, axis=1)
        chosen: dict[Cell, None] = {}
        for measure in (np.concatenate(promise), np.concatenate(shift)):
            for i in np.argsort(-measure, kind="stable")[:_LOOK]:
                if measure[i] > 0:
                    chosen[int(cells[0, i]), int(cells[1, i])] = None
        return list(chosen)

    def fit(self, key: Cell) -> Fit | None:
        """The cell's common deviation by likelihood, and what it saves over leaves without a cause."""
        cuboid = self.cuboids[key[0]]
        rows = np.flatnonzero((cuboid.cells == key[1]) & self.free)
        if len(rows) == 0:
            return None
        leaves = self.leaves
        deviation, spread = leaves.deviation[rows], leaves.spread[rows]
        centre = find_centre(deviation, spread)
        anything = leaves.anything[rows]
        density = leaves.noise.log_density
        with_cause = measure_mixture(density(deviation, centre, spread), anything, MOST_STRAY)
        without = measure_mixture(density(deviation, 0.0, spread), anything, leaves.noise.strange)
        gain = with_cause - max(without, float(leaves.normal[rows].sum()))
        # the last two terms are for the common deviation, a number (Rissanen 1978)
        price = cuboid.price + 0.5 * math.log(len(rows)) + 1.0
        score = gain - price
        return Fit(key, rows, centre, with_cause, price, score) if score > self.threshold else None

    def fit_leaf(self, place: int, row: int) -> Fit:
        """A single leaf as a cause, whatever its score: what it saves over one that deviates by chance."""
        leaves, rows = self.leaves, np.array([row])
        chance = float(leaves.noise.log_density(leaves.deviation[rows], 0.0, leaves.spread[rows])[0])
        known, price = float(leaves.anything[row]), self.cuboids[place].price
        cell = (place, int(self.cuboids[place].cells[row]))
        return Fit(cell, rows, float(leaves.deviation[row]), known, price, known - chance - price)


def measure_mixture(follow: Floats, anything: Floats, most: float) -> float:
    """The log likelihood of leaves that follow, but for a share that may be anything."""
    stray = float(np.count_nonzero(anything > follow) + 0.5) / (len(follow) + 1.0)
    stray = min(stray, most)
    return float(np.maximum(math.log(1 - stray) + follow, math.log(stray) + anything).sum())


def find_centre(deviation: Floats, spread: Floats) -> float:
    """Where most leaves are: by reweighting from the weighted median, for heavy tails."""
    precision = 1 / (spread * spread)
    order = np.argsort(deviation)
    total = np.cumsum(precision[order])
    centre = float(deviation[order[np.searchsorted(total, total[-1] / 2)]])
    for _ in range(4):
        scaled = (deviation - centre) / spread
        weight = precision / (1 + scaled * scaled) ** 2
        centre = float(np.dot(weight, deviation) / weight.sum())
    return centre
