"""Root causes of real complaints: the Olist marketplace, from its files to what they share."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from algorithms import Finding, Findings, find_causes, parse_condition
from graph import Store, open_store
from ingest import IngestReport, ingest, load_project

LATE = "Order.days_late"


class Marketplace:
    """The example project in a store, and what it told."""

    def __init__(self, root: Path, files: Path, store: Store) -> None:
        self.files, self.store = files, store
        project = load_project(root / "examples/olist/motivo.yaml")
        self.report: IngestReport = ingest(project, store, data=files)
        self.found: Findings = find_causes(store.reader())


@pytest.fixture(scope="module")
def olist(root: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marketplace]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('olist') / 'motivo.db'}")
    yield Marketplace(root, data / "olist_sample3k", store)
    store.close()


def paths(cause: Finding) -> set[str]:
    return {part.path for part in cause.pattern}


def test_late_delivery_is_first(olist: Marketplace) -> None:
    first, *others = olist.found.root_causes
    assert paths(first) == {LATE}
    assert first.pattern[0].op in (">", ">=")
    assert 5 < first.lift < 7.5
    assert first.q_value < 0.05
    for other in others[:4]:
        late = [part for part in other.pattern if part.path == LATE and part.op in (">", ">=")]
        assert not late, f"{other.pattern} restates late delivery"


def test_several_sellers_and_never_delivered_are_found(olist: Marketplace) -> None:
    said = [
        (part.path, part.op)
        for cause in olist.found.root_causes
        for pattern in (cause.pattern, *cause.aliases)
        for part in pattern
    ]
    assert ("count(Order-SOLD_BY->Seller)", ">=") in said or ("count(Order-SOLD_BY->Seller)", ">") in said
    assert ("Order.delivered_at", "is_null") in said


def test_figures_hold_together(olist: Marketplace) -> None:
    found = olist.found
    covered = 0.0
    for rank, cause in enumerate(found.root_causes, 1):
        assert cause.rank == rank
        assert cause.complaints <= cause.exposed <= found.units
        assert cause.customers <= cause.complaints
        assert cause.lift_low <= cause.lift <= cause.lift_high
        assert cause.coverage == pytest.approx(cause.complaints / found.complaints)
        assert covered <= cause.cumulative_coverage <= 1
        covered = cause.cumulative_coverage
        assert sum(n for _, n in cause.monthly) <= cause.complaints
        assert cause.money is not None
        assert set(cause.money) == {"BRL"}
        assert set(cause.explanation) == {"en", "es", "pt"}
        assert len(set(cause.explanation.values())) == 3
    assert covered == pytest.approx(1 - found.unexplained / found.complaints)
    assert len({cause.id for cause in found.root_causes}) == len(found.root_causes)


def test_complaints_are_those_with_one_or_two_stars(olist: Marketplace) -> None:
    path = olist.files / "olist_order_reviews_dataset.csv"
    with path.open(encoding="utf-8", newline="") as file:
        bad = {row["review_id"] for row in csv.DictReader(file) if int(row["review_score"]) <= 2}
    keys = {node.key for node in olist.store.reader().page("Complaint", limit=10_000).nodes}
    assert {key.partition("/")[0] for key in keys} == bad
    assert olist.report.complaints == len(keys)


def test_evidence_is_in_the_words_of_the_review_it_names(olist: Marketplace) -> None:
    path = olist.files / "olist_order_reviews_dataset.csv"
    with path.open(encoding="utf-8", newline="") as file:
        said = {
            row["review_id"]: (row["review_comment_message"], row["review_comment_title"])
            for row in csv.DictReader(file)
        }
    quotes = [evidence for cause in olist.found.root_causes for evidence in cause.evidence]
    assert quotes
    for evidence in quotes:
        assert evidence.quote
        assert any(evidence.quote in text for text in said[evidence.complaint.partition("/")[0]])


def test_every_customer_is_one_person_of_the_marketplace(olist: Marketplace) -> None:
    with (olist.files / "olist_customers_dataset.csv").open(encoding="utf-8", newline="") as file:
        person = {row["customer_id"]: row["customer_unique_id"] for row in csv.DictReader(file)}
    reader = olist.store.reader()
    customers: dict[str, set[str]] = {}
    for record, customer in reader.customers_of([f"customers:{key}" for key in person]).items():
        customers.setdefault(customer, set()).add(person[record.removeprefix("customers:")])
    assert all(len(people) == 1 for people in customers.values())
    assert len(customers) == len(set(person.values())) == olist.report.nodes["Customer"]


def test_every_row_is_accounted_for(olist: Marketplace) -> None:
    assert olist.report.missing == []
    for name, counts in olist.report.sources.items():
        assert counts.read == counts.written + counts.unchanged + counts.quarantined, name
        assert counts.quarantined == 0, name


def test_the_same_is_found_again(olist: Marketplace) -> None:
    assert find_causes(olist.store.reader()) == olist.found


def test_complaints_can_be_chosen(olist: Marketplace) -> None:
    reader = olist.store.reader()
    for text in ("cause=delivery.not_received", "filed_at>=2018-03-01"):
        condition = parse_condition(text, reader.vocabulary)
        found = find_causes(reader, where=[condition])
        assert 0 < found.complaints < olist.found.complaints, text
        for cause in found.root_causes:
            assert cause.complaints <= cause.exposed


def test_a_period_is_not_explained_by_its_own_dates(olist: Marketplace) -> None:
    reader = olist.store.reader()
    for texts in (["filed_at>=2018-05-01"], ["filed_at>=2018-05-01", "Order.purchased_at>=2018-04-09"]):
        found = find_causes(reader, where=[parse_condition(text, reader.vocabulary) for text in texts])
        assert paths(found.root_causes[0]) == {LATE}
        assert found.root_causes[0].lift < 8
    assert found.units < olist.found.units
    assert found.complaints < olist.found.complaints


def test_customers_can_be_the_unit(olist: Marketplace) -> None:
    found = find_causes(olist.store.reader(), unit="Customer")
    assert found.unit == "Customer"
    assert found.units == olist.report.nodes["Customer"]
    assert "max(Customer-PLACED->Order.days_late)" in paths(found.root_causes[0])


def test_it_works_without_the_optional_files(root: Path, data: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    missing = {"sellers": "olist_sellers_dataset.csv", "geolocation": "olist_geolocation_dataset.csv"}
    shutil.copytree(data / "olist_sample3k", files, ignore=shutil.ignore_patterns(*missing.values()))
    store = open_store(f"sqlite:///{tmp_path / 'motivo.db'}")
    less = Marketplace(root, files, store)
    assert set(less.report.missing) == set(missing)
    assert paths(less.found.root_causes[0]) == {LATE}
    assert any("Seller" in path for cause in less.found.root_causes for path in paths(cause))
    store.close()
