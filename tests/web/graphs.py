"""The graph of a page as tests see it, and what there is in the demo's company to begin with."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.web.serving import Service


def find_things(service: Service) -> dict[str, Any]:
    """Return what to begin with: a complaint, who filed it and what it states; a product that many hold."""
    found = service.ask(
        """{ complaints(first: 200) { nodes { id caption text
               filedFromCustomer { nodes { id caption } }
               attributedToCause { edges { quote node { id caption } } } } }
             products(first: 1) { nodes { id caption } } }"""
    )
    complaint = next(one for one in found["complaints"]["nodes"] if one["attributedToCause"]["edges"])
    [link, *_] = complaint["attributedToCause"]["edges"]
    return {
        "complaint": complaint,
        "customer": complaint["filedFromCustomer"]["nodes"][0],
        "cause": link["node"],
        "quote": link["quote"],
        "product": found["products"]["nodes"][0],
    }


def until(asked: Callable[[], Any], wanted: Callable[[Any], bool] = bool, seconds: float = 15) -> Any:
    """Wait for something of the page: its policy forbids what Playwright waits with."""
    end = time.monotonic() + seconds
    while True:
        found = asked()
        if wanted(found):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


class Graph:
    """What the graph of a page shows."""

    def __init__(self, page: Any, tab: str = "search") -> None:
        self.page = page
        self.tab = page.locator(f"m-{tab}-tab")

    def of(self, expression: str) -> Any:
        """Evaluate an expression of its workspace `w`."""
        return self.tab.evaluate(f"({{ work: w }}) => {expression}")

    def drawn(self) -> int:
        return int(self.of("w.picture.nodes.size"))

    def wait(self, expression: str, wanted: Callable[[Any], bool] = bool) -> Any:
        return until(lambda: self.of(expression), wanted)

    def calm(self) -> None:
        """Wait until all has come and nothing moves."""
        self.wait("w.busy", lambda busy: busy == 0)
        self.page.locator("m-canvas .laying").wait_for(state="detached")

    def state(self) -> Any:
        return self.of(
            "JSON.stringify([[...w.scene.ids].sort(), [...w.scene.hidden].sort(),"
            " [...w.scene.pins.keys()].sort(), w.scene.grouping, [...w.scene.open], w.scene.colours])"
        )

    def place(self, node: str) -> tuple[float, float]:
        """Return where a node is in the window."""
        at = self.tab.locator("m-canvas").evaluate(
            """(canvas, id) => { const { x, y } = canvas.drawing.viewport(id);
               const box = canvas.getBoundingClientRect(); return [box.x + x, box.y + y]; }""",
            node,
        )
        return at[0], at[1]

    def still(self, node: str) -> tuple[float, float]:
        """Show the whole graph, and return where a node is once it stays there."""
        seen: list[tuple[float, float]] = []

        def stays() -> bool:
            self.calm()
            self.page.keyboard.press("0")
            seen.append(self.place(node))
            return len(seen) > 5 and len({*seen[-5:]}) == 1

        until(stays)
        return seen[-1]

    def more(self, name: str) -> None:
        self.page.locator("m-tools .opener").click()
        self.page.locator("m-tools #more").get_by_role("button", name=name, exact=True).click()
