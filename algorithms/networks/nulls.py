"""What chance does: networks rewired at random, and the test against them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from algorithms.networks.labels import Indices
from schema import UsageError

ROUNDS = 20  # an edge is offered one swap a round


def rewire(
    start: Indices, end: Indices, kinds: Indices, rng: np.random.Generator, *, rounds: int = ROUNDS
) -> tuple[Indices, Indices]:
    """Return as many edges at random, every node with as many neighbours of each kind's edges as before.

    Pairs of edges between the same two kinds swap ends (Maslov and Sneppen 2002; Milo et al. 2003)
    unless that made a self-loop or an edge that is there. Edges are undirected, simple, each given once.
    """
    size = len(kinds)
    turned = kinds[start] > kinds[end]
    start, end = np.where(turned, end, start), np.where(turned, start, end)
    block = kinds[start] * (int(kinds.max(initial=0)) + 1) + kinds[end]
    alike = kinds[start] == kinds[end]
    for _ in range(rounds):
        flip = alike & (rng.random(len(start)) < 0.5)
        start, end = np.where(flip, end, start), np.where(flip, start, end)
        order = rng.permutation(len(start))
        order = order[np.argsort(block[order], kind="stable")]
        one, other = order[: len(order) // 2 * 2].reshape(-1, 2).T
        same = block[one] == block[other]
        one, other = one[same], other[same]
        proposed = np.concatenate([_name(start[one], end[other], size), _name(start[other], end[one], size)])
        free = _are_new(proposed, _name(start, end, size)).reshape(2, -1).all(axis=0)
        free &= (start[one] != end[other]) & (start[other] != end[one])
        one, other = one[free], other[free]
        end[one], end[other] = end[other], end[one]
    return np.minimum(start, end), np.maximum(start, end)


def _name(start: Indices, end: Indices, size: int) -> Indices:
    return np.minimum(start, end) * size + np.maximum(start, end)


def _are_new(proposed: Indices, there: Indices) -> npt.NDArray[np.bool_]:
    """Tell which names are neither there nor proposed twice."""
    _, places, counts = np.unique(np.concatenate([proposed, there]), return_inverse=True, return_counts=True)
    return np.asarray(counts[places[: len(proposed)]] == 1)


class Trial:
    """A permutation test that stops when it cannot succeed any more (Besag and Clifford 1991).

    `UsageError` where it could not succeed with that many nulls at all.
    """

    def __init__(self, nulls: int, alpha: float) -> None:
        if not 0 < alpha < 1 or nulls < 1 or 1 / (1 + nulls) > alpha:
            raise UsageError(f"with {nulls} nulls no p-value can be {alpha} or less", hint="more nulls")
        self._nulls = nulls
        self._alpha = alpha
        self._done = 0
        self._reached = 0

    def rounds(self) -> Iterator[int]:
        """Yield the number of each null, as long as another one can matter."""
        while self._done < self._nulls and (1 + self._reached) / (1 + self._nulls) <= self._alpha:
            yield self._done

    def count(self, reached: bool) -> None:
        """Take down whether a null reached what was observed."""
        self._done += 1
        self._reached += reached

    @property
    def p_value(self) -> float:
        """The share of all, the observed one counted in, that reach it."""
        return (1 + self._reached) / (1 + self._done)
