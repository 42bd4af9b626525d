"""A shop whose service is asked: one that all tests only read, and one of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.graphql.knowledge.office import Office, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("shop-template"))


@pytest.fixture(scope="session")
def office(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return an office that no test changes anything in."""
    made = Office.copy(template, tmp_path_factory.mktemp("office"))
    yield made
    made.close()


@pytest.fixture
def own(template: Path, tmp_path: Path) -> Iterator[Office]:
    """Return an office of one's own."""
    made = Office.copy(template, tmp_path / "own")
    yield made
    made.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
