"""Series over periods: counts and rates, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from algorithms.aggregation.arrays import Arrays
from algorithms.aggregation.cells import Cells
from algorithms.aggregation.exposure import Base, Lives, count_unit_days
from algorithms.aggregation.grouping import Group
from algorithms.aggregation.intervals import Numbers, find_interval
from algorithms.aggregation.periods import Periods
from algorithms.aggregation.suppression import Guard
from algorithms.reach import Chosen, Indices
from schema.paths import Path


@dataclass(frozen=True)
class Point:
    """A period, from its first day on; figures are None where they are withheld.

    `count` with its 95 % interval `low` to `high`. `exposed`: units that were there, on an average day of the
    period; `rate`: nodes for so many of these as `Base.per` says, in a whole period, with its interval; None
    without a base, and where nothing was there.
    """

    begins: date
    label: str
    count: int | None = None
    low: float | None = None
    high: float | None = None
    exposed: float | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None


@dataclass(frozen=True)
class Series:
    """The points of some groups, one of each lens (none: all nodes), and how many nodes these are."""

    groups: tuple[Group, ...]
    count: int | None
    points: tuple[Point, ...]


@dataclass(frozen=True, eq=False)
class Grid:
    """Figures of cells by periods, shape (cells, periods).

    `sizes`: nodes of each cell. `shown`: what is not withheld. `whole`: which cells are shown at all.
    `unit_days`: of the units in each, None without a base.
    """

    counts: Indices
    sizes: Indices
    shown: Chosen
    whole: Chosen
    unit_days: Numbers | None = None

    @property
    def there(self) -> Chosen:
        """Which cells hold any node or, of a base, any unit that could have had one."""
        return self.sizes > 0 if self.unit_days is None else (self.sizes > 0) | self.unit_days.any(axis=1)

    def order(self, top: int) -> list[int]:
        """Return the greatest cells that are shown."""
        places = np.flatnonzero(self.whole & self.there)
        found: list[int] = places[np.argsort(-self.sizes[places], kind="stable")][:top].tolist()
        return found

    def count_withheld(self, cells: Sequence[int]) -> int:
        """Return how many points of these cells are withheld."""
        return int(np.sum(~self.shown[list(cells)]))


@dataclass(frozen=True, eq=False)
class Drawing:
    """How series are made of nodes of a kind, which units lead to by `link`.

    `within`: the period of each node, -1 where it does not count. `base` and `lives` are of rates.
    """

    arrays: Arrays
    link: Path
    periods: Periods
    within: Indices
    base: Base | None
    lives: Lives | None
    guard: Guard

    def lay(self, units: Cells, codes: Sequence[Indices]) -> Grid:
        """Return the figures of cells of units, which `codes` tell apart."""
        found = units.reach(self.arrays, self.link)
        found = found.only(self.within[found.nodes] >= 0)
        shape = (units.size, len(self.periods))
        places = found.cells * np.int64(shape[1]) + self.within[found.nodes]
        counts = np.bincount(places, minlength=shape[0] * shape[1])
        shown, whole = np.ones(counts.shape, np.bool_), np.ones(units.size, np.bool_)
        if self.guard.k > 1:
            held = np.flatnonzero(found.count())
            whole[held] = self.guard.find_shown(self.arrays, found, held, [of[held] for of in codes])
            there = np.flatnonzero(counts)
            cell, period = np.divmod(there, max(shape[1], 1))
            filled = Cells(found.nodes, places, counts.size)
            axes = [*(of[cell] for of in codes), period]
            shown[there] = self.guard.find_shown(self.arrays, filled, there, axes, ~whole[cell])
        days = None if self.base is None else count_unit_days(units, self.lives, self.periods.bounds)
        return Grid(counts.reshape(shape), found.count(), shown.reshape(shape), whole, days)

    def read(self, grid: Grid, place: int, groups: tuple[Group, ...] = ()) -> Series:
        """Return one cell of a grid as a series."""
        figures = self._compute(grid, place)
        points = []
        for period in range(len(self.periods)):
            shown = grid.shown[place, period]
            held = {name: of[period].item() for name, of in figures.items()} if shown else {}
            known = {name: value for name, value in held.items() if not np.isnan(value)}
            points.append(Point(*self.periods.label(period), **known))
        return Series(groups, int(grid.sizes[place]) if grid.whole[place] else None, tuple(points))

    def _compute(self, grid: Grid, place: int) -> dict[str, npt.NDArray[np.generic]]:
        """Return the figures of a cell by their names in `Point`, NaN where there are none."""
        counts = grid.counts[place]
        low, high = find_interval(counts)
        if self.base is None or grid.unit_days is None:
            return {"count": counts, "low": low, "high": high}
        days = grid.unit_days[place]
        share = np.where(days > 0, self.base.per * self.periods.lengths / np.maximum(days, 1e-9), np.nan)
        return {
            "count": counts,
            "low": low,
            "high": high,
            "exposed": days / np.diff(self.periods.bounds),
            "rate": counts * share,
            "rate_low": low * share,
            "rate_high": high * share,
        }

    def count_unlinked(self) -> int:
        """Return how many of the nodes that count no unit leads to."""
        left = self.within >= 0
        left[self.arrays.reach(self.link).nodes] = False
        return int(left.sum())
