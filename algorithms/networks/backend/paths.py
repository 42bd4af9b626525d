"""Shortest paths, as networkx calls them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx

from algorithms.networks import paths
from algorithms.networks.backend.interface import get_position
from algorithms.networks.labels import Label
from algorithms.networks.network import Network
from schema import InputError

Lengths = dict[Label, float]
Ways = dict[Label, list[Label]]


def single_source_shortest_path(G: Network, source: Label, cutoff: float | None = None) -> Ways:
    """Return a shortest path to each node that is reached."""
    return paths.walk(G, get_position(G, source), cutoff).paths(G)


def single_source_shortest_path_length(G: Network, source: Label, cutoff: float | None = None) -> Lengths:
    """Return the distance of each node that is reached."""
    return paths.walk(G, get_position(G, source), cutoff).lengths(G)


def single_target_shortest_path(G: Network, target: Label, cutoff: float | None = None) -> Ways:
    """Return a shortest path from each node that reaches the target."""
    return _turn(single_source_shortest_path(G.reverse(), target, cutoff))


def single_target_shortest_path_length(G: Network, target: Label, cutoff: float | None = None) -> Lengths:
    """Return the distance to the target from each node that reaches it."""
    return single_source_shortest_path_length(G.reverse(), target, cutoff)


def all_pairs_shortest_path_length(
    G: Network, cutoff: float | None = None
) -> Iterator[tuple[Label, Lengths]]:
    """Yield each node with the distances of those that it reaches."""
    return ((label, single_source_shortest_path_length(G, label, cutoff)) for label in G)


def bidirectional_shortest_path(G: Network, source: Label, target: Label) -> list[Label]:
    """Return a shortest path; `nx.NetworkXNoPath` where there is none."""
    found = paths.find_path(G, get_position(G, source), get_position(G, target))
    if found is None:
        raise nx.NetworkXNoPath(f"No path between {source} and {target}.")
    return [G.labels.at(position) for position in found]


def has_path(G: Network, source: Label, target: Label) -> bool:
    """Tell whether there is a path."""
    return paths.find_path(G, get_position(G, source), get_position(G, target)) is not None


def single_source_dijkstra(
    G: Network,
    source: Label,
    target: Label | None = None,
    cutoff: float | None = None,
    weight: str | None = "weight",
) -> tuple[Any, Any]:
    """Return distances and paths to all nodes that are reached, or those of the target."""
    tree = _dijkstra(G, source, cutoff, weight)
    lengths, ways = tree.lengths(G), tree.paths(G)
    if target is None:
        return lengths, ways
    if target not in lengths:
        raise nx.NetworkXNoPath(f"No path to {target}.")
    return lengths[target], ways[target]


def single_source_dijkstra_path(
    G: Network, source: Label, cutoff: float | None = None, weight: str | None = "weight"
) -> Ways:
    """Return a shortest path to each node that is reached."""
    return _dijkstra(G, source, cutoff, weight).paths(G)


def single_source_dijkstra_path_length(
    G: Network, source: Label, cutoff: float | None = None, weight: str | None = "weight"
) -> Lengths:
    """Return the distance of each node that is reached."""
    return _dijkstra(G, source, cutoff, weight).lengths(G)


def bidirectional_dijkstra(
    G: Network, source: Label, target: Label, weight: str | None = "weight"
) -> tuple[float, list[Label]]:
    """Return the length of a shortest path, and the path."""
    get_position(G, target)
    found: tuple[float, list[Label]] = single_source_dijkstra(G, source, target, weight=weight)
    return found


def dijkstra_path(G: Network, source: Label, target: Label, weight: str | None = "weight") -> list[Label]:
    """Return a shortest path."""
    way: list[Label] = single_source_dijkstra(G, source, target, weight=weight)[1]
    return way


def dijkstra_path_length(G: Network, source: Label, target: Label, weight: str | None = "weight") -> float:
    """Return the length of a shortest path."""
    lengths = single_source_dijkstra_path_length(G, source, weight=weight)
    if target not in lengths:
        raise nx.NetworkXNoPath(f"Node {target} not reachable from {source}")
    return lengths[target]


def shortest_path(
    G: Network,
    source: Label | None = None,
    target: Label | None = None,
    weight: str | None = None,
    method: str = "dijkstra",
) -> Any:
    """Return the path between two nodes, those from or to one by the other end, or of all by source."""
    _check(method)
    if source is not None and target is not None:
        if weight is None:
            return bidirectional_shortest_path(G, source, target)
        return bidirectional_dijkstra(G, source, target, weight)[1]
    if source is not None:
        return _ways(G, source, weight)
    if target is not None:
        return _turn(_ways(G.reverse(), target, weight))
    return ((label, _ways(G, label, weight)) for label in G)


def shortest_path_length(
    G: Network,
    source: Label | None = None,
    target: Label | None = None,
    weight: str | None = None,
    method: str = "dijkstra",
) -> Any:
    """Return the distance of two nodes, those from or to one by the other end, or of all by source."""
    _check(method)
    if source is not None and target is not None:
        if weight is None:
            return len(bidirectional_shortest_path(G, source, target)) - 1
        return dijkstra_path_length(G, source, target, weight)
    if source is not None:
        return _lengths(G, source, weight)
    if target is not None:
        return _lengths(G.reverse(), target, weight)
    return ((label, _lengths(G, label, weight)) for label in G)


def _check(method: str) -> None:
    if method not in ("dijkstra", "bellman-ford"):
        raise ValueError(f"method not supported: {method}")


def _ways(network: Network, source: Label, weight: str | None) -> Ways:
    if weight is None:
        return single_source_shortest_path(network, source)
    return single_source_dijkstra_path(network, source, weight=weight)


def _lengths(network: Network, source: Label, weight: str | None) -> Lengths:
    if weight is None:
        return single_source_shortest_path_length(network, source)
    return single_source_dijkstra_path_length(network, source, weight=weight)


def _turn(ways: Ways) -> Ways:
    return {label: way[::-1] for label, way in ways.items()}


def _dijkstra(network: Network, source: Label, cutoff: float | None, weight: Any) -> paths.Tree:
    if callable(weight):
        raise NotImplementedError("a weight is the name of an attribute, not a function")
    place = get_position(network, source)
    try:
        return paths.walk_weighted(network, place, weight, cutoff)
    except InputError as error:
        raise NotImplementedError(str(error)) from error
