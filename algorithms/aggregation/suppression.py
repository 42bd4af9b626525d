"""Small groups, which are withheld so that nobody is known by being one of few.

A cell is withheld if it holds nodes of fewer than `k` customers. What is withheld must not follow from what
is shown and the total: along every grouping (the cells that differ in it alone) there are either no withheld
cells, or at least two, and together they hold at least `k` customers; more cells are withheld until that is
so, the smallest first (complementary suppression; Cox 1980, Journal of the American Statistical Association
75). A total of fewer than `k` customers is withheld with all its cells.

That guards a table and its margins. It does not guard against somebody who compares many questions with
conditions that differ in one customer, nor against what is known from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.reach import Chosen, Indices


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
    lines = [_number_lines(axes, axis) for axis in range(len(axes))] if len(customers) else []
    settled = False
    while not settled:
        settled = True
        for line in lines:
            more = _complement(line, shown, customers, k)
            shown[more] = False
            settled = settled and not len(more)
    return shown


def _number_lines(axes: Sequence[Indices], axis: int) -> Indices:
    """Return the number of the line of each cell: cells of a line differ in one axis alone."""
    others = [codes for place, codes in enumerate(axes) if place != axis]
    if not others:
        return np.zeros(len(axes[axis]), np.int64)
    _, lines = np.unique(np.stack(others, axis=1), axis=0, return_inverse=True)
    return np.asarray(lines.reshape(-1), np.int64)


def _complement(line: Indices, shown: Chosen, customers: Indices, k: int) -> Indices:
    """Return a cell more of each line in which what is withheld would follow from the rest."""
    count = int(line.max()) + 1
    withheld = np.bincount(line[~shown], minlength=count)
    held = np.bincount(line[~shown], customers[~shown], minlength=count)
    open_ = (withheld > 0) & ((withheld < 2) | (held < k))
    candidates = np.flatnonzero(shown & open_[line])
    order = candidates[np.lexsort((customers[candidates], line[candidates]))]
    if not len(order):
        return order
    return order[np.r_[True, line[order][1:] != line[order][:-1]]]
