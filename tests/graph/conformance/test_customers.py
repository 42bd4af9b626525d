"""Source records resolve to customers, and what hangs on them moves along."""

from __future__ import annotations

import pytest

from graph import Judgement, Store
from schema.errors import UsageError
from schema.vocabulary import RESOLVES_TO
from tests.graph.conformance.company import (
    REFERRED,
    SENT,
    append,
    customer,
    ingest,
    keys_of,
    link,
    linked,
    properties_of,
)

COVERS = ("Transaction.assign", "Reader.customers_of", "Reader.records_of", "Transaction.upsert_nodes")

CRM = {"1": [customer("crm:1", name="Ana", email="ana@example.com"), link(SENT, "crm:1", "p1")]}
SHOP = {"7": [customer("shop:7", name="A. Souza", segment="gold"), link(SENT, "shop:7", "p2")]}


def assign(store: Store, *pairs: tuple[str, str]) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("identity")
        transaction.assign([Judgement(record, to, 0.9, "email", "matcher 1") for record, to in pairs])
        transaction.finish_run()


@pytest.fixture
def two(store: Store) -> Store:
    ingest(store, crm=CRM, shop=SHOP)
    return store


def test_a_record_is_a_customer_of_its_own_at_first(two: Store) -> None:
    reader = two.reader()
    assert keys_of(reader, "SourceRecord") == ["crm:1", "shop:7"]
    assert keys_of(reader, "Customer") == ["crm:1", "shop:7"]
    assert reader.customers_of(["crm:1", "shop:7", "crm:2"]) == {"crm:1": "crm:1", "shop:7": "shop:7"}
    assert reader.records_of(["crm:1", "nobody"]) == {"crm:1": ["crm:1"]}
    assert properties_of(reader, "Customer", "crm:1") == {"name": "Ana", "email": "ana@example.com"}


def test_a_stub_record_has_a_customer_too(store: Store) -> None:
    ingest(store, crm={"1": [link(SENT, "crm:1", "p1")]})
    reader = store.reader()
    assert reader.customers_of(["crm:1"]) == {"crm:1": "crm:1"}
    assert dict(reader.get("Customer", "crm:1").properties) == {}


def test_merging_two_records(two: Store) -> None:
    assign(two, ("shop:7", "crm:1"))
    reader = two.reader()
    assert reader.customers_of(["crm:1", "shop:7"]) == {"crm:1": "crm:1", "shop:7": "crm:1"}
    assert reader.records_of(["crm:1", "shop:7"]) == {"crm:1": ["crm:1", "shop:7"]}
    assert keys_of(reader, "Customer") == ["crm:1"]
    assert keys_of(reader, "SourceRecord") == ["crm:1", "shop:7"]
    assert linked(reader, "Customer", "crm:1", ["SENT"]) == ["crm:1-SENT->p1", "crm:1-SENT->p2"]


def test_a_customer_has_the_properties_of_its_records(two: Store) -> None:
    assign(two, ("shop:7", "crm:1"))
    assert properties_of(two.reader(), "Customer", "crm:1") == {
        "name": "Ana",
        "email": "ana@example.com",
        "segment": "gold",
    }
    append(two, shop={"7": [customer("shop:7", phone="+5511987654321"), link(SENT, "shop:7", "p2")]})
    assert properties_of(two.reader(), "Customer", "crm:1") == {
        "name": "Ana",
        "email": "ana@example.com",
        "phone": "+5511987654321",
    }
    assert properties_of(two.reader(), "SourceRecord", "crm:1").get("phone") is None


def test_the_first_record_wins_whichever_was_first_touched(store: Store) -> None:
    append(store, a={"1": [link(SENT, "r2", "p")]})
    append(store, a={"2": [customer("r1", name="one")], "3": [customer("r2", name="two", segment="gold")]})
    assign(store, ("r2", "r1"))
    reader = store.reader()
    run = reader.latest_run()
    assert run is not None
    assert properties_of(reader, "Customer", "r1") == {"name": "one", "segment": "gold"}
    assert reader.get("Customer", "r1", at=run.started).properties == {"name": "one", "segment": "gold"}


def test_the_first_source_wins_whichever_describes_the_first_record(store: Store) -> None:
    """Property by property: the second record's first source precedes the first record's second."""
    ingest(
        store,
        a={"1": [customer("r2", segment="gold")], "2": [customer("r1")]},
        b={"1": [customer("r1", segment="b", name="b")], "2": [customer("r2", name="late")]},
    )
    assign(store, ("r2", "r1"))
    assert properties_of(store.reader(), "Customer", "r1") == {"segment": "gold", "name": "b"}


def test_the_judgement_is_kept(two: Store) -> None:
    assign(two, ("shop:7", "crm:1"))
    (found,) = two.reader().neighbours("SourceRecord", "shop:7")
    assert found.relationship.triple == RESOLVES_TO
    assert found.relationship.properties == {
        "probability": 0.9,
        "rule": "email",
        "decided_by": "matcher 1",
    }


def test_splitting_moves_each_relationship_back(two: Store) -> None:
    before = {key: linked(two.reader(), "Customer", key) for key in ("crm:1", "shop:7")}
    said = {key: properties_of(two.reader(), "Customer", key) for key in ("crm:1", "shop:7")}
    assign(two, ("shop:7", "crm:1"))
    assign(two, ("shop:7", "shop:7"))
    reader = two.reader()
    assert {key: linked(reader, "Customer", key) for key in ("crm:1", "shop:7")} == before
    assert {key: properties_of(reader, "Customer", key) for key in ("crm:1", "shop:7")} == said


def test_a_customer_may_have_a_key_of_no_record(two: Store) -> None:
    assign(two, ("crm:1", "c-1"), ("shop:7", "c-1"))
    reader = two.reader()
    assert keys_of(reader, "Customer") == ["c-1"]
    assert linked(reader, "Customer", "c-1", ["SENT"]) == ["c-1-SENT->p1", "c-1-SENT->p2"]


def test_a_shared_relationship_is_one_when_merged_and_two_when_split(store: Store) -> None:
    ingest(
        store,
        crm={"1": [customer("crm:1"), link(SENT, "crm:1", "p", note="crm")]},
        shop={"7": [customer("shop:7"), link(SENT, "shop:7", "p", note="shop")]},
    )
    assign(store, ("shop:7", "crm:1"))
    reader = store.reader()
    assert linked(reader, "Parcel", "p") == ["crm:1-SENT->p"]
    assert reader.totals().relationships["SENT"] == 1
    assign(store, ("shop:7", "shop:7"))
    assert linked(reader, "Parcel", "p") == ["crm:1-SENT->p", "shop:7-SENT->p"]
    notes = [n.relationship.properties["note"] for n in reader.neighbours("Parcel", "p")]
    assert notes == ["crm", "shop"]


def test_one_record_of_both_ends_stays_told_apart(store: Store) -> None:
    both = [customer("r1"), customer("r2"), customer("r3")]
    ingest(store, crm={"1": [*both, link(SENT, "r1", "p"), link(SENT, "r2", "p")]})
    assign(store, ("r2", "r1"))
    assert linked(store.reader(), "Parcel", "p") == ["r1-SENT->p"]
    assign(store, ("r2", "r3"))
    assert linked(store.reader(), "Parcel", "p") == ["r1-SENT->p", "r3-SENT->p"]


def test_relationships_between_customers_move_at_both_ends(store: Store) -> None:
    people = {key: [customer(key)] for key in ("r1", "r2", "r3")}
    ingest(store, crm={**people, "9": [link(REFERRED, "r1", "r2"), link(REFERRED, "r2", "r3")]})
    assign(store, ("r2", "r1"))
    assert linked(store.reader(), "Customer", "r1", ["REFERRED"]) == [
        "r1-REFERRED->r1",
        "r1-REFERRED->r3",
        "r1-REFERRED->r1",
    ]
    assign(store, ("r2", "r2"))
    assert linked(store.reader(), "Customer", "r2", ["REFERRED"]) == ["r2-REFERRED->r3", "r1-REFERRED->r2"]


def test_what_comes_later_by_a_record_goes_to_its_customer(two: Store) -> None:
    assign(two, ("shop:7", "crm:1"))
    append(two, shop={"8": [link(SENT, "shop:7", "p3")]})
    assert linked(two.reader(), "Customer", "crm:1", ["SENT"])[-1] == "crm:1-SENT->p3"
    assign(two, ("shop:7", "shop:7"))
    assert linked(two.reader(), "Customer", "shop:7", ["SENT"]) == ["shop:7-SENT->p2", "shop:7-SENT->p3"]


def test_closing_finds_what_moved(two: Store) -> None:
    assign(two, ("shop:7", "crm:1"))
    ingest(two, shop={})
    reader = two.reader()
    assert linked(reader, "Customer", "crm:1", ["SENT"]) == ["crm:1-SENT->p1"]
    assert reader.records_of(["crm:1"]) == {"crm:1": ["crm:1"]}
    assert properties_of(reader, "Customer", "crm:1") == {"name": "Ana", "email": "ana@example.com"}


def test_a_customer_with_no_records_left_is_gone(two: Store) -> None:
    ingest(two, shop={})
    assert keys_of(two.reader(), "Customer") == ["crm:1"]
    assert two.reader().customers_of(["shop:7"]) == {}
    assign(two, ("crm:1", "c-1"))
    assert keys_of(two.reader(), "Customer") == ["c-1"]
    ingest(two, crm={})
    assert keys_of(two.reader(), "Customer") == []


def test_each_record_has_one_customer_whatever_is_assigned(two: Store) -> None:
    moves = ["c-1", "crm:1", "c-2", "shop:7", "c-1"]
    for key in moves:
        assign(two, ("shop:7", key))
        reader = two.reader()
        assert reader.customers_of(["shop:7"]) == {"shop:7": key}
        assert reader.expand("SourceRecord", "shop:7")[0].count == 1
        assert linked(reader, "Parcel", "p2") == [f"{key}-SENT->p2"]


def test_one_transaction_may_assign_a_record_several_times(two: Store) -> None:
    with two.transaction() as transaction:
        transaction.begin_run("identity")
        for key in ("c-1", "crm:1"):
            transaction.assign([Judgement("shop:7", key)])
    assert two.reader().customers_of(["shop:7"]) == {"shop:7": "crm:1"}
    assert keys_of(two.reader(), "Customer") == ["crm:1"]


def test_a_customer_can_be_seen_as_it_was(two: Store) -> None:
    then = two.reader().latest_run()
    assert then is not None
    assign(two, ("shop:7", "crm:1"))
    reader = two.reader()
    assert reader.get("Customer", "shop:7", at=then.started).caption == "A. Souza"
    assert reader.get("Customer", "crm:1", at=then.started).properties.get("segment") is None
    now = reader.latest_run()
    assert now is not None
    assert reader.find("Customer", "shop:7", at=now.started) is None
    assert reader.get("Customer", "crm:1", at=now.started).properties["segment"] == "gold"


def test_a_customer_of_a_stub_record_can_be_seen_as_it_was(store: Store) -> None:
    then = ingest(store, crm={"1": [link(SENT, "r", "p")]})
    assign(store, ("r", "c-1"))
    now = store.reader().latest_run()
    assert now is not None
    for moment, there in ((then.started, "r"), (now.started, "c-1")):
        found = [key for key in ("r", "c-1") if store.reader().find("Customer", key, at=moment)]
        assert found == [there]


def test_the_history_of_a_customer_is_that_of_its_records(two: Store) -> None:
    assign(two, ("shop:7", "crm:1"))
    said = two.reader().history("Customer", "crm:1")
    assert [(c.source, c.properties.get("name")) for c in said] == [("crm", "Ana"), ("shop", "A. Souza")]


def test_customers_and_resolutions_are_not_written(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.upsert_records("a", ["1"], [1])
        with pytest.raises(UsageError):
            transaction.upsert_nodes("Customer", "a", ["1"], ["c"], {})
        with pytest.raises(UsageError):
            transaction.upsert_relationships(RESOLVES_TO, "a", ["1"], ["r"], ["c"], {})
