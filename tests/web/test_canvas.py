"""Search and Pathfinding: the graph is found, walked, changed, kept, shared and saved."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from tests.web.conftest import Visitor
from tests.web.looks import assert_accessible, assert_fits, shoot
from tests.web.serving import Service

SIZES = ((320, "dark", "es"), (768, "light", "pt"), (1440, "dark", "en"))


@pytest.fixture(scope="module")
def things(service: Service) -> dict[str, Any]:
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

    def more(self, name: str) -> None:
        self.page.locator("m-tools .opener").click()
        self.page.locator("m-tools #more").get_by_role("button", name=name, exact=True).click()


def test_a_graph_is_found_walked_changed_and_kept(
    service: Service, visit: Visitor, things: dict[str, Any]
) -> None:
    page = visit(service, "search", permissions=["clipboard-read", "clipboard-write"])
    graph = Graph(page)
    page.locator("m-empty").wait_for()
    assert_accessible(page)
    shoot(page, "search-empty")
    field = page.get_by_role("combobox", name="Find")
    field.fill(things["customer"]["caption"])
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    panel = page.locator("m-node-panel")
    panel.locator("dt").first.wait_for()
    named = panel.locator("dl > div", has_text=things["customer"]["caption"])
    assert "since" in named.first.locator(".source").inner_text(), "who says so, and since when"
    panel.get_by_role("button", name="Expand").click()
    graph.wait("w.picture.nodes.size", lambda n: n > 3)
    graph.calm()
    count = service.ask("query ($id: ID!) { expand(id: $id) { count } }", {"id": graph.of("w.at[0]")})[
        "expand"
    ]["count"]
    assert graph.drawn() == count + 1
    around = graph.state()
    assert_accessible(page)

    page.keyboard.press("t")
    table = page.locator("m-graph-table")
    assert table.locator("m-table tbody tr").count() == graph.drawn()
    row = table.locator("m-table tbody tr", has_text="contact").first
    row.locator("button.pick").click()
    assert row.locator("button.pick").get_attribute("aria-current") == "true"
    assert graph.of("w.facts.nodes.get(w.at[0]).kind") == "Contact", "the canvas follows the table"
    table.get_by_role("group").get_by_role("button", name="Relationships").click()
    table.locator("m-table tbody button.pick").first.click()
    page.locator("m-edge-panel .sentence").first.wait_for()
    assert "Known from" in page.locator("m-edge-panel .sentence").first.inner_text()
    assert_accessible(page)
    shoot(page, "search-table")
    page.keyboard.press("t")

    page.locator("m-tools #group").select_option("kind")
    graph.wait("w.picture.groups.size", lambda n: n >= 1)
    grouped = graph.drawn()
    assert grouped < count + 1
    [name] = graph.of("[...w.picture.nodes.keys()].filter((id) => id.startsWith('group:')).slice(0, 1)")
    graph.calm()
    page.mouse.dblclick(*graph.place(name))
    graph.wait("w.scene.open.size")
    page.locator("m-legend button").click()
    graph.wait("w.scene.open.size", lambda n: n == 0)
    while graph.state() != around:
        before = page.url
        page.go_back()
        assert page.url != before
    assert graph.of("w.steps.canRedo"), "Back undoes, and it can be done again"

    hidden = graph.of("w.neighboursOf([...w.scene.ids][0])[0]")
    graph.calm()
    page.mouse.click(*graph.place(hidden))
    graph.wait("w.at.join()", lambda at: at == hidden)
    page.keyboard.press("Delete")
    graph.wait("w.scene.hidden.size", lambda n: n == 1)
    changed = graph.state()
    page.keyboard.press("Control+z")
    assert graph.state() == around
    page.keyboard.press("Control+y")
    assert graph.state() == changed
    page.get_by_role("button", name="Show 1 hidden").wait_for()
    until(lambda: page.evaluate("localStorage.getItem('motivo.graph.search')"), lambda kept: hidden in kept)
    assert things["customer"]["caption"] not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    graph.wait("w.picture.nodes.size", lambda n: n == count)
    assert graph.state() == changed
    graph.more("Copy link")
    page.locator("m-toast .bar").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    other = visit(service, link.split("#", 1)[1])
    until(Graph(other).state, lambda state: state == changed)


def test_what_is_drawn_is_saved_for_other_programs(
    service: Service, visit: Visitor, things: dict[str, Any]
) -> None:
    three = [things[name]["id"] for name in ("complaint", "cause", "customer")]
    page = visit(service, f"search?show={','.join(three)}")
    graph = Graph(page)
    graph.wait("w.picture.nodes.size", lambda n: n == 3)
    graph.calm()

    def save(name: str) -> bytes:
        with page.expect_download() as saving:
            graph.more(name)
        return Path(saving.value.path()).read_bytes()

    assert save("as PNG").startswith(b"\x89PNG")
    assert ElementTree.fromstring(save("as SVG")).tag.endswith("svg")
    for read, name in ((nx.read_gexf, "as GEXF"), (nx.read_graphml, "as GraphML")):
        found = read(io.BytesIO(save(name)))
        assert sorted(found.nodes) == sorted(three)
        assert found.number_of_edges() == 2
        assert found.nodes[three[1]]["kind"] == "Cause"
    nodes = list(csv.reader(io.StringIO(save("Nodes as CSV").decode("utf-8-sig"))))
    assert {row[0] for row in nodes[1:]} == set(three)
    edges = list(csv.reader(io.StringIO(save("Relationships as CSV").decode("utf-8-sig"))))
    assert len(edges) == 3


def test_one_is_told_why_two_are_joined(service: Service, visit: Visitor, things: dict[str, Any]) -> None:
    page = visit(service, f"search?show={things['complaint']['id']},{things['cause']['id']}")
    graph = Graph(page)
    graph.wait("w.picture.lines.size", lambda n: n == 1)
    graph.calm()
    (x, y), (to_x, to_y) = graph.place(things["complaint"]["id"]), graph.place(things["cause"]["id"])
    page.mouse.click((x + to_x) / 2, (y + to_y) / 2)
    panel = page.locator("m-edge-panel")
    panel.locator("mark").wait_for()
    assert panel.locator("mark").inner_text() == things["quote"]
    assert panel.locator("blockquote").inner_text() == things["complaint"]["text"]
    assert "Source: messages" in panel.locator("li .hint").inner_text()
    page.go_back()
    panel.wait_for(state="detached")

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=3)
    page.mouse.up()
    assert graph.wait("w.scene.pins.size") == 1, "what is put somewhere stays there"
    page.keyboard.down("Shift")
    left, right = min(x, to_x) - 80, max(x, to_x) + 120
    top, bottom = min(y, to_y) - 20, 898
    page.mouse.move(left, top)
    page.mouse.down()
    for corner in ((right, top), (right, bottom), (left, bottom)):
        page.mouse.move(*corner)
    page.mouse.up()
    page.keyboard.up("Shift")
    assert graph.wait("w.marked.size") == 2
    page.locator("m-panel").get_by_role("button", name="Hide these").click()
    graph.wait("w.picture.nodes.size", lambda n: n == 0)
    page.locator("m-tools").get_by_role("button", name="Show 2 hidden").click()
    graph.wait("w.picture.nodes.size", lambda n: n == 2)


def test_too_much_at_once_is_asked_about(service: Service, visit: Visitor, things: dict[str, Any]) -> None:
    page = visit(service, f"search?show={things['product']['id']}&at={things['product']['id']}")
    graph = Graph(page)
    dialog = page.locator("m-crowd")
    for shown in (500, 1000):
        page.locator("m-node-panel").get_by_role("button", name="Expand").click()
        dialog.locator("label").wait_for()
        assert graph.drawn() == shown - 499, "nothing comes before somebody has chosen"
        if shown == 500:
            assert_accessible(page)
            shoot(page, "search-crowd")
        else:
            assert "500 shown" in dialog.locator("label").inner_text()
        dialog.get_by_role("button", name="Show the first 500").click()
        graph.wait("w.picture.nodes.size", lambda n, shown=shown: n == shown + 1)
    page.keyboard.press("Control+z")
    assert graph.drawn() == 501
    page.locator("m-tools #group").select_option("Subscription.status")
    graph.wait("w.picture.groups.size")
    assert graph.drawn() < 20
    page.locator("m-tools #colour").select_option("cause")
    page.locator("m-legend li", has_text="None known").wait_for(
        timeout=90_000
    )  # they may be looked for first


def test_words_are_searched_in_all_texts(service: Service, visit: Visitor) -> None:
    page = visit(service, "search")
    field = page.get_by_role("combobox", name="Find")
    field.fill("complaint: internet")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    hits = page.locator("m-results li button")
    hits.first.wait_for()
    assert "internet" in page.locator("m-results mark").first.inner_text().lower()
    assert_accessible(page)
    shoot(page, "search-results")
    hits.first.click()
    Graph(page).wait("w.picture.nodes.size", lambda n: n == 1)
    page.get_by_text("on the graph").wait_for()
    field.fill("zzzz qqqq")
    page.keyboard.press("Enter")
    page.locator("m-results m-empty").wait_for()


def test_paths_are_drawn_and_told(service: Service, visit: Visitor, things: dict[str, Any]) -> None:
    page = visit(service, "paths")
    page.locator("m-paths-tab m-empty").wait_for()
    for name, thing in (("From", "customer"), ("To", "cause")):
        field = page.get_by_role("combobox", name=name)
        field.fill(things[thing]["caption"])
        page.get_by_role("option", name=things[thing]["caption"]).first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    told = page.locator("m-paths-tab .told")
    told.wait_for()
    graph = Graph(page, "paths")
    graph.wait("w.picture.lines.size")
    assert told.locator("details[open] li").count() == 2
    assert "is attributed to" in told.inner_text()
    assert_accessible(page)
    shoot(page, "paths")
    page.locator("summary", has_text="Through which kinds").click()
    page.get_by_role("checkbox", name="complaint").uncheck()
    page.get_by_label("At most").select_option("2")
    empty = page.locator("m-paths-tab m-empty")
    empty.wait_for()
    assert "through=" in page.url
    assert_accessible(page)
    empty.get_by_role("button", name="Go through all kinds").click()
    told.locator("details[open] li").nth(1).wait_for()
    page.reload()
    told.wait_for()
    assert graph.wait("w.picture.nodes.size") >= 3


def test_all_of_it_is_done_by_keyboard(service: Service, visit: Visitor, things: dict[str, Any]) -> None:
    page = visit(service, "causes")
    page.locator("m-menu").wait_for()
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Find")
    field.wait_for()
    until(
        lambda: page.evaluate("document.activeElement.shadowRoot.activeElement?.localName"),
        lambda at: at == "m-search-tab",
    )
    page.keyboard.type(things["customer"]["caption"])
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    graph = Graph(page)
    graph.wait("w.picture.nodes.size", lambda n: n == 1)
    stage = page.get_by_role("application")
    for _ in range(20):
        page.keyboard.press("Tab")
        if stage.evaluate("(stage) => stage.getRootNode().activeElement === stage"):
            break
    page.keyboard.press("Enter")
    graph.wait("w.picture.nodes.size", lambda n: n > 3)
    graph.calm()
    begun = graph.of("w.at[0]")
    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
        if graph.of("w.at[0]") != begun:
            break
    assert begun in graph.of("w.neighboursOf(w.at[0])"), "one walks along a relationship"
    assert "relationship" in page.locator("m-graph [role=status]").last.inner_text()
    page.keyboard.press("p")
    graph.wait("w.scene.pins.size")
    size = graph.drawn()
    page.keyboard.press("Delete")
    graph.wait("w.picture.nodes.size", lambda n: n == size - 1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert graph.of("[w.scene.pins.size, w.scene.hidden.size]") == [0, 0]
    page.keyboard.press("t")
    page.locator("m-graph-table m-table").wait_for()
    page.keyboard.press("?")
    for said in ("Walk up along a relationship", "Expand", "Hide", "Undo", "Table"):
        assert page.locator("m-help dd", has_text=said).first.is_visible()


@pytest.mark.parametrize(("width", "scheme", "language"), SIZES)
def test_it_fits_and_is_for_everybody(
    service: Service, visit: Visitor, things: dict[str, Any], width: int, scheme: str, language: str
) -> None:
    ids = [things[name]["id"] for name in ("complaint", "cause", "customer", "product")]
    place = f"search?show={','.join(ids)}"
    page = visit(service, place, width=width, scheme=scheme, language=language)
    graph = Graph(page)
    graph.wait("w.picture.nodes.size", lambda n: n == 4)
    graph.calm()
    shoot(page, "graph")
    graph.tab.evaluate("({ work }, id) => work.select([id])", ids[2])
    page.locator("m-node-panel dt").first.wait_for()
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "graph-node")
    graph.tab.evaluate("({ work }, ids) => work.select(ids)", ids[:2])
    page.locator("m-edge-panel mark").wait_for()
    assert_accessible(page)
    shoot(page, "graph-edge")
    page.locator("m-graph aside .shut").click()
    page.keyboard.press("t")
    page.locator("m-graph-table m-table").wait_for()
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "graph-table")
    page.evaluate("([from, to]) => (location.hash = `paths?from=${from}&to=${to}`)", [ids[2], ids[1]])
    page.locator("m-paths-tab .told").wait_for()
    Graph(page, "paths").calm()
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "paths")


def test_the_end_of_a_sign_in_leaves_the_canvas(
    guarded: Service, visit: Visitor, things: dict[str, Any]
) -> None:
    shown = things["customer"]["id"]
    page = visit(guarded, f"search?show={shown}&at={shown}", role="investigator", expected=("401",))
    graph = Graph(page)
    page.locator("m-node-panel dt").first.wait_for()
    page.route(
        "**/graphql",
        lambda route: route.continue_(
            headers={**route.request.headers, "authorization": "Bearer motivo_gone"}
        ),
    )
    page.locator("m-node-panel").get_by_role("button", name="Expand").click()
    field = page.locator("m-login input")
    field.wait_for()
    assert graph.drawn() == 1, "what is on the canvas stays"
    page.unroute("**/graphql")
    field.fill(guarded.keys["investigator"])
    field.press("Enter")
    graph.wait("w.picture.nodes.size", lambda n: n > 3)


def test_without_webgl_there_is_the_table_and_an_error_can_be_tried_again(
    service: Service, visit: Visitor, things: dict[str, Any]
) -> None:
    page = visit(service, "search", expected=("Failed to load resource",))
    page.add_init_script(
        """const of = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (name, ...more) {
          return name.startsWith("webgl") ? null : of.call(this, name, ...more);
        };"""
    )
    page.reload()
    page.locator("m-search-tab m-empty").wait_for()
    page.route("**/graphql", lambda route: route.abort())
    page.evaluate("(id) => (location.hash = `search?show=${id}`)", things["cause"]["id"])
    page.locator("m-graph m-error").wait_for()
    assert_accessible(page)
    page.unroute("**/graphql")
    page.locator("m-graph m-error").get_by_role("button", name="Try again").click()
    page.locator("m-graph-table m-table tbody tr").wait_for()
    assert "WebGL" in page.locator("m-graph .note").inner_text()
    assert_accessible(page)
    shoot(page, "graph-without-webgl")
