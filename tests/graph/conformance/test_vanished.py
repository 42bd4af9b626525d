"""What a source has no longer is closed; what another source says stays."""

from __future__ import annotations

from graph import FieldError, RejectedRow, Store
from tests.graph.conformance.company import (
    NEXT,
    append,
    ingest,
    keys_of,
    link,
    linked,
    node,
    properties_of,
    write,
)

COVERS = ("Transaction.close_vanished", "Transaction.touch_records", "Reader.known_records")


def close(store: Store, source: str, seen: list[str]) -> int:
    with store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.touch_records(source, seen)
        closed = transaction.close_vanished(source)
        transaction.finish_run()
    return closed


def test_it_counts_the_records_that_are_gone(store: Store) -> None:
    ingest(store, a={r: [node("Parcel", f"p{r}"), node("Agent", f"x{r}")] for r in "123"})
    assert close(store, "a", ["2"]) == 2
    assert close(store, "a", ["2"]) == 0
    assert close(store, "a", []) == 1
    assert keys_of(store.reader(), "Parcel") == []


def test_a_part_of_a_source_closes_nothing_by_itself(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    append(store, a={"2": [node("Parcel", "q")]})
    assert keys_of(store.reader(), "Parcel") == ["p", "q"]


def test_what_another_source_says_stays(store: Store) -> None:
    both = [node("Parcel", "p", label="x"), node("Parcel", "q"), link(NEXT, "p", "q")]
    ingest(store, a={"1": both}, b={"1": [*both, node("Parcel", "r")]})
    ingest(store, a={})
    reader = store.reader()
    assert keys_of(reader, "Parcel") == ["p", "q", "r"]
    assert linked(reader, "Parcel", "p") == ["p-NEXT->q"]
    assert reader.get("Parcel", "p").source == "b"


def test_what_another_record_says_stays(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="one")], "2": [node("Parcel", "p", label="two")]})
    ingest(store, a={"2": [node("Parcel", "p", label="two")]})
    assert properties_of(store.reader(), "Parcel", "p") == {"label": "two"}


def test_only_that_source_is_closed(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]}, b={"1": [node("Parcel", "q")]})
    assert close(store, "a", []) == 1
    assert keys_of(store.reader(), "Parcel") == ["q"]


def test_a_record_that_is_gone_is_known_no_longer(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    assert list(store.reader().known_records("a", ["1"])) == ["1"]
    close(store, "a", [])
    assert store.reader().known_records("a", ["1"]) == {}


def test_records_written_in_the_same_run_stay(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    with store.transaction() as transaction:
        run = transaction.begin_run("a project")
        write(transaction, "a", {"2": [node("Parcel", "q")]})
    with store.transaction() as transaction:
        transaction.resume_run(run)
        assert transaction.close_vanished("a") == 1
    assert keys_of(store.reader(), "Parcel") == ["q"]


def test_a_source_never_seen_has_nothing_to_close(store: Store) -> None:
    assert close(store, "nowhere", []) == 0


def test_old_quarantine_of_the_source_is_dropped(store: Store) -> None:
    def rejected(source: str, position: str) -> RejectedRow:
        return RejectedRow(source, position, None, {"a": "b"}, (FieldError("a", "is wrong"),))

    with store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.reject([rejected("a", "1"), rejected("a", "2"), rejected("b", "1")])
    with store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.reject([rejected("a", "2")])
        transaction.close_vanished("a")
    left = [(row.source, row.position) for row in store.reader().rejected_rows()]
    assert left == [("a", "2"), ("b", "1")]
