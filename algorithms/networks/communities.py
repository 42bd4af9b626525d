"""Communities: groups of nodes with more edges among them than their degrees explain, if there are any."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from algorithms.networks.components import gather
from algorithms.networks.conversion import EXTRA
from algorithms.networks.labels import Indices, Label
from algorithms.networks.network import Floats, Network
from algorithms.networks.nulls import Trial, rewire
from schema import MissingExtraError

Method = Literal["leiden", "louvain"]


@dataclass(frozen=True)
class Communities:
    """What was found of communities.

    `groups` are the communities of two nodes or more, largest first; none where the network has no
    more of a structure than networks rewired at random. `modularity` is that of the best division;
    `expected` the mean of the rewired ones', each divided by the same method; `p_value` the share of
    them, this one counted in, that reach it.
    """

    groups: tuple[frozenset[Label], ...]
    modularity: float
    expected: float
    p_value: float


def find_communities(
    network: Network, *, seed: int = 0, nulls: int = 99, alpha: float = 0.01, resolution: float = 1.0
) -> Communities:
    """Divide a network into communities (Leiden; Traag, Waltman and van Eck 2019), and test whether to.

    Any network falls into parts of high modularity, a random one, too (Guimerà, Sales-Pardo and Amaral
    2004). So the modularity is compared with that of up to `nulls` networks with the same degrees and
    the same kinds at the ends of edges; testing stops when `alpha` is out of reach (Besag and Clifford
    1991). Directions, weights and self-loops are left out. Needs the extra `networks`.
    """
    start, end = network.to_undirected().pairs()
    start, end = start[start != end], end[start != end]
    trial, rng = Trial(nulls, alpha), np.random.default_rng(seed)
    numbers, reached = _divide_best(len(network), start, end, resolution, seed)
    seen = []
    if len(start):
        for _ in trial.rounds():
            null = rewire(start, end, network.labels.kinds, rng)
            seen.append(_divide_best(len(network), *null, resolution, int(rng.integers(2**31)))[1])
            trial.count(seen[-1] >= reached - 1e-9)
    p_value = trial.p_value if seen else 1.0
    groups: tuple[frozenset[Label], ...] = ()
    if p_value <= alpha:
        parts = (frozenset(part) for part in gather(network, numbers))
        groups = tuple(sorted((part for part in parts if len(part) > 1), key=len, reverse=True))
    return Communities(groups, reached, float(np.mean(seen)) if seen else 0.0, p_value)


def _divide_best(
    size: int, start: Indices, end: Indices, resolution: float, seed: int
) -> tuple[Indices, float]:
    """Return the community of each node and the modularity of the division."""
    numbers = divide(size, start, end, np.ones(len(start)), resolution=resolution, seed=seed)
    return numbers, measure_modularity(numbers, start, end, np.ones(len(start)), resolution)


def divide(
    size: int,
    start: Indices,
    end: Indices,
    weights: Floats,
    *,
    method: Method = "leiden",
    resolution: float = 1.0,
    seed: int = 0,
) -> Indices:
    """Return a number for the community of each of `size` nodes, numbers in the order of first nodes.

    Edges are undirected, each given once. The same seed gives the same communities.
    """
    if len(start) == 0:
        return np.arange(size)
    order = np.lexsort((end, start))  # the order of edges leaves its mark on the division
    start, end, weights = start[order], end[order], weights[order]
    with _networkit(seed) as nk:
        ends = (start.astype(np.uint64), end.astype(np.uint64))
        graph = nk.GraphFromCoo((weights, ends), n=size, weighted=True)
        if method == "leiden":
            algorithm = nk.community.ParallelLeiden(graph, iterations=10, gamma=resolution)
        else:  # the Louvain method, in networkit's own terms
            algorithm = nk.community.PLM(graph, refine=False, gamma=resolution, par="none")
        found = np.asarray(algorithm.run().getPartition().getVector(), np.int64)
    _, first, numbers = np.unique(found, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[numbers]


def measure_modularity(
    numbers: Indices, start: Indices, end: Indices, weights: Floats, resolution: float = 1.0
) -> float:
    """Return the modularity (Newman 2006; with resolution, Reichardt and Bornholdt 2006) of a division.

    Edges are undirected, each given once.
    """
    total = weights.sum()
    if total == 0:
        return 0.0
    count = int(numbers.max()) + 1
    volume = np.bincount(numbers[start], weights, count) + np.bincount(numbers[end], weights, count)
    within = weights[numbers[start] == numbers[end]].sum() / total
    return float(within - resolution * ((volume / (2 * total)) ** 2).sum())


@contextmanager
def _networkit(seed: int) -> Iterator[Any]:
    """Yield networkit with one thread, since with several the same seed does not give the same answer."""
    try:
        import networkit as nk
    except ImportError:
        raise MissingExtraError(EXTRA, "dividing a network into communities") from None
    threads = nk.getMaxNumberOfThreads()
    nk.setNumberOfThreads(1)
    nk.setSeed(seed, False)
    try:
        yield nk
    finally:
        nk.setNumberOfThreads(threads)
