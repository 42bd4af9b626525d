"""Similar nodes: those that walks from a node come by more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.networks.labels import Indices, Label
from algorithms.networks.network import Floats, Network, connect
from algorithms.networks.nulls import Trial, rewire
from algorithms.networks.pagerank import rank, rank_from


@dataclass(frozen=True)
class Similar:
    """A node that is similar to another of its kind.

    `lift` is its PageRank on walks that restart at the other over its PageRank on walks that restart
    anywhere. `p_value` is the share of networks rewired at random, this one counted in, in which any
    node of the kind stands out as much.
    """

    label: Label
    lift: float
    p_value: float


def find_similar(
    network: Network, label: Label, *, limit: int = 10, seed: int = 0, nulls: int = 99, alpha: float = 0.05
) -> list[Similar]:
    """Return the nodes most similar to a node among those of its kind, by lift; often none.

    Nodes with common neighbours are near each other on walks (personalised PageRank; Haveliwala 2002),
    but so are nodes with one common hub, and of two nodes with one edge each any is near. So only those
    are returned that stand out more than all do in networks with the same degrees and the same kinds at
    the ends of edges, up to `nulls` of them (the maximum over all nodes is compared: Westfall and Young
    1993). Directions, weights and self-loops are left out. `NotFoundError` where the node is not there.
    """
    trial, rng = Trial(nulls, alpha), np.random.default_rng(seed)
    place = network.get_position(label)
    start, end = network.to_undirected().pairs()
    start, end = start[start != end], end[start != end]
    kinds = network.labels.kinds
    candidates = np.flatnonzero(kinds == kinds[place])
    candidates = candidates[candidates != place]
    walks = _walk(network, start, end, place)
    scores = _stand_out(walks, start, end)[candidates]
    if not len(candidates) or scores.max() <= 0:
        return []
    reached = np.zeros(len(candidates), np.int64)
    done = 0
    for _ in trial.rounds():
        null = rewire(start, end, kinds, rng)
        most = _stand_out(_walk(network, *null, place), *null)[candidates].max()
        trial.count(bool(most >= scores.max() * (1 - 1e-9)))
        reached += most >= scores * (1 - 1e-9)
        done += 1
    p_values = (1 + reached) / (1 + done)
    stand = np.flatnonzero(p_values <= alpha)
    if not len(stand):
        return []
    usual = rank(connect(network.labels, start, end, directed=False).matrix(), tolerance=1e-12, most=1000)
    lifts = walks[candidates] / (walks if usual is None else usual)[candidates]
    best = stand[np.argsort(-lifts[stand], kind="stable")][:limit]
    return [
        Similar(network.labels.at(int(candidates[row])), float(lifts[row]), float(p_values[row]))
        for row in best.tolist()
    ]


def _walk(network: Network, start: Indices, end: Indices, place: int) -> Floats:
    """Return how often walks that restart at a node are at each node, shape (n,)."""
    return rank_from(connect(network.labels, start, end, directed=False).matrix(), place)


def _stand_out(walks: Floats, start: Indices, end: Indices) -> Floats:
    """Return by how much walks are more often at a node than its degree explains, shape (n,).

    Pearson's residual rather than the lift, which is greatest where there is the least to go by.
    """
    degrees = np.bincount(start, minlength=len(walks)) + np.bincount(end, minlength=len(walks))
    usual = degrees / max(degrees.sum(), 1)
    found = np.full(len(walks), -np.inf)
    return np.asarray(np.divide(walks - usual, np.sqrt(usual), out=found, where=usual > 0))
