"""The stores under test, and a fresh one a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph import Store, open_store
from schema.vocabulary import Vocabulary
from tests.graph.conformance.company import VOCABULARY
from tests.graph.neo4j.graphs import Graphs

Fresh = Callable[..., AbstractContextManager[Store]]


@dataclass(frozen=True)
class Candidate:
    """How the suite comes by a store: URLs of an empty one, and of one made from a backup."""

    empty: Callable[[Path], str]  # an unused path -> the URL of a store that holds nothing
    restored: Callable[[Path], str]  # the path that `backup` wrote -> the URL of what it holds
    release: Callable[[str], None] = lambda _: None  # the URL of a store that is needed no more
    embedded: bool = False


def sqlite(_: pytest.FixtureRequest) -> Candidate:
    return Candidate(lambda path: f"sqlite:///{path}.db", lambda path: f"sqlite:///{path}", embedded=True)


def neo4j(request: pytest.FixtureRequest) -> Candidate:
    graphs: Graphs = request.getfixturevalue("neo4j_graphs")
    # Its backups are SQLite stores.
    return Candidate(graphs.empty, lambda path: f"sqlite:///{path}", graphs.release)


STORES = {"sqlite": sqlite, "neo4j": neo4j}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests on a server more time: each of a random run's many questions goes there and back."""
    for item in items:
        if "[neo4j" in item.nodeid:
            item.add_marker(pytest.mark.timeout(1200))


@pytest.fixture(scope="session", params=STORES)
def candidate(request: pytest.FixtureRequest) -> Candidate:
    made: Candidate = STORES[request.param](request)
    return made


@pytest.fixture(scope="session")
def examples(candidate: Candidate) -> Callable[[int], int]:
    """Return how many random questions of so many are asked: a server plans each new one first."""
    return lambda number: number if candidate.embedded else max(number // 10, 5)


@pytest.fixture(scope="session")
def fresh(candidate: Candidate, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Return what opens a new, empty store for a while, by default with the vocabulary of the suite.

    What it leaves is used again: a server has planned the queries of a graph that another test had.
    """

    @contextmanager
    def make(vocabulary: Vocabulary | None = VOCABULARY) -> Iterator[Store]:
        path = tmp_path_factory.mktemp("store") / "graph"
        with closing(open_store(candidate.empty(path), vocabulary)) as store:
            try:
                yield store
            finally:
                candidate.release(store.url)

    return make


@pytest.fixture
def store(fresh: Fresh) -> Iterator[Store]:
    with fresh() as store:
        yield store
