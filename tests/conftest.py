"""What tests of several packages share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.graph.neo4j.graphs import Graphs
from tests.graph.neo4j.server import NoServerError, running_server

ROOT = Path(__file__).parents[1]
# What one process tests from end to end, for what it has started (a server, a browser, services, a model)
# is dear; in this order, so that nothing long is begun when the other process has nothing left to do.
TOGETHER = ("neo4j", "web", "api/service", "api/cli", "ingest/text/learning", "ingest/text")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put together what a process is given at once (`--dist loadgroup`): parts, else files; long first."""
    parts = {item: find_part(item) for item in items}
    for item, part in parts.items():
        item.add_marker(pytest.mark.xdist_group(part))
    items.sort(key=lambda item: TOGETHER.index(parts[item]) if parts[item] in TOGETHER else len(TOGETHER))


def find_part(item: pytest.Item) -> str:
    """Return which part of the tests a test is in."""
    asks = getattr(item, "fixturenames", ())
    params = item.callspec.params if hasattr(item, "callspec") else {}
    if "neo4j_graphs" in asks or params.get("candidate") == "neo4j":
        return "neo4j"
    place = item.path.relative_to(ROOT / "tests").as_posix()
    return next((part for part in TOGETHER if place.startswith(f"{part}/")), place)


def do_without(message: str) -> NoReturn:
    """Skip a test that lacks something; fail it where nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real data; skip without it, and fail where nothing may be missing."""
    folder = Path(os.environ.get("MOTIVO_DATA") or ROOT / ".." / "shared" / "data").resolve()
    if not folder.is_dir():
        do_without(f"real data is not at {folder}: set MOTIVO_DATA")
    return folder


@pytest.fixture(scope="session")
def neo4j_graphs() -> Iterator[Graphs]:
    """Return clean graphs on a real server; skip without one, and fail where nothing may be missing."""
    try:
        with running_server() as url, closing(Graphs(url)) as graphs:
            yield graphs
    except NoServerError as error:
        do_without(f"no Neo4j server: {error}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return Chromium. Playwright runs once a process, so all tests have this one."""
    pytest.importorskip("playwright")
    from playwright.sync_api import sync_playwright

    from tests.web.building import find_chromium

    found = find_chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()
