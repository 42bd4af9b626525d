"""The elements that all pages share, each on a page of them all."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.service.pages import write_policy
from tests.web.building import alone
from tests.web.conftest import Visitor
from tests.web.looks import LANGUAGES, SCHEMES, WIDTHS, assert_accessible, assert_fits, shoot
from tests.web.serving import ROOT, Service

GALLERY = ROOT / "build" / "gallery"
Gallery = Callable[..., Any]


@pytest.fixture(scope="session")
def built_gallery(built: Path, shared: Path) -> Path:
    with alone(shared / "gallery.lock"):
        if not (shared / "gallery.made").exists():
            done = subprocess.run(
                ["npm", "run", "--silent", "gallery"],
                cwd=ROOT / "web",
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            (shared / "gallery.made").touch()
    return GALLERY


@pytest.fixture
def gallery(built_gallery: Path, service: Service, visit: Visitor) -> Gallery:
    """Return what opens the page of elements, served as the explorer is, under its policy."""

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(f"{service.url}/gallery/")
        policy = {"Content-Security-Policy": write_policy("explorer")}
        route.fulfill(path=built_gallery / (path or "index.html"), headers=policy)

    def open_gallery(place: str = "", **how: Any) -> Any:
        page = visit(service, path="/healthz", **how)
        page.route("**/gallery/**", answer)
        page.goto(f"{service.url}/gallery/{place}")
        page.locator("m-query" if place else "#skeleton").wait_for()
        return page

    return open_gallery


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_they_fit_and_are_for_everybody(gallery: Gallery, width: int, scheme: str) -> None:
    page = gallery(width=width, scheme=scheme, language=LANGUAGES[WIDTHS.index(width)])
    page.wait_for_timeout(200)
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "elements", whole=True)
    for chart in ("lines", "bars"):
        page.locator(f"#{chart} figcaption button").click()
    page.locator("#bars m-table").wait_for()
    assert_accessible(page)


def names(page: Any) -> list[str]:
    return [name.strip() for name in page.locator("#table tbody th").all_inner_texts()]


def test_a_table_is_sorted_walked_and_saved(gallery: Gallery) -> None:
    page = gallery()
    assert len(names(page)) == 100
    page.get_by_role("button", name="Show 100 more").click()
    assert len(names(page)) == 200
    page.locator("#table thead button", has_text="Complaints").click()
    cells = page.locator("#table tbody tr td:nth-child(2)").all_inner_texts()
    figures = [int(cell.replace(",", "")) for cell in cells]
    assert figures == sorted(figures, reverse=True), "figures are sorted greatest first"
    page.locator("#table thead button", has_text="Share").click()
    page.locator("#table thead button", has_text="Share").click()
    assert page.locator("#table thead th").nth(2).get_attribute("aria-sort") == "ascending"
    page.locator("#table thead button", has_text="Root cause").click()
    first = page.locator("#table tbody button").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    current = page.locator("#table button[aria-current=true]")
    assert current.inner_text().strip() == names(page)[2]
    page.locator("#table tbody tr").nth(4).locator("td").last.click()
    assert current.inner_text().strip() == names(page)[4]
    with page.expect_download() as saving:
        page.locator("#table").get_by_role("button", name="Download CSV").click()
    saved = saving.value
    assert saved.suggested_filename == "causes.csv"
    rows = list(csv.reader(io.StringIO(Path(saved.path()).read_bytes().decode("utf-8-sig"))))
    assert rows[0] == ["Root cause", "Complaints", "Share"]
    assert len(rows) == 251
    assert not [row for row in rows if row[0].startswith("=")], "no cell is a formula"


def test_a_quote_marks_the_words_whatever_stands_before_them(gallery: Gallery) -> None:
    page = gallery()
    assert page.locator("#quote mark").inner_text() == "me cobraron dos veces"
    assert page.locator("#quote blockquote").get_attribute("lang") == "es"


def test_facets_are_chosen_by_keyboard_too(gallery: Gallery) -> None:
    page = gallery()
    boxes = page.locator("#facets fieldset").first.locator("input[type=checkbox]")
    assert boxes.count() == 5, "what is chosen and gone is listed"
    boxes.nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert [boxes.nth(place).is_checked() for place in range(5)] == [True, True, False, False, True]
    page.locator("#facets").get_by_role("button", name="Clear: Region").click()
    assert not any(boxes.nth(place).is_checked() for place in range(4))
    causes = page.locator("#facets fieldset").nth(1)
    assert causes.locator("label").count() == 6
    causes.get_by_role("searchbox").fill("number 2")
    assert causes.locator("label").count() == 3
    causes.get_by_role("searchbox").fill("")
    causes.get_by_role("button", name="16 more").click()
    assert causes.locator("label").count() == 22
    assert "withheld" in causes.locator("label").nth(3).inner_text()


def test_typing_suggests_and_a_prefix_narrows(gallery: Gallery, service: Service) -> None:
    page = gallery()
    field = page.get_by_role("combobox")
    field.fill("prod")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert "product:" in options.first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert field.input_value() == "product: "
    [product] = service.ask("{ products(first: 1) { nodes { caption } } }")["products"]["nodes"]
    field.press_sequentially(product["caption"][:4])
    options.first.wait_for()
    assert_accessible(page)
    shoot(page, "typeahead")
    page.keyboard.press("ArrowDown")
    chosen = options.first.locator(".caption").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#said").inner_text() == chosen
    assert field.get_attribute("aria-expanded") == "false"
    field.fill("")
    page.get_by_text("Recent", exact=True).wait_for()
    assert options.first.locator(".caption").inner_text() == chosen
    assert chosen not in page.evaluate("JSON.stringify(localStorage)"), "names are not kept, ids are"
    field.fill("complaint: no signal")
    page.keyboard.press("Enter")
    assert page.locator("#said").inner_text() == "Complaint: no signal"
    field.fill("zzzzqq")
    page.get_by_text("Nothing is called like that.").last.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert field.input_value() == ""


def test_a_dialog_takes_and_gives_back_the_focus(gallery: Gallery) -> None:
    page = gallery()
    opener = page.get_by_role("button", name="Open a dialog")
    opener.click()
    dialog = page.get_by_role("dialog", name="Record an action")
    dialog.wait_for()
    assert_accessible(page)
    shoot(page, "dialog")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert opener.evaluate("(button) => button.getRootNode().activeElement === button")


def test_what_was_done_can_be_undone_in_passing(gallery: Gallery) -> None:
    page = gallery()
    page.get_by_role("button", name="Say something").click()
    page.get_by_role("status").get_by_text("Rejected").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Undo").click()
    assert page.locator("#said").inner_text() == "undone"


def test_a_chart_says_its_figures_under_the_pointer_and_as_a_table(gallery: Gallery) -> None:
    page = gallery()
    plot = page.locator("#lines svg.plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.locator("#lines .pointed").wait_for()
    assert "Complaints by month" in plot.get_attribute("aria-label")
    page.locator("#lines figcaption button").click()
    assert page.locator("#lines tbody tr").count() == 14
    assert page.locator("#lines thead th").count() == 7
    page.locator("#bars button.name", has_text="Norte").click()


def test_an_error_can_be_tried_again(gallery: Gallery) -> None:
    page = gallery()
    assert "abc123" in page.locator("#error [role=alert]").inner_text()
    page.locator("#error").get_by_role("button", name="Try again").click()
    assert page.locator("#said").inner_text() == "retried"


def test_the_query_behind_a_page_is_in_graphiql_to_be_run(gallery: Gallery) -> None:
    page = gallery("#query?of=causes")
    frame = page.frame_locator("m-query iframe")
    editor = frame.locator(".graphiql-query-editor .CodeMirror-code")
    editor.get_by_text("Last").wait_for()
    page.get_by_role("combobox").select_option("First")
    editor.get_by_text("regions").wait_for()
    frame.locator(".graphiql-execute-button").click()
    frame.locator(".graphiql-response").get_by_text("regions").wait_for()
    assert frame.locator(".graphiql-response").get_by_text('"key"').count() == 2, "its variables go with it"
    assert not frame.locator("#token").is_visible()
    assert_accessible(page)
    shoot(page, "query-behind")
    page.go_back()
    editor.get_by_text("Last").wait_for()
