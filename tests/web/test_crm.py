"""The example's CRM: each way in which CRMs show a page of somebody else, and whom its server believes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

from tests.web.conftest import Visitor
from tests.web.crm import LIVED, Widgets
from tests.web.looks import WIDTHS, assert_fits, shoot
from tests.web.test_widget import NOTHING_KEPT, inside

WAYS = ("tag", "frame", "message", "post")


@pytest.mark.parametrize("way", WAYS)
def test_each_way_shows_the_customer(widgets: Widgets, visit: Visitor, way: str) -> None:
    width = WIDTHS[WAYS.index(way) % 3]
    page = open_crm(widgets, visit, width=width, scheme="dark" if way == "post" else "light")
    page.get_by_role("link").nth(WAYS.index(way)).click()
    frame = inside(page)
    frame.locator(".why blockquote").first.wait_for()
    assert_fits(page)
    assert_fits(frame)
    accent = frame.evaluate("getComputedStyle(document.querySelector('h2')).color")
    assert accent != "rgb(0, 103, 125)", "the colours are the CRM's"
    shoot(page, f"crm-{way}")
    for one in page.frames:
        assert "eyJ" not in one.url, "no address has a token"


def open_crm(widgets: Widgets, visit: Visitor, **more: Any) -> Any:
    """Sign in to the CRM, and open the customer there."""
    sites = widgets.sites
    # Chromium sends the frame of a form that was posted an icon's request of its own
    page = visit(widgets.service, within=("about:blank", sites.crm, sites.app), expected=("favicon",), **more)
    page.context.add_init_script(NOTHING_KEPT)
    page.goto(f"{sites.crm}/?customer={quote(widgets.often)}")
    return page


def test_a_conversation_with_somebody_else_shows_somebody_else(widgets: Widgets, visit: Visitor) -> None:
    page = open_crm(widgets, visit)
    page.get_by_role("link").nth(WAYS.index("message")).click()
    frame = inside(page)
    frame.locator("header").wait_for()
    first = frame.locator("h1").inner_text()
    app = next(one for one in page.frames if "/app/message" in one.url)
    # what comes from elsewhere than the CRM is not heard: the app's own frame, and words that are none
    told = f'{{"event": "appContext", "data": {{"contact": {{"identifier": "{widgets.hit}"}}}}}}'
    app.evaluate("(told) => postMessage(told, '*')", told)
    page.evaluate("document.querySelector('iframe').contentWindow.postMessage('{', '*')")
    page.wait_for_timeout(200)
    assert frame.locator("h1").inner_text() == first
    page.evaluate("(c) => { document.querySelector('iframe').dataset.customer = c; tell(); }", widgets.hit)
    frame.wait_for_function(
        "(n) => document.querySelector('header h1') && document.querySelector('h1').innerText !== n",
        arg=first,
    )


def test_a_page_of_the_crm_stays_open_past_a_token(
    widgets: Widgets, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make_token(customer: str, audience: str) -> str:
        made.append(widgets.make_token(customer, audience, lived=0 if made else LIVED))
        return made[-1]

    monkeypatch.setattr(widgets.sites, "make_token", make_token)
    page = open_crm(widgets, visit)
    page.get_by_role("link").first.click()
    frame = inside(page)
    frame.locator("header").wait_for()
    page.wait_for_timeout(5_500)
    assert frame.locator("header").count() == 1
    assert len(made) == 2


def test_whom_its_server_believes(widgets: Widgets) -> None:
    sites, customer = widgets.sites, widgets.often
    app = f"{sites.app}/app"
    good = sites.signer.make_pass("link", customer, minutes=5)
    assert httpx.get(app, params=good).status_code == 200
    for bad in (
        {**good, "customer": widgets.hit},
        {**good, "until": str(int(good["until"]) + 60)},
        {**good, "until": "soon"},
        {"customer": customer},
        sites.signer.make_pass("link", customer, minutes=-1),
        sites.signer.make_pass("renewal", customer, minutes=5),
    ):
        assert httpx.get(app, params=bad).status_code == 403, bad
    assert httpx.get(f"{app}/token", params=good).status_code == 403, "a link renews nothing"
    signed = sites.signer.make_request({"customer": customer})
    assert httpx.post(app, data={"signed_request": signed}).status_code == 200
    signature, _, packed = signed.partition(".")
    old = sites.signer.make_request({"customer": customer, "issuedAt": 0})
    for bad_request in (f"x.{packed}", f"{signature}.{packed}x", signature, "", "é.é", old):
        assert httpx.post(app, data={"signed_request": bad_request}).status_code == 403, bad_request
    told = f"{app}/message/token"
    key = {"Authorization": f"Bearer {sites.installation}"}
    assert httpx.post(told, content=customer, headers=key).status_code == 200
    assert (
        httpx.post(told, content=customer, headers={b"Authorization": "Bearer é".encode()}).status_code == 403
    )
    assert httpx.get(f"{sites.crm}/tag/token?{urlencode({'customer': customer})}").status_code == 401
