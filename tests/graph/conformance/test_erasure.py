"""Erasing a customer for good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph import Erasure, FieldError, Judgement, Reader, RejectedRow, Store
from schema.errors import NotFoundError
from tests.graph.conformance.company import (
    ABOUT,
    ATTRIBUTED_TO,
    FILED,
    REFERRED,
    SENT,
    Rows,
    append,
    customer,
    ingest,
    keys_of,
    link,
    node,
)

COVERS = ("Transaction.erase_customer", "Transaction.assign", "Transaction.close_vanished")

ANA = {
    "row-ana": [customer("crm:ana", name="Ana Zzyzx", email="ana@zzyzx.example", phone="+5511987654321")],
    "row-c1": [
        node("Complaint", "c1", text="zzyzx was charged twice"),
        link(FILED, "crm:ana", "c1"),
        link(ABOUT, "c1", "plan"),
        link(ATTRIBUTED_TO, "c1", "billing", starts_at=0, quote="zzyzx was charged twice"),
    ],
}
BEN = {
    "row-ben": [customer("crm:ben", name="Ben")],
    "row-c2": [node("Complaint", "c2", text="late"), link(FILED, "crm:ben", "c2"), link(ABOUT, "c2", "plan")],
}
SHARED: Rows = {
    "row-plan": [node("Product", "plan", name="Plan"), node("Cause", "billing", name_en="Billing")]
}
SHOP = {"row-7": [customer("shop:7", name="A. Zzyzx"), link(SENT, "shop:7", "box")]}


def rejected(position: str, **row: str) -> RejectedRow:
    return RejectedRow("crm", position, row.get("id"), row, (FieldError("sent_on", "is wrong"),))


@pytest.fixture
def company(store: Store) -> Store:
    ingest(store, crm={**ANA, **BEN, **SHARED}, shop=SHOP)
    with store.transaction() as transaction:
        transaction.begin_run("identity")
        transaction.assign([Judgement("shop:7", "crm:ana")])
        transaction.reject(
            [
                rejected("1", id="ana", email="ANA@zzyzx.example", sent_on="31/02/2026"),
                rejected("2", id="ben", email="ben@example.com", sent_on="31/02/2026"),
                rejected("3", id="9", name="Ana Zzyzx"),
            ]
        )
        transaction.finish_run()
    return store


def erase(store: Store, key: str) -> Erasure:
    with store.transaction() as transaction:
        return transaction.erase_customer(key)


def texts(reader: Reader) -> Iterator[str]:
    """Yield every text that the store still gives away."""
    for kind in reader.vocabulary.kinds:
        for key in keys_of(reader, kind):
            yield repr((reader.get(kind, key), reader.history(kind, key), reader.neighbours(kind, key)))
    for row in reader.rejected_rows():
        yield repr(row)
    projection = reader.project()
    for table in (*projection.nodes.values(), *projection.relationships.values()):
        yield repr(table.to_pylist())


def test_nothing_of_the_customer_is_left(company: Store) -> None:
    run = company.reader().latest_run()
    assert run is not None
    erase(company, "crm:ana")
    reader = company.reader()
    for kind, key in (
        ("Customer", "crm:ana"),
        ("Customer", "shop:7"),
        ("SourceRecord", "crm:ana"),
        ("SourceRecord", "shop:7"),
        ("Complaint", "c1"),
        ("Parcel", "box"),
    ):
        assert reader.find(kind, key) is None
        assert reader.history(kind, key) == []
        assert reader.find(kind, key, at=run.started) is None
    assert reader.search("zzyzx") == []
    assert reader.search("charged") == []
    assert reader.lookup("Customer", "email", ["ana@zzyzx.example"]) == {}
    assert reader.customers_of(["crm:ana", "shop:7"]) == {}
    assert reader.records_of(["crm:ana"]) == {}
    assert reader.known_records("crm", ["row-ana"]) == {}
    assert reader.known_records("shop", ["row-7"]) == {}
    assert [text for text in texts(reader) if "zzyzx" in text.casefold() or "crm:ana" in text] == []
    assert reader.check() == []


def test_what_is_shared_and_what_is_of_others_stays(company: Store) -> None:
    erase(company, "crm:ana")
    reader = company.reader()
    assert keys_of(reader, "Customer") == ["crm:ben"]
    assert keys_of(reader, "Complaint") == ["c2"]
    assert reader.get("Product", "plan").caption == "Plan"
    assert reader.get("Cause", "billing").caption == "Billing"
    assert [hit.node.key for hit in reader.search("late")] == ["c2"]
    assert [n.node.key for n in reader.neighbours("Product", "plan")] == ["c2"]


def test_rows_in_quarantine_that_name_the_customer_go(company: Store) -> None:
    erase(company, "crm:ana")
    assert [r.position for r in company.reader().rejected_rows()] == ["2"]


def test_the_receipt_counts(company: Store) -> None:
    before = company.reader().totals()
    receipt = erase(company, "crm:ana")
    after = company.reader().totals()
    assert receipt.customer == "crm:ana"
    assert receipt.nodes == {"Customer": 1, "SourceRecord": 2, "Complaint": 1, "Parcel": 1}
    assert receipt.relationships == {
        "RESOLVES_TO": 2,
        "FILED": 1,
        "ABOUT": 1,
        "ATTRIBUTED_TO": 1,
        "SENT": 1,
    }
    assert receipt.rejected_rows == 2
    for part in ("nodes", "relationships"):
        counts = {name: getattr(after, part).get(name, 0) for name in getattr(before, part)}
        gone = {n: c - counts[n] for n, c in getattr(before, part).items() if c != counts[n]}
        assert gone == getattr(receipt, part)


def test_what_it_once_was_goes_too(store: Store) -> None:
    ingest(store, crm={"1": [customer("r", name="Old Zzyzx")], "2": SHARED["row-plan"]})
    ingest(store, crm={"1": [customer("r", name="New")], "2": SHARED["row-plan"]})
    run = store.reader().latest_run()
    erase(store, "r")
    reader = store.reader()
    assert reader.history("SourceRecord", "r") == []
    assert run is not None
    assert reader.find("Customer", "r", at=run.started) is None


def test_records_that_are_gone_already_go_too(company: Store) -> None:
    ingest(company, shop={})
    assert company.reader().history("SourceRecord", "shop:7") != []
    erase(company, "crm:ana")
    assert company.reader().history("SourceRecord", "shop:7") == []


def test_what_hangs_on_what_goes_goes_too(store: Store) -> None:
    ingest(
        store,
        crm={
            "1": [customer("r"), link(SENT, "r", "p")],
            "2": [link(ATTRIBUTED_TO, "c", "billing", starts_at=1)],
            "3": [node("Complaint", "c", text="of r"), link(FILED, "r", "c")],
        },
    )
    erase(store, "r")
    reader = store.reader()
    assert [kind for kind in reader.vocabulary.kinds if keys_of(reader, kind)] == ["Cause"]
    assert keys_of(reader, "Cause") == ["billing"]


def test_what_two_customers_share_stays(store: Store) -> None:
    both = [node("Parcel", "p", label="ours"), link(SENT, "r1", "p"), link(SENT, "r2", "p")]
    ingest(store, crm={"1": both, "2": [customer("r1"), customer("r2"), link(REFERRED, "r1", "r2")]})
    erase(store, "r1")
    reader = store.reader()
    assert reader.get("Parcel", "p").caption == "ours"
    assert [n.node.key for n in reader.neighbours("Parcel", "p")] == ["r2"]
    assert reader.find("Customer", "r2") is not None
    erase(store, "r2")
    assert keys_of(store.reader(), "Parcel") == []


def test_the_next_run_works_and_closes_what_is_left(company: Store) -> None:
    erase(company, "crm:ana")
    ingest(company, crm={**BEN, **SHARED}, shop={})
    reader = company.reader()
    assert reader.totals().nodes == {
        "Customer": 1,
        "SourceRecord": 1,
        "Complaint": 1,
        "Product": 1,
        "Cause": 1,
    }
    assert reader.check() == []


def test_a_customer_that_comes_again_is_new(company: Store) -> None:
    erase(company, "crm:ana")
    run = append(company, crm=ANA)
    reader = company.reader()
    assert reader.get("Customer", "crm:ana").valid_from == run.started
    assert len(reader.history("SourceRecord", "crm:ana")) == 1
    assert [hit.node.key for hit in reader.search("charged")] == ["c1"]


def test_an_erasure_undone_erases_nothing(company: Store) -> None:
    before = sorted(texts(company.reader()))
    with pytest.raises(ValueError, match="on purpose"), company.transaction() as transaction:
        transaction.erase_customer("crm:ana")
        raise ValueError("on purpose")
    assert sorted(texts(company.reader())) == before
    assert [hit.node.key for hit in company.reader().search("charged")] == ["c1"]


def test_a_customer_that_is_not_there(company: Store) -> None:
    with pytest.raises(NotFoundError):
        erase(company, "nobody")
    with pytest.raises(NotFoundError):
        erase(company, "shop:7")  # a record of crm:ana, and no customer
