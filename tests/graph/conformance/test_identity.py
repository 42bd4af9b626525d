"""A node is known by kind and key; writing the same again changes nothing."""

from __future__ import annotations

from graph import Store
from tests.graph.conformance.company import NEXT, SENT, append, customer, ingest, link, linked, node, write

COVERS = (
    "Transaction.begin_run",
    "Transaction.finish_run",
    "Transaction.upsert_records",
    "Transaction.upsert_nodes",
    "Transaction.upsert_relationships",
    "Reader.find",
    "Reader.get",
    "Reader.totals",
    "Store.reader",
    "Store.transaction",
)

ROWS = {
    "1": [customer("ana", name="Ana"), node("Parcel", "p1", label="A box"), link(SENT, "ana", "p1")],
    "2": [node("Parcel", "p2", pieces=2), link(NEXT, "p1", "p2", note="after")],
}


def test_a_node_has_what_was_said(store: Store) -> None:
    run = ingest(store, shop=ROWS)
    found = store.reader().get("Parcel", "p2")
    assert (found.kind, found.key, found.source, found.run) == ("Parcel", "p2", "shop", run.id)
    assert dict(found.properties) == {"pieces": 2}
    assert (found.valid_from, found.valid_to) == (run.started, None)


def test_the_caption_is_the_first_named_property_with_a_value(store: Store) -> None:
    ingest(store, shop=ROWS)
    reader = store.reader()
    assert reader.get("Parcel", "p1").caption == "A box"
    assert reader.get("Parcel", "p2").caption == "p2"
    assert reader.get("Customer", "ana").caption == "Ana"


def test_the_same_key_of_another_kind_is_another_node(store: Store) -> None:
    ingest(store, shop={"1": [node("Parcel", "x", label="a parcel"), node("Agent", "x", name="an agent")]})
    reader = store.reader()
    assert reader.get("Parcel", "x").caption == "a parcel"
    assert dict(reader.get("Agent", "x").properties) == {"name": "an agent"}


def test_writing_the_same_again_changes_nothing(store: Store) -> None:
    ingest(store, shop=ROWS)
    reader = store.reader()
    before = (reader.totals(), reader.get("Parcel", "p1"), reader.neighbours("Parcel", "p1"))
    with store.transaction() as transaction:
        transaction.begin_run("the same project")
        write(transaction, "shop", ROWS)
        transaction.finish_run()
    after = (reader.totals(), reader.get("Parcel", "p1"), reader.neighbours("Parcel", "p1"))
    assert after == before
    assert len(reader.history("Parcel", "p1")) == 1


def test_writing_the_same_twice_in_a_transaction_changes_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("a project")
        write(transaction, "shop", ROWS)
        write(transaction, "shop", ROWS)
        transaction.finish_run()
    reader = store.reader()
    assert reader.totals().relationships == {"SENT": 1, "NEXT": 1, "RESOLVES_TO": 1}
    assert len(reader.history("Parcel", "p1")) == 1


def test_a_relationship_is_known_by_its_ends(store: Store) -> None:
    append(store, shop=ROWS, post={"9": [link(NEXT, "p1", "p2"), link(NEXT, "p2", "p1")]})
    assert linked(store.reader(), "Parcel", "p1", ["NEXT"]) == ["p1-NEXT->p2", "p2-NEXT->p1"]


def test_what_is_not_there_is_none(store: Store) -> None:
    ingest(store, shop=ROWS)
    assert store.reader().find("Parcel", "P1") is None
    assert store.reader().find("Parcel", "") is None
