"""Communities and similar nodes are found where they are planted, and not in noise."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.networks import Network, build_network, find_communities, find_similar, from_networkx
from algorithms.networks.nulls import rewire
from graph import Projection
from schema import NotFoundError, Triple, UsageError
from tests.algorithms.networks.graphs import graphs

BOUGHT = Triple("Customer", "BOUGHT", "Product")


def draw_random(seed: int) -> Any:
    """Return a random graph: uniform, with hubs, or of two kinds of node."""
    if seed % 3 == 0:
        return nx.gnm_random_graph(120, 300, seed=seed)
    if seed % 3 == 1:
        degrees = 1 + np.minimum(np.random.default_rng(seed).pareto(1.5, 120) * 2, 30).astype(int)
        degrees[0] += degrees.sum() % 2
        return nx.Graph(nx.configuration_model(degrees.tolist(), seed=seed))
    return nx.bipartite.random_graph(90, 30, 0.08, seed=seed)


def draw_purchases(seed: int, *, groups: int) -> Network:
    """Return 120 customers with 6 purchases each of 60 products, most within their group's share."""
    rng = random.Random(seed)
    pairs = set()
    for customer in range(120):
        share = range(customer % groups, 60, groups)
        for _ in range(6):
            product = rng.choice(share) if rng.random() < 0.9 else rng.randrange(60)
            pairs.add((customer, product))
    start, end = (pa.array([pair[side] for pair in sorted(pairs)], pa.int64()) for side in (0, 1))
    tables = {
        "Customer": pa.table({"key": [f"{number:03}" for number in range(120)]}),
        "Product": pa.table({"key": [f"{number:03}" for number in range(60)]}),
    }
    return build_network(Projection(tables, {BOUGHT: pa.table({"start": start, "end": end})}))


@settings(deadline=None, max_examples=60)
@given(graphs(directed=False, least=1), st.integers(0, 2), st.integers(0, 99))
def test_rewiring_keeps_degrees_and_kinds(graph: Any, kinds: int, seed: int) -> None:
    start, end = from_networkx(graph).pairs()
    start, end = start[start != end], end[start != end]
    kind_of = np.arange(len(graph)) % (kinds + 1)

    def describe(one: Any, other: Any) -> tuple[Counter[Any], Counter[Any]]:
        degrees = Counter(one.tolist()) + Counter(other.tolist())
        ends = Counter(tuple(sorted(pair)) for pair in zip(kind_of[one], kind_of[other], strict=True))
        return degrees, ends

    new = rewire(start, end, kind_of, np.random.default_rng(seed))
    assert describe(*new) == describe(start, end)
    assert (new[0] < new[1]).all()
    assert len(set(zip(*new, strict=True))) == len(start)


def test_rewiring_leaves_little_as_it_was() -> None:
    start, end = from_networkx(nx.gnm_random_graph(300, 900, seed=1)).pairs()
    new = rewire(start, end, np.zeros(300, np.int64), np.random.default_rng(1))
    kept = set(zip(start, end, strict=True)) & set(zip(*new, strict=True))
    assert len(kept) < 60  # 9 by chance among 900 at density .02, and some more


def test_noise_has_no_communities() -> None:
    found = sum(
        bool(find_communities(from_networkx(draw_random(seed)), seed=seed).groups) for seed in range(60)
    )
    assert found <= 3  # at most 1 of 100 in the long run


def test_noise_has_no_similar_nodes() -> None:
    found = 0
    for seed in range(60):
        network = from_networkx(draw_random(seed))
        found += bool(find_similar(network, seed % 90, seed=seed, nulls=39))
    assert found <= 8  # at most 1 of 20 in the long run


def test_customers_who_buy_anything_have_neither() -> None:
    network = draw_purchases(1, groups=1)
    assert find_communities(network).groups == ()
    assert find_similar(network, ("Customer", "000")) == []


def test_planted_communities_are_found() -> None:
    found = find_communities(draw_purchases(1, groups=4))
    assert found.p_value <= 0.01
    assert found.modularity > found.expected
    assert len(found.groups) == 4
    for group in found.groups:
        numbers = Counter(int(str(key)) % 4 for _, key in group)  # type: ignore[misc]
        assert numbers.most_common(1)[0][1] >= 0.9 * len(group)


def test_similar_customers_are_of_the_same_group() -> None:
    network = draw_purchases(1, groups=12)  # each group shares five products
    found = find_similar(network, ("Customer", "000"), limit=5)
    assert found
    assert len(found) <= 5
    assert all(other.lift > 1 and other.p_value <= 0.05 for other in found)
    assert {other.label for other in found} <= {("Customer", f"{number:03}") for number in range(0, 120, 12)}
    assert [other.lift for other in found] == sorted((other.lift for other in found), reverse=True)


def test_a_forest_is_no_structure_beyond_its_degrees() -> None:
    start = [customer for customer in range(40) for _ in range(3)]
    tables = {
        "Customer": pa.table({"key": [f"{number:03}" for number in range(40)]}),
        "Product": pa.table({"key": [f"{number:03}" for number in range(120)]}),
    }
    pairs = pa.table({"start": pa.array(start, pa.int64()), "end": pa.array(range(120), pa.int64())})
    found = find_communities(build_network(Projection(tables, {BOUGHT: pairs})))
    assert found.groups == ()
    assert found.modularity == pytest.approx(found.expected)


def test_the_same_seed_gives_the_same_answer() -> None:
    network = draw_purchases(3, groups=4)
    assert find_communities(network, seed=4) == find_communities(network, seed=4)
    customer = ("Customer", "003")
    assert find_similar(network, customer, seed=4) == find_similar(network, customer, seed=4)


@settings(deadline=None, max_examples=60)
@given(graphs(), st.integers(0, 3))
def test_any_small_graph_has_an_answer(graph: Any, seed: int) -> None:
    network = from_networkx(graph)
    found = find_communities(network, seed=seed, nulls=9, alpha=0.1)
    assert all(len(group) > 1 for group in found.groups)
    assert sum(map(len, found.groups)) <= len(graph)
    for label in list(graph)[:2]:
        assert label not in {other.label for other in find_similar(network, label, nulls=9, alpha=0.1)}


def test_what_cannot_be_asked() -> None:
    network = from_networkx(nx.path_graph(3))
    with pytest.raises(NotFoundError):
        find_similar(network, "nobody")
    for how in ({"alpha": 0.0}, {"nulls": 0}, {"alpha": 0.01, "nulls": 9}):
        with pytest.raises(UsageError):
            find_similar(network, 0, **how)
        with pytest.raises(UsageError):
            find_communities(network, **how)
