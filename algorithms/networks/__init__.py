"""The customer graph as a network: the graph of the networkx backend `motivo`, communities, similar nodes."""

from __future__ import annotations

from algorithms.networks.communities import Communities, find_communities
from algorithms.networks.conversion import from_networkx, to_networkx
from algorithms.networks.loading import build_network, load_network
from algorithms.networks.network import Network
from algorithms.networks.similarity import Similar, find_similar

__all__ = [
    "Communities",
    "Network",
    "Similar",
    "build_network",
    "find_communities",
    "find_similar",
    "from_networkx",
    "load_network",
    "to_networkx",
]
