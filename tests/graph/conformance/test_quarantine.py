"""Rows that were not written, and why."""

from __future__ import annotations

from graph import FieldError, RejectedRow, Store

COVERS = ("Transaction.reject", "Transaction.release", "Reader.rejected_rows")

ERRORS = (FieldError("sent_on", "'31/02/2026' is not a day"), FieldError("", "has 3 columns, not 4"))


def row(source: str, position: str, key: str | None = None, **raw: object) -> RejectedRow:
    return RejectedRow(source, position, key, raw or {"id": position}, ERRORS)


def reject(store: Store, *rows: RejectedRow) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.reject(rows)


def test_a_row_is_kept_as_it_was_read(store: Store) -> None:
    rows = [
        row("a", "line 2", "k1", id="k1", text='á "quoted"\n\t😀 \\', empty="", none=None),
        row("a", "line 9", None, n=1, f=0.5, nested={"a": [1, None, "x"]}, flag=True),
    ]
    reject(store, *rows)
    assert list(store.reader().rejected_rows()) == rows


def test_rows_are_by_source_in_order_of_entry(store: Store) -> None:
    reject(store, row("b", "3"), row("a", "1"), row("b", "1"))
    reject(store, row("a", "0"))
    reader = store.reader()
    assert [(r.source, r.position) for r in reader.rejected_rows()] == [
        ("b", "3"),
        ("b", "1"),
        ("a", "1"),
        ("a", "0"),
    ]
    assert [r.position for r in reader.rejected_rows(source="a")] == ["1", "0"]
    assert list(reader.rejected_rows(source="nowhere")) == []


def test_a_position_is_kept_once_as_it_was_last(store: Store) -> None:
    reject(store, row("a", "1", text="old"), row("b", "1", text="other source"))
    reject(store, row("a", "1", text="new"))
    found = {(r.source, r.position): r.row for r in store.reader().rejected_rows()}
    assert found == {("a", "1"): {"text": "new"}, ("b", "1"): {"text": "other source"}}
    assert len(list(store.reader().rejected_rows())) == 2


def test_released_rows_are_gone(store: Store) -> None:
    reject(store, row("a", "1"), row("a", "2"), row("b", "1"))
    with store.transaction() as transaction:
        transaction.release("a", ["1", "7"])
        transaction.release("nowhere", ["1"])
    assert [(r.source, r.position) for r in store.reader().rejected_rows()] == [("a", "2"), ("b", "1")]
    with store.transaction() as transaction:
        transaction.release("a", [])
    assert len(list(store.reader().rejected_rows())) == 2


def test_the_quarantine_may_be_read_while_rows_are_released(store: Store) -> None:
    reject(store, *(row("a", f"{i:03}") for i in range(300)))
    seen = []
    for rejected in store.reader().rejected_rows():
        seen.append(rejected.position)
        if len(seen) % 100 == 0:
            with store.transaction() as transaction:
                transaction.release("a", seen[-100:])
    assert seen == [f"{i:03}" for i in range(300)]
    assert list(store.reader().rejected_rows()) == []
