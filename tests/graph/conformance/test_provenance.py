"""Several records say something of one node: merged property by property, in order of precedence."""

from __future__ import annotations

from graph import Store
from tests.graph.conformance.company import NEXT, append, ingest, link, node, properties_of

COVERS = ("Reader.history", "Reader.get", "Transaction.upsert_nodes", "Transaction.close_vanished")


def test_properties_of_several_sources_are_joined(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="A")]}, b={"1": [node("Parcel", "p", pieces=2)]})
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "A", "pieces": 2}


def test_the_first_written_source_wins(store: Store) -> None:
    ingest(
        store,
        b={"1": [node("Parcel", "p", label="B")]},
        a={"1": [node("Parcel", "p", label="A", pieces=3)]},
    )
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "B", "pieces": 3}
    assert store.reader().get("Parcel", "p").source == "b"


def test_a_source_keeps_its_rank_whenever_it_writes_again(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="A")]}, b={"1": [node("Parcel", "p", label="B")]})
    ingest(store, b={"1": [node("Parcel", "p", label="B2")]})
    ingest(store, a={"1": [node("Parcel", "p", label="A2")]})
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "A2"}


def test_a_later_source_does_not_hide_an_earlier_one(store: Store) -> None:
    ingest(store, a={"1": [node("Agent", "x")]})
    append(store, b={"1": [node("Parcel", "p", label="B", weight=1.5)]})
    append(store, a={"2": [node("Parcel", "p", label="A")]})
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "A", "weight": 1.5}


def test_within_a_source_the_first_record_wins(store: Store) -> None:
    ingest(
        store,
        a={"2": [node("Parcel", "p", label="first")], "1": [node("Parcel", "p", label="next", pieces=1)]},
    )
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "first", "pieces": 1}


def test_when_the_first_falls_silent_the_next_is_heard(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="A")]}, b={"1": [node("Parcel", "p", label="B")]})
    ingest(store, a={})
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "B"}
    ingest(store, a={"1": [node("Parcel", "p", label="A again")]})
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "A again"}


def test_a_property_that_a_record_drops_is_taken_from_the_next(store: Store) -> None:
    ingest(
        store,
        a={"1": [node("Parcel", "p", label="A", pieces=1)]},
        b={"1": [node("Parcel", "p", label="B", pieces=2)]},
    )
    ingest(store, a={"1": [node("Parcel", "p", pieces=1)]})
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "B", "pieces": 1}


def test_history_says_who_said_what(store: Store) -> None:
    first = ingest(
        store, a={"r1": [node("Parcel", "p", label="A")]}, b={"r2": [node("Parcel", "p", pieces=2)]}
    )
    said = store.reader().history("Parcel", "p")
    assert {(c.source, c.record, c.run) for c in said} == {("a", "r1", first.id), ("b", "r2", first.id)}
    assert {c.source: dict(c.properties) for c in said} == {"a": {"label": "A"}, "b": {"pieces": 2}}


def test_a_relationship_that_several_say_is_one(store: Store) -> None:
    ends = [node("Parcel", "p"), node("Parcel", "q")]
    ingest(
        store,
        a={"1": [*ends, link(NEXT, "p", "q", note="A")]},
        b={"1": [link(NEXT, "p", "q", note="B")]},
    )
    reader = store.reader()
    (found,) = reader.neighbours("Parcel", "p")
    assert (found.relationship.source, found.relationship.properties) == ("a", {"note": "A"})
    assert reader.totals().relationships == {"NEXT": 1}
    ingest(store, a={"1": ends})
    (found,) = reader.neighbours("Parcel", "p")
    assert (found.relationship.source, found.relationship.properties) == ("b", {"note": "B"})
