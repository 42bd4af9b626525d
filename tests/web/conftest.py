"""The explorer and the widget in a real browser, on the real service, on the demo's company."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.web.building import build_pages, copy_demo, make_demo
from tests.web.crm import Widgets, open_widgets
from tests.web.looks import HEAR_VIOLATIONS, HEIGHTS, Watch, shoot
from tests.web.serving import Service, serving

PATIENCE = 20_000


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder that all processes of the tests have in common."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def built(shared: Path) -> Path:
    """Return the folder of the built pages."""
    return build_pages(shared / "web.lock")


@pytest.fixture(scope="session")
def demo(shared: Path) -> Path:
    """Return the folder of the demo's company; not to be changed: `copy_demo` makes one that may be."""
    return make_demo(shared / "demo")


@pytest.fixture(scope="session")
def service(built: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a service where nobody has to sign in; what it shows is not to be changed."""
    folder = tmp_path_factory.mktemp("service")
    with serving(copy_demo(demo, folder / "company"), folder) as found:
        yield found


@pytest.fixture(scope="session")
def guarded(built: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a service that wants a key: `guarded.keys["investigator"]`."""
    folder = tmp_path_factory.mktemp("guarded")
    with serving(copy_demo(demo, folder / "company"), folder, dev=False) as found:
        yield found


@pytest.fixture
def own_service(built: Path, demo: Path, tmp_path: Path) -> Iterator[Service]:
    """Return a service of a test's own, whose graph it may change."""
    with serving(copy_demo(demo, tmp_path / "company"), tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def widgets(built: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Widgets]:
    """Return a service with the example's CRM beside it, and customers to show there."""
    folder = tmp_path_factory.mktemp("widgets")
    with open_widgets(copy_demo(demo, folder / "company"), folder) as found:
        yield found


@dataclass
class Visitor:
    """Opens pages as somebody with a window, colours and a language. What they do wrong fails the test."""

    browser: Any
    contexts: list[Any] = field(default_factory=list)
    watches: list[tuple[Watch, Any]] = field(default_factory=list)

    def __call__(
        self,
        service: Service,
        place: str = "",
        *,
        width: int = 1440,
        height: int | None = None,
        scheme: str = "light",
        language: str = "en",
        role: str = "",
        expected: tuple[str, ...] = (),
        path: str = "/",
        within: Sequence[str] = (),
        **more: Any,
    ) -> Any:
        """Open the explorer at a place (`causes/rc-12?region=north`), or another page.

        role: signed in as who (`guarded` only). expected: patterns of errors in the console that are meant.
        within: a page of another site in place of the service's: its address, then those of origins that it
        and its frames may ask beside the service's.
        more: options of Playwright's `new_context`.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": height or HEIGHTS.get(width, 900)},
            color_scheme=scheme,
            locale={"en": "en-GB", "es": "es-MX", "pt": "pt-BR"}[language],
            reduced_motion="reduce",
            accept_downloads=True,
            **more,
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(HEAR_VIOLATIONS)
        if role:
            key = service.keys[role]
            context.add_init_script(
                f"if (!sessionStorage.getItem('told')) sessionStorage.setItem('motivo.token', '{key}');"
                "sessionStorage.setItem('told', '1');"  # once: signing out is not undone by a reload
            )
        page = context.new_page()
        watch = Watch(service.url, expected, [split_origin(address) for address in within])
        watch.follow(page)
        self.watches.append((watch, page))
        page.goto(within[0] if within else f"{service.url}{path}{f'#{place}' if place else ''}")
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def split_origin(address: str) -> str:
    return "/".join(address.split("/", 3)[:3])


@pytest.fixture
def visit(browser: Any, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Return what opens pages: `page = visit(service, "causes", width=320, scheme="dark", language="pt")`."""
    visitor = Visitor(browser)
    yield visitor
    failed = getattr(request.node, "failed", False)
    for number, (_, page) in enumerate(visitor.watches):
        if failed and not page.is_closed():
            shoot(page, f"failed-{request.node.name.translate(SAFE)}-{number}")
    visitor.close()
    problems = [problem for watch, _ in visitor.watches for problem in watch.problems]
    assert not problems, "\n".join(problems)


SAFE = str.maketrans(dict.fromkeys("[]/\\ :", "-"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Callable[..., Any]) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]
    return report
