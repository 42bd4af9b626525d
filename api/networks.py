"""What networkx is told of the backend `motivo` whenever it is imported.

It is here and not beside the backend because importing that package takes longer than networkx itself.
"""

from __future__ import annotations

from typing import Any

_COMPONENTS = "By scipy."
_LEIDEN = "By networkit with one thread: the same seed gives the same communities."
_WEIGHTED = "By scipy; weights are finite and not negative."
FUNCTIONS = {
    "all_pairs_shortest_path_length": "",
    "betweenness_centrality": "Brandes' method; no weights. With `k` the nodes that networkx would draw.",
    "bidirectional_dijkstra": _WEIGHTED,
    "bidirectional_shortest_path": "",
    "connected_components": _COMPONENTS,
    "degree_centrality": "",
    "dijkstra_path": _WEIGHTED,
    "dijkstra_path_length": _WEIGHTED,
    "has_path": "",
    "in_degree_centrality": "",
    "is_connected": _COMPONENTS,
    "is_strongly_connected": _COMPONENTS,
    "is_weakly_connected": _COMPONENTS,
    "leiden_communities": _LEIDEN,
    "louvain_communities": f"{_LEIDEN} Undirected; `threshold` is not used, `max_level` not known.",
    "modularity": "",
    "node_connected_component": _COMPONENTS,
    "number_connected_components": _COMPONENTS,
    "number_strongly_connected_components": _COMPONENTS,
    "number_weakly_connected_components": _COMPONENTS,
    "out_degree_centrality": "",
    "pagerank": "Power iteration, as networkx's.",
    "shortest_path": "With a weight only by Dijkstra's method.",
    "shortest_path_length": "With a weight only by Dijkstra's method.",
    "single_source_dijkstra": _WEIGHTED,
    "single_source_dijkstra_path": _WEIGHTED,
    "single_source_dijkstra_path_length": _WEIGHTED,
    "single_source_shortest_path": "",
    "single_source_shortest_path_length": "",
    "single_target_shortest_path": "",
    "single_target_shortest_path_length": "",
    "strongly_connected_components": _COMPONENTS,
    "weakly_connected_components": _COMPONENTS,
}


def get_info() -> dict[str, Any]:
    """Return the description of the backend in networkx's form."""
    return {
        "backend_name": "motivo",
        "project": "motivo",
        "package": "motivo",
        "short_summary": "The customer graph of Motivo, on CSR arrays.",
        "functions": {name: {"additional_docs": docs} for name, docs in FUNCTIONS.items()},
    }
