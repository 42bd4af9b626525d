"""The front page: root causes, ranked and filtered; one of them, who is exposed, and what was done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Visitor
from tests.web.looks import assert_accessible, assert_fits, shoot
from tests.web.serving import Service, run, serving

TOWER = "rc-dc2203b937"
CARDS = "m-causes article.cause"
COLD = 90_000  # ms that causes may take where nobody has looked for them yet, beside other work


def see_list(page: Any) -> Any:
    """Wait for the list; return its cards."""
    page.locator(CARDS).first.wait_for(timeout=COLD)
    return page.locator(CARDS)


def look(page: Any, name: str) -> None:
    assert_fits(page)
    assert_accessible(page)
    shoot(page, f"causes-{name}")


@pytest.mark.parametrize(
    ("width", "scheme", "language", "words"),
    [
        (320, "dark", "es", "causas raíz están detrás del"),
        (768, "light", "pt", "causas raiz estão por trás de"),
        (1440, "light", "en", "root causes lie behind"),
    ],
)
def test_the_list(
    service: Service, visit: Visitor, width: int, scheme: str, language: str, words: str
) -> None:
    page = visit(service, width=width, scheme=scheme, language=language)
    cards = see_list(page)
    assert words in page.locator("m-causes .summary").inner_text()
    second = cards.nth(1)
    tower = {"en": "Tower: T41-1", "es": "Torre: T41-1", "pt": "Torre: T41-1"}[language]
    assert second.locator("h3").inner_text() == tower
    assert second.locator("m-interval svg").get_attribute("aria-label")
    assert second.locator("m-sparkline svg").is_visible()
    assert "R$" in second.locator(".row").inner_text().replace("BRL", "R$")
    second.scroll_into_view_if_needed()
    second.locator("m-quote mark").first.wait_for()
    look(page, "list")


def test_quotes_are_asked_for_when_they_are_seen(service: Service, visit: Visitor) -> None:
    page = visit(service, width=320)
    asked: list[str] = []

    def hear(request: Any) -> None:
        body = json.loads(request.post_data or "{}")
        if "CauseQuotes" in body.get("query", ""):
            asked.append(body["variables"]["id"])

    page.on("request", hear)
    cards = see_list(page)
    cards.first.locator("m-cause-quotes").scroll_into_view_if_needed()
    cards.first.locator("m-quote").first.wait_for()
    count = cards.count()
    assert 0 < len(asked) < count
    cards.last.scroll_into_view_if_needed()
    cards.last.locator("m-quote").first.wait_for()


def test_a_filter_is_looked_for_as_a_job(service: Service, visit: Visitor) -> None:
    page = visit(service, width=768, scheme="dark")
    see_list(page)
    page.get_by_role("button", name="Filters").click()
    page.locator("m-cause-filters label", has_text="Nordeste").click()
    page.locator("m-cause-progress progress").wait_for()
    look(page, "looking")
    cards = see_list(page)
    page.locator("m-causes .summary", has_text="In this filter").wait_for()
    assert page.url.endswith("#causes?region=Nordeste")
    assert "Móvel 20 GB" in cards.first.locator("h3").inner_text(), "what is wrong in this region only"
    assert page.get_by_role("button", name="Filters (1)").is_visible()
    # a link leads to the same, without another search; so does the cause behind it
    other = visit(service, "causes?region=Nordeste", width=320, scheme="light", language="pt")
    see_list(other)
    other.locator(CARDS).first.locator("h3 a").click()
    other.locator("m-cause .title h2").wait_for()
    assert "region=Nordeste" in other.url
    other.go_back()
    see_list(other)
    # nothing stands out where there is nothing
    page.goto(f"{service.url}/#causes?from=2030-01-01")
    empty = page.locator("m-causes m-empty")
    empty.wait_for(timeout=COLD)
    look(page, "none")
    empty.get_by_role("button", name="Clear filters").click()
    page.locator("m-causes .summary", has_text="5,123").wait_for()
    assert page.url.endswith("#causes")


def test_a_search_is_stopped_and_begun_again(service: Service, visit: Visitor) -> None:
    page = visit(service, language="es", scheme="dark")
    see_list(page)
    page.locator("m-cause-filters label", has_text="Sudeste").click()
    page.get_by_role("button", name="Detener").click()
    stopped = page.locator("m-cause-progress m-empty")
    stopped.wait_for()
    look(page, "stopped")
    stopped.get_by_role("button", name="Buscar causas").click()
    see_list(page)


def test_one_cause_by_keyboard(service: Service, visit: Visitor) -> None:
    page = visit(service)
    cards = see_list(page)
    for key in ("j", "j", "ArrowDown", "k"):
        page.keyboard.press(key)
    focused = "document.querySelector('m-app').shadowRoot.querySelector('m-causes').shadowRoot.activeElement"
    assert page.evaluate(f"{focused}.textContent") == "Tower: T41-1"
    page.keyboard.press("Enter")
    page.locator("m-cause m-chart svg.plot").first.wait_for()
    assert page.locator("m-cause .title h2").inner_text() == "Tower: T41-1"
    common = page.locator("m-cause .pattern").first.inner_text().replace("\n", " ")
    assert common.split() == ["subscription", "is", "served", "by", "→", "tower", "is", "T41-1"]
    assert page.locator("m-cause m-quote mark").count() >= 3
    page.locator("m-cause svg .mark-label", has_text="Aug 10, 2026").wait_for()
    look(page, "one")
    page.keyboard.press("e")
    table = page.locator("m-exposed m-table")
    table.locator("tbody tr").nth(49).wait_for()
    table.locator(".below", has_text="50 of 178 rows").wait_for()
    look(page, "exposed")
    page.get_by_role("button", name="Show more").click()
    table.locator("tbody tr").nth(99).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "Customer,Key,Segment,Region,Since"
    assert len(lines) == 1 + 178
    page.get_by_label("Only those who have not complained yet").uncheck()
    table.locator(".below", has_text="432").wait_for()
    page.keyboard.press("g")
    page.wait_for_url("**/#search?show=*")
    assert page.url.count("%2C") >= 10
    page.go_back()
    page.locator("m-exposed m-table").wait_for()
    page.keyboard.press("Escape")
    cards.first.wait_for()
    assert page.evaluate(f"{focused}.textContent") == "Tower: T41-1"


def test_a_cause_that_is_gone(service: Service, visit: Visitor) -> None:
    page = visit(service, "causes/rc-nothing", width=320, scheme="dark", language="pt")
    page.locator("m-cause m-empty a").wait_for()
    look(page, "gone")


def test_an_action_and_whether_it_helped(own_service: Service, visit: Visitor) -> None:
    page = visit(own_service, f"causes/{TOWER}/actions", width=768, scheme="light", language="es")
    page.locator("m-actions m-empty").wait_for(timeout=COLD)
    look(page, "no-action")
    page.keyboard.press("a")
    dialog = page.locator("m-record-action")
    send = dialog.get_by_role("button", name="Registrar una acción")
    send.click()
    assert dialog.locator("#what").get_attribute("aria-invalid") == "true"
    look(page, "record")
    dialog.locator("#what").fill("Antena reparada")
    dialog.locator("#starts").fill("2026-09-13")
    dialog.locator("#by").fill("Ana")
    send.click()
    page.locator("m-toast").get_by_role("button", name="Deshacer").wait_for(timeout=COLD)
    effect = page.locator("m-actions article")
    effect.wait_for(timeout=COLD)
    assert "Ayudó" in effect.inner_text()
    assert "87 %" in effect.inner_text()
    assert effect.locator("m-chart .line").count() == 2, "the exposed, and all others as control"
    assert page.locator("m-cause nav [aria-current]").inner_text() == "Qué se hizo (1)"
    look(page, "helped")
    effect.get_by_role("button", name="Retirar").click()
    page.locator("m-toast", has_text="Se retiró «Antena reparada».").wait_for()
    page.locator("m-actions m-empty").wait_for()
    assert own_service.ask("{ effects { action { id } } }") == {"effects": []}


@pytest.fixture(scope="module")
def blank(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a service on a store that holds a customer and no complaint."""
    folder = tmp_path_factory.mktemp("blank")
    (folder / "crm.csv").write_text("id,name\n1,Ana\n", "utf-8")
    (folder / "motivo.yaml").write_text(
        "version: 1\nname: small\nlanguages: [en]\ncountry: BR\ncurrency: BRL\n"
        "sources:\n  crm: {path: crm.csv, key: id}\n"
        "targets:\n  nodes:\n    - {source: crm, kind: Customer, key: id, properties: {name: name}}\n",
        "utf-8",
    )
    store = f"sqlite:///{folder / 'motivo.db'}"
    run("ingest", folder / "motivo.yaml", "--store", store)
    with serving(store, folder) as found:
        yield found


def test_an_empty_store_says_what_to_do(blank: Service, visit: Visitor) -> None:
    page = visit(blank, width=320, language="es")
    page.locator("m-causes m-empty code", has_text="motivo ingest motivo.yaml").wait_for()
    look(page, "empty")


def test_what_fails_can_be_tried_again(service: Service, visit: Visitor) -> None:
    page = visit(service, "analysis", scheme="dark", expected=("Failed to load",))
    broken = {"on": True, "slow": 0}

    def interfere(route: Any) -> None:
        if broken["on"] and "rootCauses" in (route.request.post_data or ""):
            route.abort()
        elif broken["slow"] and "rootCauses" in (route.request.post_data or ""):
            broken["slow"] -= 1
            error = {"message": "still being looked for", "extensions": {"code": "overtime", "hint": ""}}
            route.fulfill(status=200, json={"data": None, "errors": [error]})
        else:
            route.continue_()

    page.route("**/graphql", interfere)
    page.locator("nav a").first.click()
    failed = page.locator("m-causes m-error")
    failed.wait_for()
    look(page, "failed")
    broken.update(on=False, slow=1)
    failed.get_by_role("button", name="Try again").click()
    page.locator("m-causes .waiting", has_text="The search goes on").wait_for()
    look(page, "going-on")
    see_list(page)


def test_who_may_not_see_is_told_so_and_an_ended_sign_in_keeps_the_screen(
    guarded: Service, visit: Visitor
) -> None:
    page = visit(guarded, f"causes/{TOWER}", role="analyst", language="en", expected=("401",))
    page.locator("m-cause", has_text="Your role sees no words of customers").wait_for(timeout=COLD)
    assert not page.locator("m-cause m-quote").count()
    page.keyboard.press("e")
    page.locator("m-exposed", has_text="Your role sees pseudonyms").wait_for()
    assert page.locator("m-exposed tbody th").first.inner_text().startswith("~")
    look(page, "pseudonyms")
    page.keyboard.press("Escape")
    cards = see_list(page)
    cards.first.locator("m-cause-quotes", has_text="Your role sees no words").wait_for()
    look(page, "analyst")
    # the key is over: what was there stays, and is there when somebody has signed in again
    gone = {"errors": [{"message": "sign in first", "extensions": {"code": "unauthenticated"}}]}
    page.route("**/graphql", lambda route: route.fulfill(status=401, json=gone))
    page.locator("m-cause-filters label", has_text="Sul").click()
    field = page.locator("m-login input")
    field.wait_for()
    assert cards.count() or page.locator("m-cause-progress").is_visible()
    assert_accessible(page)
    page.unroute("**/graphql")
    field.fill(guarded.keys["analyst"])
    field.press("Enter")
    page.locator("m-causes .summary", has_text="In this filter").wait_for(timeout=COLD)
    assert page.url.endswith("region=Sul")


def test_an_agent_finds_causes_and_records_nothing(guarded: Service, visit: Visitor) -> None:
    page = visit(guarded, f"causes/{TOWER}", role="agent", width=768, scheme="dark", language="pt")
    page.locator("m-cause", has_text="Seu papel não registra ações").wait_for(timeout=COLD)
    page.locator("m-cause m-quote mark").first.wait_for()
    assert not page.get_by_role("button", name="Registrar uma ação").count()
    page.goto(f"{guarded.url}/#causes?from=2026-10-28")
    page.locator("m-causes m-empty").wait_for(timeout=COLD)  # found without a job, which agents may not begin
