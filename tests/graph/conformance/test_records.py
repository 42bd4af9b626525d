"""Records: what is known of a source's rows."""

from __future__ import annotations

import pytest

from graph import KnownRecord, Store
from schema.errors import UsageError
from tests.graph.conformance.company import append, digest, ingest, node, write

COVERS = ("Reader.known_records", "Transaction.upsert_records", "Transaction.touch_records")

SAID = [node("Parcel", "p")]


def test_a_record_is_known_by_source_and_key(store: Store) -> None:
    run = ingest(store, a={"1": SAID})
    reader = store.reader()
    assert reader.known_records("a", ["1", "2"]) == {"1": KnownRecord(digest(SAID), run.id)}
    assert reader.known_records("b", ["1"]) == {}
    assert reader.known_records("a", []) == {}


def test_a_changed_record_has_its_new_digest(store: Store) -> None:
    ingest(store, a={"1": SAID})
    said = [node("Parcel", "p", pieces=1)]
    run = append(store, a={"1": said})
    assert store.reader().known_records("a", ["1"]) == {"1": KnownRecord(digest(said), run.id)}


def test_touching_notes_the_run_and_nothing_else(store: Store) -> None:
    first = ingest(store, a={"1": SAID, "2": SAID})
    with store.transaction() as transaction:
        second = transaction.begin_run("a project")
        transaction.touch_records("a", ["1"])
    known = store.reader().known_records("a", ["1", "2"])
    assert {key: record.run for key, record in known.items()} == {"1": second.id, "2": first.id}
    assert store.reader().get("Parcel", "p").run == first.id


def test_digests_have_64_bits(store: Store) -> None:
    digests = [-(2**63), -1, 0, 2**63 - 1]
    with store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.upsert_records("a", list("1234"), digests)
    known = store.reader().known_records("a", list("1234"))
    assert [known[key].digest for key in "1234"] == digests


def test_many_records_at_once(store: Store) -> None:
    rows = {f"r{i:05}": [node("Parcel", f"p{i:05}", pieces=i)] for i in range(3000)}
    append(store, a=rows)
    assert len(store.reader().known_records("a", list(rows))) == 3000
    assert store.reader().totals().nodes == {"Parcel": 3000}


def test_a_record_that_was_not_entered_can_say_nothing(store: Store) -> None:
    with pytest.raises(UsageError), store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.upsert_nodes("Parcel", "a", ["1"], ["p"], {})
    assert store.reader().find("Parcel", "p") is None


def test_a_record_may_say_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("a project")
        write(transaction, "a", {"1": []})
    assert list(store.reader().known_records("a", ["1"])) == ["1"]
