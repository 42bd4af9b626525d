"""The vocabulary that a store holds, and making room for more."""

from __future__ import annotations

import pytest

from graph import Store, open_store
from schema.errors import UsageError
from schema.kinds import Triple
from schema.vocabulary import Vocabulary, core_vocabulary
from tests.graph.conformance.company import VOCABULARY, ingest, keys_of, link, node, properties_of
from tests.graph.conformance.conftest import Fresh

COVERS = ("Store.declare", "Store.url", "Store.close", "Reader.vocabulary")

ROWS = {"1": [node("Parcel", "p", label="old", carrier="needle"), node("Agent", "bob", name="Bob")]}


def test_an_empty_store_holds_the_core(fresh: Fresh) -> None:
    with fresh(None) as store:
        assert store.reader().vocabulary == core_vocabulary()


def test_a_store_holds_what_it_was_opened_with(store: Store) -> None:
    held = store.reader().vocabulary
    assert held == VOCABULARY
    assert held.triples == VOCABULARY.triples


def test_everything_stays_when_more_is_declared(store: Store) -> None:
    ingest(store, a=ROWS)
    before = [store.reader().get("Parcel", "p"), store.reader().history("Parcel", "p")]
    more = {
        "kinds": {"Truck": {"properties": {"plate": "text"}}, "Parcel": {"properties": {"height": "number"}}},
        "relationships": {
            "LOADED": {"ends": "Parcel -> Truck", "properties": {"place": "integer"}},
            "NEXT": {"ends": "Truck -> Truck", "properties": {"gap": "integer"}},
        },
    }
    store.declare(VOCABULARY.extend(more))
    reader = store.reader()
    assert reader.vocabulary == VOCABULARY.extend(more)
    assert [reader.get("Parcel", "p"), reader.history("Parcel", "p")] == before
    loaded, following = Triple("Parcel", "LOADED", "Truck"), Triple("Truck", "NEXT", "Truck")
    ingest(
        store,
        b={
            "1": [
                node("Parcel", "p", height=0.5),
                node("Truck", "t", plate="ABC"),
                link(loaded, "p", "t", place=1),
                link(following, "t", "u", gap=9),
            ]
        },
    )
    assert properties_of(store.reader(), "Parcel", "p") == {
        "label": "old",
        "carrier": "needle",
        "height": 0.5,
    }
    assert [n.node.key for n in store.reader().neighbours("Truck", "t")] == ["u", "p"]


def test_declaring_again_changes_nothing(store: Store) -> None:
    ingest(store, a=ROWS)
    for vocabulary in (VOCABULARY, core_vocabulary(), Vocabulary()):
        store.declare(vocabulary)
        assert store.reader().vocabulary == VOCABULARY
    assert keys_of(store.reader(), "Parcel") == ["p"]


def test_a_property_can_become_searchable(store: Store) -> None:
    ingest(store, a=ROWS)
    assert store.reader().search("needle") == []
    searchable = {"kinds": {"Parcel": {"properties": {"carrier": {"type": "text", "searchable": True}}}}}
    store.declare(VOCABULARY.extend(searchable))
    assert [hit.node.key for hit in store.reader().search("needle")] == ["p"]
    assert [hit.node.key for hit in store.reader().search("old")] == ["p"]
    ingest(store, a={"1": [node("Parcel", "p", carrier="pin")]})
    assert store.reader().search("needle") == []
    assert [hit.node.key for hit in store.reader().search("pin")] == ["p"]


def test_another_type_for_a_property_is_refused(store: Store) -> None:
    ingest(store, a=ROWS)
    other = Vocabulary().extend({"kinds": {"Parcel": {"properties": {"label": "integer"}}}})
    with pytest.raises(UsageError, match="label"):
        store.declare(other)
    assert store.reader().vocabulary == VOCABULARY
    assert store.reader().get("Parcel", "p").caption == "old"
    ingest(store, a={"1": [node("Parcel", "p", label="new")]})
    assert store.reader().get("Parcel", "p").caption == "new"


def test_a_closed_store_can_be_opened_by_its_url(store: Store) -> None:
    run = ingest(store, a=ROWS)
    store.close()
    again = open_store(store.url)
    try:
        reader = again.reader()
        assert again.url == store.url
        assert again.is_embedded == store.url.startswith("sqlite:")
        assert reader.vocabulary == VOCABULARY
        assert reader.get("Parcel", "p").run == run.id
        assert ingest(again, a=ROWS).started > run.started
        assert len(reader.history("Parcel", "p")) == 1
    finally:
        again.close()


def test_opening_with_more_declares_it(store: Store) -> None:
    ingest(store, a=ROWS)
    store.close()
    more = Vocabulary().extend({"kinds": {"Truck": {"properties": {"plate": "text"}}}})
    again = open_store(store.url, more)
    try:
        assert "Truck" in again.reader().vocabulary.kinds
        assert again.reader().get("Parcel", "p").caption == "old"
    finally:
        again.close()


def test_closing_twice_is_harmless(store: Store) -> None:
    store.close()
    store.close()


def test_names_are_free_whatever_a_store_calls_its_own(fresh: Fresh) -> None:
    kinds = ("Run", "Source", "Record", "Progress", "Rejected", "Setting", "Order", "Reverse")
    indexed = {"type": "text", "indexed": True, "searchable": True}
    names = ("fact", "search", "fact_record", "group", "select")
    more = {
        "kinds": {kind: {"properties": dict.fromkeys(names, indexed)} for kind in kinds},
        "relationships": {"OF": {"ends": "Run -> Order"}, "OF_ORDER": {"ends": "Run -> Reverse"}},
    }
    with fresh(VOCABULARY.extend(more)) as store:
        said = dict.fromkeys(names, "word")
        ingest(store, a={kind: [node(kind, "k", **said)] for kind in kinds})
        reader = store.reader()
        assert reader.totals().nodes == dict.fromkeys(kinds, 1)
        assert all(properties_of(reader, kind, "k") == said for kind in kinds)
        assert {hit.node.kind for hit in reader.search("word")} == set(kinds)
