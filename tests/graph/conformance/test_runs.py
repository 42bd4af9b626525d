"""Runs: begun, resumed, finished; how far each has read its sources."""

from __future__ import annotations

import pytest

from graph import Counts, Progress, Store
from tests.graph.conformance.company import ingest, keys_of, node, write

COVERS = (
    "Transaction.begin_run",
    "Transaction.resume_run",
    "Transaction.finish_run",
    "Transaction.save_progress",
    "Reader.latest_run",
    "Reader.progress",
    "Reader.check",
)


def test_there_is_no_run_at_first(store: Store) -> None:
    assert store.reader().latest_run() is None


def test_a_run_is_there_unfinished_then_finished(store: Store) -> None:
    with store.transaction() as transaction:
        run = transaction.begin_run("print")
    found = store.reader().latest_run()
    assert found == run
    assert found is not None
    assert (found.fingerprint, found.finished) == ("print", False)
    with store.transaction() as transaction:
        transaction.resume_run(run)
        transaction.finish_run()
    latest = store.reader().latest_run()
    assert latest is not None
    assert (latest.id, latest.started, latest.finished) == (run.id, run.started, True)


def test_the_newest_run_is_the_latest(store: Store) -> None:
    ingest(store, a={})
    run = ingest(store, a={})
    latest = store.reader().latest_run()
    assert latest is not None
    assert latest.id == run.id


def test_a_resumed_run_goes_on_from_its_start(store: Store) -> None:
    with store.transaction() as transaction:
        run = transaction.begin_run("print")
        write(transaction, "a", {"1": [node("Parcel", "p")]})
    with store.transaction() as transaction:
        transaction.resume_run(run)
        write(transaction, "a", {"2": [node("Parcel", "q")]})
        assert transaction.close_vanished("a") == 0
        transaction.finish_run()
    reader = store.reader()
    assert keys_of(reader, "Parcel") == ["p", "q"]
    assert {reader.get("Parcel", key).run for key in "pq"} == {run.id}
    assert {reader.get("Parcel", key).valid_from for key in "pq"} == {run.started}


def test_a_killed_run_ends_as_an_uninterrupted_one(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", pieces=1)], "2": [node("Parcel", "q")]})
    with store.transaction() as transaction:
        run = transaction.begin_run("print")
        write(transaction, "a", {"1": [node("Parcel", "p", pieces=2)]})
    with pytest.raises(KeyboardInterrupt), store.transaction() as transaction:
        transaction.resume_run(run)
        write(transaction, "a", {"3": [node("Parcel", "r")]})
        raise KeyboardInterrupt
    assert keys_of(store.reader(), "Parcel") == ["p", "q"]
    with store.transaction() as transaction:
        transaction.resume_run(run)
        write(transaction, "a", {"3": [node("Parcel", "r")]})
        assert transaction.close_vanished("a") == 1
        transaction.finish_run()
    reader = store.reader()
    assert keys_of(reader, "Parcel") == ["p", "r"]
    assert reader.get("Parcel", "p").properties == {"pieces": 2}


def test_progress_is_kept_by_run_and_source(store: Store) -> None:
    one = Progress({"row": 10}, Counts(10, 7, 2, 1))
    two = Progress({"row": 20, "file": "á.csv"}, Counts(20, 17, 2, 1), done=True)
    with store.transaction() as transaction:
        run = transaction.begin_run("print")
        transaction.save_progress("a", one)
        transaction.save_progress("b", two)
    reader = store.reader()
    assert reader.progress(run.id, "a") == one
    assert reader.progress(run.id, "b") == two
    with store.transaction() as transaction:
        transaction.resume_run(run)
        transaction.save_progress("a", two)
    assert reader.progress(run.id, "a") == two


def test_progress_of_another_run_or_source_is_none(store: Store) -> None:
    with store.transaction() as transaction:
        run = transaction.begin_run("print")
        transaction.save_progress("a", Progress({}, Counts()))
    assert store.reader().progress(run.id, "b") is None
    assert store.reader().progress(run.id + 1, "a") is None


def test_a_sound_store_has_no_problems(store: Store) -> None:
    assert store.reader().check() == []
    ingest(store, a={"1": [node("Parcel", "p")]})
    assert store.reader().check() == []


def test_an_unfinished_run_is_a_problem_with_a_remedy(store: Store) -> None:
    with store.transaction() as transaction:
        run = transaction.begin_run("print")
    (problem,) = store.reader().check()
    assert str(run.id) in problem.what
    assert problem.remedy
