"""Relationships that a decision moves to another end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import Move, Store
from schema.errors import NotFoundError, UsageError
from tests.graph.conformance.company import (
    NEXT,
    PASSED,
    SENT,
    TAGGED,
    VOCABULARY,
    Rows,
    append,
    customer,
    ingest,
    keys_of,
    link,
    linked,
    node,
    read_source,
)
from tests.graph.conformance.conftest import Fresh
from tests.graph.conformance.model import Model
from tests.graph.conformance.snapshot import snapshot

COVERS = ("Transaction.move_relationships",)

CAUSES: Rows = {name: [node("Cause", name, name_en=name)] for name in ("late", "lost", "unknown")}


def move(store: Store, triple: Any, *moves: Move) -> int:
    with store.transaction() as transaction:
        transaction.begin_run("a decision")
        moved = transaction.move_relationships(triple, moves)
        transaction.finish_run()
    return moved


def tags(store: Store, parcel: str = "p") -> list[tuple[str, Any]]:
    found = store.reader().neighbours("Parcel", parcel)
    return [(n.relationship.end, n.relationship.properties.get("word")) for n in found]


def test_one_of_several_is_moved_and_keeps_its_provenance(store: Store) -> None:
    said = [link(TAGGED, "p", "unknown", word=word) for word in ("a", "b")]
    ingest(store, causes=CAUSES, a={"1": said})
    before = store.reader().neighbours("Parcel", "p")[0].relationship
    assert move(store, TAGGED, Move("p", "unknown", "a", "late")) == 1
    reader = store.reader()
    assert tags(store) == [("late", "a"), ("unknown", "b")]
    after = reader.neighbours("Parcel", "p")[0].relationship
    assert (after.source, dict(after.properties)) == (before.source, dict(before.properties))
    assert after.valid_from > before.valid_from
    assert linked(reader, "Cause", "unknown") == ["p-TAGGED->unknown"]
    assert reader.totals().relationships == {"TAGGED": 2}


def test_properties_are_set_and_taken_away(store: Store) -> None:
    ingest(store, a={"1": [link(PASSED, "p", "north", scan=1, note="x"), node("Region", "south")]})
    move(store, PASSED, Move("p", "north", 1, "south", {"note": "moved"}))
    [found] = store.reader().neighbours("Parcel", "p")
    assert (found.relationship.end, dict(found.relationship.properties)) == (
        "south",
        {"scan": 1, "note": "moved"},
    )
    move(store, PASSED, Move("p", "south", 1, "south", {"note": None}))
    [found] = store.reader().neighbours("Parcel", "p")
    assert dict(found.relationship.properties) == {"scan": 1}


def test_what_was_moved_stays_until_its_record_says_otherwise(store: Store) -> None:
    rows = {"1": [link(TAGGED, "p", "unknown", word="a")]}
    ingest(store, causes=CAUSES, a=rows)
    move(store, TAGGED, Move("p", "unknown", "a", "late"))
    ingest(store, causes=CAUSES, a=rows)
    assert tags(store) == [("late", "a")]
    ingest(store, causes=CAUSES, a={"1": [link(TAGGED, "p", "late", word="a"), node("Parcel", "p")]})
    assert tags(store) == [("late", "a")]
    ingest(store, causes=CAUSES, a={"1": [link(TAGGED, "p", "lost", word="a")]})
    assert tags(store) == [("lost", "a")]
    ingest(store, causes=CAUSES, a={})
    assert store.reader().find("Parcel", "p") is None


def test_every_contribution_is_moved(store: Store) -> None:
    rows = {"1": [link(TAGGED, "p", "unknown", word="a")]}
    ingest(store, causes=CAUSES, a=rows, b=rows)
    assert move(store, TAGGED, Move("p", "unknown", "a", "late")) == 1
    ingest(store, causes=CAUSES, a={}, b=rows)
    assert tags(store) == [("late", "a")]


def test_an_end_that_nothing_holds_any_more_closes(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q"), node("Parcel", "r")]})
    move(store, NEXT, Move("p", "q", None, "r"))
    assert keys_of(store.reader(), "Parcel") == ["p", "r"]


def test_back_and_forth_is_as_before(store: Store) -> None:
    ingest(store, causes=CAUSES, a={"1": [link(TAGGED, "p", "unknown", word="a")]})
    before = snapshot(store.reader())
    move(store, TAGGED, Move("p", "unknown", "a", "late"))
    move(store, TAGGED, Move("p", "late", "a", "unknown"))
    assert snapshot(store.reader()) == before


def test_what_is_not_there_is_not_moved(store: Store) -> None:
    ingest(store, causes=CAUSES, a={"1": [link(TAGGED, "p", "unknown", word="a")]})
    before = snapshot(store.reader())
    for start, end, slot in (
        ("q", "unknown", "a"),
        ("p", "late", "a"),
        ("p", "unknown", "b"),
        ("p", "x", "a"),
    ):
        assert move(store, TAGGED, Move(start, end, slot, "lost")) == 0
    with pytest.raises(NotFoundError):
        move(store, TAGGED, Move("p", "unknown", "a", "nowhere"))
    assert snapshot(store.reader()) == before


def test_customers_and_slots_are_not_moved(store: Store) -> None:
    ingest(store, a={"1": [customer("r"), link(SENT, "r", "p"), link(PASSED, "p", "north", scan=1)]})
    with pytest.raises(UsageError):
        move(store, SENT, Move("r", "p", None, "p"))
    with pytest.raises(UsageError):
        move(store, PASSED, Move("p", "north", 1, "north", {"scan": 2}))
    with pytest.raises(UsageError):
        move(store, PASSED, Move("p", "north", 1, "north", {"colour": "red"}))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    said=st.lists(
        st.tuples(st.sampled_from("pq"), st.sampled_from(sorted(CAUSES)), st.sampled_from("ab")),
        unique=True,
        max_size=6,
    ),
    moves=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(sorted(CAUSES))), max_size=6),
)
def test_store_and_model_agree_on_moves(
    fresh: Fresh, said: list[tuple[str, str, str]], moves: list[tuple[int, str]]
) -> None:
    model = Model(VOCABULARY)
    with fresh() as store:
        rows: Rows = {
            str(i): [link(TAGGED, parcel, cause, word=word)] for i, (parcel, cause, word) in enumerate(said)
        }
        for source, some in (("causes", CAUSES), ("a", rows)):
            append(store, **{source: some})
            model.read(source, some)
        for i, to in moves if said else ():
            found = model.says["a", str(i % len(said))][0]
            move(store, TAGGED, Move(found.start, found.end, found.properties["word"], to))  # type: ignore[union-attr]
            model.move(TAGGED, found.start, found.end, found.properties["word"], to)  # type: ignore[union-attr]
        assert snapshot(store.reader()) == {"nodes": model.nodes(), "relationships": model.relationships()}
        with store.transaction() as transaction:
            transaction.begin_run("nothing new")
            assert read_source(transaction, "a", rows) == 0
        assert snapshot(store.reader()) == {"nodes": model.nodes(), "relationships": model.relationships()}
