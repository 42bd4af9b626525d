"""The review queue: causes and identities decided by keyboard, taken back, and kept with who and when."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tests.web.conftest import Visitor
from tests.web.looks import assert_accessible, assert_fits, shoot
from tests.web.serving import Service, run

LOOKS = ((320, "dark", "pt"), (768, "light", "es"), (1440, "light", "en"))
WAITING = "{ causeProposals { nodes { id name } } doubtfulIdentities { customers { key } } }"
DECIDED = "{ causeDecisions { action to by } identityDecisions { action by } }"


def make_doubts(company: Path, store: str, count: int = 2) -> None:
    """Let people come back with another tax number, and read the files again."""
    path = company / "crm.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    doubles = [
        {**row, "customer_id": f"D0000{n}", "cpf": make_cpf(987_654_320 + n), "city": "Recife"}
        for n, row in enumerate([row for row in rows if row["email"] and row["cpf"]][:count])
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, *doubles])
    run("ingest", company / "motivo.yaml", "--store", store, MOTIVO_TEXT_CACHE="")


def make_cpf(number: int) -> str:
    digits = [int(digit) for digit in f"{number:09}"]
    for weight in (10, 11):
        total = sum(digit * w for digit, w in zip(digits, range(weight, 1, -1), strict=True))
        digits.append(total * 10 % 11 % 10)
    return "".join(map(str, digits))


def title(page: Any, queue: str) -> str:
    return str(page.locator(f"m-review-{queue} h3").inner_text())


def wait_for_title(page: Any, queue: str, text: str) -> None:
    page.locator(f"m-review-{queue} h3", has_text=text).wait_for()


def test_causes_and_identities_are_decided_by_keyboard_and_taken_back(
    own_service: Service, visit: Visitor, tmp_path: Path
) -> None:
    make_doubts(tmp_path / "company", own_service.store)
    for width, scheme, language in LOOKS:
        page = visit(own_service, "review", width=width, scheme=scheme, language=language)
        for queue in ("causes", "identities"):
            page.goto(f"{own_service.url}/#review/{queue}")
            page.locator(f"m-review-{queue} h3").wait_for()
            page.wait_for_load_state("networkidle")
            assert_fits(page)
            assert_accessible(page)
            shoot(page, f"review-{queue}", whole=True)
    waiting = own_service.ask(WAITING)
    names = [node["name"] for node in waiting["causeProposals"]["nodes"]]
    page.goto(f"{own_service.url}/#review")
    wait_for_title(page, "causes", names[0])
    status = page.locator("m-review-causes .progress [role=status]")
    assert status.inner_text() == f"0 of {len(names)} decided"
    assert page.locator("m-review-causes m-quote").first.locator("mark").inner_text()
    page.keyboard.press("?")
    assert page.locator("m-help dd", has_text="It is no cause").is_visible()
    page.keyboard.press("Escape")
    page.locator("m-help dialog").wait_for(state="detached")
    page.keyboard.press("j")
    wait_for_title(page, "causes", names[1])
    assert waiting["causeProposals"]["nodes"][1]["id"] in page.url
    page.keyboard.press("k")
    # accepted under a name of one's own
    wait_for_title(page, "causes", names[0])
    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("No internet for homework")
    page.keyboard.press("Enter")
    wait_for_title(page, "causes", names[1])
    page.locator("m-toast", has_text="Accepted: No internet for homework").wait_for()
    assert own_service.ask(DECIDED)["causeDecisions"][0]["to"] == "own.no_internet_for_homework"
    # counted to a cause that there is
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    chooser = page.locator("m-cause-chooser dialog")
    chooser.wait_for()
    page.keyboard.type("slow serv")
    page.locator("m-cause-chooser li[role=option]").first.wait_for()
    assert_accessible(page)
    shoot(page, "review-chooser")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("m-toast", has_text="Slow service").wait_for()
    decided = own_service.ask(DECIDED)["causeDecisions"]
    assert [d["action"] for d in decided] == ["merge", "accept"]
    # rejected, and taken back
    before = title(page, "causes")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    page.locator("m-toast", has_text="Rejected").wait_for()
    assert status.inner_text().startswith("3 of ")
    page.keyboard.press("u")
    page.locator("m-toast", has_text="Taken back").wait_for()
    wait_for_title(page, "causes", before)
    assert status.inner_text().startswith("2 of ")
    assert [d["action"] for d in own_service.ask(DECIDED)["causeDecisions"]][:2] == ["undo", "reject"]
    # one complaint is corrected
    page.locator("m-review-causes .quotes button").first.click()
    page.locator("m-cause-chooser .near button").first.click()
    page.locator("m-toast", has_text="Corrected").wait_for()
    assert own_service.ask(DECIDED)["causeDecisions"][0]["action"] == "correct"
    # who is who
    page.goto(f"{own_service.url}/#review/identities")
    page.locator("m-review-identities tr.differs").first.wait_for()
    doubts = len(waiting["doubtfulIdentities"])
    told = page.locator("m-review-identities .progress [role=status]")
    assert told.inner_text() == f"0 of {doubts} decided"
    first = title(page, "identities")
    assert "tax number" in page.locator("m-review-identities tr.differs th").all_inner_texts()[0]
    page.keyboard.press("r")
    page.locator("m-toast", has_text="Not one").wait_for()
    page.locator("m-toast").get_by_role("button", name="Undo").click()
    page.locator("m-toast", has_text="Taken back").wait_for()
    wait_for_title(page, "identities", first)
    for key, done in (("a", "One customer"), ("r", "Not one")):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        page.locator("m-toast", has_text=done).wait_for()
    page.locator("m-empty", has_text="All of it is decided").wait_for()
    assert_accessible(page)
    assert own_service.ask(WAITING)["doubtfulIdentities"] == []
    page.get_by_role("link", name="See what was decided").click()
    history = page.locator("m-review-decided li")
    history.first.wait_for()
    assert "Customers kept apart" in history.first.inner_text()
    assert "dev" in history.first.inner_text()
    assert_accessible(page)
    shoot(page, "review-decided")
    history.first.get_by_role("button", name="Take back").click()
    page.locator("m-review-decided li", has_text="Taken back").first.wait_for()
    assert own_service.ask(DECIDED)["identityDecisions"][0] == {"action": "undo", "by": "dev"}


def test_where_nothing_waits_it_says_what_would(service: Service, visit: Visitor) -> None:
    page = visit(service, "review/identities", width=320, scheme="dark", language="es")
    page.locator("m-empty", has_text="Ninguna identidad está en duda").wait_for()
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "review-empty")
    page.goto(f"{service.url}/#review/decided")
    page.locator("m-empty", has_text="Todavía no se ha decidido nada").wait_for()
    assert_accessible(page)


def test_who_may_not_review_sees_why(guarded: Service, visit: Visitor) -> None:
    page = visit(guarded, "review", role="agent", language="pt")
    page.locator("m-empty", has_text="Seu papel não revisa").wait_for()
    assert_accessible(page)
    shoot(page, "review-refused")


def test_a_sign_in_that_ends_loses_no_decision(guarded: Service, visit: Visitor) -> None:
    page = visit(guarded, "review", role="investigator", expected=("401",))
    page.locator("m-review-causes h3").wait_for()
    name = title(page, "causes")
    page.route(
        "**/graphql",
        lambda route: route.continue_(
            headers={**route.request.headers, "authorization": "Bearer motivo_gone"}
        ),
    )
    page.keyboard.press("r")
    page.locator("m-login input").wait_for()
    wait_for_title(page, "causes", name)
    assert_accessible(page)
    page.unroute("**/graphql")
    page.locator("m-login input").fill(guarded.keys["investigator"])
    page.keyboard.press("Enter")
    page.locator("m-login input").wait_for(state="detached")
    wait_for_title(page, "causes", name)
    assert guarded.ask(DECIDED, role="investigator")["causeDecisions"] == []
