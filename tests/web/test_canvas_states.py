"""The graph however it is looked at: paths, keyboard, sizes, the end of a sign-in, no WebGL."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Visitor
from tests.web.graphs import Graph, find_things, until
from tests.web.looks import assert_accessible, assert_fits, shoot
from tests.web.serving import Service

SIZES = ((320, "dark", "es"), (768, "light", "pt"), (1440, "dark", "en"))


@pytest.fixture(scope="module")
def things(service: Service) -> dict[str, Any]:
    return find_things(service)


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
    page.locator("m-node-panel").get_by_role("button", name="Expand", exact=True).click()
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
