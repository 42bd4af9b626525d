"""Nodes of a kind by groups: measures of each, and of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from algorithms.aggregation.arrays import Arrays, Needs, choose_rows, take
from algorithms.aggregation.cells import lay_out, put_together
from algorithms.aggregation.coding import Axis, code
from algorithms.aggregation.conditions import choose
from algorithms.aggregation.grouping import Group, Grouping
from algorithms.aggregation.measures import COUNT, Figures, Measure, compute
from algorithms.aggregation.suppression import Guard
from algorithms.reach import Indices
from graph import Condition, Order, View
from schema import UsageError, Vocabulary
from schema.paths import Path


@dataclass(frozen=True)
class Row:
    """One cell: its groups in the order of the groupings, and its figures by the names of the measures."""

    groups: tuple[Group, ...]
    figures: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Aggregate:
    """Measures of nodes by groups, in columns; `rows` reads some of them.

    `axes`: what the codes of each grouping stand for. `codes`: for each grouping the code of every row.
    `figures`: each measure. `total`: all nodes that meet the conditions, each once; None if it is withheld.
    Where a node may be in several groups (`overlapping`), rows add up to more. `withheld`: how many groups
    are left out because few customers are in them (see `suppression`). `cut`: how many a limit left out.
    """

    kind: str
    vocabulary: Vocabulary
    groupings: tuple[tuple[Grouping, Path], ...]
    axes: tuple[Axis, ...]
    codes: tuple[Indices, ...]
    figures: tuple[Figures, ...]
    size: int
    total: Mapping[str, Any] | None
    overlapping: bool
    withheld: int
    cut: int
    as_of: datetime

    def __len__(self) -> int:
        return self.size

    def rows(self, first: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Yield the rows from `first` to before `stop`."""
        for place in range(first, len(self) if stop is None else min(stop, len(self))):
            groups = tuple(
                axis.group(int(codes[place])) for axis, codes in zip(self.axes, self.codes, strict=True)
            )
            yield Row(groups, {f.measure.name: f.at(place) for f in self.figures})


def aggregate(
    view: View,
    kind: str,
    *,
    by: Sequence[Grouping | str] = (),
    measures: Sequence[Measure] = (COUNT,),
    where: Sequence[Condition] = (),
    order: Order | None = None,
    limit: int | None = None,
    suppress_below: int = 0,
) -> Aggregate:
    """Return measures of the nodes of a kind that meet all conditions, by groups that hold any.

    Rows come in the order of their groups (none first), or of a measure that `order` names (money by its
    first currency, none last), then of their groups. Groups of fewer customers than `suppress_below` are
    left out, where nodes of the kind are somebody's. A kind, path or measure that cannot be is a
    `UsageError`, a property that is not shown to who asks a `RefusedError`, more groups than can be counted
    a `LimitError`.
    """
    vocabulary = view.vocabulary
    kind = vocabulary.get_kind(kind).name
    groupings = [each if isinstance(each, Grouping) else Grouping(each) for each in by]
    paths = [each.read(kind, vocabulary) for each in groupings]
    if limit is not None and limit < 1:
        raise UsageError(f"a limit of {limit} cannot be", hint="it is at least one")
    needs = Needs()
    needs.add(*paths, *(measure.read(kind, vocabulary) for measure in measures))
    guard = Guard(vocabulary, kind, suppress_below, needs)
    arrays = take(view, needs, {kind: where})
    rows = choose_rows(choose(arrays, kind, where), arrays.size(kind))
    axes = [code(arrays, grouping, path) for grouping, path in zip(groupings, paths, strict=True)]
    layout = lay_out(rows, axes)
    cells = layout.cells
    there = np.flatnonzero(cells.count()) if axes else np.zeros(1, np.int64)
    kept = there[guard.find_shown(arrays, cells, there, layout.codes(there))]
    whole = measure_all(arrays, kind, measures, rows) if guard.admits(arrays, rows) else None
    figures = [compute(arrays, kind, measure, cells).take(kept) for measure in measures]
    chosen = _sort(figures, order, len(kept))[:limit]
    return Aggregate(
        kind,
        vocabulary,
        tuple(zip(groupings, paths, strict=True)),
        tuple(each.axis for each in axes),
        tuple(layout.codes(kept[chosen])),
        tuple(each.take(chosen) for each in figures),
        len(chosen),
        whole,
        any(each.begin is not None for each in axes),
        len(there) - len(kept),
        len(kept) - len(chosen),
        arrays.snapshot.as_of,
    )


def measure_all(arrays: Arrays, kind: str, measures: Sequence[Measure], rows: Indices) -> dict[str, Any]:
    """Return measures of some nodes together."""
    cells = put_together(rows)
    return {measure.name: compute(arrays, kind, measure, cells).at(0) for measure in measures}


def _sort(figures: Sequence[Figures], order: Order | None, size: int) -> Indices:
    """Return the places of rows in order."""
    places = np.arange(size)
    if order is None:
        return places
    named = {each.measure.name: each for each in figures}
    if order.name not in named:
        raise UsageError(f"there is no measure {order.name!r}", hint=f"one of {', '.join(named)}")
    by = named[order.name].ranks(size)
    missing = by < 0
    return np.lexsort((places, -by if order.descending else by, missing))
