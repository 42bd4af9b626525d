"""A backup opens as a store with equal content."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import Decision, FieldError, Judgement, RejectedRow, Store, Subject, open_store
from schema.errors import UsageError
from tests.graph.conformance.company import (
    BEFORE_ALL,
    NEXT,
    SENT,
    append,
    customer,
    ingest,
    link,
    node,
    write,
)
from tests.graph.conformance.conftest import Candidate
from tests.graph.conformance.snapshot import snapshot

COVERS = ("Store.backup",)

ROWS = {
    "1": [customer("r1", name="Ana"), link(SENT, "r1", "p")],
    "2": [node("Parcel", "p", label="box"), link(NEXT, "p", "q", note="x")],
}


@pytest.fixture
def full(store: Store) -> Store:
    ingest(store, a=ROWS, b={"1": [customer("r2")]})
    ingest(store, a={**ROWS, "2": [node("Parcel", "p", label="new box")]})
    with store.transaction() as transaction:
        transaction.begin_run("identity")
        transaction.assign([Judgement("r2", "r1")])
        transaction.keep_setting("name", {"a": 1})
        transaction.decide(Decision("causes", "accept", "ana", BEFORE_ALL, "", {}, [Subject("Parcel", "p")]))
        transaction.reject([RejectedRow("a", "1", None, {"x": "y"}, (FieldError("x", "is wrong"),))])
    return store


def test_it_holds_what_the_store_holds(full: Store, candidate: Candidate, tmp_path: Path) -> None:
    full.backup(tmp_path / "copy")
    before = full.reader()
    copy = open_store(candidate.restored(tmp_path / "copy"))
    try:
        reader = copy.reader()
        assert snapshot(reader) == snapshot(before)
        assert reader.vocabulary == before.vocabulary
        assert reader.latest_run() == before.latest_run()
        assert reader.history("Parcel", "p") == before.history("Parcel", "p")
        assert list(reader.rejected_rows()) == list(before.rejected_rows())
        assert reader.decisions("causes") == before.decisions("causes") != []
        assert reader.setting("name") == {"a": 1}
        assert [hit.node.key for hit in reader.search("box")] == ["p"]
    finally:
        copy.close()


def test_store_and_copy_live_on_apart(full: Store, candidate: Candidate, tmp_path: Path) -> None:
    full.backup(tmp_path / "copy")
    copy = open_store(candidate.restored(tmp_path / "copy"))
    try:
        then = snapshot(copy.reader())
        append(full, a={"9": [node("Parcel", "store")]})
        assert snapshot(copy.reader()) == then
        append(copy, a={"9": [node("Parcel", "copy")]})
        assert copy.reader().find("Parcel", "store") is None
        assert full.reader().find("Parcel", "copy") is None
        assert copy.reader().check() == full.reader().check() == []
    finally:
        copy.close()


def test_it_is_of_one_moment(full: Store, candidate: Candidate, tmp_path: Path) -> None:
    then = snapshot(full.reader())
    with full.transaction() as transaction:
        transaction.begin_run("another")
        write(transaction, "a", {"9": [node("Parcel", "half")]})
        full.backup(tmp_path / "copy")
    copy = open_store(candidate.restored(tmp_path / "copy"))
    try:
        assert snapshot(copy.reader()) == then
    finally:
        copy.close()


def test_it_overwrites_nothing(full: Store, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("precious")
    with pytest.raises(UsageError):
        full.backup(tmp_path / "there")
    assert (tmp_path / "there").read_text() == "precious"
