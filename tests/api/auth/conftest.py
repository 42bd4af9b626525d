"""Stores with the small company, and readers of it for callers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from api.auth import Caller, GuardedReader, Pseudonyms, Role, Secret
from graph import Store, open_store
from tests.api.auth import world

PSEUDONYMS = Pseudonyms(Secret("s" * 32))
NORTH = {"Region": ("north",)}
Guard = Callable[..., GuardedReader]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the company, with what north and south have in common; not to be changed."""
    with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('w') / 'm.db'}", world.VOCABULARY)) as store:
        world.fill(store)
        world.fill_ties(store)
        yield store


@pytest.fixture
def guard(company: Store) -> Guard:
    """Return what makes a reader of the company for a role, with `rows` or a `customer`."""

    def make(role: Role, store: Store = company, **options: object) -> GuardedReader:
        return GuardedReader(store.reader(), Caller(role, "somebody", **options), PSEUDONYMS)  # type: ignore[arg-type]

    return make
