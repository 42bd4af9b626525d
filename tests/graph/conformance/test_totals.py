"""How much the graph holds."""

from __future__ import annotations

from graph import Store, Totals
from tests.graph.conformance.company import HANDLED, NEXT, PASSED, SENT, ingest, link, node

COVERS = ("Reader.totals",)


def test_an_empty_store_holds_nothing(store: Store) -> None:
    assert store.reader().totals() == Totals({}, {})


def test_open_nodes_by_kind_and_relationships_by_type(store: Store) -> None:
    said = [
        node("Parcel", "p"),
        link(SENT, "ana", "p"),
        link(PASSED, "p", "north", scan=1),
        link(PASSED, "p", "north", scan=2),
        link(HANDLED, "p", "bob", scan=1),
    ]
    ingest(store, a={"1": said}, b={"1": said})
    nodes = {"Customer": 1, "SourceRecord": 1, "Parcel": 1, "Region": 1, "Agent": 1}
    relationships = {"RESOLVES_TO": 1, "SENT": 1, "PASSED": 3}
    assert store.reader().totals() == Totals(nodes, relationships)


def test_what_is_closed_is_not_counted(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")], "2": [node("Parcel", "r")]})
    ingest(store, a={"2": [node("Parcel", "r")]})
    assert store.reader().totals() == Totals({"Parcel": 1}, {})
