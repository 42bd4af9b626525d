"""Where two nodes may be joined several times, the slot tells the relationships apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph import Reader, Store
from tests.graph.conformance.company import PASSED, TAGGED, ingest, link

COVERS = ("Transaction.upsert_relationships", "Reader.neighbours", "Reader.expand", "Reader.project")


def scans(reader: Reader) -> list[tuple[Any, Any]]:
    found = reader.neighbours("Parcel", "p")
    return [(n.relationship.properties.get("scan"), n.relationship.properties.get("note")) for n in found]


def passes(*scans: int | None) -> Sequence[Any]:
    return [link(PASSED, "p", "north", scan=scan, note=f"at {scan}") for scan in scans]


def test_each_slot_is_a_relationship(store: Store) -> None:
    ingest(store, a={"1": passes(1, 2), "2": [link(PASSED, "p", "north", scan=3, note="at 3")]})
    reader = store.reader()
    assert scans(reader) == [(1, "at 1"), (2, "at 2"), (3, "at 3")]
    assert reader.totals().relationships == {"PASSED": 3}
    assert [b.count for b in reader.expand("Parcel", "p")] == [3]


def test_the_same_slot_said_twice_is_one_relationship(store: Store) -> None:
    ingest(store, a={"1": passes(1), "2": passes(1)})
    assert scans(store.reader()) == [(1, "at 1")]


def test_a_slot_that_is_said_no_longer_is_closed(store: Store) -> None:
    ingest(store, a={"1": passes(1, 2, 3)})
    ingest(store, a={"1": passes(2)})
    assert scans(store.reader()) == [(2, "at 2")]


def test_slots_sort_as_values_of_their_type(store: Store) -> None:
    ingest(store, a={"1": passes(10, 9, 100, -1, 0)})
    reader = store.reader()
    assert [scan for scan, _ in scans(reader)] == [-1, 0, 9, 10, 100]
    assert reader.project().relationships[PASSED]["scan"].to_pylist() == [-1, 0, 9, 10, 100]


def test_a_slot_may_be_null_and_sorts_first(store: Store) -> None:
    ingest(store, a={"1": passes(0, None)})
    assert [scan for scan, _ in scans(store.reader())] == [None, 0]


def test_null_is_no_text(store: Store) -> None:
    words = [None, "None", "", "null"]
    ingest(store, a={"1": [link(TAGGED, "p", "c", word=word) for word in words]})
    found = [n.relationship.properties.get("word") for n in store.reader().neighbours("Parcel", "p")]
    assert found == [None, "", "None", "null"]
