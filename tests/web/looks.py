"""What every page has to be, however it is looked at: quiet, on its own, and usable by everybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.web.serving import ROOT

WIDTHS = (320, 768, 1440)
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "es", "pt")
HEIGHTS = {320: 640, 768: 1024, 1440: 900}
SHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
# Heard by the page itself, since a browser does not say all of them in its console.
HEAR_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} in ${event.sourceFile}`));
"""


@dataclass
class Watch:
    """What a page said and asked for that it should not have."""

    origin: str
    # Patterns of errors that a test brings about on purpose.
    expected: Sequence[str] = ()
    # Origins beside it that are known: those of a CRM, which has our page in a frame.
    known: Sequence[str] = ()
    problems: list[str] = field(default_factory=list)

    def add(self, problem: str) -> None:
        # A word of the driver that draws without a graphics card; no page can help it.
        if "GL Driver Message (OpenGL, Performance" not in problem and not any(
            re.search(pattern, problem) for pattern in self.expected
        ):
            self.problems.append(problem)

    def follow(self, page: Any) -> None:
        page.on(
            "console",
            lambda said: (
                said.type in ("error", "warning") and self.add(f"{said.type}: {said.text} {where(said)}")
            ),
        )
        page.on("pageerror", lambda error: self.add(f"uncaught: {error}"))
        page.on("request", self.check)
        page.on("websocket", lambda socket: self.check_address(socket.url.replace("ws", "http", 1)))

    def check(self, request: Any) -> None:
        self.check_address(request.url)

    def check_address(self, url: str) -> None:
        origins = tuple(f"{origin}/" for origin in (self.origin, *self.known))
        if not url.startswith((*origins, "data:", "blob:", "about:")):
            self.problems.append(f"asks another origin: {url}")


def where(message: Any) -> str:
    place = message.location or {}
    return f"({place.get('url', '')}:{place.get('lineNumber', '')})"


def assert_accessible(page: Any, *, within: str = "", without: Sequence[str] = ()) -> None:
    """Assert that axe finds nothing wrong with what is shown, in all of its rules.

    within: a selector; without: selectors of what is left out, such as the frame of a stranger's page.
    """
    page.evaluate(AXE.read_text("utf-8"))
    context: dict[str, Any] = {"exclude": [[selector] for selector in (*without, "iframe")]}
    if within:
        context["include"] = [[within]]
    found = page.evaluate(
        "(context) => axe.run(context, { resultTypes: ['violations'], iframes: false })", context
    )
    told = [
        f"{one['id']} ({one['impact']}): {one['help']}\n    "
        + "\n    ".join(
            f"{node['target']} {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for node in one["nodes"][:5]
        )
        for one in found["violations"]
    ]
    assert not told, "\n".join(told)


def assert_fits(page: Any) -> None:
    """Assert that nobody has to scroll sideways."""
    wide, there = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= there, f"the page is {wide} px wide in a window of {there} px"


def shoot(page: Any, name: str, *, whole: bool = False) -> Path:
    """Keep a screenshot, named by what it shows and how that is looked at."""
    size = page.viewport_size["width"]
    dark, language = page.evaluate(
        "[matchMedia('(prefers-color-scheme: dark)').matches, document.documentElement.lang]"
    )
    scheme = "dark" if dark else "light"
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}-{size}-{scheme}-{language}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path
