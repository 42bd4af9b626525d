"""The stores under test, and a fresh one a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph import Store, open_store
from schema.vocabulary import Vocabulary
from tests.graph.conformance.company import VOCABULARY

StoreFactory = Callable[..., Store]


@dataclass(frozen=True)
class Candidate:
    """How the suite comes by a store: URLs of an empty one, and of one made from a backup."""

    empty: Callable[[Path], str]  # an unused path -> the URL of a store that holds nothing
    restored: Callable[[Path], str]  # the path that `backup` wrote -> the URL of what it holds


STORES = {
    "sqlite": Candidate(lambda path: f"sqlite:///{path}.db", lambda path: f"sqlite:///{path}"),
}


@pytest.fixture(scope="session", params=STORES)
def candidate(request: pytest.FixtureRequest) -> Candidate:
    return STORES[request.param]


@pytest.fixture(scope="session")
def store_factory(candidate: Candidate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreFactory]:
    """Open a new, empty store, by default with the vocabulary of the suite; close it where you can."""
    with ExitStack() as opened:

        def make(vocabulary: Vocabulary | None = VOCABULARY) -> Store:
            path = tmp_path_factory.mktemp("store") / "graph"
            store = open_store(candidate.empty(path), vocabulary)
            opened.callback(store.close)
            return store

        yield make


@pytest.fixture
def store(store_factory: StoreFactory) -> Iterator[Store]:
    with closing(store_factory()) as store:
        yield store
