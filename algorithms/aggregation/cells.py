"""Cells: the groups that nodes are in, and what is counted in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from algorithms.aggregation.arrays import Arrays
from algorithms.aggregation.coding import Codes
from algorithms.aggregation.reached import sort_distinct
from algorithms.reach import MOST_PAIRS, Chosen, Indices
from schema import LimitError
from schema.paths import Path

Whole = npt.NDArray[Any]  # whole numbers of 32 or 64 bits
DENSE = 1 << 25  # pairs that are ticked off in an array rather than sorted
FEW = 1 << 12  # cells that are laid out whether or not any node is in them


@dataclass(frozen=True, eq=False)
class Cells:
    """Pairs of a node and a cell that it is in, each once. `size`: how many cells there are."""

    nodes: Whole
    cells: Whole
    size: int

    def count(self) -> Indices:
        """Return how many nodes are in each cell."""
        return np.bincount(self.cells, minlength=self.size)

    def only(self, held: Chosen) -> Cells:
        """Return some of the pairs."""
        rows = np.flatnonzero(held)
        return (
            self if len(rows) == len(held) else replace(self, nodes=self.nodes[rows], cells=self.cells[rows])
        )

    def reach(self, arrays: Arrays, path: Path, *, distinct: bool = True) -> Cells:
        """Return the nodes that those in each cell reach; if not `distinct`, some may come several times."""
        if not path.steps:
            return self
        reached = arrays.reach(path)
        if reached.lone is not None:
            found = replace(self, nodes=reached.lone[self.nodes])
            found = found.only(found.nodes >= 0)
        else:
            first = reached.begin[self.nodes]
            count = reached.begin[self.nodes + 1] - first
            places = spread(first, count)
            found = replace(self, nodes=reached.nodes[places], cells=np.repeat(self.cells, count))
        return found._once(reached.span) if distinct and not reached.apart else found

    def _once(self, span: int) -> Cells:
        pairs = self.cells * np.int64(max(span, 1)) + self.nodes
        if self.size * span <= DENSE:
            seen = np.zeros(self.size * span, np.bool_)
            seen[pairs] = True
            pairs = np.flatnonzero(seen)
        else:
            pairs = sort_distinct(pairs)
        cells, nodes = np.divmod(pairs, max(span, 1))
        return replace(self, nodes=nodes, cells=cells)

    def count_distinct(self, span: int, values: Whole | None = None) -> Indices:
        """Return how many different values, from 0 to below `span`, are in each cell; by default nodes."""
        values = self.nodes if values is None else values
        pairs = self.cells * np.int64(max(span, 1)) + values
        if self.size * span <= DENSE:
            seen = np.zeros(self.size * span, np.bool_)
            seen[pairs] = True
            return np.asarray(seen.reshape(self.size, span).sum(axis=1, dtype=np.int64))
        return np.bincount(sort_distinct(pairs) // span, minlength=self.size)


def put_together(nodes: Indices) -> Cells:
    """Return one cell of all these nodes."""
    return Cells(nodes, np.zeros(len(nodes), np.int64), 1)


def spread(first: Whole, count: Whole) -> Indices:
    """Return the positions `first[i]`, `first[i] + 1`... of which there are `count[i]`, for all i."""
    offsets = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    found: Indices = np.repeat(first, count) + offsets
    return found


@dataclass(frozen=True, eq=False)
class Layout:
    """Cells by groupings. `spans`: how many groups each has; `numbers`: which combination each cell is."""

    cells: Cells
    spans: Sequence[int]
    numbers: Indices

    def codes(self, places: Indices) -> list[Indices]:
        """Return, for each grouping, the codes of some of the cells."""
        found, left = [], self.numbers[places]
        for span in reversed(self.spans):
            left, codes = np.divmod(left, span)
            found.append(codes)
        return found[::-1]


def lay_out(rows: Indices, axes: Sequence[Codes]) -> Layout:
    """Return cells of nodes by groupings, in the order of their codes; of none, one cell of all.

    Where there may be many, only those are there that hold any node.
    """
    spans = [len(each.axis) for each in axes]
    size = int(np.prod(spans, dtype=object))
    if size > np.iinfo(np.int64).max:
        raise LimitError("these groups have too many combinations", hint="group by less at once")
    nodes: Whole = rows
    flat: Whole = np.zeros(len(rows), np.int64)
    for place, (each, span) in enumerate(zip(axes, spans, strict=True)):
        codes: Whole = each.codes
        if each.begin is None:
            codes = codes[nodes]
        else:
            first = each.begin[nodes]
            count = each.begin[nodes + 1] - first
            if int(count.sum()) > max(MOST_PAIRS, len(nodes)):
                raise LimitError("these groups have too many members", hint="group by less at once")
            nodes, flat = np.repeat(nodes, count), np.repeat(flat, count)
            codes = codes[spread(first, count)]
        flat = flat * np.int64(span) + codes if place else codes
    if size <= FEW:
        return Layout(Cells(nodes, flat, size), spans, np.arange(size))
    numbers, cells = _number(flat, size)
    return Layout(Cells(nodes, cells, len(numbers)), spans, numbers)


def _number(flat: Whole, span: int) -> tuple[Indices, Whole]:
    """Return the distinct numbers below `span`, ascending, and the place of each among them."""
    if span > DENSE:
        numbers = sort_distinct(flat)
        return numbers, np.searchsorted(numbers, flat)
    present = np.flatnonzero(np.bincount(flat, minlength=span))
    places = np.zeros(span, np.int32)
    places[present] = np.arange(len(present))
    return present, places[flat]
