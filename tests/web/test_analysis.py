"""The analysts' page: facets, trends and groups, on the demo's company and on a real marketplace."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.web.conftest import Visitor
from tests.web.looks import assert_accessible, assert_fits, shoot
from tests.web.serving import Service, run, serving

LOOKS = ((320, "dark", "pt"), (768, "light", "es"), (1440, "dark", "en"))
CAUSE = "Complaint-ATTRIBUTED_TO->Cause"
GROUPS = f"analysis?view=groups&by={CAUSE}&measure=COUNT&measure=CUSTOMERS&where=language:es"
LENSES = "m-analysis-trend m-table.lenses"


def settle(page: Any) -> None:
    """Wait until all that was asked is answered and drawn."""
    page.wait_for_load_state("networkidle")
    page.locator("m-skeleton").first.wait_for(state="detached")


def figures(page: Any, selector: str) -> list[list[str]]:
    """Return the cells of a table."""
    rows = page.locator(f"{selector} tbody tr")
    return [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_it_fits_and_is_for_everybody(
    service: Service, visit: Visitor, width: int, scheme: str, language: str
) -> None:
    page = visit(service, "analysis", width=width, scheme=scheme, language=language)
    settle(page)
    assert page.locator("m-analysis-trend m-chart").count() == 2
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "analysis", whole=True)
    page.goto(f"{service.url}/#{GROUPS}&behind={CAUSE}:billing.double_charge&since=2026-03-01")
    page.locator("m-analysis-behind tbody tr").first.wait_for()
    settle(page)
    assert_fits(page)
    assert_accessible(page)
    shoot(page, "analysis-groups", whole=True)


def test_what_is_chosen_is_in_the_address_and_each_filter_goes_by_itself(
    service: Service, visit: Visitor
) -> None:
    page = visit(service, "analysis")
    settle(page)
    told = service.ask("{ trend(kind: Complaint) { total { count points { count } } } }")["trend"]["total"]
    facets = page.locator("m-analysis m-facets")
    facets.get_by_label("es", exact=False).and_(facets.get_by_role("checkbox")).first.wait_for()
    spanish = facets.locator("fieldset", has_text="Language").first.locator("label", has_text="es").first
    hits = int(spanish.locator(".count").inner_text().replace(",", ""))
    assert 0 < hits < told["count"]
    spanish.locator("input").check()
    chips = page.locator("m-analysis .chips .chip")
    chips.first.wait_for()
    settle(page)
    assert "where=language%3Aes" in page.url
    rows = figures(page, LENSES)
    assert rows[0][0] == "(none)"
    facets.locator("fieldset", has_text="Channel").first.locator("label").nth(0).locator("input").check()
    page.locator("m-analysis .chips .chip >> nth=1").wait_for()
    settle(page)
    # what one chose, one may have more of: a facet counts as if its own filter were off
    assert spanish.locator("xpath=..").locator("label").count() > 1
    page.get_by_role("button", name="Remove: Language: es").click()
    settle(page)
    assert chips.count() == 1
    page.go_back()
    page.locator("m-analysis .chips .chip >> nth=1").wait_for()
    page.reload()
    settle(page)
    assert chips.count() == 2
    page.get_by_role("button", name="Remove all").click()
    settle(page)
    assert chips.count() == 0
    page.get_by_label("Count hits").uncheck()
    settle(page)
    assert facets.locator(".count").count() == 0
    assert "hits=off" in page.url
    page.get_by_label("Interval").select_option("WEEK")
    page.get_by_label("And by").select_option("language")
    settle(page)
    assert "Cause · Language in figures" in page.locator(f"{LENSES} caption").inner_text()
    page.locator("a.behind").click()
    page.locator("m-query #question").wait_for()
    assert "AnalysisTrend" in page.locator("m-query #question").inner_text()


def test_a_figure_leads_to_what_is_behind_it_page_by_page(service: Service, visit: Visitor) -> None:
    page = visit(service, "analysis")
    settle(page)
    lens = page.locator(LENSES)
    row = lens.locator("tbody tr", has_text="Charged twice")
    expected = int(row.locator("td").first.inner_text().replace(",", ""))
    row.locator("button").focus()
    page.keyboard.press("Enter")
    listed = page.locator("m-analysis-behind")
    listed.locator("tbody tr").first.wait_for()
    assert f"25 of {expected} rows" in listed.locator(".below").inner_text()
    first = figures(page, "m-analysis-behind")
    assert all("Charged twice" in cells[-2] for cells in first)
    listed.get_by_role("button", name="Next page").click()
    page.wait_for_function("location.hash.includes('after=')")
    listed.locator("tbody th", has_text=first[0][0]).wait_for(state="detached")
    second = figures(page, "m-analysis-behind")
    assert len(second) == 25
    assert not {cells[0] for cells in first} & {cells[0] for cells in second}
    listed.get_by_role("button", name="Previous page").click()
    page.wait_for_function("location.hash.includes('before=')")
    listed.locator("tbody th", has_text=first[0][0]).wait_for()
    assert figures(page, "m-analysis-behind") == first
    with page.expect_download() as saving:
        listed.get_by_role("button", name="CSV").click()
    saved = Path(saving.value.path()).read_bytes().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(saved)))) == expected + 1
    listed.get_by_role("button", name="Close the list").click()
    listed.wait_for(state="detached")
    # a period, by keyboard: the chart's table leads there as its points do
    page.locator("m-analysis-trend m-chart").first.get_by_role("button", name="Table").click()
    page.locator("m-analysis-trend m-chart").first.locator("tbody button", has_text="Sep 2026").press("Enter")
    listed.locator("h3", has_text="Sep 2026").wait_for()
    settle(page)
    asked = """{ complaints(filter: {filedAt: {gte: "2026-09-01T00:00:00Z", lt: "2026-10-01T00:00:00Z"}}) {
      totalCount } }"""
    total = service.ask(asked)["complaints"]["totalCount"]
    assert f"of {total:,} rows" in listed.locator(".below").inner_text()
    page.locator("m-analysis-trend m-chart >> nth=1 >> svg.plot").click(position={"x": 300, "y": 100})
    page.wait_for_function("!location.hash.includes('2026-09-01')")


def test_groups_are_measured_drawn_and_saved(service: Service, visit: Visitor) -> None:
    page = visit(service, "analysis?kind=Subscription&view=groups&by=Subscription-OF->Product", language="en")
    settle(page)
    page.locator("m-measures #op").select_option("QUANTILE")
    page.locator("m-measures #of").select_option("monthly_fee")
    page.locator("m-measures #q").select_option("0.9")
    page.locator("m-measures").get_by_role("button", name="Add", exact=True).click()
    page.locator("m-analysis-groups th", has_text="0.9 quantile").wait_for()
    settle(page)
    asked = """{ aggregate(kind: Subscription, by: [{path: "Subscription-OF->Product"}],
      measures: [{op: COUNT}], orderBy: {measure: {op: COUNT}}) {
      rows { groups { label } figures { value } } } }"""
    rows = service.ask(asked)["aggregate"]["rows"]
    told = [[r["groups"][0]["label"], f"{r['figures'][0]['value']:,}"] for r in rows]
    assert [cells[:2] for cells in figures(page, "m-analysis-groups m-table")] == told
    bars = page.locator("m-analysis-groups m-chart .bars")
    assert bars.locator("li").count() == len(rows)
    page.locator("#drawn").select_option("1")
    page.wait_for_function("location.hash.includes('drawn=1')")
    settle(page)
    assert "R$" in bars.inner_text()
    bars.get_by_role("button", name=rows[0]["groups"][0]["label"]).click()
    page.locator("m-analysis-behind tbody tr").first.wait_for()
    assert (
        f"of {rows[0]['figures'][0]['value']:,} rows" in page.locator("m-analysis-behind .below").inner_text()
    )
    with page.expect_download() as saving:
        page.locator("m-analysis-groups").get_by_role("button", name="Parquet").click()
    assert pq.read_table(saving.value.path()).num_rows == len(rows)
    page.get_by_label("Look at").first.select_option("Product")
    page.get_by_role("link", name="Trend").click()
    page.locator("m-empty", has_text="no date").wait_for()
    assert_accessible(page)


def test_an_analyst_is_told_what_is_left_out_and_shown_nobody(guarded: Service, visit: Visitor) -> None:
    page = visit(
        guarded, f"analysis?lens={CAUSE}&per=DAY&behind={CAUSE}:billing.double_charge", role="analyst"
    )
    page.locator("m-analysis-behind tbody tr").first.wait_for()
    settle(page)
    notes = page.locator("m-analysis-trend .notes").inner_text()
    assert "few customers" in notes
    columns = page.locator("m-analysis-behind thead th").all_inner_texts()
    assert "text" not in columns
    assert "language" in columns
    assert_accessible(page)


def test_what_fails_can_be_tried_again_and_nothing_is_said_to_be_nothing(
    service: Service, visit: Visitor
) -> None:
    page = visit(service, "healthz", path="/healthz", expected=("503",))
    broken = {"AnalysisTrend": True}

    def answer(route: Any) -> None:
        name = next((name for name in broken if f"query {name}(" in (route.request.post_data or "")), None)
        if name and broken[name]:
            error = {"errors": [{"message": "the store does not answer", "extensions": {"code": "store"}}]}
            route.fulfill(status=503, json=error)
        else:
            route.continue_()

    page.route("**/graphql", answer)
    page.goto(f"{service.url}/#analysis")
    page.locator("m-analysis-trend m-error").wait_for()
    assert_accessible(page)
    broken["AnalysisTrend"] = False
    page.locator("m-analysis-trend m-error button").click()
    page.locator("m-analysis-trend m-chart").first.wait_for()
    page.goto(f"{service.url}/#analysis?since=2019-01-01&until=2019-12-31")
    page.locator("m-empty", has_text="Nothing meets these filters").wait_for()
    assert_accessible(page)


@pytest.fixture(scope="session")
def olist(built: Path, root: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a service on orders of a real marketplace, with a kind that its project declares."""
    folder = tmp_path_factory.mktemp("olist")
    store = f"sqlite:///{folder / 'motivo.db'}"
    project = root / "examples" / "olist" / "motivo.yaml"
    run("ingest", project, "--data", data / "olist_sample3k", "--store", store, MOTIVO_TEXT_CACHE="")
    with serving(store, folder) as found:
        yield found


def test_a_marketplace_is_looked_at_by_its_own_kinds(olist: Service, visit: Visitor) -> None:
    page = visit(olist, "analysis", language="pt")
    settle(page)
    assert page.locator("m-analysis-trend m-chart").count() == 2
    page.goto(f"{olist.url}/#analysis?view=groups&by=Complaint-ABOUT->Order.days_late@10&per=MONTH")
    settle(page)
    page.locator("m-analysis-groups m-table tbody tr").first.wait_for()
    rows = figures(page, "m-analysis-groups m-table")
    asked = """{ aggregate(kind: Complaint, by: [{path: "Complaint-ABOUT->Order.days_late", width: 10}]) {
      rows { figures { value } } } }"""
    expected = [r["figures"][0]["value"] for r in olist.ask(asked)["aggregate"]["rows"]]
    assert [int(cells[-1].replace(".", "")) for cells in rows] == expected
    page.locator("m-analysis-groups m-table tbody tr", has_text="10 – 20").locator("button").click()
    page.locator("m-analysis-behind tbody tr").first.wait_for()
    place = next(i for i, cells in enumerate(rows) if cells[0].startswith("10 – 20"))
    listed = page.locator("m-analysis-behind tbody tr").count()
    assert listed == min(25, expected[place])
    page.goto(f"{olist.url}/#analysis?kind=Order&against=&lens=Order-SOLD_BY->Seller.city")
    settle(page)
    assert page.locator(f"{LENSES} tbody tr").count() > 1
    assert_accessible(page)
    shoot(page, "analysis-olist", whole=True)
