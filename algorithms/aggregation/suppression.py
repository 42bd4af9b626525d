"""Small groups, which are withheld so that nobody is known by being one of few.

A cell is withheld if it holds nodes of fewer than `k` customers (fewer nodes, where no path tells whose these
are). What is withheld must not follow from what is shown and a total: among the cells that any of the
groupings add up (all cells of a row, of a column, of the table) there are either no withheld ones, or at
least two, and together they hold at least `k` customers; more cells are withheld until that is so, the
smallest first (complementary suppression; Cox 1980, Journal of the American Statistical Association 75). A
total of fewer than `k` customers is withheld with all its cells.

Kinds that are shared (products, regions) are nobody's, and are not withheld.

That guards a table with its own margins. It does not guard tables by different groupings against each other,
nor against somebody who compares questions whose conditions differ in one customer, nor against what is known
from elsewhere. Where a node may be in several groups, sums of cells tell less than is assumed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from algorithms.aggregation.arrays import Arrays, Needs, find_owner
from algorithms.aggregation.cells import Cells, put_together
from algorithms.reach import Chosen, Indices
from schema import Vocabulary


class Guard:
    """Withholds small groups of nodes of a kind, of fewer than `k` customers; none where `k` is 1 or less."""

    def __init__(self, vocabulary: Vocabulary, kind: str, k: int, needs: Needs) -> None:
        self.owner = find_owner(vocabulary, kind)
        self.k = 0 if vocabulary.get_kind(kind).shared else k
        if self.k > 1:
            needs.add(self.owner)

    def count(self, arrays: Arrays, cells: Cells) -> Indices:
        """Return how many customers the nodes in each cell are of."""
        if self.owner is None:
            return cells.count()
        owners = cells.reach(arrays, self.owner, distinct=False)
        return owners.count_distinct(arrays.size(self.owner.kind))

    def find_shown(
        self,
        arrays: Arrays,
        cells: Cells,
        places: Indices,
        codes: Sequence[Indices],
        withheld: Chosen | None = None,
    ) -> Chosen:
        """Return which of the cells at some places are shown; these hold all nodes.

        `codes` tell them apart, by grouping; `withheld`: which of them are not shown in any case.
        """
        if self.k <= 1:
            return np.ones(len(places), np.bool_)
        return find_shown(codes, self.count(arrays, cells)[places], self.k, withheld)

    def admits(self, arrays: Arrays, nodes: Indices) -> bool:
        """Return whether these nodes together may be told of; of none it may."""
        if self.k <= 1 or not len(nodes):
            return True
        return bool(self.count(arrays, put_together(nodes))[0] >= self.k)


def find_shown(axes: Sequence[Indices], customers: Indices, k: int, withheld: Chosen | None = None) -> Chosen:
    """Return which cells are shown.

    `axes`: for each grouping the code of every cell; `customers`: how many have nodes in each cell. Without a
    grouping there is one cell. `withheld`: cells that are not shown in any case.
    """
    if k <= 1:
        return np.ones(len(customers), np.bool_)
    shown = np.asarray(customers >= k, np.bool_)
    if withheld is not None:
        shown &= ~withheld
    lines = list(_number_lines(axes, len(customers))) if axes and len(customers) else []
    settled = False
    while not settled:
        settled = True
        for line in lines:
            more = _complement(line, shown, customers, k)
            shown[more] = False
            settled = settled and not len(more)
    return shown


def _number_lines(axes: Sequence[Indices], size: int) -> Iterator[Indices]:
    """Yield, for each way to add cells up over some groupings, the number of the sum that each cell is in."""
    places = [np.unique(codes, return_inverse=True)[1] for codes in axes]
    for kept in range(len(axes)):
        for some in combinations(places, kept):
            lines = np.zeros(size, np.int64)
            for codes in some:
                lines = lines * (int(codes.max()) + 1) + codes
            yield np.unique(lines, return_inverse=True)[1]


def _complement(line: Indices, shown: Chosen, customers: Indices, k: int) -> Indices:
    """Return one more cell of each sum in which what is withheld would follow from the rest."""
    count = int(line.max()) + 1
    withheld = np.bincount(line[~shown], minlength=count)
    held = np.bincount(line[~shown], customers[~shown], minlength=count)
    open_ = (withheld > 0) & ((withheld < 2) | (held < k))
    candidates = np.flatnonzero(shown & open_[line])
    order = candidates[np.lexsort((customers[candidates], line[candidates]))]
    if not len(order):
        return order
    return order[np.r_[True, line[order][1:] != line[order][:-1]]]
