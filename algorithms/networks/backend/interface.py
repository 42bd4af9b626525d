"""How networkx hands graphs over: what can run, and conversion either way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx

from algorithms.networks.conversion import from_networkx, to_networkx
from algorithms.networks.labels import Label
from algorithms.networks.network import Network
from schema import InputError

# Where a graph with parallel edges is not answered by the graph in which they are added up.
_EACH_EDGE = ("degree_centrality", "in_degree_centrality", "out_degree_centrality")
_WEIGHTED_PATHS = ("shortest_path", "shortest_path_length")
_WEIGHT = 3  # the place of `weight` among the arguments of these, and of betweenness


def can_run(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool | str:
    """Tell whether a call can be answered; a text says why not."""
    graph = args[0] if args else kwargs["G"]
    weight = kwargs.get("weight", args[_WEIGHT] if len(args) > _WEIGHT else None)
    if name == "betweenness_centrality" and weight is not None:
        return "betweenness takes no weights"
    if name in _WEIGHTED_PATHS and weight is not None:
        method = kwargs.get("method", args[_WEIGHT + 1] if len(args) > _WEIGHT + 1 else "dijkstra")
        if method == "bellman-ford":
            return "weighted paths are found by Dijkstra's method only"
    if name == "louvain_communities" and graph.is_directed():
        return "communities are found in undirected graphs only"
    if graph.is_multigraph() and (
        name in _EACH_EDGE or "dijkstra" in name or (name in _WEIGHTED_PATHS and weight is not None)
    ):
        return "parallel edges are collapsed into one, their weights added up"
    return True


def convert_from_nx(
    graph: Any,
    *,
    edge_attrs: Mapping[str, float] | None = None,
    preserve_edge_attrs: bool = False,
    **_: Any,
) -> Network:
    """Return a graph of networkx as a network, with the attributes of edges that a call needs."""
    if preserve_edge_attrs:
        raise NotImplementedError("only named attributes of edges are kept, no function of them")
    try:
        return from_networkx(graph, edge_attrs or {})
    except InputError as error:
        raise NotImplementedError(str(error)) from error


def convert_to_nx(result: Any, **_: Any) -> Any:
    """Return a network as a graph of networkx, any other result as it is."""
    return to_networkx(result) if isinstance(result, Network) else result


def get_position(network: Network, label: Label) -> int:
    """Return the position of a node; `nx.NodeNotFound` where there is none of this label."""
    if label not in network:
        raise nx.NodeNotFound(f"Node {label} is not in the graph")
    return network.get_position(label)
