"""Search: the graph is found, walked, changed, kept, shared and saved."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from tests.web.conftest import Visitor
from tests.web.graphs import Graph, find_things, until
from tests.web.looks import assert_accessible, shoot
from tests.web.serving import Service


@pytest.fixture(scope="module")
def things(service: Service) -> dict[str, Any]:
    return find_things(service)


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
    panel.get_by_role("button", name="Expand some").click()
    crowd = page.locator("m-crowd")
    crowd.get_by_role("checkbox").first.uncheck()
    branches = crowd.locator("label").count()
    assert_accessible(page)
    crowd.locator("button.main").click()
    graph.wait("w.picture.nodes.size", lambda n: n >= branches)
    page.keyboard.press("Control+z")
    graph.wait("w.picture.nodes.size", lambda n: n == 1)
    panel.get_by_role("button", name="Expand", exact=True).click()
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

    def open_group() -> int:
        page.mouse.dblclick(*graph.still(name))  # beside it, if all was moved on in this moment
        return int(graph.of("w.scene.open.size"))

    until(open_group)
    page.locator("m-legend button").click()
    graph.wait("w.scene.open.size", lambda n: n == 0)
    while graph.state() != around:
        before = page.url
        page.go_back()
        assert page.url != before
    assert graph.of("w.steps.canRedo"), "Back undoes, and it can be done again"

    hidden = graph.of("w.neighboursOf([...w.scene.ids][0])[0]")
    page.mouse.click(*graph.still(hidden))
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
        page.locator("m-node-panel").get_by_role("button", name="Expand", exact=True).click()
        dialog.locator("label").wait_for()
        assert graph.drawn() == shown - 499, "nothing comes before somebody has chosen"
        if shown == 500:
            assert_accessible(page)
            shoot(page, "search-crowd")
        else:
            assert "500 shown" in dialog.locator("label").inner_text()
        dialog.get_by_role("button", name="Show the first 500").click()
        graph.wait(f"w.picture.nodes.size === {shown + 1}")
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
