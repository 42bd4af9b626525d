"""The customer graph as a network, beside networkx on the same edges and labels.

    python benchmarks/networks.py [--full | --nodes 100000 --edges 500000] [--json]

Both begin with the same arrays: nodes of two kinds with their keys, and relationships by position, as
a store projects them. *load* ends with a graph that has its nodes, labels and edges; networkx's is
timed with its labels and pairs made before, ours with its labels made within. Then the same calls of
networkx on both graphs. Needs the extra `networks`.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa

from algorithms.networks import Network, build_network
from graph import Projection
from schema import Triple

BOUGHT = Triple("Customer", "BOUGHT", "Product")
SHARE = 0.9  # of nodes that are customers


def draw_projection(nodes: int, edges: int, seed: int = 1) -> Projection:
    """Return customers and products, with products of very different popularity."""
    rng = np.random.default_rng(seed)
    customers = int(nodes * SHARE)
    products = nodes - customers
    start = np.sort(rng.integers(0, customers, edges))
    end = (products * rng.random(edges) ** 2).astype(np.int64)
    tables = {
        "Customer": pa.table({"key": [f"c{number:09}" for number in range(customers)]}),
        "Product": pa.table({"key": [f"p{number:09}" for number in range(products)]}),
    }
    return Projection(tables, {BOUGHT: pa.table({"start": start, "end": end})})


def build_with_networkx(pairs: list[Any], labels: list[Any], directed: bool) -> Any:
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(labels)
    graph.add_edges_from(pairs)
    return graph


def build_with_labels(projection: Projection, directed: bool) -> Network:
    network = build_network(projection, directed=directed)
    assert len(network.labels.all) == len(network)
    return network


def measure(act: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """Return the least CPU seconds of some runs (both sides use one thread), and what the last returned."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        found = act()
        best = min(best, time.process_time() - begun)
    return best, found


def compare(nodes: int, edges: int, directed: bool) -> Iterator[dict[str, Any]]:
    """Yield what was measured, a row at a time."""

    def describe(what: str, theirs_s: float, ours_s: float) -> dict[str, Any]:
        kind = "directed" if directed else "undirected"
        seconds = {"networkx_s": theirs_s, "motivo_s": ours_s, "times": theirs_s / ours_s}
        return {"what": f"{kind}: {what}"} | seconds

    projection = draw_projection(nodes, edges)
    labels = build_network(projection, directed=directed).labels.all
    start, end = projection.ends(BOUGHT)
    first = projection.nodes["Customer"].num_rows
    pairs = [(labels[a], labels[b + first]) for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    theirs_s, theirs = measure(lambda: build_with_networkx(pairs, list(labels), directed))
    ours_s, ours = measure(lambda: build_network(projection, directed=directed), times=3)
    named_s, ours = measure(lambda: build_with_labels(projection, directed), times=3)
    assert (len(ours), ours.number_of_edges()) == (len(theirs), theirs.number_of_edges())
    yield describe("load", theirs_s, ours_s)
    yield describe("load, labels made", theirs_s, named_s)
    source, target = labels[0], labels[first - 1]
    components = nx.weakly_connected_components if directed else nx.connected_components
    calls: dict[str, Callable[[Any], Any]] = {
        "pagerank": lambda graph: nx.pagerank(graph, weight=None),
        "components": lambda graph: len(list(components(graph))),
        "path lengths from one": lambda graph: nx.single_source_shortest_path_length(graph, source),
        "path between two": lambda graph: len(nx.shortest_path(graph, source, target)),
        "degree centrality": nx.degree_centrality,
        "betweenness, one source": lambda graph: nx.betweenness_centrality(
            graph, k=1, seed=1, endpoints=True
        ),
    }
    if directed:
        del calls["path between two"]
    for name, call in calls.items():
        theirs_s, expected = measure(lambda call=call: call(theirs))
        ours_s, found = measure(lambda call=call: call(ours))
        if isinstance(expected, dict):
            assert found.keys() == expected.keys()
            values = np.array([found[label] for label in expected])
            assert np.allclose(values, list(expected.values()), rtol=1e-6, atol=1e-12), name
        else:
            assert found == expected, name
        yield describe(name, theirs_s, ours_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--nodes", type=int, default=20_000)
    parser.add_argument("--edges", type=int, default=100_000)
    parser.add_argument("--full", action="store_true", help="1,000,000 nodes and 5,000,000 edges")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    nodes, edges = (1_000_000, 5_000_000) if chosen.full else (chosen.nodes, chosen.edges)
    rows = (row for directed in (False, True) for row in compare(nodes, edges, directed))
    if chosen.json:
        print(json.dumps({"nodes": nodes, "edges": edges, "rows": list(rows)}))
        return
    print(f"{nodes:,} nodes, {edges:,} relationships; CPU seconds")
    print("".ljust(34), "networkx   motivo    times")
    for row in rows:
        figures = f"{row['networkx_s']:8.3f} {row['motivo_s']:8.3f} {row['times']:8.1f}"
        print(row["what"].ljust(34), figures, flush=True)


if __name__ == "__main__":
    main()
