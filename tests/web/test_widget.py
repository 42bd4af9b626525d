"""The widget in pages of another site: what it shows, how it looks, and whom it listens to."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from tests.web.conftest import Visitor
from tests.web.crm import LIVED, Widgets
from tests.web.looks import LANGUAGES, WIDTHS, assert_accessible, assert_fits, shoot

# Browsers that block what third parties keep let none of it be touched.
NOTHING_KEPT = """
if (parent !== window) {
  const no = { get() { throw new DOMException("blocked", "SecurityError"); } };
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
    Object.defineProperty(window, name, no);
  const said = () => console.error("cookie");
  Object.defineProperty(document, "cookie", { get: said, set: said });
}
"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A CRM</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<script>window.states = [];
addEventListener("motivo-state", (event) => states.push(event.detail), true);</script>
<style>:root {{ color-scheme: light dark }} body {{ margin: 8px }} {style}</style>
<script src="{motivo}/widget.js" async></script></head><body><h1>A CRM</h1>
<motivo-customer {attributes}></motivo-customer></body></html>"""


def embed(widgets: Widgets, visit: Visitor, attributes: str = "", style: str = "", **more: Any) -> Any:
    """Open a page of the CRM's origin that has the element in it."""
    name = f"page-{len(widgets.pages)}"
    widgets.pages[name] = PAGE.format(motivo=widgets.service.url, attributes=attributes, style=style)
    page = visit(widgets.service, within=("about:blank", widgets.sites.crm, widgets.sites.app), **more)
    page.context.add_init_script(NOTHING_KEPT)
    page.goto(f"{more.get('site', widgets.sites.crm)}/embedded/{name}")
    return page


def given(customer: str, token: str) -> str:
    return f'customer="{customer}" token="{token}"'


def inside(page: Any) -> Any:
    """Return the frame of the widget, when it is there; it lies in a shadow tree."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        for frame in page.frames:
            if frame.url.endswith("/widget"):
                return frame
        page.wait_for_timeout(50)
    raise AssertionError([frame.url for frame in page.frames])


def wait_for_state(page: Any, state: str) -> None:
    page.wait_for_function("(state) => document.querySelector('motivo-customer').state === state", arg=state)


@pytest.mark.parametrize("width", WIDTHS)
def test_each_size_language_and_scheme(widgets: Widgets, visit: Visitor, width: int) -> None:
    at = WIDTHS.index(width)
    language, scheme = LANGUAGES[at], "dark" if at == 1 else "light"
    attributes = given(widgets.often, widgets.make_token(widgets.often)) + f' language="{language}-XX"'
    page = embed(widgets, visit, attributes, width=width, scheme=scheme)
    frame = inside(page)
    frame.locator(".why mark").first.wait_for()
    assert frame.locator("html").get_attribute("lang") == language
    assert (
        frame.locator(".next h2").inner_text()
        == {
            "en": "What to do next",
            "es": "Qué hacer ahora",
            "pt": "O que fazer agora",
        }[language]
    )
    assert_fits(page)
    assert_fits(frame)
    assert_accessible(frame)
    height = fits_its_content(page, frame)
    page.set_viewport_size({"width": width, "height": int(height) + 120})
    shoot(page, "widget")
    frame.locator(".why button").focus()
    page.keyboard.press("Enter")
    frame.locator(".why > ul > li").nth(4).wait_for()
    assert frame.evaluate("document.activeElement === document.querySelectorAll('.why > ul > li')[3]")
    older = frame.locator(".timeline button")
    before = frame.locator(".timeline li").count()
    older.click()
    frame.locator(".timeline li").nth(before).wait_for()
    page.wait_for_timeout(100)
    assert fits_its_content(page, frame) > height
    assert_accessible(frame)


def fits_its_content(page: Any, frame: Any) -> float:
    given_, needed = 0.0, 0.0
    for _ in range(40):
        given_ = page.evaluate("document.querySelector('motivo-customer').getBoundingClientRect().height")
        needed = frame.evaluate("document.querySelector('main').getBoundingClientRect().bottom + scrollY")
        if abs(given_ - needed) <= 8:
            return float(given_)
        page.wait_for_timeout(50)
    raise AssertionError((given_, needed))


def test_what_is_empty_missing_or_another_s_is_said(widgets: Widgets, visit: Visitor) -> None:
    page = embed(widgets, visit, "", expected=("401",), width=320, scheme="dark", language="pt")
    frame = inside(page)
    wait_for_state(page, "nobody")
    assert_accessible(frame)
    shoot(page, "widget-nobody")
    element = page.locator("motivo-customer")

    def show(customer: str, token: str) -> None:
        element.evaluate(
            "(e, [customer, token]) => { e.setAttribute('customer', customer); e.token = token; }",
            [customer, token],
        )

    show(widgets.quiet, widgets.make_token(widgets.quiet))
    wait_for_state(page, "shown")
    assert frame.locator("h1").inner_text()
    shoot(page, "widget-quiet")
    assert_accessible(frame)
    # a token of another customer, or of another site's pages, or none at all: nothing of anybody is shown
    show(widgets.often, widgets.make_token(widgets.quiet))
    wait_for_state(page, "other")
    assert frame.locator("header").count() == 0
    assert_accessible(frame)
    shoot(page, "widget-other")
    page.clock.install()
    show(widgets.often, widgets.make_token(widgets.often, "https://crm.example.com"))
    page.wait_for_timeout(200)
    frame.locator("[aria-busy=true], .skeleton").first.wait_for()
    page.clock.fast_forward(9_000)
    wait_for_state(page, "refused")
    assert_accessible(frame)
    show(widgets.often, "")
    frame.locator(".skeleton").first.wait_for()
    page.clock.fast_forward(9_000)
    wait_for_state(page, "signed-out")
    # and from there, a good one leads back
    show(widgets.often, widgets.make_token(widgets.often))
    wait_for_state(page, "shown")
    show("crm:nobody", widgets.make_token("crm:nobody"))
    wait_for_state(page, "unknown")
    shoot(page, "widget-unknown")


def test_a_service_that_fails_is_said_and_asked_again(widgets: Widgets, visit: Visitor) -> None:
    attributes = given(widgets.often, widgets.make_token(widgets.often)) + ' language="es"'
    page = embed(widgets, visit, attributes, expected=("Failed to load", "503"))
    page.route("**/graphql", lambda route: route.abort())
    page.reload()
    frame = inside(page)
    wait_for_state(page, "unreachable")
    assert "no responde" in frame.get_by_role("alert").inner_text()
    assert_accessible(frame)
    shoot(page, "widget-unreachable")
    page.unroute("**/graphql")
    frame.get_by_role("button", name="Reintentar").click()
    wait_for_state(page, "shown")


def test_a_token_is_renewed_before_its_end(widgets: Widgets, visit: Visitor) -> None:
    page = embed(widgets, visit, f'customer="{widgets.often}"')
    tokens = [widgets.make_token(widgets.often, lived=LIVED), widgets.make_token(widgets.often)]
    page.evaluate(
        "tokens => { window.asked = 0; document.querySelector('motivo-customer').refresh = async () =>"
        " tokens[Math.min(asked++, 1)]; document.querySelector('motivo-customer').update(); }",
        tokens,
    )
    wait_for_state(page, "shown")
    page.wait_for_function("asked >= 2")
    page.wait_for_timeout(2_500)  # past the end of the first
    assert page.evaluate("states").count("signed-out") == 0
    assert inside(page).locator("header").count() == 1
    assert page.evaluate("document.querySelector('motivo-customer').token") == tokens[1]


def test_what_was_shown_goes_when_its_token_has_ended(widgets: Widgets, visit: Visitor) -> None:
    page = embed(widgets, visit, given(widgets.often, widgets.make_token(widgets.often, lived=LIVED)))
    wait_for_state(page, "shown")
    wait_for_state(page, "signed-out")
    assert inside(page).locator("header, blockquote").count() == 0
    assert_accessible(inside(page))
    shoot(page, "widget-signed-out")


def test_nobody_else_is_listened_to(widgets: Widgets, visit: Visitor) -> None:
    page = embed(widgets, visit, given(widgets.often, widgets.make_token(widgets.often)))
    frame = inside(page)
    wait_for_state(page, "shown")
    name = frame.locator("h1").inner_text()
    told = {
        "motivo": "show",
        "customer": widgets.quiet,
        "token": widgets.make_token(widgets.quiet),
        "language": "pt",
        "scheme": "dark",
        "theme": {},
    }
    # from the frame itself and from a frame beside it, with the right words
    frame.evaluate("(told) => postMessage(told, '*')", told)
    page.evaluate(
        """(told) => new Promise((done) => {
      const beside = document.createElement("iframe");
      beside.srcdoc = "<p>beside</p>";
      beside.onload = () => {
        beside.contentWindow.eval(`parent.postMessage({ motivo: "height", height: 9999 }, "*")`);
        beside.contentWindow.eval(`parent.postMessage({ motivo: "state", state: "failed" }, "*")`);
        done();
      };
      document.body.append(beside);
    })""",
        told,
    )
    for nonsense in (None, 7, "show", {"motivo": "show", "customer": {}}, {"motivo": "hide"}):
        page.evaluate("(data) => postMessage(data, '*')", nonsense)
    page.wait_for_timeout(300)
    assert frame.locator("h1").inner_text() == name
    assert frame.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.querySelector('motivo-customer').state") == "shown"
    fits_its_content(page, frame)


def test_a_theme_is_worn_and_can_be_read(widgets: Widgets, visit: Visitor) -> None:
    style = (
        "motivo-customer { --motivo-accent: #ffe14d; --motivo-round: 2px; --motivo-size: 16px;"
        " --motivo-letters: Georgia, serif; --motivo-ground: red; }"
    )
    page = embed(widgets, visit, given(widgets.often, widgets.make_token(widgets.often)), style)
    frame = inside(page)
    wait_for_state(page, "shown")
    assert_accessible(frame)  # the yellow is darkened until it can be read on white
    look = frame.evaluate("""() => { const style = getComputedStyle(document.body);
      return [style.fontSize, style.fontFamily, style.backgroundColor,
              getComputedStyle(document.querySelector("section")).borderTopLeftRadius]; }""")
    assert look == ["16px", "Georgia, serif", "rgb(255, 0, 0)", "2px"]
    page.set_viewport_size({"width": 1440, "height": int(fits_its_content(page, frame)) + 120})
    shoot(page, "widget-themed")
    # what is no colour, length or name of letters is left out, and nothing is asked for
    page.evaluate("""() => { const element = document.querySelector("motivo-customer");
      element.style.setProperty("--motivo-accent", "url(https://elsewhere.example/x)");
      element.style.setProperty("--motivo-round", "calc(1px * 9999)");
      element.style.setProperty("--motivo-letters", "url(https://elsewhere.example/letters)");
      element.style.setProperty("--motivo-ground", "#123");
      element.setAttribute("scheme", "dark"); }""")
    frame.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(17, 34, 51)'")
    assert frame.evaluate("getComputedStyle(document.querySelector('section')).borderTopLeftRadius") == "10px"
    assert "system-ui" in frame.evaluate("getComputedStyle(document.body).fontFamily")
    assert_accessible(frame)


def test_only_pages_that_are_named_have_it_in_a_frame(widgets: Widgets, visit: Visitor) -> None:
    other = widgets.sites.crm.replace("localhost", "other.localhost")
    attributes = given(widgets.often, widgets.make_token(widgets.often, widgets.sites.crm)) + ' language="en"'
    name = f"page-{len(widgets.pages)}"
    widgets.pages[name] = PAGE.format(motivo=widgets.service.url, attributes=attributes, style="")
    page = visit(widgets.service, within=("about:blank", other), expected=("frame-ancestors", "Framing"))
    page.clock.install()
    page.goto(f"{other}/embedded/{name}")
    page.wait_for_function("document.querySelector('motivo-customer')?.state !== undefined")
    page.clock.fast_forward(16_000)
    wait_for_state(page, "unreachable")
    assert page.get_by_role("alert").inner_text().startswith("Motivo does not answer here.")


def test_what_the_service_says_of_both_files(widgets: Widgets) -> None:
    url, sites = widgets.service.url, widgets.sites
    page = httpx.get(f"{url}/widget").headers
    policy = page["content-security-policy"]
    assert f"frame-ancestors 'self' {sites.crm} {sites.app};" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "x-frame-options" not in page
    assert "set-cookie" not in page
    cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Accept-Encoding": "gzip"}
    script = httpx.get(f"{url}/widget.js", headers=cross)
    assert script.status_code == 200
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["content-encoding"] == "gzip"
    assert script.headers["cache-control"] == "public, max-age=600"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert script.headers["x-content-type-options"] == "nosniff"
    again = httpx.get(f"{url}/widget.js", headers={**cross, "If-None-Match": script.headers["etag"]})
    assert again.status_code == 304
    for path in ("/", "/graphql", "/static/explorer.html"):
        refused = httpx.get(f"{url}{path}", headers=cross)
        assert refused.status_code == 403
        assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]
        assert refused.headers["x-frame-options"] == "DENY"


def test_its_documents_are_answered_by_their_hash(widgets: Widgets, built: Any) -> None:
    documents = json.loads((built / "documents.json").read_text("utf-8"))
    assert len(documents) == 2
    headers = {
        "Authorization": f"Bearer {widgets.make_token(widgets.often)}",
        "Motivo-Audience": widgets.sites.crm,
    }
    for sha256, text in documents.items():
        variables = {"names": [widgets.often], **({"after": ""} if "$after" in text else {})}
        body = {"documentId": f"sha256:{sha256}", "variables": variables}
        answer = httpx.post(f"{widgets.service.url}/graphql", json=body, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["me"]["customer"] == widgets.often


def test_who_it_is_what_hurts_and_what_to_do(widgets: Widgets, visit: Visitor) -> None:
    page = embed(widgets, visit, given(widgets.hit, widgets.make_token(widgets.hit)))
    frame = inside(page)
    frame.locator(".timeline li").first.wait_for()
    found = widgets.service.ask(
        "query($key: String!) { customer(key: $key) { caption } }", {"key": widgets.hit}, role="admin"
    )
    assert frame.locator("h1").inner_text() == found["customer"]["caption"]
    frame.locator(".do", has_text="Charged twice: paid back").wait_for(timeout=90_000)
    assert frame.locator(".hit .chip.good").count() == 1
    assert frame.locator(".sources span").count() >= 1
    assert frame.url == f"{widgets.service.url}/widget", "nothing of a token or a customer is in an address"
    assert page.context.cookies() == []
    assert page.evaluate("states")[-1] == "shown"
    page.set_viewport_size({"width": 1440, "height": int(fits_its_content(page, frame)) + 120})
    assert_accessible(frame)
    shoot(page, "widget-hit")
