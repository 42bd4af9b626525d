"""The graph of a store as a network."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.networks import Network, build_network, load_network, to_networkx
from graph import Projection, Store, open_store
from schema import NotFoundError, Triple, UsageError
from tests.graph.conformance.company import HANDLED, NEXT, PASSED, VOCABULARY, ingest, link, node

TO, AMONG = Triple("A", "TO", "B"), Triple("A", "AMONG", "A")
KEYS = st.lists(st.text(max_size=3), unique=True, max_size=6).map(sorted)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'graph.db'}", VOCABULARY)) as store:
        parcels = [node("Parcel", key) for key in ("é 'x'", "a.b", "alone")]
        roads = [link(NEXT, "a.b", "é 'x'"), link(NEXT, "é 'x'", "a.b"), link(NEXT, "a.b", "a.b")]
        scans = [link(PASSED, "a.b", "north", scan=scan) for scan in (1, 2, 3)]
        ingest(store, a={"1": parcels, "2": [node("Region", "north"), *roads, *scans]})
        yield store


def test_relationships_between_two_nodes_are_one_edge(store: Store) -> None:
    network = load_network(store.reader(), kinds=["Parcel", "Region"])
    assert set(network) == {
        ("Parcel", "a.b"),
        ("Parcel", "alone"),
        ("Parcel", "é 'x'"),
        ("Region", "north"),
    }
    assert network[("Parcel", "a.b")] == {
        ("Parcel", "a.b"): {"weight": 1},
        ("Parcel", "é 'x'"): {"weight": 2},
        ("Region", "north"): {"weight": 3},
    }
    assert nx.shortest_path(network, ("Region", "north"), ("Parcel", "é 'x'")) == [
        ("Region", "north"),
        ("Parcel", "a.b"),
        ("Parcel", "é 'x'"),
    ]
    assert network.number_of_edges() == 3
    assert sorted(map(len, nx.connected_components(network))) == [1, 3]


def test_directions_are_kept_where_they_are_asked_for(store: Store) -> None:
    network = load_network(store.reader(), triples=[NEXT, PASSED], directed=True)
    assert network.is_directed()
    assert not nx.has_path(network, ("Region", "north"), ("Parcel", "a.b"))
    assert list(network.predecessors(("Region", "north"))) == [("Parcel", "a.b")]
    both = network.to_undirected()
    loaded = load_network(store.reader(), triples=[NEXT, PASSED])
    assert nx.utils.graphs_equal(to_networkx(both), to_networkx(loaded))


def test_everything_is_there_where_nothing_is_chosen(store: Store) -> None:
    assert ("SourceRecord", "nobody") not in load_network(store.reader())
    assert len(load_network(store.reader())) == 4
    assert len(load_network(store.reader(), triples=[HANDLED])) == 3
    with pytest.raises(UsageError):
        load_network(store.reader(), kinds=["Nothing"])


@pytest.mark.parametrize("label", [("Parcel", "b"), ("Nothing", "a.b"), ("Parcel",), "a.b", 3, ("Parcel", 3)])
def test_what_is_no_node_of_it(store: Store, label: object) -> None:
    network = load_network(store.reader())
    assert label not in network
    with pytest.raises(NotFoundError):
        network.get_position(label)
    with pytest.raises(nx.NodeNotFound):
        nx.shortest_path(network, label)


def project(
    a: list[str], b: list[str], to: list[tuple[int, int]], among: list[tuple[int, int]]
) -> Projection:
    def table(pairs: list[tuple[int, int]]) -> pa.Table:
        start, end = (pa.array([pair[side] for pair in pairs], pa.int64()) for side in (0, 1))
        return pa.table({"start": start, "end": end})

    nodes = {kind: pa.table({"key": pa.array(keys, pa.string())}) for kind, keys in (("A", a), ("B", b))}
    return Projection(nodes, {TO: table(to), AMONG: table(among)})


@settings(deadline=None, max_examples=60)
@given(KEYS, KEYS, st.booleans(), st.data())
def test_any_projection(a: list[str], b: list[str], directed: bool, data: st.DataObject) -> None:
    def draw(ends: list[str]) -> list[tuple[int, int]]:
        if not (a and ends):
            return []
        return data.draw(
            st.lists(st.tuples(st.integers(0, len(a) - 1), st.integers(0, len(ends) - 1)), max_size=12)
        )

    to, among = draw(b), draw(a)
    network = build_network(project(a, b, to, among), directed=directed)
    expected = nx.DiGraph() if directed else nx.Graph()
    expected.add_nodes_from([("A", key) for key in a] + [("B", key) for key in b])
    pairs = [(("A", a[s]), ("B", b[e])) for s, e in to] + [(("A", a[s]), ("A", a[e])) for s, e in among]
    for start, end in pairs:
        old = expected.get_edge_data(start, end, {"weight": 0})["weight"]
        expected.add_edge(start, end, weight=old + 1)
    assert list(network) == list(expected)
    assert [network.get_position(label) for label in expected] == list(range(len(expected)))
    assert [network.labels.at(position) for position in range(len(expected))] == list(expected)
    assert nx.utils.graphs_equal(to_networkx(network), expected)


def test_an_empty_graph() -> None:
    network = build_network(project([], [], [], []))
    assert (len(network), network.number_of_edges(), nx.pagerank(network)) == (0, 0, {})
    assert list(nx.connected_components(network)) == []
    with pytest.raises(nx.NetworkXPointlessConcept):
        nx.is_connected(network)


def test_long_chains_are_walked() -> None:
    size = 20_000
    keys = [f"{number:06}" for number in range(size)]
    chain = [(number, number + 1) for number in range(size - 1)]
    network = build_network(project(keys, [], [], chain))
    first, last = ("A", keys[0]), ("A", keys[-1])
    assert len(nx.shortest_path(network, first, last)) == size
    assert nx.single_source_shortest_path_length(network, first)[last] == size - 1
    assert nx.number_connected_components(network) == 1


@pytest.mark.parametrize("package", ["networkx", "networkit"])
def test_without_the_extra_it_is_named(package: str, root: Path) -> None:
    code = f"""
import sys
sys.modules["{package}"] = None
import numpy as np
from algorithms.networks import Network, find_communities, find_similar, to_networkx
from algorithms.networks.labels import ListedLabels
from algorithms.networks.network import connect
ends = np.array([0, 1]), np.array([1, 2])
network = connect(ListedLabels("abc"), *ends, directed=False)
assert find_similar(network, "a", nulls=9, alpha=0.1) == []
(to_networkx if "{package}" == "networkx" else find_communities)(network)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert "MissingExtraError" in done.stderr
    assert "motivo[networks]" in done.stderr


def test_neither_is_imported_before_it_is_needed(root: Path) -> None:
    code = "import sys, algorithms.networks, api.cli; assert not {'networkx', 'networkit'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_a_network_reads_like_a_graph() -> None:
    rng = random.Random(1)
    keys = [f"{number:02}" for number in range(20)]
    pairs = [(rng.randrange(20), rng.randrange(20)) for _ in range(40)]
    network: Network = build_network(project(keys, [], [], pairs))
    plain = to_networkx(network)
    some = [("A", "03"), ("A", "07"), ("A", "gone")]
    assert {frozenset(edge) for edge in network.edges(some)} == {frozenset(e) for e in plain.edges(some)}
    assert len(list(network.edges(some))) == len(plain.edges(some))
    assert dict(network.degree(some)) == dict(plain.degree(some))
    assert len(network.edges) == plain.number_of_edges() == len(list(network.edges))
    assert all(edge in network.edges for edge in plain.edges)
    assert np.array_equal(network.degrees(), [degree for _, degree in plain.degree])
    assert "undirected: 20 nodes" in repr(network)
