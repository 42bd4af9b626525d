"""All that a store keeps, copied into another store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph import (
    Archive,
    Decision,
    FieldError,
    Judgement,
    Progress,
    Reader,
    RejectedRow,
    Store,
    Subject,
    copy_store,
    open_store,
)
from graph.archive import Part, Sum, parts, sum_part
from graph.model import Counts
from schema.errors import RefusedError, StoreError
from schema.values import Amount
from tests.graph.conformance.company import (
    BEFORE_ALL,
    FILED,
    NEXT,
    REFERRED,
    SENT,
    TAGGED,
    append,
    customer,
    ingest,
    keys_of,
    link,
    node,
)
from tests.graph.conformance.conftest import Fresh
from tests.graph.conformance.snapshot import snapshot

COVERS = ("Store.archive",)

LONG = "ñ" * 1_500


@pytest.fixture
def full(store: Store) -> Store:
    """A store with something in every part: a past, closed nodes, a merged customer, long keys."""
    rows: dict[str, list[Any]] = {
        "1": [customer("r1", name="Ana"), link(SENT, "r1", "p", paid=Amount(1, "BRL"))],  # type: ignore[arg-type]
        "2": [node("Parcel", "p", label="box", carrier=LONG, pieces=2), link(NEXT, "p", "q")],
        "3": [node("Complaint", "c", text="late"), link(FILED, "r1", "c"), link(REFERRED, "r1", "r2")],
        "4": [node("Parcel", LONG, fragile=True), link(TAGGED, LONG, "late", word=LONG)],
        "5": [node("Agent", "gone", name="Gone"), link(NEXT, "x", "y")],
    }
    ingest(store, a=rows, b={"1": [customer("r2", name="A.")]})
    ingest(store, a={**{k: rows[k] for k in "134"}, "2": [node("Parcel", "p", label="new box")]})
    with store.transaction() as transaction:
        run = transaction.begin_run("identity")
        transaction.assign([Judgement("r2", "r1")])
        transaction.keep_setting("name", {"a": [1, None]})
        transaction.decide(Decision("causes", "accept", "ana", BEFORE_ALL, "", {}, [Subject("Parcel", "p")]))
        transaction.reject([RejectedRow("a", "1", None, {"x": "y"}, (FieldError("x", "is wrong"),))])
        transaction.save_progress("a", Progress({"row": 3}, Counts(3, 2, 1, 0), done=True))
        transaction.resume_run(run)
    return store


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'other.db'}")) as store:
        yield store


@pytest.fixture
def back(fresh: Fresh) -> Iterator[Store]:
    """An empty store to copy back into."""
    with fresh(None) as store:
        yield store


def sums(store: Store) -> dict[Part, Sum]:
    archive: Archive = store.archive()
    with archive.reading():
        return {part: sum_part(archive, part) for part in parts(store.reader().vocabulary)}


def answers(reader: Reader) -> list[Any]:
    return [
        snapshot(reader),
        reader.totals(),
        reader.latest_run(),
        [reader.history(kind, key) for kind in ("Parcel", "Customer") for key in keys_of(reader, kind)],
        [reader.find("Parcel", "q", at=reader.get("Parcel", "p").valid_from)],
        list(reader.rejected_rows()),
        reader.decisions("causes"),
        reader.setting("name"),
        reader.known_records("a", list("12345")),
        reader.progress(3, "a"),
        [(hit.node, hit.snippet) for hit in reader.search("box")],
        reader.check(),
    ]


def test_a_copy_answers_as_the_original_there_and_back(full: Store, other: Store, back: Store) -> None:
    copied = copy_store(full, other)
    assert not copied.resumed
    assert sums(other) == sums(full)
    assert answers(other.reader()) == answers(full.reader())
    copy_store(other, back)
    assert sums(back) == sums(full)
    assert answers(back.reader()) == answers(full.reader())


def test_a_copy_lives_on(full: Store, other: Store, back: Store) -> None:
    copy_store(full, other)
    copy_store(other, back)
    for store in (full, back):
        append(store, a={"1": [customer("r1", name="New")], "9": [node("Agent", "gone", name="Back")]})
        ingest(store, b={})
    found = [snapshot(store.reader()) for store in (full, back)]
    assert found[0] == found[1]
    assert full.reader().find("Agent", "gone") is not None


class CutError(Exception):
    """As a kill would: at some place of the copy."""


class Cutting:
    """Cuts a copy off when it has written so many times."""

    def __init__(self, after: int) -> None:
        self.left = after

    def begin(self, source: str, size: int | None, done: int) -> None:
        pass

    def advance(self, source: str, done: int, rows: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise CutError

    def end(self, source: str) -> None:
        pass


def test_a_copy_that_is_cut_off_goes_on_where_it_was(full: Store, other: Store, back: Store) -> None:
    copy_store(full, other)
    for after in (2, 4, 7):
        with pytest.raises(CutError):
            copy_store(other, back, Cutting(after))
    assert copy_store(other, back).resumed
    assert sums(back) == sums(full)
    with pytest.raises(RefusedError):
        copy_store(full, back)


def test_a_store_that_holds_anything_is_not_written_over(full: Store, other: Store) -> None:
    ingest(other, a={"1": [node("Product", "p")]})
    before = snapshot(other.reader())
    with pytest.raises(RefusedError):
        copy_store(full, other)
    assert snapshot(other.reader()) == before


def test_what_differs_is_seen(full: Store, other: Store, back: Store) -> None:
    copy_store(full, other)
    with pytest.raises(CutError):
        copy_store(other, back, Cutting(20))
    with back.transaction() as transaction:
        transaction.keep_setting("name", "changed meanwhile")
    with pytest.raises(StoreError, match="setting"):
        copy_store(other, back)
