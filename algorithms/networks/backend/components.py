"""Components, as networkx calls them."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import numpy as np

from algorithms.networks.backend.interface import get_position
from algorithms.networks.components import gather, number_components
from algorithms.networks.labels import Label
from algorithms.networks.network import Network


def connected_components(G: Network) -> Iterator[set[Label]]:
    """Yield the nodes of each component."""
    yield from gather(G, number_components(G)[1])


def number_connected_components(G: Network) -> int:
    """Return the number of components."""
    return number_components(G)[0]


def is_connected(G: Network) -> bool:
    """Tell whether there is one component."""
    return _is_one(G, strong=False)


def node_connected_component(G: Network, n: Label) -> set[Label]:
    """Return the nodes of the component of a node."""
    place = get_position(G, n)
    numbers = number_components(G)[1]
    return {G.labels.at(member) for member in np.flatnonzero(numbers == numbers[place]).tolist()}


weakly_connected_components = connected_components
number_weakly_connected_components = number_connected_components
is_weakly_connected = is_connected


def strongly_connected_components(G: Network) -> Iterator[set[Label]]:
    """Yield the nodes of each component in which one gets from each to every other."""
    yield from gather(G, number_components(G, strong=True)[1])


def number_strongly_connected_components(G: Network) -> int:
    """Return the number of strong components."""
    return number_components(G, strong=True)[0]


def is_strongly_connected(G: Network) -> bool:
    """Tell whether there is one strong component."""
    return _is_one(G, strong=True)


def _is_one(network: Network, *, strong: bool) -> bool:
    if len(network) == 0:
        raise nx.NetworkXPointlessConcept("Connectivity is undefined for the null graph.")
    return number_components(network, strong=strong)[0] == 1
