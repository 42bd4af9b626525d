"""The combinations that stand together: each with its own deviation, all leaves explained once."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from algorithms.localization.cuboids import Cell, Cuboid
from algorithms.localization.leaves import Leaves
from algorithms.localization.noise import Noise
from algorithms.localization.table import Floats

Rows = NDArray[np.int64]
MOST_STRAY = 0.3  # share of the leaves of a cause that need not follow it
_ALARM = 4.0
_CLIP = 4.0
_LOOK = 24
EVERYTHING = (-1, 0)


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
        density = leaves.noise.log_density
        peak = density(np.zeros(len(leaves)), 0.0, leaves.spread) - leaves.normal
        stray = math.log(MOST_STRAY) + leaves.anything - leaves.normal
        strange = density(leaves.deviation, 0.0, leaves.spread) < leaves.anything
        # what a leaf would bring to a cause that it follows exactly, or cost if it does not deviate
        promise = np.where(strange, peak, np.minimum(stray, 0.0))
        scaled = np.clip(leaves.deviation / leaves.spread, -_CLIP, _CLIP)
        self._measures = (promise, scaled / leaves.spread, 1 / np.square(leaves.spread))
        self._starts = np.cumsum([0, *(cuboid.size for cuboid in cuboids)])
        self._prices = np.repeat([cuboid.price for cuboid in cuboids], np.diff(self._starts))
        self._sums = np.zeros((3, self._starts[-1]))
        self.away = leaves.real - leaves.predict
        self.chance = float(np.sqrt(np.square(leaves.spread * leaves.size).sum()))
        self.free = np.zeros(len(leaves), dtype=np.bool_)
        self._known: dict[Cell, Fit | None] = {}
        self._set_free(np.arange(len(leaves)), True)

    def under(self, noise: Noise) -> Search:
        """The same search from the beginning, under another noise."""
        return Search(replace(self.leaves, noise=noise), self.cuboids, self.threshold)

    def run(self, max_causes: int) -> list[Fit]:
        """The causes, in the order found; the leaves of each are those that no earlier one holds."""
        found: list[Fit] = []
        while len(found) < max_causes:
            fit = self.find_best(alone=not found)
            if fit is None:
                break
            self._set_free(fit.rows, False)
            found.append(fit)
        return self._improve(found)

    def _set_free(self, rows: Rows, free: bool) -> None:
        """Take leaves into a cause, or give them back; keep the sums of all cells up to date."""
        self.free[rows] = free
        for place, cuboid in enumerate(self.cuboids):
            sums = self._sums[:, self._starts[place] : self._starts[place + 1]]
            for at, measure in enumerate(self._measures):
                change = np.bincount(cuboid.cells[rows], weights=measure[rows], minlength=cuboid.size)
                sums[at] += change if free else -change
        self._forget(rows)

    def _forget(self, rows: Rows) -> None:
        """Drop what is known of the cells that hold any of these leaves."""
        if self._known:
            touched = [set(cuboid.cells[rows].tolist()) for cuboid in self.cuboids]
            self._known = {key: fit for key, fit in self._known.items() if key[1] not in touched[key[0]]}

    def _improve(self, found: list[Fit]) -> list[Fit]:
        for _ in range(3):
            before = [fit.cell for fit in found]
            for fit in list(found):
                self._set_free(fit.rows, True)
                found.remove(fit)
                better = self.find_best(alone=not found)
                if better is not None:
                    self._set_free(better.rows, False)
                    found.append(better)
            if [fit.cell for fit in found] == before:
                break
        return found

    def find_best(self, *, alone: bool) -> Fit | None:
        """The cell of highest score among the free leaves, `alone` if there is no other cause; None where
        it does not reach the threshold."""
        best: Fit | None = None
        for place, cell in self._list_promising():
            key = (place, cell)
            if key not in self._known:
                self._known[key] = self.fit(key)
            fit = self._known[key]
            if fit is not None and (best is None or fit.score > best.score):
                best = fit
        if best is None or best.score > self.threshold or (alone and self._explains_alarm(best)):
            return best
        return None

    def _explains_alarm(self, fit: Fit) -> bool:
        """Whether the cause has most of a total deviation that is no chance: then there is a cause, and
        the question is only which."""
        whole, part = float(self.away.sum()), float(self.away[fit.rows].sum())
        return abs(whole) > _ALARM * self.chance and part / whole > 0.5

    def _list_promising(self) -> list[Cell]:
        """The cells that may score highest, by two measures of sums."""
        promise, pull, held = self._sums
        gain = promise - self._prices
        joint = pull * pull / (2 * np.maximum(held, 1e-9)) - self._prices
        chosen: dict[int, None] = {}
        for measure in (gain, joint):
            positive = np.flatnonzero(measure > 0)
            best = positive[np.argsort(-measure[positive], kind="stable")[:_LOOK]]
            chosen |= dict.fromkeys(best.tolist())
        places = np.searchsorted(self._starts, list(chosen), side="right") - 1
        return [(int(p), cell - int(self._starts[p])) for p, cell in zip(places, chosen, strict=True)]

    def fit(self, key: Cell) -> Fit | None:
        """The cell as a cause; None where it saves nothing."""
        cuboid = self.cuboids[key[0]]
        return self._fit(key, np.flatnonzero((cuboid.cells == key[1]) & self.free), cuboid.price)

    def fit_everything(self) -> Fit | None:
        """All free leaves as of one cause, which is named for nothing."""
        return self._fit(EVERYTHING, np.flatnonzero(self.free), 0.0)

    def _fit(self, key: Cell, rows: Rows, naming: float) -> Fit | None:
        """The common deviation by likelihood, and what it saves over leaves without a cause."""
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
        price = naming + 0.5 * math.log(len(rows)) + 1.0
        score = gain - price
        return Fit(key, rows, centre, with_cause, price, score) if score > 0 else None

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
