"""Shortest paths: breadth first over the arcs, or Dijkstra's where they have weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csgraph, csr_array

from algorithms.networks.labels import Indices, Label
from algorithms.networks.network import Floats, Network
from schema import InputError

FAR = -9999  # how scipy writes that a node has no predecessor


@dataclass(frozen=True)
class Tree:
    """The shortest paths from one node: what is reached, nearest first, how far, and from where.

    `reached` are positions, shape (k,); `distances` and `before` (the position one step nearer, of the
    first node `FAR`) run parallel to it.
    """

    reached: Indices
    distances: Floats | Indices
    before: Indices

    def lengths(self, network: Network) -> dict[Label, float]:
        """Return the distance of each node that is reached."""
        return dict(zip(_labels(network, self.reached), self.distances.tolist(), strict=True))

    def paths(self, network: Network) -> dict[Label, list[Label]]:
        """Return the nodes on the way to each node that is reached, both ends among them."""
        found: dict[int, list[Label]] = {FAR: []}
        steps = zip(self.reached.tolist(), self.before.tolist(), _labels(network, self.reached), strict=True)
        for position, before, label in steps:
            found[position] = [*found[before], label]
        del found[FAR]
        return dict(zip(_labels(network, self.reached), found.values(), strict=True))


def walk(network: Network, source: int, limit: float | None = None) -> Tree:
    """Return the shortest paths from a node, each edge one step, none longer than `limit`."""
    reached, before = csgraph.breadth_first_order(network.matrix(), source)
    rank = np.empty(len(network), np.int64)
    rank[reached] = np.arange(len(reached))
    parents = rank[before[reached[1:]]]  # where the predecessor stands in the order: never falls
    distances = np.zeros(len(reached), np.int64)
    begin, end, level = 0, 1, 0
    while end < len(reached):  # those whose predecessors lie one level nearer are the next level
        begin, end, level = end, 1 + int(np.searchsorted(parents, end)), level + 1
        distances[begin:end] = level
    kept = slice(None) if limit is None else distances <= limit
    reached = reached.astype(np.int64)[kept]
    return Tree(reached, distances[kept], before[reached].astype(np.int64))


def walk_weighted(network: Network, source: int, weight: str | None, limit: float | None = None) -> Tree:
    """Return the shortest paths from a node by Dijkstra's method; `InputError` where a weight is negative."""
    matrix = network.matrix(weight)
    if not (matrix.data >= 0).all() or np.isinf(matrix.data).any():
        raise InputError(f"Dijkstra's method needs edges whose {weight!r} is finite and not negative")
    distances, before = csgraph.dijkstra(
        matrix, indices=source, return_predecessors=True, limit=np.inf if limit is None else limit
    )
    others = np.flatnonzero(before != FAR)
    tree = csr_array((np.ones(len(others)), (before[others], others)), shape=matrix.shape)
    # Nearest first, and behind its predecessor what an edge of no weight leads to.
    order = csgraph.breadth_first_order(tree, source, return_predecessors=False).astype(np.int64)
    order = order[np.argsort(distances[order], kind="stable")]
    column = network.attributes.get(weight) if weight is not None else None
    whole = column is None or column.dtype.kind in "iu"
    return Tree(
        order, distances[order].astype(np.int64 if whole else np.float64), before[order].astype(np.int64)
    )


def find_path(network: Network, source: int, target: int) -> list[int] | None:
    """Return the positions on a shortest path, walked from both ends at once; None where there is none."""
    if source == target:
        return [source]
    back = network.reverse().arcs
    sides = [_Side(network.arcs, source), _Side(back, target)]
    while all(len(side.frontier) for side in sides):
        near, far = sorted(sides, key=lambda side: len(side.frontier))
        near.advance()
        met = near.frontier[far.before[near.frontier] != FAR]
        if len(met):
            ahead, behind = (side.follow(int(met[0])) for side in sides)
            return [*reversed(ahead), *behind[1:]]
    return None


class _Side:
    """One of the two searches of `find_path`: its frontier, and from where each node was reached."""

    def __init__(self, arcs: csr_array, origin: int) -> None:
        self._arcs = arcs
        self._origin = origin
        self.before = np.full(arcs.shape[0], FAR, np.int64)
        self.before[origin] = origin
        self.frontier: Indices = np.array([origin])

    def advance(self) -> None:
        """Go one step further in every direction."""
        sources, targets = spread(self._arcs, self.frontier)
        new = self.before[targets] == FAR
        sources, targets = sources[new], targets[new]
        self.before[targets] = sources  # of several ways to a node the last one stays
        self.frontier = targets[self.before[targets] == sources]
        if len(self.frontier) > 1:
            self.frontier = np.unique(self.frontier)

    def follow(self, position: int) -> list[int]:
        """Return the way back from a node to the origin."""
        way = [position]
        while way[-1] != self._origin:
            way.append(int(self.before[way[-1]]))
        return way


def spread(arcs: csr_array, nodes: Indices) -> tuple[Indices, Indices]:
    """Return the arcs that leave these nodes, as two arrays (from, to)."""
    first = arcs.indptr[nodes]
    counts = arcs.indptr[nodes + 1] - first
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(nodes, counts), arcs.indices[np.repeat(first, counts) + offsets].astype(np.int64)


def _labels(network: Network, positions: Indices) -> Iterable[Label]:
    labels = network.labels.all
    return [labels[position] for position in positions.tolist()]
