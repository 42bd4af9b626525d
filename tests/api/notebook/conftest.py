"""A company, and its graph opened as in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.notebook import Graph, open_graph
from tests.api.notebook.company import fill


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook")
    fill(f"sqlite:///{folder / 'motivo.db'}").close()
    return folder


@pytest.fixture
def graph(folder: Path) -> Iterator[Graph]:
    with open_graph(folder / "motivo.db") as opened:
        yield opened
