"""PageRank by power iteration (Page, Brin, Motwani and Winograd 1999; Langville and Meyer 2005)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from algorithms.networks.network import Floats

DAMPING = 0.85
TOLERANCE = 1e-6
MOST = 100  # iterations


def rank(
    matrix: csr_array,
    *,
    damping: float = DAMPING,
    restart: Floats | None = None,
    start: Floats | None = None,
    dangling: Floats | None = None,
    most: int = MOST,
    tolerance: float = TOLERANCE,
) -> Floats | None:
    """Return the PageRank of each node, shape (n,), or None where it does not settle in `most` steps.

    `restart` (personalisation), `start` and `dangling` (where a walk goes on from a node without a way
    out; default: as `restart`) are weights of the nodes, shape (n,), scaled here to sum to 1. It has
    settled when a step changes less than n times `tolerance` in sum, as in networkx.
    """
    size = matrix.shape[0]
    out = matrix.sum(axis=1)
    ends = out == 0
    share = np.divide(1.0, out, out=np.zeros(size), where=~ends)
    uniform = np.full(size, 1 / size)
    again = uniform if restart is None else restart / restart.sum()
    beyond = again if dangling is None else dangling / dangling.sum()
    ranks: Floats = uniform if start is None else start / start.sum()
    turned = matrix.T  # a view: CSC, whose product with a vector is one pass over the arcs
    for _ in range(most):
        before = ranks
        ranks = damping * (turned @ (before * share) + before[ends].sum() * beyond) + (1 - damping) * again
        if np.abs(ranks - before).sum() < size * tolerance:
            return ranks
    return None


def rank_from(matrix: csr_array, position: int) -> Floats:
    """Return the PageRank of walks that restart at one node, shape (n,), right to 1e-8 in sum.

    A step changes at most .85 of what the step before did, so that it settles in fewer than 150.
    """
    size = matrix.shape[0]
    restart = np.zeros(size)
    restart[position] = 1.0
    found = rank(matrix, restart=restart, most=150, tolerance=1e-9 / size)
    return restart if found is None else found
