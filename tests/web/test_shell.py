"""The explorer's shell: tabs, sign-in, language, help, and GraphiQL with the query behind a page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Visitor
from tests.web.looks import LANGUAGES, SCHEMES, WIDTHS, assert_accessible, assert_fits, shoot
from tests.web.serving import Service

TABS = ("causes", "search", "paths", "query", "analysis", "review")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_is_for_everybody(service: Service, visit: Visitor, width: int, scheme: str) -> None:
    language = LANGUAGES[WIDTHS.index(width)]
    page = visit(service, width=width, scheme=scheme, language=language)
    page.wait_for_selector("m-menu")
    assert page.get_attribute("html", "lang") == language
    page.wait_for_load_state("networkidle")
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "shell")
    page.locator("m-menu .opener").click()
    page.locator("m-menu #language").wait_for()
    assert_accessible(page)
    shoot(page, "menu")


def at(page: Any) -> str:
    return str(page.locator("nav [aria-current=page]").get_attribute("href")).removeprefix("#")


def test_a_tab_keeps_its_place_and_back_leads_through_all(service: Service, visit: Visitor) -> None:
    page = visit(service, "causes?period=2026")
    links = page.locator("nav a")
    links.nth(4).click()
    assert page.title() == "Analysis · Motivo"
    links.nth(5).click()
    assert at(page) == "review"
    assert links.nth(0).get_attribute("href") == "#causes?period=2026"
    links.nth(0).click()
    assert page.url.endswith("#causes?period=2026")
    page.go_back()
    assert at(page) == "review"
    page.go_back()
    assert at(page) == "analysis"
    page.go_forward()
    assert at(page) == "review"
    page.reload()
    page.locator("nav [aria-current=page]").wait_for()
    assert at(page) == "review"


def test_an_address_that_leads_nowhere_shows_the_causes(service: Service, visit: Visitor) -> None:
    page = visit(service, "nowhere/at%20all?x=1")
    page.locator("nav [aria-current=page]").wait_for()
    assert at(page) == "causes"
    broken = visit(service, "%E0%A4%A")
    broken.locator("nav [aria-current=page]").wait_for()
    assert at(broken) == "causes"


def test_language_and_colours_are_chosen_and_kept(service: Service, visit: Visitor) -> None:
    page = visit(service)
    page.locator("m-menu .opener").click()
    page.locator("m-menu #language").select_option("es")
    assert page.get_attribute("html", "lang") == "es"
    assert page.locator("nav a").first.inner_text() == "Causas"
    page.locator("m-menu #scheme").select_option("dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    page.locator("nav a").first.wait_for()
    assert page.locator("nav a").first.inner_text() == "Causas"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert dark == "rgb(18, 25, 28)"


def test_the_keyboard_leads_everywhere_and_help_says_so(service: Service, visit: Visitor) -> None:
    page = visit(service)
    page.locator("m-menu").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.id") == "main"
    page.keyboard.press("5")
    assert at(page) == "analysis"
    page.keyboard.press("?")
    help_ = page.locator("m-help dialog")
    help_.wait_for()
    assert page.locator("m-help dt + dd", has_text="Go to Review").is_visible()
    assert_accessible(page)
    shoot(page, "help")
    page.locator("m-help input[type=checkbox]").uncheck()
    page.keyboard.press("Escape")
    help_.wait_for(state="detached")
    page.keyboard.press("6")
    assert at(page) == "analysis", "keys without Ctrl are off"


def test_sign_in_and_its_end_keep_what_is_on_the_screen(guarded: Service, visit: Visitor) -> None:
    page = visit(guarded, "query", expected=("401",), height=800)
    field = page.locator("m-login input")
    field.wait_for()
    assert_accessible(page)
    shoot(page, "sign-in")
    field.fill("wrong")
    field.press("Enter")
    page.locator("m-login [role=alert]").wait_for()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert field.is_visible(), "there is nothing to see without a key"
    field.fill(guarded.keys["investigator"])
    field.press("Enter")
    field.wait_for(state="detached")
    page.locator("m-menu .name", has_text="Investigator").wait_for()
    frame = page.frame_locator("m-query iframe")
    frame.get_by_label("Show Documentation Explorer").click()
    frame.locator(".graphiql-doc-explorer").get_by_text("Root Types").wait_for()
    page.locator("nav a").nth(4).click()
    # the key is revoked, or over: the next question says so
    page.evaluate("sessionStorage.setItem('motivo.token', 'motivo_gone')")
    page.reload()
    field.wait_for()


def test_signing_out_leaves_nothing(guarded: Service, visit: Visitor) -> None:
    page = visit(guarded, "analysis", role="analyst", expected=("401",))
    page.locator("m-menu .name", has_text="Analyst").wait_for()
    page.locator("m-menu .opener").click()
    page.get_by_role("button", name="Sign out").click()
    page.locator("m-login input").wait_for()
    assert page.evaluate("sessionStorage.getItem('motivo.token')") is None
    assert page.url.endswith("#causes")


def test_graphiql_has_the_query_behind_a_page(service: Service, visit: Visitor) -> None:
    page = visit(service, "query?of=review")
    frame = page.frame_locator("m-query iframe")
    frame.locator(".graphiql-query-editor .CodeMirror").wait_for()
    assert not frame.locator("#token").is_visible()
    assert_accessible(page)
    shoot(page, "query")
