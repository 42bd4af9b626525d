"""The same calls of networkx, on its own graphs and on ours, have the same answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.networks import Network, from_networkx, to_networkx
from algorithms.networks import backend as backend_module
from api.networks import FUNCTIONS
from tests.algorithms.networks.graphs import graphs

Call = Callable[[Any], Any]
MEASURES: dict[str, Call] = {
    "pagerank": nx.pagerank,
    "pagerank, no weight": lambda g: nx.pagerank(g, weight=None, alpha=0.5),
    "pagerank, personal": lambda g: nx.pagerank(g, personalization={next(iter(g)): 2, "elsewhere": 1}),
    "pagerank, dangling": lambda g: nx.pagerank(g, dangling={next(iter(g)): 1}, tol=1e-9, max_iter=200),
    "pagerank, start": lambda g: nx.pagerank(g, nstart={node: 1 + i for i, node in enumerate(g)}),
    "degree": nx.degree_centrality,
    "betweenness": nx.betweenness_centrality,
    "betweenness, counts": lambda g: nx.betweenness_centrality(g, normalized=False),
    "betweenness, ends": lambda g: nx.betweenness_centrality(g, endpoints=True),
    "betweenness, sampled": lambda g: nx.betweenness_centrality(g, k=(len(g) + 1) // 2, seed=3),
    "betweenness, sampled ends": lambda g: nx.betweenness_centrality(g, k=1, seed=3, endpoints=True),
}
DIRECTED: dict[str, Call] = {
    "in": nx.in_degree_centrality,
    "out": nx.out_degree_centrality,
}


def assert_alike(found: Any, expected: Any) -> None:
    assert set(found) == set(expected)
    for node, value in expected.items():
        assert math.isclose(found[node], value, rel_tol=1e-6, abs_tol=1e-9) or (
            math.isnan(found[node]) and math.isnan(value)
        ), node


def answer(call: Call, graph: Any) -> Any:
    """Return what a call answers, or the name of its error."""
    try:
        found = call(graph)
        return list(found) if hasattr(found, "__next__") else found
    except (nx.NetworkXException, ZeroDivisionError, ValueError) as error:
        return type(error)


def measure_way(graph: Any, way: list[Any], weight: str | None) -> float:
    steps = [graph.edges[pair] for pair in pairwise(way)]
    return sum(step.get(weight, 1) for step in steps)


@settings(deadline=None, max_examples=60)
@given(graphs(least=1), st.sampled_from(sorted(MEASURES)))
def test_measures(graph: Any, name: str) -> None:
    expected = answer(MEASURES[name], graph)
    found = answer(MEASURES[name], from_networkx(graph))
    if isinstance(expected, dict):
        assert_alike(found, expected)
    else:
        assert found == expected


@settings(deadline=None, max_examples=60)
@given(graphs(directed=True), st.sampled_from(sorted(DIRECTED)))
def test_directed_measures(graph: Any, name: str) -> None:
    assert_alike(DIRECTED[name](from_networkx(graph)), DIRECTED[name](graph))


def as_sets(found: Any) -> Any:
    return {frozenset(part) for part in found}


@settings(deadline=None, max_examples=60)
@given(graphs(directed=False))
def test_components(graph: Any) -> None:
    network = from_networkx(graph)
    assert as_sets(nx.connected_components(network)) == as_sets(nx.connected_components(graph))
    assert nx.number_connected_components(network) == nx.number_connected_components(graph)
    assert answer(nx.is_connected, network) == answer(nx.is_connected, graph)
    for node in graph:
        assert nx.node_connected_component(network, node) == nx.node_connected_component(graph, node)


@settings(deadline=None, max_examples=60)
@given(graphs(directed=True))
def test_components_of_directed_graphs(graph: Any) -> None:
    network = from_networkx(graph)
    for components in (nx.weakly_connected_components, nx.strongly_connected_components):
        assert as_sets(components(network)) == as_sets(components(graph))
    for call in (
        nx.number_weakly_connected_components,
        nx.number_strongly_connected_components,
        nx.is_weakly_connected,
        nx.is_strongly_connected,
    ):
        assert answer(call, network) == answer(call, graph)


@settings(deadline=None, max_examples=60)
@given(graphs(least=1), st.sampled_from([None, "weight"]), st.none() | st.integers(0, 4))
def test_paths_from_and_to_one_node(graph: Any, weight: str | None, cutoff: int | None) -> None:
    network, node = from_networkx(graph), next(iter(graph))
    assert nx.shortest_path_length(network, node, weight=weight) == nx.shortest_path_length(
        graph, node, weight=weight
    )
    assert dict(nx.shortest_path_length(network, target=node, weight=weight)) == dict(
        nx.shortest_path_length(graph, target=node, weight=weight)
    )
    assert dict(nx.shortest_path_length(network)) == dict(nx.shortest_path_length(graph))
    assert nx.single_source_shortest_path_length(
        network, node, cutoff
    ) == nx.single_source_shortest_path_length(graph, node, cutoff)
    assert nx.single_target_shortest_path_length(
        network, node, cutoff
    ) == nx.single_target_shortest_path_length(graph, node, cutoff)
    assert nx.single_source_dijkstra_path_length(
        network, node, cutoff
    ) == nx.single_source_dijkstra_path_length(graph, node, cutoff)
    lengths, ways = nx.single_source_dijkstra(network, node, weight=weight)
    for end, way in ways.items():
        assert (way[0], way[-1]) == (node, end)
        assert measure_way(graph, way, weight) == lengths[end]
    for ways in (
        nx.shortest_path(network, node),
        nx.single_source_shortest_path(network, node),
        {end: way[::-1] for end, way in nx.single_target_shortest_path(network.reverse(), node).items()},
    ):
        assert {end: len(way) - 1 for end, way in ways.items()} == nx.shortest_path_length(graph, node)
        assert all(nx.is_path(graph, way) for way in ways.values())


@settings(deadline=None, max_examples=60)
@given(graphs(least=1), st.sampled_from([None, "weight"]))
def test_paths_between_two_nodes(graph: Any, weight: str | None) -> None:
    network, source = from_networkx(graph), next(iter(graph))
    for target in graph:
        expected = answer(lambda g, t=target: nx.shortest_path_length(g, source, t, weight=weight), graph)
        found = answer(lambda g, t=target: nx.shortest_path_length(g, source, t, weight=weight), network)
        assert found == expected
        assert nx.has_path(network, source, target) == nx.has_path(graph, source, target)
        way = answer(lambda g, t=target: nx.shortest_path(g, source, t, weight=weight), network)
        if isinstance(way, list):
            assert (way[0], way[-1]) == (source, target)
            assert measure_way(graph, way, weight) == expected
        else:
            assert way == expected


@settings(deadline=None, max_examples=60)
@given(graphs(least=1), st.data())
def test_modularity(graph: Any, data: st.DataObject) -> None:
    groups: dict[int, set[Any]] = {}
    for node in graph:
        groups.setdefault(data.draw(st.integers(0, 3)), set()).add(node)
    division = list(groups.values())
    expected = answer(lambda g: nx.community.modularity(g, division, resolution=0.7), graph)
    if expected is not ZeroDivisionError:
        found = nx.community.modularity(from_networkx(graph), division, resolution=0.7)
        assert found == pytest.approx(expected)
    with pytest.raises(nx.community.quality.NotAPartition):
        nx.community.modularity(from_networkx(graph), [*division, {next(iter(graph))}])


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_what_networkx_asks_of_a_graph(graph: Any) -> None:
    network = from_networkx(graph)
    assert list(network) == list(graph) == list(network.nodes) == list(network.nodes())
    for count in (nx.number_of_nodes, nx.number_of_edges, nx.density):
        assert count(network) == count(graph)
    assert dict(nx.degree(network)) == dict(nx.degree(graph))
    assert network.size("weight") == graph.size("weight")
    assert dict(network.degree(weight="weight")) == dict(graph.degree(weight="weight"))
    for node in graph:
        assert set(network.neighbors(node)) == set(graph.neighbors(node)) == set(network[node])
        assert network.degree[node] == graph.degree[node] == network.degree(node)
        assert all(network.has_edge(node, other) == graph.has_edge(node, other) for other in graph)
    if graph.is_directed():
        assert dict(network.in_degree) == dict(graph.in_degree)
        assert dict(network.out_degree(weight="weight")) == dict(graph.out_degree(weight="weight"))
        for node in graph:
            assert set(network.predecessors(node)) == set(graph.predecessors(node))


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_there_and_back(graph: Any) -> None:
    back = to_networkx(from_networkx(graph))
    assert type(back) is type(graph)
    assert list(back) == list(graph)
    assert nx.utils.edges_equal(back.edges, graph.edges, directed=graph.is_directed())
    if any("weight" in data for *_, data in graph.edges(data=True)):
        expected = graph.edges(data="weight", default=1)
        assert nx.utils.edges_equal(
            [(a, b, {"w": w}) for a, b, w in back.edges(data="weight")],
            [(a, b, {"w": w}) for a, b, w in expected],
            directed=graph.is_directed(),
        )


@settings(deadline=None, max_examples=60)
@given(graphs(multi=True, least=1))
def test_parallel_edges_are_one_with_their_weights_added_up(graph: Any) -> None:
    network = from_networkx(graph)
    simple = nx.DiGraph() if graph.is_directed() else nx.Graph()
    simple.add_nodes_from(graph)
    for start, end, weight in graph.edges(data="weight", default=1):
        old = simple.get_edge_data(start, end, {"weight": 0})["weight"]
        simple.add_edge(start, end, weight=old + weight)
    assert network.number_of_edges() == simple.number_of_edges()
    assert dict(network.degree(weight="weight")) == dict(simple.degree(weight="weight"))
    assert_alike(nx.pagerank(graph, backend="motivo"), nx.pagerank(graph))
    node = next(iter(graph))
    with nx.config(warnings_to_ignore={"cache"}):
        assert nx.shortest_path_length(graph, node, backend="motivo") == nx.shortest_path_length(graph, node)
    for call in (
        nx.degree_centrality,
        lambda g, **how: nx.dijkstra_path_length(g, *[next(iter(g))] * 2, **how),
    ):
        with pytest.raises(NotImplementedError):
            call(graph, backend="motivo")


@settings(deadline=None, max_examples=60)
@given(graphs(directed=False, least=1), st.sampled_from(["leiden", "louvain"]))
def test_communities_are_a_partition_and_the_same_for_the_same_seed(graph: Any, method: str) -> None:
    network = from_networkx(graph)
    find = getattr(nx.community, f"{method}_communities")
    found = find(network, seed=5)
    assert nx.community.is_partition(graph, found)
    assert found == find(network, seed=5)


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_communities_are_as_modular_as_those_of_networkx(method: str) -> None:
    for graph in (nx.karate_club_graph(), nx.planted_partition_graph(8, 25, 0.4, 0.02, seed=1)):
        found = getattr(nx.community, f"{method}_communities")(graph, seed=1, backend="motivo")
        expected = nx.community.louvain_communities(graph, seed=1)
        least = nx.community.modularity(graph, expected) - 0.02
        assert nx.community.modularity(graph, found) >= least


def test_the_backend_has_what_it_says_and_nothing_of_networkx_beside_it() -> None:
    known = nx.utils.backends._registered_algorithms
    assert set(FUNCTIONS) == set(backend_module.__all__) - {"can_run", "convert_from_nx", "convert_to_nx"}
    assert set(FUNCTIONS) <= set(known)
    assert set(FUNCTIONS) == {name for name in known if hasattr(backend_module, name)}


def test_networkx_knows_the_backend_by_its_entry_points() -> None:
    assert "motivo" in nx.utils.backends.backends
    assert set(nx.utils.backends.backend_info["motivo"]["functions"]) == set(FUNCTIONS)
    assert "motivo" in nx.pagerank.backends


@pytest.mark.parametrize(
    "call",
    [
        lambda g: nx.dijkstra_path(g, 0, 1, weight=lambda *_: 1, backend="motivo"),
        lambda g: nx.pagerank(g, weight="name", backend="motivo"),
        lambda g: nx.dijkstra_path(g, 0, 1, weight="debt", backend="motivo"),
        lambda g: nx.betweenness_centrality(g, weight="weight", backend="motivo"),
        lambda g: nx.shortest_path(g, 0, 1, weight="weight", method="bellman-ford", backend="motivo"),
        lambda g: nx.community.louvain_communities(g.to_directed(), backend="motivo"),
        lambda g: nx.community.louvain_communities(g, weight="debt", backend="motivo"),
        lambda g: nx.community.leiden_communities(g, max_level=1, backend="motivo"),
        lambda g: nx.closeness_centrality(from_networkx(g)),
    ],
)
def test_what_cannot_be_answered_is_said(call: Call) -> None:
    graph = nx.path_graph(3)
    nx.set_edge_attributes(graph, "an edge", "name")
    nx.set_edge_attributes(graph, -1.0, "debt")
    with pytest.raises(NotImplementedError):
        call(graph)


def test_a_node_that_is_not_there() -> None:
    network: Network = from_networkx(nx.path_graph(3))
    for call in (
        lambda: nx.shortest_path(network, 0, 9),
        lambda: nx.shortest_path(network, 9),
        lambda: nx.has_path(network, 9, 0),
        lambda: nx.dijkstra_path(network, 9, 0),
        lambda: nx.node_connected_component(network, 9),
        lambda: nx.shortest_path(network, 0, [1]),
    ):
        with pytest.raises(nx.NodeNotFound):
            call()


def test_other_calls_fall_back_to_networkx_where_that_is_switched_on() -> None:
    graph = nx.path_graph(3)
    with nx.config(fallback_to_nx=True):
        assert nx.closeness_centrality(from_networkx(graph)) == nx.closeness_centrality(graph)
