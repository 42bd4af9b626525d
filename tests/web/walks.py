"""Random users of the explorer: they find, expand, hide, group, go back, change the language, reload..."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

WORDS = ("internet", "ana", "tower", "billing", "cause: service", "complaint: no", "silva", "fibra")
# What of an address says which graph is shown: not what is chosen in it, or what was searched for.
PARTS = ("show", "hide", "pin", "group", "open", "colours")
QUIET = 15_000

State = tuple[tuple[str, str], ...]


def read_state(url: str) -> tuple[str, State]:
    """Return the name of the graph's state that an address has, and the state itself."""
    chosen = parse_qs(urlsplit(urlsplit(url).fragment).query)
    return chosen.get("step", [""])[0], tuple((name, chosen[name][0]) for name in PARTS if name in chosen)


@dataclass
class Walk:
    """One user. `page`: at the Search tab; `told`: what they did, for when something is wrong."""

    page: Any
    seed: int
    told: list[str] = field(default_factory=list)
    # The states of the graph in the order of the steps, and which of them is shown: what undo leads through.
    states: list[tuple[str, State]] = field(default_factory=lambda: [("", ())])
    at: int = 0
    asked: set[Any] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.page.on("request", self.begin)
        for over in ("requestfinished", "requestfailed"):
            self.page.on(over, self.end)

    def walk(self, steps: int) -> None:
        """Take steps, and look after each that the states of the graph are what they were."""
        self.find()
        for _ in range(steps):
            step = self.chance.choices(list(STEPS), list(STEPS.values()))[0]
            self.told.append(step.__name__)
            step(self)
            self.settle()
            self.follow()

    # What somebody does

    def find(self) -> None:
        word = self.chance.choice(WORDS)
        self.told.append(f"find {word}")
        field = self.page.locator("m-search-tab m-typeahead input")
        field.fill(word)
        field.press("Enter")
        self.settle()
        found = self.page.locator("m-results button.found, m-results [role=row], m-results li button")
        if found.count():
            found.nth(self.chance.randrange(min(found.count(), 8))).click()
        self.settle()
        self.follow()

    def choose(self) -> bool:
        """Choose a node in the table, which is opened for it."""
        if not self.page.locator("m-graph").count():
            self.find()
            return False
        if not self.page.locator("m-graph-table").count():
            self.page.keyboard.press("t")
        rows = self.page.locator("m-graph-table tbody tr")
        if not rows.count():
            return False
        rows.nth(self.chance.randrange(rows.count())).click(position={"x": 4, "y": 4})
        self.settle()
        return True

    def expand(self) -> None:
        if not self.choose():
            return
        self.page.keyboard.press("e")
        self.settle()
        crowd = self.page.locator("m-crowd")
        if not crowd.count():
            return
        go_on = crowd.locator("button.main")
        if go_on.is_enabled() and self.chance.random() < 0.5:
            go_on.click()
        else:
            self.page.keyboard.press("Escape")

    def hide(self) -> None:
        if self.choose():
            self.page.keyboard.press("Delete")

    def hold(self) -> None:
        if self.choose():
            self.page.keyboard.press("p")

    def group(self) -> None:
        self.select("#group", ("", "kind"))

    def colour(self) -> None:
        self.select("#colour", ("kind", "cause"))

    def select(self, name: str, values: tuple[str, ...]) -> None:
        field = self.page.locator(f"m-tools {name}")
        if field.count() and any(part == "show" for part, _ in self.states[self.at][1]):
            field.select_option(self.chance.choice(values))

    def table(self) -> None:
        self.page.keyboard.press("t")

    def undo(self) -> None:
        self.press(0)

    def redo(self) -> None:
        self.press(1)

    def press(self, number: int) -> None:
        """Press undo (0) or redo (1), where there is anything to undo or redo."""
        button = self.page.locator("m-tools button.icon").nth(number)
        if button.count() and button.is_enabled():
            button.click()

    def back(self) -> None:
        """Go back and, where that leads away from the graph, on again."""
        self.page.go_back()
        self.settle()
        if not self.is_here():
            self.page.go_forward()

    def reload(self) -> None:
        self.page.reload()
        self.page.locator("m-search-tab").wait_for()
        self.settle()
        name, _ = read_state(self.page.url)
        # A page that was opened anew knows the state that it shows, and the empty one before it.
        self.states = [("", ())] if not name else [("", ()), self.states[self.at]]
        self.at = len(self.states) - 1

    def language(self) -> None:
        self.page.locator("m-menu .opener").click()
        self.page.locator("m-menu #language").select_option(self.chance.choice(("en", "es", "pt")))
        self.page.keyboard.press("Escape")

    def filter_causes(self) -> None:
        """Look at the causes, filtered, and come back by the tab."""
        self.page.locator("nav a").first.click()
        self.settle()
        boxes = self.page.locator("m-causes m-facets input[type=checkbox]")
        if boxes.count():
            boxes.nth(self.chance.randrange(min(boxes.count(), 6))).click()
            self.settle()
        self.page.locator("nav a").nth(1).click()

    def look_elsewhere(self) -> None:
        """Look at another tab, and come back by Back."""
        self.page.locator("nav a").nth(self.chance.choice((2, 4, 5))).click()
        self.settle()
        self.page.go_back()

    # What has to hold

    def begin(self, request: Any) -> None:
        self.asked.add(request)

    def end(self, request: Any) -> None:
        self.asked.discard(request)

    def settle(self) -> None:
        """Wait until nothing is asked any more, and all of it is drawn."""
        quiet = 0
        for _ in range(QUIET // 20):
            self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
            quiet = 0 if any(self.is_question(one) for one in self.asked) else quiet + 1
            if quiet == 3:
                return
        raise AssertionError(f"{self}: it is asked still after {QUIET} ms")

    def is_question(self, request: Any) -> bool:
        # News come for as long as the page is open.
        return "text/event-stream" not in (request.headers.get("accept") or "").split(",")[0]

    def is_here(self) -> bool:
        return urlsplit(self.page.url).fragment.split("?")[0] == "search"

    def follow(self) -> None:
        """Take down a new state; one that has been there must be what it was."""
        assert self.is_here(), f"{self}: at {self.page.url}"
        found = read_state(self.page.url)
        names = [name for name, _ in self.states]
        if found[0] in names:
            self.at = names.index(found[0])
            assert self.states[self.at] == found, f"{self}: {found} was {self.states[self.at]}"
        else:
            self.states[self.at + 1 :] = [found]
            self.at = len(self.states) - 1

    def undo_all(self) -> None:
        """Undo each step and do it again: each state has to be there as it was."""
        for number, (name, way) in enumerate({"undo": -1, "redo": 1}.items()):
            end = 0 if way < 0 else len(self.states) - 1
            while self.at != end:
                self.press(number)
                self.settle()
                found = read_state(self.page.url)
                expected = self.states[self.at + way]
                assert found == expected, f"{self}: {name} led to {found}, not {expected}"
                self.at += way

    def __str__(self) -> str:
        return f"walk {self.seed} ({', '.join(self.told)})"


STEPS: dict[Callable[[Walk], None], int] = {
    Walk.expand: 8,
    Walk.find: 2,
    Walk.hide: 3,
    Walk.hold: 2,
    Walk.group: 2,
    Walk.colour: 1,
    Walk.table: 1,
    Walk.undo: 4,
    Walk.redo: 2,
    Walk.back: 3,
    Walk.reload: 1,
    Walk.language: 1,
    Walk.filter_causes: 1,
    Walk.look_elsewhere: 1,
}
