"""What is around a node: its relationships, and how many there are of each triple."""

from __future__ import annotations

import pytest

from graph import Branch, Store
from schema.errors import NotFoundError, UsageError
from schema.kinds import Direction
from schema.vocabulary import RESOLVES_TO
from tests.graph.conformance.company import (
    HANDLED,
    NEXT,
    PASSED,
    SENT,
    Fact,
    ingest,
    link,
    linked,
    node,
)

COVERS = ("Reader.neighbours", "Reader.expand", "Reader.vocabulary")


@pytest.fixture
def around(store: Store) -> Store:
    said: list[Fact] = [
        link(SENT, "ana", "p", note="by Ana"),
        link(NEXT, "p", "q", note="out"),
        link(NEXT, "o", "p", note="in"),
        link(NEXT, "p", "p", note="loop"),
        link(PASSED, "p", "south", scan=2),
        link(PASSED, "p", "north", scan=4),
        link(PASSED, "p", "north", scan=3),
        link(HANDLED, "p", "bob", scan=1),
        node("Parcel", "q", label="the next"),
    ]
    ingest(store, a={"1": said})
    return store


def test_they_are_in_order_of_triple_direction_key_and_slot(around: Store) -> None:
    reader = around.reader()
    found = reader.neighbours("Parcel", "p")
    triples = list(reader.vocabulary.triples)
    places = [
        (
            triples.index(n.relationship.triple),
            n.direction is Direction.IN,
            n.node.key,
            n.relationship.properties.get("scan"),
        )
        for n in found
    ]
    assert places == sorted(places)
    assert linked(reader, "Parcel", "p") == [
        "ana-SENT->p",
        "p-NEXT->p",
        "p-NEXT->q",
        "o-NEXT->p",
        "p-NEXT->p",
        "p-PASSED->north",
        "p-PASSED->north",
        "p-PASSED->south",
        "p-PASSED->bob",
    ]


def test_a_neighbour_has_its_relationship_and_its_node(around: Store) -> None:
    reader = around.reader()
    out, back = reader.neighbours("Parcel", "q", types=["NEXT"])[0], reader.get("Parcel", "p")
    assert (out.direction, out.node) == (Direction.IN, back)
    assert dict(out.relationship.properties) == {"note": "out"}
    assert (out.relationship.start, out.relationship.end, out.relationship.source) == ("p", "q", "a")


def test_the_node_at_the_other_end_is_the_node_itself(around: Store) -> None:
    reader = around.reader()
    for found in reader.neighbours("Parcel", "p"):
        assert found.node == reader.get(found.node.kind, found.node.key)


def test_types_and_direction_narrow(around: Store) -> None:
    reader = around.reader()
    assert linked(reader, "Parcel", "p", ["SENT", "PASSED"]) == [
        "ana-SENT->p",
        "p-PASSED->north",
        "p-PASSED->north",
        "p-PASSED->south",
        "p-PASSED->bob",
    ]
    inward = reader.neighbours("Parcel", "p", direction=Direction.IN)
    assert [n.relationship.start for n in inward] == ["ana", "o", "p"]
    outward = reader.neighbours("Parcel", "p", types=["NEXT"], direction=Direction.OUT)
    assert [n.relationship.end for n in outward] == ["p", "q"]
    assert reader.neighbours("Parcel", "p", types=[]) == []
    assert reader.neighbours("Parcel", "p", types=["FILED"]) == []


def test_the_limit_cuts_behind_the_first(around: Store) -> None:
    reader = around.reader()
    everything = reader.neighbours("Parcel", "p")
    for limit in range(1, len(everything) + 2):
        assert reader.neighbours("Parcel", "p", limit=limit) == everything[:limit]


def test_expand_counts_each_triple_and_direction(around: Store) -> None:
    assert around.reader().expand("Parcel", "p") == [
        Branch(SENT, Direction.IN, 1),
        Branch(NEXT, Direction.OUT, 2),
        Branch(NEXT, Direction.IN, 2),
        Branch(PASSED, Direction.OUT, 3),
        Branch(HANDLED, Direction.OUT, 1),
    ]


def test_expand_counts_what_neighbours_lists(around: Store) -> None:
    reader = around.reader()
    for kind, key in (("Parcel", "p"), ("Region", "north"), ("Customer", "ana"), ("SourceRecord", "ana")):
        found = [(n.relationship.triple, n.direction) for n in reader.neighbours(kind, key)]
        assert [(b.triple, b.direction, b.count) for b in reader.expand(kind, key)] == [
            (*branch, found.count(branch)) for branch in dict.fromkeys(found)
        ]


def test_resolutions_are_relationships_like_others(around: Store) -> None:
    reader = around.reader()
    assert reader.expand("SourceRecord", "ana") == [Branch(RESOLVES_TO, Direction.OUT, 1)]
    assert linked(reader, "Customer", "ana") == ["ana-RESOLVES_TO->ana", "ana-SENT->p"]


def test_a_node_alone_has_none(store: Store) -> None:
    ingest(store, a={"1": [node("Parcel", "p")]})
    assert store.reader().neighbours("Parcel", "p") == []
    assert store.reader().expand("Parcel", "p") == []


def test_a_node_that_is_not_there(around: Store) -> None:
    reader = around.reader()
    for ask in (reader.neighbours, reader.expand):
        with pytest.raises(NotFoundError):
            ask("Parcel", "nowhere")
        with pytest.raises(UsageError):
            ask("Nothing", "p")
    with pytest.raises(UsageError):
        reader.neighbours("Parcel", "p", types=["NO_SUCH"])
    with pytest.raises(UsageError):
        reader.neighbours("Parcel", "p", limit=0)


@pytest.mark.parametrize("limit", [1, 50, 300, 1_000])
def test_of_a_hub_too_the_first_come_in_order(store: Store, limit: int) -> None:
    keys = [f"{i * 7_919 % 1_000:03}" for i in range(900)]
    last = sorted(keys)[-300:]
    hubs = {"spread": keys[::2], "first": sorted(keys)[:300], "last": last, "all": keys}
    rows = {
        key: [
            link(NEXT, "hub", key),
            *(link(PASSED, key, hub, scan=scan) for hub in hubs if key in hubs[hub] for scan in (2, 1)),
        ]
        for key in keys
    }
    ingest(store, a=rows)
    # Every tenth has left all hubs since.
    gone = set(keys[::10])
    ingest(store, a=rows | {key: [node("Parcel", key, label="gone")] for key in gone})
    reader = store.reader()
    for hub, near in hubs.items():
        wanted = [(key, scan) for key in sorted(set(near) - gone) for scan in (1, 2)]
        found = reader.neighbours("Region", hub, limit=limit)
        assert [(n.node.key, n.relationship.properties["scan"]) for n in found] == wanted[:limit]
    following = reader.neighbours("Parcel", "hub", direction=Direction.OUT, limit=limit)
    assert [n.node.key for n in following] == sorted(set(keys) - gone)[:limit]
