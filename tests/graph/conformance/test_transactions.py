"""All of a transaction is kept, or nothing; readers never see half of one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from graph import FieldError, Judgement, Progress, Reader, RejectedRow, Store
from graph.model import Counts
from tests.graph.conformance.company import NEXT, customer, ingest, keys_of, link, node, write

COVERS = ("Store.transaction", "Store.reader", "Transaction.reader", "Reader.latest_run")

ROWS = {"1": [node("Parcel", "p", label="kept"), node("Parcel", "q"), link(NEXT, "p", "q"), customer("r")]}


def state(reader: Reader) -> list[object]:
    return [
        reader.totals(),
        [list(reader.page(kind).nodes) for kind in reader.vocabulary.kinds],
        reader.neighbours("Parcel", "p"),
        reader.latest_run(),
        list(reader.rejected_rows()),
        reader.setting("name"),
        reader.known_records("a", ["1", "2"]),
        [reader.progress(run, "a") for run in range(5)],
        reader.history("Parcel", "p"),
        reader.search("kept"),
    ]


def test_an_exception_undoes_everything(store: Store) -> None:
    ingest(store, a=ROWS)
    before = state(store.reader())
    with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
        transaction.begin_run("another")
        write(transaction, "a", {"1": [node("Parcel", "p", label="lost")], "2": [link(NEXT, "p", "x")]})
        write(transaction, "b", {"1": [node("Agent", "y")]})
        transaction.assign([Judgement("r", "c-1")])
        transaction.reject([RejectedRow("a", "9", None, {}, (FieldError("", "is wrong"),))])
        transaction.keep_setting("name", 1)
        transaction.save_progress("a", Progress({"row": 1}, Counts(read=1)))
        transaction.close_vanished("a")
        transaction.finish_run()
        raise ZeroDivisionError
    assert state(store.reader()) == before


def test_an_undone_source_has_no_rank(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
        transaction.begin_run("another")
        write(transaction, "late", {"1": [node("Parcel", "p", label="late")]})
        raise ZeroDivisionError
    ingest(store, early={"1": [node("Parcel", "p", label="early")]})
    ingest(store, late={"1": [node("Parcel", "p", label="late")]})
    assert store.reader().get("Parcel", "p").caption == "early"


def test_readers_see_a_transaction_when_it_has_ended(store: Store) -> None:
    ingest(store, a=ROWS)
    reader = store.reader()
    before = state(reader)
    with store.transaction() as transaction:
        transaction.begin_run("another")
        write(transaction, "a", {"1": [node("Parcel", "p", label="new")]})
        assert state(reader) == before
        assert state(store.reader()) == before
    assert reader.get("Parcel", "p").caption == "new"
    assert keys_of(reader, "Parcel") == ["p"]


def test_the_transactions_own_reader_sees_what_it_wrote(store: Store) -> None:
    with store.transaction() as transaction:
        run = transaction.begin_run("a project")
        write(transaction, "a", ROWS)
        inside = transaction.reader
        assert inside.latest_run() == run
        assert inside.get("Parcel", "p").caption == "kept"
        assert list(inside.known_records("a", ["1"])) == ["1"]
        assert len(inside.neighbours("Parcel", "p")) == 1


def test_readers_in_other_threads(store: Store) -> None:
    ingest(store, a=ROWS)

    def read(_: int) -> list[str]:
        reader = store.reader()
        return [key for _ in range(20) for key in keys_of(reader, "Parcel")]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(read, range(8))) == [["p", "q"] * 20] * 8


def test_readers_see_whole_transactions_while_others_write(store: Store) -> None:
    """Every transaction adds two parcels, so that an odd number is half of one."""
    done = Event()

    def read() -> list[int]:
        reader, seen = store.reader(), []
        while not done.is_set():
            seen.append(reader.totals().nodes.get("Parcel", 0))
        return [*seen, reader.totals().nodes["Parcel"]]

    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read) for _ in range(2)]
        try:
            for i in range(30):
                with store.transaction() as transaction:
                    transaction.begin_run("a project")
                    write(transaction, "a", {f"{i}": [node("Parcel", f"{i}-1"), node("Parcel", f"{i}-2")]})
        finally:
            done.set()
        for seen in (r.result() for r in reading):
            assert [count for count in seen if count % 2] == []
            assert seen == sorted(seen)
            assert seen[-1] == 60


def test_a_store_can_be_written_after_an_exception(store: Store) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
            transaction.begin_run("another")
            raise ZeroDivisionError
    ingest(store, a=ROWS)
    assert keys_of(store.reader(), "Parcel") == ["p", "q"]
