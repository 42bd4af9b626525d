"""Contributions are superseded, closed and opened again; what was is kept."""

from __future__ import annotations

from datetime import timedelta, timezone

from graph import Store
from tests.graph.conformance.company import (
    BEFORE_ALL,
    NEXT,
    append,
    ingest,
    keys_of,
    link,
    linked,
    node,
    properties_of,
)

COVERS = (
    "Reader.find",
    "Reader.get",
    "Reader.history",
    "Transaction.begin_run",
    "Transaction.upsert_records",
    "Transaction.close_vanished",
)


def test_runs_start_one_after_another(store: Store) -> None:
    starts = [ingest(store, a={}).started for _ in range(5)]
    assert starts == sorted(set(starts))
    assert all(start.utcoffset() == timedelta(0) for start in starts)


def test_a_changed_record_supersedes_what_it_said(store: Store) -> None:
    old = ingest(store, a={"1": [node("Parcel", "p", label="old", pieces=1)]})
    new = ingest(store, a={"1": [node("Parcel", "p", label="new")]})
    reader = store.reader()
    assert properties_of(reader, "Parcel", "p") == {"label": "new"}
    first, second = reader.history("Parcel", "p")
    assert (first.valid_from, first.valid_to, first.run) == (old.started, new.started, old.id)
    assert (second.valid_from, second.valid_to, second.run) == (new.started, None, new.id)
    assert (dict(first.properties), dict(second.properties)) == (
        {"label": "old", "pieces": 1},
        {"label": "new"},
    )


def test_a_node_can_be_seen_as_it_was(store: Store) -> None:
    old = ingest(store, a={"1": [node("Parcel", "p", label="old")]})
    new = ingest(store, a={"1": [node("Parcel", "p", label="new")]})
    gone = ingest(store, a={})
    reader = store.reader()
    moment = timedelta(microseconds=1)
    assert reader.find("Parcel", "p", at=BEFORE_ALL) is None
    assert reader.find("Parcel", "p", at=old.started - moment) is None
    assert reader.get("Parcel", "p", at=old.started).caption == "old"
    assert reader.get("Parcel", "p", at=new.started - moment).caption == "old"
    assert reader.get("Parcel", "p", at=new.started).caption == "new"
    assert reader.get("Parcel", "p", at=gone.started - moment).caption == "new"
    assert reader.find("Parcel", "p", at=gone.started) is None
    assert reader.find("Parcel", "p") is None


def test_a_moment_in_another_zone_is_the_same_moment(store: Store) -> None:
    run = ingest(store, a={"1": [node("Parcel", "p", label="x")]})
    there = run.started.astimezone(timezone(timedelta(hours=-3)))
    assert store.reader().get("Parcel", "p", at=there).caption == "x"


def test_merging_holds_for_the_past_too(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="A")]}, b={"1": [node("Parcel", "p", label="B")]})
    without = ingest(store, a={})
    back = ingest(store, a={"1": [node("Parcel", "p", pieces=1)]})
    reader = store.reader()
    assert reader.get("Parcel", "p", at=without.started).properties == {"label": "B"}
    assert reader.get("Parcel", "p", at=back.started).properties == {"label": "B", "pieces": 1}


def test_what_closed_can_open_again(store: Store) -> None:
    rows = {"1": [node("Parcel", "p", label="x"), node("Parcel", "q"), link(NEXT, "p", "q")]}
    first = ingest(store, a=rows)
    gap = ingest(store, a={})
    assert keys_of(store.reader(), "Parcel") == []
    again = ingest(store, a=rows)
    reader = store.reader()
    assert keys_of(reader, "Parcel") == ["p", "q"]
    assert linked(reader, "Parcel", "p") == ["p-NEXT->q"]
    assert [(c.valid_from, c.valid_to) for c in reader.history("Parcel", "p")] == [
        (first.started, gap.started),
        (again.started, None),
    ]
    assert reader.find("Parcel", "p", at=gap.started) is None
    assert reader.get("Parcel", "p").valid_from == again.started


def test_a_changed_record_closes_what_it_says_no_longer(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p"), node("Parcel", "q"), link(NEXT, "p", "q")]})
    ingest(store, a={"1": [node("Parcel", "p"), node("Parcel", "r"), link(NEXT, "p", "r")]})
    reader = store.reader()
    assert keys_of(reader, "Parcel") == ["p", "r"]
    assert linked(reader, "Parcel", "p") == ["p-NEXT->r"]


def test_what_a_changed_record_says_again_stays_as_old_as_it_was(store: Store) -> None:
    old = ingest(store, a={"1": [node("Parcel", "p", label="x"), node("Parcel", "q")]})
    append(store, a={"1": [node("Parcel", "p", label="x"), node("Parcel", "q", pieces=2)]})
    reader = store.reader()
    assert [c.valid_from for c in reader.history("Parcel", "p")] == [old.started]
    assert len(reader.history("Parcel", "q")) == 2


def test_a_relationship_is_superseded_too(store: Store) -> None:
    ends = [node("Parcel", "p"), node("Parcel", "q")]
    ingest(store, a={"1": [*ends, link(NEXT, "p", "q", note="old")]})
    new = ingest(store, a={"1": [*ends, link(NEXT, "p", "q", note="new")]})
    (found,) = store.reader().neighbours("Parcel", "p")
    assert found.relationship.properties == {"note": "new"}
    assert (found.relationship.valid_from, found.relationship.run) == (new.started, new.id)


def test_history_is_empty_for_what_never_was(store: Store) -> None:
    assert store.reader().history("Parcel", "p") == []


def test_history_is_in_order_of_time(store: Store) -> None:
    for pieces in range(4):
        ingest(store, a={"1": [node("Parcel", "p", pieces=pieces)]})
    assert [c.properties["pieces"] for c in store.reader().history("Parcel", "p")] == [0, 1, 2, 3]
