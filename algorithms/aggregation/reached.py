"""Which nodes units reach by a path, in the form that is quick to count with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from algorithms.reach import Indices, Reach

Small = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Reached:
    """The nodes that each unit reaches, each once: unit i `nodes[begin[i] : begin[i + 1]]`.

    `span`: how many nodes there are where the path leads. `lone`: the one node of each unit, -1 of none; None
    where a unit reaches several. `apart`: whether no two units reach the same.
    """

    begin: Indices
    nodes: Small
    span: int
    lone: Small | None
    apart: bool

    def __len__(self) -> int:
        return len(self.begin) - 1

    @cached_property
    def pairs(self) -> Reach:
        """The pairs of unit and node, as folds take them."""
        units = np.repeat(np.arange(len(self)), np.diff(self.begin))
        return Reach(units, self.nodes.astype(np.int64), len(self))


def hold(matrix: csr_array) -> Reached:
    """Return what is reached as a matrix of units and nodes has it."""
    matrix.sort_indices()
    count = np.diff(matrix.indptr)
    nodes = matrix.indices.astype(np.int32, copy=False)
    lone = None
    if int(count.max(initial=0)) <= 1:
        lone = np.full(len(count), -1, np.int32)
        lone[count > 0] = nodes
    apart = int(np.bincount(nodes, minlength=1).max(initial=0)) <= 1
    return Reached(matrix.indptr.astype(np.int64), nodes, int(matrix.shape[1]), lone, apart)


def as_matrix(reached: Reached) -> csr_array:
    """Return the same as a matrix of ones."""
    ones = np.ones(len(reached.nodes), np.int32)
    shape = (len(reached), reached.span)
    return csr_array((ones, reached.nodes, reached.begin), shape=shape)


def sort_distinct(numbers: Indices) -> Indices:
    """Return the distinct numbers, ascending (numpy's `unique` hashes first, which takes far longer)."""
    ordered = np.sort(numbers)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered
