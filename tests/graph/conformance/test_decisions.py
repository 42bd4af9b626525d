"""What people decided, in order, with what it was about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from graph import Decision, Store, Subject
from tests.graph.conformance.company import FILED, customer, ingest, link, node

COVERS = ("Transaction.decide", "Reader.decisions", "Transaction.erase_customer")

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def decide(store: Store, action: str, *subjects: Subject, topic: str = "causes", **said: Any) -> Decision:
    with store.transaction() as transaction:
        return transaction.decide(Decision(topic, action, "ana", AT, "it is so", said, list(subjects)))


def test_a_decision_is_kept_as_it_was_made(store: Store) -> None:
    subjects = [Subject("Complaint", "c2", {"quote": "« á » \n 'x'"}), Subject("Complaint", "c1")]
    made = decide(store, "accept", *subjects, names={"es": "Año"}, size=3, none=None)
    assert made.id > 0
    assert store.reader().decisions("causes") == [made]
    assert (made.by, made.at, made.why, made.said["names"]) == ("ana", AT, "it is so", {"es": "Año"})


def test_decisions_come_in_order_by_topic(store: Store) -> None:
    made = [decide(store, "a"), decide(store, "b", topic="people"), decide(store, "c")]
    assert sorted(d.id for d in made) == [d.id for d in made]
    reader = store.reader()
    assert [d.action for d in reader.decisions("causes")] == ["a", "c"]
    assert [d.action for d in reader.decisions("people")] == ["b"]
    assert reader.decisions("nothing") == []


def test_a_decision_needs_no_run_and_is_kept_with_its_transaction(store: Store) -> None:
    with pytest.raises(ValueError, match="on purpose"), store.transaction() as transaction:
        transaction.decide(Decision("causes", "a", "ana", AT))
        assert [d.action for d in transaction.reader.decisions("causes")] == ["a"]
        raise ValueError("on purpose")
    assert store.reader().decisions("causes") == []


def test_subjects_of_an_erased_customer_are_erased(store: Store) -> None:
    ingest(
        store,
        crm={
            "1": [customer("ana"), node("Complaint", "c1", text="mine"), link(FILED, "ana", "c1")],
            "2": [customer("ben"), node("Complaint", "c2", text="his"), link(FILED, "ben", "c2")],
        },
    )
    subjects = [Subject("Complaint", key, {"quote": key}) for key in ("c1", "c2", "c9")]
    made = decide(store, "accept", *subjects, Subject("Cause", "c1"))
    with store.transaction() as transaction:
        transaction.erase_customer("ana")
    [found] = store.reader().decisions("causes")
    assert [(s.kind, s.key) for s in found.subjects] == [
        ("Complaint", "c2"),
        ("Complaint", "c9"),
        ("Cause", "c1"),
    ]
    assert (found.id, found.action, found.why) == (made.id, made.action, made.why)
