"""What came into the graph since a mark."""

from __future__ import annotations

import pytest

from graph import Judgement, Reader, Store
from schema.errors import UsageError
from tests.graph.conformance.company import NEXT, SENT, append, customer, ingest, link, node

COVERS = ("Reader.arrivals",)


def come(reader: Reader, kind: str, mark: str, limit: int = 100) -> list[str]:
    """Return the keys of all that came, a few at a time."""
    keys: list[str] = []
    while True:
        found = reader.arrivals(kind, after=mark, limit=limit)
        keys += [n.key for n in found.nodes]
        assert [reader.get(kind, n.key) for n in found.nodes] == list(found.nodes)
        if not found.nodes:
            return keys
        mark = found.mark


def test_without_a_mark_there_are_none_but_the_mark_of_now(store: Store) -> None:
    assert list(store.reader().arrivals("Parcel").nodes) == []
    ingest(store, a={"1": [node("Parcel", "p")]})
    found = store.reader().arrivals("Parcel")
    assert list(found.nodes) == []
    assert come(store.reader(), "Parcel", found.mark) == []


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_they_come_in_order(store: Store, limit: int) -> None:
    empty = store.reader().arrivals("Parcel").mark
    ingest(store, a={"1": [node("Parcel", "z")]})
    mark = store.reader().arrivals("Parcel").mark
    for key in "dbca":
        append(store, a={key: [node("Parcel", key, label=key), node("Agent", f"agent {key}")]})
    reader = store.reader()
    assert come(reader, "Parcel", mark, limit) == ["d", "b", "c", "a"]
    assert come(reader, "Parcel", empty, limit) == ["z", "d", "b", "c", "a"]
    assert come(reader, "Agent", reader.arrivals("Agent").mark, limit) == []


def test_a_mark_goes_on_where_it_was(store: Store) -> None:
    mark = store.reader().arrivals("Parcel").mark
    append(store, a={"1": [node("Parcel", "p")]})
    first = store.reader().arrivals("Parcel", after=mark)
    again = store.reader().arrivals("Parcel", after=mark)
    assert [n.key for n in first.nodes] == [n.key for n in again.nodes] == ["p"]
    append(store, a={"2": [node("Parcel", "q")]})
    assert come(store.reader(), "Parcel", first.mark) == ["q"]


def test_what_changes_does_not_come_again(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p", label="x")], "2": [node("Parcel", "q")]})
    mark = store.reader().arrivals("Parcel").mark
    ingest(store, a={"1": [node("Parcel", "p", label="y")], "2": [node("Parcel", "q")]})
    append(store, b={"1": [node("Parcel", "p", pieces=1), link(NEXT, "p", "q")]})
    assert come(store.reader(), "Parcel", mark) == []


def test_what_is_touched_first_has_come(store: Store) -> None:
    mark = store.reader().arrivals("Parcel").mark
    append(store, a={"1": [link(NEXT, "p", "q")]})
    found = store.reader().arrivals("Parcel", after=mark)
    assert sorted(n.key for n in found.nodes) == ["p", "q"]
    append(store, a={"2": [node("Parcel", "q", label="said of it")]})
    assert come(store.reader(), "Parcel", found.mark) == []


def test_what_is_gone_does_not_come_and_comes_when_it_is_back(store: Store) -> None:
    start = store.reader().arrivals("Parcel").mark
    ingest(store, a={"1": [node("Parcel", "p")], "2": [node("Parcel", "q")]})
    mark = store.reader().arrivals("Parcel").mark
    ingest(store, a={"2": [node("Parcel", "q")]})
    assert come(store.reader(), "Parcel", mark) == []
    assert come(store.reader(), "Parcel", start) == ["q"]
    gone = store.reader().arrivals("Parcel").mark
    append(store, a={"3": [node("Parcel", "r")]})
    ingest(store, a={"1": [node("Parcel", "p")], "2": [node("Parcel", "q")], "3": [node("Parcel", "r")]})
    append(store, a={"4": [node("Parcel", "s")]})
    for since in (mark, gone):
        for limit in (1, 2, 100):
            assert come(store.reader(), "Parcel", since, limit) == ["r", "p", "s"]


def test_a_node_of_one_kind_is_no_arrival_of_another(store: Store) -> None:
    mark = store.reader().arrivals("Agent").mark
    ingest(store, a={"1": [node("Parcel", "p")]})
    ingest(store, a={})
    ingest(store, a={"1": [node("Parcel", "p")]})
    assert come(store.reader(), "Agent", mark) == []


def assign(store: Store, **to: str) -> None:
    with store.transaction() as transaction:
        transaction.begin_run("identity")
        transaction.assign([Judgement(record, customer) for record, customer in to.items()])


def test_customers_come_with_their_first_record(store: Store) -> None:
    mark = store.reader().arrivals("Customer").mark
    append(store, a={"1": [customer("r1", name="Ana"), link(SENT, "r1", "p")]})
    assert come(store.reader(), "Customer", mark) == ["r1"]
    mark = store.reader().arrivals("Customer", after=mark).mark
    append(store, a={"2": [customer("r2", name="A. Souza")]})
    assign(store, r2="r1")
    assert come(store.reader(), "Customer", mark) == []  # r2 came and went; r1 was kept


def test_a_customer_that_stands_again_on_its_own_comes_again(store: Store) -> None:
    append(store, a={"1": [customer("r1", name="Ana")], "2": [customer("r2", name="A. Souza")]})
    assign(store, r2="r1")
    mark = store.reader().arrivals("Customer").mark
    assign(store, r2="r2")
    assert come(store.reader(), "Customer", mark) == ["r2"]
    mark = store.reader().arrivals("Customer").mark
    assign(store, r2="new", r1="new")
    assert come(store.reader(), "Customer", mark) == ["new"]
    mark = store.reader().arrivals("Customer").mark
    assign(store, r1="r1")
    assert come(store.reader(), "Customer", mark) == ["r1"]


def test_a_customer_whose_records_come_and_go_is_kept(store: Store) -> None:
    both = {"1": [customer("r1", name="Ana")], "2": [customer("r2", name="Ana Souza")]}
    ingest(store, a=both)
    assign(store, r2="r1")
    mark = store.reader().arrivals("Customer").mark
    ingest(store, a={"1": both["1"]})
    ingest(store, a={"1": [customer("r1", name="Ana S.")]})
    assert come(store.reader(), "Customer", mark) == []


def test_what_comes_after_an_erasure_is_not_missed(store: Store) -> None:
    append(store, a={"1": [customer("r1", name="Ana")]})
    append(store, a={"2": [customer("r2", name="Rui"), link(SENT, "r2", "p")]})
    marks = {kind: store.reader().arrivals(kind).mark for kind in ("Customer", "SourceRecord", "Parcel")}
    with store.transaction() as transaction:
        transaction.begin_run("erasure")
        transaction.erase_customer("r2")
    append(store, a={"3": [customer("r3", name="Eve"), link(SENT, "r3", "q")]})
    reader = store.reader()
    assert come(reader, "Customer", marks["Customer"]) == ["r3"]
    assert come(reader, "SourceRecord", marks["SourceRecord"]) == ["r3"]
    assert come(reader, "Parcel", marks["Parcel"]) == ["q"]


def test_a_transaction_undone_brings_nothing(store: Store) -> None:
    mark = store.reader().arrivals("Parcel").mark
    with pytest.raises(ValueError, match="on purpose"), store.transaction() as transaction:
        transaction.begin_run("a project")
        transaction.upsert_records("a", ["1"], [1])
        transaction.upsert_nodes("Parcel", "a", ["1"], ["p"], {})
        raise ValueError("on purpose")
    assert come(store.reader(), "Parcel", mark) == []
    append(store, a={"1": [node("Parcel", "q")]})
    assert come(store.reader(), "Parcel", mark) == ["q"]


def test_what_cannot_be_asked(store: Store) -> None:
    reader = store.reader()
    mark = reader.arrivals("Parcel").mark
    with pytest.raises(UsageError):
        reader.arrivals("Nothing")
    for wrong in ("no mark", "", "1e9999", "-1", "😀"):
        with pytest.raises(UsageError):
            reader.arrivals("Parcel", after=wrong)
    for limit in (0, -1):
        with pytest.raises(UsageError):
            reader.arrivals("Parcel", after=mark, limit=limit)
