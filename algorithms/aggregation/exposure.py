"""What was there to complain: units at risk in each period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from algorithms.aggregation.arrays import Arrays, Needs, take
from algorithms.aggregation.cells import Cells
from algorithms.aggregation.grouping import Grouping
from algorithms.aggregation.intervals import Numbers
from algorithms.reach import Indices, read_moments
from algorithms.timing import FOREVER, day_numbers
from graph import Condition, View
from schema import CAUSE, RECORD, UsageError
from schema.paths import Path, walk

Lives = tuple[Indices, Indices]  # first and last days
FARTHEST = 3  # steps from a unit to what it files


@dataclass(frozen=True)
class Base:
    """The units that rates are of, such as Subscription.

    `lenses`: what units are grouped by (paths from their kind). `where`: which units count. `per`: how many
    of them a rate is of.
    """

    kind: str
    lenses: Sequence[Grouping | str] = ()
    where: Sequence[Condition] = ()
    per: int = 1000


def find_link(view: View, unit: str, kind: str) -> Path:
    """Return the shortest path from units to nodes of a kind that leads to any; `UsageError` if none does."""
    vocabulary = view.vocabulary
    if unit == kind:
        return Path(unit)
    for path in walk(vocabulary, unit, FARTHEST, lambda step: step.to not in (CAUSE, RECORD)):
        if path.kind == kind:
            needs = Needs()
            needs.add(path)
            if len(take(view, needs, {}).reach(path).nodes):
                return path
    raise UsageError(
        f"no path leads from a {unit} to a {kind}", hint="choose another base, or map what joins them"
    )


def read_lives(arrays: Arrays, kind: str) -> Lives | None:
    """Return the first and last day of each unit, `-FOREVER` and `FOREVER` where not known; None of all."""
    declared = arrays.vocabulary.get_kind(kind)
    if not declared.begins or not arrays.column(kind, declared.begins).is_valid().true_count:
        return None
    begins = read_days(arrays, kind, declared.begins)
    if not declared.ends:
        return begins, np.full(len(begins), FOREVER)
    ends = read_days(arrays, kind, declared.ends)
    return begins, np.where(ends == -FOREVER, FOREVER, ends)


def read_days(arrays: Arrays, kind: str, name: str) -> Indices:
    """Return dates or times as days since 1970, `-FOREVER` where there is none."""

    def read() -> Indices:
        moments = read_moments(pa.chunked_array([arrays.column(kind, name)]))
        return day_numbers(moments.astype("datetime64[us]"))

    return arrays.snapshot.keep(("days", kind, name), read)


def count_unit_days(cells: Cells, lives: Lives | None, bounds: Indices) -> Numbers:
    """Return the days that the units in each cell were there, shape (cells, periods).

    `bounds`: the first day of each period, and the day after the last. Without `lives` all were always there.
    """
    first, stop = int(bounds[0]), int(bounds[-1])
    if lives is None:
        return cells.count()[:, None].astype(np.float64) * np.diff(bounds)
    begins = np.clip(lives[0][cells.nodes], first, stop)
    ends = np.maximum(np.clip(lives[1][cells.nodes] + 1, first, stop), begins)
    until = _sum_until(cells, begins, bounds) - _sum_until(cells, ends, bounds)
    return np.diff(until, axis=1)


def _sum_until(cells: Cells, days: Indices, bounds: Indices) -> Numbers:
    """Return how many days lie between the day of each unit and each bound behind it, added up by cell."""
    size = len(bounds)
    places = cells.cells * np.int64(size + 1) + np.searchsorted(bounds, days, "left")
    shape = (cells.size, size + 1)
    many = np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape).cumsum(axis=1)[:, :size]
    early = np.bincount(places, days - bounds[0], minlength=shape[0] * shape[1])
    sums = early.reshape(shape).cumsum(axis=1)[:, :size]
    return np.asarray(many * (bounds - bounds[0]) - sums, np.float64)
