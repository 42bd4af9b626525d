"""A shop to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from api.graphql.types import encode_id
from graph import Store, open_store
from tests.api.graphql.shop import VOCABULARY, Counting, Desk, open_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store of the shop, which tests read only."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    with closing(open_store(f"sqlite:///{path}", VOCABULARY)) as store:
        yield open_shop(store)


@pytest.fixture
def desk(shop: Store) -> Iterator[Desk]:
    """Return what asks the shop."""
    reader = shop.reader()
    yield Desk(shop, reader=reader)
    reader.close()


@pytest.fixture
def counting(shop: Store) -> Iterator[tuple[Desk, Counting]]:
    """Return what asks the shop, and what notes how often the store is asked."""
    reader = Counting(shop.reader())
    yield Desk(shop, reader=reader), reader  # type: ignore[arg-type]
    reader.reader.close()


@pytest.fixture(scope="session")
def ids() -> dict[str, str]:
    """Return global ids by short names."""
    refs = {
        "ana": ("Customer", "crm:ana"),
        "bruno": ("Customer", "crm:bruno"),
        "m1": ("Complaint", "m1"),
        "m2": ("Complaint", "m2"),
        "late": ("Cause", "delivery.late"),
        "nobody": ("Customer", "nobody"),
    }
    return {name: encode_id(*ref) for name, ref in refs.items()}
