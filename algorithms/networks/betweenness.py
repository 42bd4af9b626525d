"""Betweenness (Freeman 1977) by Brandes (2001), from all nodes or a sample (Brandes and Pich 2007)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from algorithms.networks.labels import Indices
from algorithms.networks.network import Floats, Network
from algorithms.networks.paths import spread

AT_ONCE = 4_000_000  # nodes and arcs of the searches that run side by side


def measure_betweenness(
    network: Network, sample: Sequence[int] | None = None, *, normalized: bool = True, endpoints: bool = False
) -> Floats:
    """Return for each node the share (or number) of shortest paths that lead over it, shape (n,).

    `sample` are the positions from which paths are walked, all by default; the sum is then scaled up as
    networkx does, whose conventions on `normalized` and `endpoints` hold, too.
    """
    size = len(network)
    sources = np.arange(size) if sample is None else np.asarray(sample, np.int64)
    together = max(1, AT_ONCE // (size + network.arcs.nnz + 1))
    total = np.zeros(size)
    for begin in range(0, len(sources), together):
        total += _count(network, sources[begin : begin + together], endpoints)
    return total * _scale(network, None if sample is None else sources, normalized, endpoints)


def _count(network: Network, sources: Indices, endpoints: bool) -> Floats:
    """Return how many shortest paths from the sources lead over each node, searches side by side.

    Node v of search i is number i * n + v; `ways` are the shortest paths to it, `beyond` what hangs on it.
    """
    size, searches = len(network), len(sources)
    level_of = np.full(searches * size, -1, np.int32)
    ways = np.zeros(searches * size)
    frontier = np.arange(searches) * size + sources
    level_of[frontier], ways[frontier] = 0, 1.0
    levels: list[tuple[Indices, Indices]] = []
    reached = np.zeros(searches)
    while len(frontier):
        nodes = frontier % size
        widths = np.diff(network.arcs.indptr)[nodes]
        start = np.repeat(frontier, widths)
        end = spread(network.arcs, nodes)[1] + np.repeat(frontier - nodes, widths)
        new = end[level_of[end] < 0]
        level_of[new] = len(levels) + 1
        onward = level_of[end] == len(levels) + 1
        start, end = start[onward], end[onward]
        np.add.at(ways, end, ways[start])
        levels.append((start, end))
        frontier = np.unique(new)
        reached += np.bincount(frontier // size, minlength=searches)
    beyond = np.zeros(searches * size)
    for start, end in reversed(levels):
        np.add.at(beyond, start, ways[start] / ways[end] * (1 + beyond[end]))
    beyond[np.arange(searches) * size + sources] = reached if endpoints else 0
    if endpoints:
        beyond[level_of > 0] += 1
    return np.asarray(beyond.reshape(searches, size).sum(axis=0))


def _scale(network: Network, sample: Indices | None, normalized: bool, endpoints: bool) -> Floats:
    """Return what to multiply the counts with, shape (n,): to shares of pairs, or from a sample to all.

    A node is no inner node of the paths from itself, so that of a sampled node one search less counts.
    """
    size = len(network)
    others = size if endpoints else size - 1
    factors = np.ones(size)
    if others < 2:
        return factors
    searches = np.full(size, float(others if sample is None else len(sample)))
    if sample is not None and not endpoints and len(sample) < size:
        searches[sample] -= 1
        searches[searches == 0] = math.nan  # nothing is known of the one source
    per_search = 1 / (others - 1) if normalized else others / (1 if network.directed else 2)
    scaled: Floats = factors * per_search / searches
    return scaled
