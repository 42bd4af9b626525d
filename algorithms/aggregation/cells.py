"""Cells: the groups that nodes are in, and what is counted in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.aggregation.arrays import Arrays
from algorithms.aggregation.coding import Codes
from algorithms.reach import MOST_PAIRS, Chosen, Indices
from schema import LimitError
from schema.paths import Path

DENSE = 1 << 25  # pairs that are ticked off in an array rather than hashed


@dataclass(frozen=True, eq=False)
class Cells:
    """Pairs of a node and a cell that it is in, each once. `size`: how many cells there are."""

    nodes: Indices
    cells: Indices
    size: int

    def count(self) -> Indices:
        """Return how many nodes are in each cell."""
        return np.bincount(self.cells, minlength=self.size)

    def only(self, held: Chosen) -> Cells:
        """Return some of the pairs."""
        return replace(self, nodes=self.nodes[held], cells=self.cells[held])

    def reach(self, arrays: Arrays, path: Path, *, distinct: bool = True) -> Cells:
        """Return the nodes that those in each cell reach; if not `distinct`, some may come several times."""
        if not path.steps:
            return self
        lone = arrays.single(path)
        if lone is not None:
            found = replace(self, nodes=lone[self.nodes])
            found = found.only(found.nodes >= 0)
        else:
            reach = arrays.reach(path)
            begin = arrays.snapshot.keep(("begin", path.walked), reach.indptr)
            first = begin[self.nodes]
            count = begin[self.nodes + 1] - first
            places = spread(first, count)
            found = replace(self, nodes=reach.nodes[places], cells=np.repeat(self.cells, count))
        return found._once(arrays.size(path.kind)) if distinct else found

    def _once(self, span: int) -> Cells:
        pairs = np.unique(self.cells * max(span, 1) + self.nodes)
        return replace(self, nodes=pairs % max(span, 1), cells=pairs // max(span, 1))

    def count_distinct(self, span: int, values: Indices | None = None) -> Indices:
        """Return how many different values, from 0 to below `span`, are in each cell; by default nodes."""
        values = self.nodes if values is None else values
        pairs = self.cells * max(span, 1) + values
        if self.size * span <= DENSE:
            seen = np.zeros(self.size * span, np.bool_)
            seen[pairs] = True
            return np.asarray(seen.reshape(self.size, span).sum(axis=1, dtype=np.int64))
        unique: Indices = pc.unique(pa.array(pairs)).to_numpy()
        found: Indices = np.bincount(unique // span, minlength=self.size)
        return found


def put_together(nodes: Indices) -> Cells:
    """Return one cell of all these nodes."""
    return Cells(nodes, np.zeros(len(nodes), np.int64), 1)


def spread(first: Indices, count: Indices) -> Indices:
    """Return the positions `first[i]`, `first[i] + 1`... of which there are `count[i]`, for all i."""
    offsets = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    found: Indices = np.repeat(first, count) + offsets
    return found


def lay_out(rows: Indices, axes: Sequence[Codes]) -> tuple[Cells, list[Indices]]:
    """Return cells of nodes by one or several groupings, and for each grouping the code of every cell.

    Only cells that hold any node are there, in the order of their codes.
    """
    nodes, flat, spans = rows, np.zeros(len(rows), np.int64), [len(each.axis) for each in axes]
    for each, span in zip(axes, spans, strict=True):
        if each.begin is None:
            flat = flat * span + each.codes[nodes]
            continue
        first = each.begin[nodes]
        count = each.begin[nodes + 1] - first
        if int(count.sum()) > max(MOST_PAIRS, len(nodes)):
            raise LimitError("these groups have too many members", hint="group by less at once")
        nodes, flat = np.repeat(nodes, count), np.repeat(flat, count)
        flat = flat * span + each.codes[spread(first, count)]
    present, cells = _number(flat, int(np.prod(spans, dtype=object)))
    codes, left = [], present
    for span in reversed(spans):
        codes.append(left % span)
        left = left // span
    return Cells(nodes, cells, len(present)), codes[::-1]


def _number(flat: Indices, span: int) -> tuple[Indices, Indices]:
    """Return the distinct numbers below `span`, ascending, and the place of each among them."""
    if span > DENSE:
        if span > np.iinfo(np.int64).max:
            raise LimitError("these groups have too many combinations", hint="group by less at once")
        distinct, of = np.unique(flat, return_inverse=True)
        return np.asarray(distinct), np.asarray(of)
    present = np.flatnonzero(np.bincount(flat, minlength=span))
    places = np.zeros(span, np.int64)
    places[present] = np.arange(len(present))
    return present, places[flat]
