"""A node that is only touched by relationships has a key and nothing else."""

from __future__ import annotations

import pytest

from graph import Store
from schema.kinds import Triple
from tests.graph.conformance.company import (
    HANDLED,
    KEPT_BY,
    NEXT,
    REFERRED,
    SAME_AS,
    SENT,
    TAGGED,
    ingest,
    keys_of,
    link,
    node,
)

COVERS = ("Transaction.upsert_relationships", "Reader.find", "Reader.get")

TRIPLES = (SENT, NEXT, REFERRED, KEPT_BY, SAME_AS, HANDLED, TAGGED)


@pytest.mark.parametrize("triple", TRIPLES, ids=str)
class TestEndsOf:
    def test_ends_appear_with_their_key(self, store: Store, triple: Triple) -> None:
        run = ingest(store, a={"1": [link(triple, "s", "e")]})
        reader = store.reader()
        for kind, key in ((triple.start, "s"), (triple.end, "e")):
            found = reader.get(kind, key)
            assert (dict(found.properties), found.caption) == ({}, key)
            assert (found.source, found.run, found.valid_from) == ("a", run.id, run.started)
            assert reader.get(kind, key, at=run.started).properties == {}

    def test_ends_go_with_the_last_relationship(self, store: Store, triple: Triple) -> None:
        ingest(store, a={"1": [link(triple, "s", "e")], "2": [link(triple, "s", "e")]})
        reader = store.reader()
        ingest(store, a={"2": [link(triple, "s", "e")]})
        assert reader.find(triple.start, "s") is not None
        assert reader.find(triple.end, "e") is not None
        ingest(store, a={})
        assert reader.find(triple.start, "s") is None
        assert reader.find(triple.end, "e") is None
        assert reader.totals().nodes == {}

    def test_ends_stay_while_another_relationship_touches_them(self, store: Store, triple: Triple) -> None:
        ingest(
            store, a={"1": [link(triple, "s", "e")], "2": [link(triple, "t", "e"), link(triple, "s", "f")]}
        )
        ingest(store, a={"2": [link(triple, "t", "e"), link(triple, "s", "f")]})
        reader = store.reader()
        for kind, keys in ((triple.start, "st"), (triple.end, "ef")):
            assert [key for key in keys if reader.find(kind, key) is None] == []

    def test_ends_can_be_seen_as_they_were(self, store: Store, triple: Triple) -> None:
        there = ingest(store, a={"1": [link(triple, "s", "e")]})
        gone = ingest(store, a={})
        reader = store.reader()
        for kind, key in ((triple.start, "s"), (triple.end, "e")):
            assert reader.get(kind, key, at=there.started).key == key
            assert reader.find(kind, key, at=gone.started) is None

    def test_ends_come_back(self, store: Store, triple: Triple) -> None:
        ingest(store, a={"1": [link(triple, "s", "e")]})
        ingest(store, a={})
        again = ingest(store, a={"1": [link(triple, "s", "e")]})
        for kind, key in ((triple.start, "s"), (triple.end, "e")):
            assert store.reader().get(kind, key).valid_from == again.started


def test_a_stub_is_filled_when_a_record_describes_it(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")]}, b={"1": [node("Parcel", "q", label="Q")]})
    assert store.reader().get("Parcel", "q").caption == "Q"


def test_a_described_node_becomes_a_stub_while_it_is_touched(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")]}, b={"1": [node("Parcel", "q", label="Q")]})
    ingest(store, b={})
    reader = store.reader()
    assert dict(reader.get("Parcel", "q").properties) == {}
    ingest(store, a={})
    assert keys_of(reader, "Parcel") == []


def test_a_described_node_stays_without_relationships(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")]}, b={"1": [node("Parcel", "q", label="Q")]})
    ingest(store, a={})
    assert keys_of(store.reader(), "Parcel") == ["q"]


def test_a_loop_touches_its_node(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "p")]})
    assert keys_of(store.reader(), "Parcel") == ["p"]
    ingest(store, a={})
    assert keys_of(store.reader(), "Parcel") == []


def test_stubs_have_no_history_of_their_own(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")]})
    assert store.reader().history("Parcel", "q") == []
