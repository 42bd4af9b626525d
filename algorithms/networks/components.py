"""Connected components."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy.sparse import csgraph

from algorithms.networks.labels import Indices, Label
from algorithms.networks.network import Network


def number_components(network: Network, *, strong: bool = False) -> tuple[int, Indices]:
    """Return how many components there are, and the number of each node's, shape (n,).

    `strong`: within a component of a directed network one gets from each node to every other.
    """
    if len(network) == 0:
        return 0, np.zeros(0, np.int64)
    if network.directed:
        found = csgraph.connected_components(network.matrix(), connection="strong" if strong else "weak")
    else:  # each edge lies in the arcs both ways: strong is weak, and needs no second array
        found = csgraph.connected_components(network.matrix(), connection="strong")
    return int(found[0]), found[1].astype(np.int64)


def gather(network: Network, numbers: Indices) -> Iterator[set[Label]]:
    """Yield the labels of the nodes that bear the same number, one set a number, in the order of numbers."""
    order = np.argsort(numbers, kind="stable")
    labels = network.labels.all
    sorted_labels = [labels[position] for position in order.tolist()]
    bounds = np.flatnonzero(np.diff(numbers[order], prepend=-1, append=-1)).tolist() if len(numbers) else [0]
    for begin, end in pairwise(bounds):
        yield set(sorted_labels[begin:end])
