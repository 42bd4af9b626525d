"""Networks and the graphs of networkx, one made of the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from algorithms.networks.labels import Indices, ListedLabels
from algorithms.networks.network import Network, connect
from schema import InputError, MissingExtraError

EXTRA = "networks"


def from_networkx(graph: Any, attributes: Mapping[str, float] | None = None) -> Network:
    """Return a graph of networkx as a network, nodes in the same order.

    `attributes` names those of the edges that are kept, with the number that stands in where an edge
    has none; by default `weight` (1), where any edge has it or edges may be parallel. Parallel edges
    become one, their attributes added up. A value that is no number is an `InputError`.
    """
    if attributes is None:
        some = graph.is_multigraph() or any("weight" in data for _, _, data in graph.edges(data=True))
        attributes = {"weight": 1} if some else {}
    labels = ListedLabels(list(graph))
    edges = list(graph.edges(data=True)) if attributes else list(graph.edges())
    place = {label: position for position, label in enumerate(labels.all)}
    start: Indices = np.fromiter((place[edge[0]] for edge in edges), np.int64, len(edges))
    end: Indices = np.fromiter((place[edge[1]] for edge in edges), np.int64, len(edges))
    columns = {
        name: _numbers(name, [edge[2].get(name, default) for edge in edges])
        for name, default in attributes.items()
    }
    return connect(labels, start, end, directed=graph.is_directed(), attributes=columns)


def to_networkx(network: Network) -> Any:
    """Return a network as an `nx.Graph` or `nx.DiGraph`, with the attributes of its edges."""
    try:
        import networkx as nx
    except ImportError:
        raise MissingExtraError(EXTRA, "a graph of networkx") from None
    graph = nx.DiGraph() if network.directed else nx.Graph()
    graph.add_nodes_from(network.labels.all)
    graph.add_edges_from(network.edges(data=True) if network.attributes else network.edges)
    return graph


def _numbers(name: str, values: list[Any]) -> Any:
    column = np.asarray(values) if values else np.zeros(0)
    if column.dtype == np.bool_:
        return column.astype(np.int64)
    if column.dtype.kind not in "iuf" or column.ndim != 1:
        raise InputError(f"the attribute {name!r} of some edge is not a number")
    return column
