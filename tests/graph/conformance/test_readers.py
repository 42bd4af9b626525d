"""A reader as such: the version of what it reads, ending what takes too long, letting go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from graph import Condition, Decision, Judgement, Linked, Reader, Store, Where, open_store
from schema.errors import OvertimeError
from schema.kinds import Direction
from schema.vocabulary import Vocabulary
from tests.graph.conformance.company import BEFORE_ALL, NEXT, append, customer, ingest, link, node

COVERS = ("Reader.version", "Reader.interrupt", "Reader.close")


def test_a_version_stands_while_nothing_is_kept(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    reader, other = store.reader(), store.reader()
    version = reader.version()
    assert version == reader.version() == other.version()
    reader.page("Parcel")
    reader.project()
    assert version == reader.version() == store.reader().version()


CHANGES: dict[str, Callable[[Store], object]] = {
    "a node": lambda s: append(s, a={"2": [node("Parcel", "q")]}),
    "a property": lambda s: append(s, a={"1": [node("Parcel", "p", pieces=2)]}),
    "a relationship": lambda s: append(s, a={"2": [link(NEXT, "p", "p")]}),
    "a node gone": lambda s: ingest(s, a={}),
    "nothing but a run": append,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_version_is_another_one_when_something_was_kept(store: Store, what: str) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    reader = store.reader()
    before = reader.version()
    CHANGES[what](store)
    assert before != reader.version() == store.reader().version()


def test_every_change_is_seen(store: Store) -> None:
    ingest(store, a={"1": [customer("r1")], "2": [customer("r2")]})
    reader = store.reader()
    seen = [reader.version()]
    for kept in ("setting", "decision", "judgement", "erasure"):
        with store.transaction() as transaction:
            if kept == "setting":
                transaction.keep_setting("x", 1)
            elif kept == "decision":
                transaction.decide(Decision("topic", "done", "me", BEFORE_ALL))
            else:
                transaction.begin_run(kept)
            if kept == "judgement":
                transaction.assign([Judgement("r2", "r1")])
            if kept == "erasure":
                transaction.erase_customer("r1")
        seen.append(reader.version())
    assert len(set(seen)) == len(seen)


def test_what_another_keeps_is_seen(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    reader = store.reader()
    before = reader.version()
    with closing(open_store(store.url, Vocabulary())) as other:
        assert other.reader().version() == before
        append(other, a={"2": [node("Parcel", "q")]})
        after = other.reader().version()
    assert before != after == reader.version()


def endless(depth: int = 7) -> Condition:
    """Return what takes very long to see, where all are joined to all."""
    tree: Condition = Where("label", "eq", "no such")
    for _ in range(depth):
        tree = Linked(NEXT, Direction.OUT, [tree])
    return tree


@pytest.fixture
def dense(store: Store) -> Store:
    keys = [f"{i:02}" for i in range(30)]
    ingest(store, a={a: [link(NEXT, a, b, note=b) for b in keys] for a in keys})
    return store


def overtime(reader: Reader, ask: Callable[[Reader], object]) -> None:
    """Ask in this thread until it is ended by another one."""
    asking, ended = threading.Event(), threading.Event()

    def interrupt() -> None:
        asking.wait()
        while not ended.wait(0.01):
            reader.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        asking.set()
        with pytest.raises(OvertimeError):
            while True:
                ask(reader)
    finally:
        ended.set()
        thread.join()


ASKS: dict[str, Callable[[Reader], object]] = {
    "page": lambda r: r.page("Parcel", where=[endless()]),
    "aggregate": lambda r: r.aggregate("Parcel", where=[endless()]),
    "follow": lambda r: r.follow(NEXT, Direction.OUT, ["01"], where=[endless()]),
    "degrees": lambda r: r.degrees(NEXT, Direction.OUT, ["01"], where=[endless()]),
    "get many": lambda r: r.get_many("Parcel", ["01"], where=[endless()]),
    "project": lambda r: r.project(),
    "paths": lambda r: r.shortest_paths(("Parcel", "01"), ("Customer", "ana")),
    "search": lambda r: r.search("x", where={"Parcel": [endless()]}),
}


@pytest.mark.parametrize("what", ASKS)
def test_what_takes_too_long_is_ended_and_the_reader_goes_on(dense: Store, what: str) -> None:
    append(dense, b={"1": [customer("ana"), node("Parcel", "01", label="x")]})
    with closing(dense.reader()) as reader:
        overtime(reader, ASKS[what])
        assert reader.get("Parcel", "01").properties == {"label": "x"}
        assert len(reader.page("Parcel").nodes) == 30
        assert reader.aggregate("Parcel") == [{"count": 30}]
        assert reader.project(["Parcel"]).nodes["Parcel"].num_rows == 30
        assert len(reader.neighbours("Parcel", "01", limit=1000)) == 60


def test_a_reader_that_does_nothing_is_not_interrupted(dense: Store) -> None:
    reader = dense.reader()
    for _ in range(50):
        reader.interrupt()
        assert len(reader.page("Parcel").nodes) == 30
        reader.interrupt()
        assert reader.find("Parcel", "no such") is None


def test_other_readers_go_on(dense: Store) -> None:
    reader, other = dense.reader(), dense.reader()
    overtime(reader, lambda r: (other.page("Parcel"), r.page("Parcel", where=[endless()])))


def test_a_reader_lets_go(dense: Store) -> None:
    reader = dense.reader()
    reader.page("Parcel")
    reader.close()
    reader.close()
    reader.interrupt()
    ingest(dense, a={})
    assert list(dense.reader().page("Parcel").nodes) == []
    unused = dense.reader()
    unused.close()


def test_a_reader_may_be_closed_by_another_thread(dense: Store) -> None:
    reader = dense.reader()
    reader.page("Parcel")
    thread = threading.Thread(target=reader.close)
    thread.start()
    thread.join()
    assert len(dense.reader().page("Parcel").nodes) == 30
