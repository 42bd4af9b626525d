"""What tests of several packages share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from tests.graph.neo4j.graphs import Graphs
from tests.graph.neo4j.server import NoServerError, running_server

ROOT = Path(__file__).parents[1]
T = TypeVar("T")


def do_without(message: str) -> NoReturn:
    """Skip a test that lacks something; fail it where nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


def run_apart(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine does, in a thread of its own: an open browser has its loop in that of tests."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


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
