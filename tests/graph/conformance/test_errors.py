"""What is not there is `NotFoundError`; what cannot be is `UsageError`, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph import Run, Store, Transaction
from schema.errors import MotivoError, NotFoundError, UsageError
from schema.kinds import Triple
from tests.graph.conformance.company import BEFORE_ALL, NEXT, ingest, node

COVERS = ("Reader.get", "Reader.find", "Reader.history", "Transaction.resume_run")


def test_a_node_that_is_not_there(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    reader = store.reader()
    for kind, key in (("Parcel", "nowhere"), ("Agent", "p")):
        with pytest.raises(NotFoundError):
            reader.get(kind, key)
    with pytest.raises(NotFoundError):
        reader.get("Parcel", "p", at=BEFORE_ALL)


def test_a_kind_that_is_not_there(store: Store) -> None:
    reader = store.reader()
    for ask in (reader.get, reader.find, reader.history):
        with pytest.raises(UsageError, match="Nothing"):
            ask("Nothing", "p")
    for hostile in ('Parcel"', "Parcel; --", "parcel", ""):
        with pytest.raises(UsageError):
            reader.find(hostile, "p")


WRONG: dict[str, Callable[[Transaction], None]] = {
    "kind": lambda t: t.upsert_nodes("Nothing", "a", ["2"], ["x"], {}),
    "property": lambda t: t.upsert_nodes("Parcel", "a", ["2"], ["x"], {"nothing": [1]}),
    "triple": lambda t: t.upsert_relationships(
        Triple("Parcel", "NEXT", "Agent"), "a", ["2"], ["p"], ["x"], {}
    ),
    "type": lambda t: t.upsert_relationships(
        Triple("Parcel", "NOTHING", "Parcel"), "a", ["2"], ["p"], ["x"], {}
    ),
    "relationship property": lambda t: t.upsert_relationships(
        NEXT, "a", ["2"], ["p"], ["x"], {"nothing": [1]}
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_the_vocabulary_lacks_cannot_be_written(store: Store, what: str) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    before = store.reader().totals()
    with pytest.raises(UsageError) as caught, store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.upsert_records("a", ["2"], [2])
        WRONG[what](transaction)
    assert caught.value.hint
    assert store.reader().totals() == before
    assert store.reader().known_records("a", ["2"]) == {}


def test_a_run_that_cannot_be_resumed(store: Store) -> None:
    finished = ingest(store, a={})
    for run in (finished, Run(999, finished.started, "print")):
        with pytest.raises(UsageError), store.transaction() as transaction:
            transaction.resume_run(run)


def test_nothing_is_written_before_a_run_has_begun(store: Store) -> None:
    with pytest.raises(UsageError), store.transaction() as transaction:
        transaction.upsert_records("a", ["1"], [1])


def test_columns_of_different_length_are_an_error(store: Store) -> None:
    with pytest.raises((MotivoError, ValueError)), store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.upsert_records("a", ["1", "2"], [1, 2])
        transaction.upsert_nodes("Parcel", "a", ["1", "2"], ["p", "q"], {"pieces": [1]})
    assert store.reader().find("Parcel", "p") is None
