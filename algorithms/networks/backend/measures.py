"""Centralities and communities, as networkx calls them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np

from algorithms.networks.betweenness import measure_betweenness
from algorithms.networks.communities import Method, divide
from algorithms.networks.components import gather
from algorithms.networks.labels import Label
from algorithms.networks.network import Floats, Network
from algorithms.networks.pagerank import rank

Measured = dict[Label, float]


def pagerank(
    G: Network,
    alpha: float = 0.85,
    personalization: Mapping[Label, float] | None = None,
    max_iter: int = 100,
    tol: float = 1.0e-6,
    nstart: Mapping[Label, float] | None = None,
    weight: str | None = "weight",
    dangling: Mapping[Label, float] | None = None,
) -> Measured:
    """Return the PageRank of each node."""
    _name(weight)
    if len(G) == 0:
        return {}
    restart = _spread(G, personalization)
    if restart is not None and restart.sum() == 0:
        raise ZeroDivisionError("the personalization of the nodes adds up to 0")
    ranks = rank(
        G.matrix(weight),
        damping=alpha,
        restart=restart,
        start=_spread(G, nstart),
        dangling=_spread(G, dangling),
        most=max_iter,
        tolerance=tol,
    )
    if ranks is None:
        raise nx.PowerIterationFailedConvergence(max_iter)
    return _by_label(G, ranks)


def degree_centrality(G: Network) -> Measured:
    """Return the share of the other nodes that each is joined to."""
    return _share(G, G.degrees())


def in_degree_centrality(G: Network) -> Measured:
    """Return the share of the other nodes that have an edge to each."""
    return _share(G, G.in_degrees())


def out_degree_centrality(G: Network) -> Measured:
    """Return the share of the other nodes that each has an edge to."""
    return _share(G, G.out_degrees())


def betweenness_centrality(
    G: Network,
    k: int | None = None,
    normalized: bool = True,
    weight: None = None,  # noqa: ARG001
    endpoints: bool = False,
    seed: Any = None,
) -> Measured:
    """Return the share of shortest paths that lead over each node, walked from `k` nodes or from all."""
    if k == 0 < len(G):
        raise ZeroDivisionError("paths are walked from no node")
    sample = None if k is None or k == len(G) else seed.sample(range(len(G)), k)
    return _by_label(G, measure_betweenness(G, sample, normalized=normalized, endpoints=endpoints))


def leiden_communities(
    G: Network,
    weight: str | None = "weight",
    resolution: float = 1,
    max_level: int | None = None,
    seed: Any = None,
) -> list[set[Label]]:
    """Return communities by the Leiden method."""
    return _communities(G, weight, resolution, max_level, seed, "leiden")


def louvain_communities(
    G: Network,
    weight: str | None = "weight",
    resolution: float = 1,
    threshold: float = 1e-07,  # noqa: ARG001
    max_level: int | None = None,
    seed: Any = None,
) -> list[set[Label]]:
    """Return communities by the Louvain method."""
    return _communities(G, weight, resolution, max_level, seed, "louvain")


def modularity(
    G: Network, communities: Iterable[Collection[Label]], weight: str | None = "weight", resolution: float = 1
) -> float:
    """Return the modularity of a division into communities."""
    _name(weight)
    groups = list(communities)
    numbers = np.full(len(G), -1)
    for number, group in enumerate(groups):
        numbers[[place for label in group if (place := G.labels.find(label)) is not None]] = number
    if (numbers < 0).any() or sum(map(len, groups)) != len(G):
        raise nx.community.quality.NotAPartition(G, groups)
    out, into = G.out_degrees(weight), G.in_degrees(weight)
    if not G.directed:
        out = into = G.degrees(weight)
    total = out.sum()
    start, end = G.ends()
    within = numbers[start] == numbers[end]
    inside = G.weights(weight)[within].sum()
    if not G.directed:  # each edge lies in the arcs twice, but for a self-loop
        inside += G.weights(weight)[start == end].sum()
    expected = np.bincount(numbers, out, len(groups)) @ np.bincount(numbers, into, len(groups))
    return float(inside / total - resolution * expected / total**2)


def _communities(
    network: Network,
    weight: str | None,
    resolution: float,
    max_level: int | None,
    seed: Any,
    method: Method,
) -> list[set[Label]]:
    _name(weight)
    if max_level is not None:
        raise NotImplementedError("max_level is not known to the method")
    start, end = network.ends()
    once = start <= end
    weights = network.weights(weight)[once]
    if not (weights >= 0).all():
        raise NotImplementedError("communities are found with weights that are not negative")
    number = seed.randint(0, 2**31 - 1)
    found = divide(
        len(network), start[once], end[once], weights, method=method, resolution=resolution, seed=number
    )
    return list(gather(network, found))


def _name(weight: Any) -> None:
    if callable(weight):
        raise NotImplementedError("a weight is the name of an attribute, not a function")


def _spread(network: Network, given: Mapping[Label, float] | None) -> Floats | None:
    """Return what is given of some nodes as an array over all; what is no node is left out."""
    if given is None:
        return None
    found = np.zeros(len(network))
    for label, value in given.items():
        place = network.labels.find(label)
        if place is not None:
            found[place] = value
    return found


def _by_label(network: Network, values: Any) -> Measured:
    return dict(zip(network.labels.all, values.tolist(), strict=True))


def _share(network: Network, degrees: Any) -> Measured:
    if len(network) <= 1:
        return dict.fromkeys(network, 1)
    return _by_label(network, degrees * (1.0 / (len(network) - 1.0)))
