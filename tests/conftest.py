"""What tests of several packages share."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.graph.neo4j.graphs import Graphs
from tests.graph.neo4j.server import NoServerError, running_server

ROOT = Path(__file__).parents[1]
# What one process tests from end to end, for what it starts (a server, a browser, services, a model) is
# dear: the name of the part, and what is in it. The long ones come first, so that none is begun when the
# other process has nothing left to do.
PARTS = {
    "neo4j": r"\[neo4j|/neo4j/|_on_neo4j\.py|_stores\.py",
    "web": r"^tests/web/",
    "service": r"^tests/api/service/",
    "command": r"^tests/api/cli/",
    "learning": r"^tests/ingest/text/learning/",
    "text": r"^tests/ingest/text/",
}


def find_part(nodeid: str) -> str:
    """Return the part of the tests that a test is in: one of `PARTS`, else its file."""
    found = (part for part, pattern in PARTS.items() if re.search(pattern, nodeid))
    return next(found, nodeid.partition("::")[0])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the parts into their order; files come behind."""
    places = {part: place for place, part in enumerate(PARTS)}
    items.sort(key=lambda item: places.get(find_part(item.nodeid), len(places)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a process (`-n`) a part or a file at a time."""
    from xdist.scheduler import LoadScopeScheduling

    class PartScheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return find_part(nodeid)

    config.option.loadscopereorder = False
    return PartScheduling(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Let a test that has not asked for the browser run event loops.

    Playwright's own counts as running in this thread from the first test that has.
    """
    if "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    theirs = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(theirs)


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
