"""Graphs to compare on: any of networkx's four kinds, with loops, parallel edges and nodes alone."""

from __future__ import annotations

from typing import Any

import networkx as nx
from hypothesis import strategies as st

LABELS = [("Customer", "1"), "two", 3, ("Product", "a.b'c"), -5, 6.5, frozenset({7}), "", (), True]


def graphs(*, directed: bool | None = None, multi: bool = False, least: int = 0) -> st.SearchStrategy[Any]:
    """Draw a graph of at most ten nodes; edges weigh 0 to 5, and some have no weight."""

    @st.composite
    def draw_graph(draw: st.DrawFn) -> Any:
        turned = draw(st.booleans()) if directed is None else directed
        kinds = {
            (False, False): nx.Graph,
            (True, False): nx.DiGraph,
            (False, True): nx.MultiGraph,
            (True, True): nx.MultiDiGraph,
        }
        graph = kinds[turned, multi]()
        size = draw(st.integers(least, len(LABELS)))
        labels = LABELS[:size]
        graph.add_nodes_from(draw(st.permutations(labels)))
        if labels:
            place = st.sampled_from(labels)
            weight = st.none() | st.integers(0, 5)
            for start, end, heavy in draw(st.lists(st.tuples(place, place, weight), max_size=25)):
                graph.add_edge(start, end, **({} if heavy is None else {"weight": heavy}))
        return graph

    return draw_graph()
