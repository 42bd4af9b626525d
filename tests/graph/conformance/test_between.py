"""The relationships among some nodes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph import Reader, Ref, Relationship, Store
from schema.errors import UsageError
from schema.vocabulary import RESOLVES_TO
from tests.graph.conformance import goods
from tests.graph.conformance.company import NEXT, VOCABULARY, ingest, link, node
from tests.graph.conformance.conftest import Fresh

COVERS = ("Reader.between",)


@pytest.fixture(scope="module")
def reader(fresh: Fresh) -> Iterator[Reader]:
    with fresh() as store:
        goods.fill(store)
        yield store.reader()


def shown(found: list[Relationship]) -> list[str]:
    return [
        f"{r.start}-{r.triple.type}->{r.end}" + (f" {scan}" if (scan := r.properties.get("scan")) else "")
        for r in found
    ]


def parcels(keys: str) -> list[Ref]:
    return [("Parcel", key) for key in keys]


def test_both_ends_are_among_them(reader: Reader) -> None:
    assert shown(reader.between(parcels("abf"))) == [
        "a-NEXT->a",
        "a-NEXT->b",
        "b-NEXT->a",
        "f-NEXT->a",
        "f-NEXT->b",
    ]
    assert shown(reader.between(parcels("ace"))) == ["a-NEXT->a"]
    assert reader.between(parcels("ce")) == []


def test_they_are_in_order_of_triple_start_end_and_slot(reader: Reader) -> None:
    refs = [(kind, key) for kind, nodes in goods.NODES.items() for key in nodes]
    found = reader.between(refs)
    triples = list(VOCABULARY.triples)
    places = [
        (triples.index(r.triple), r.start, r.end, goods.ranked(r.properties.get("scan"))) for r in found
    ]
    assert places == sorted(places)
    assert len(found) == len(goods.LINKS)
    assert reader.between(list(reversed(refs))) == found
    for limit in (1, 7, len(found), 1000):
        assert reader.between(refs, limit=limit) == found[:limit]


def test_they_are_as_neighbours_has_them(reader: Reader) -> None:
    found = reader.between([("Customer", "ana"), ("SourceRecord", "ana"), ("Parcel", "c")])
    assert shown(found) == ["ana-RESOLVES_TO->ana", "ana-SENT->c"]
    assert found[0].triple == RESOLVES_TO
    assert found == [
        n.relationship
        for n in reader.neighbours("Customer", "ana")
        if n.node.key == "c" or n.node.kind == "SourceRecord"
    ]


def test_the_same_key_of_another_kind_is_another_node(reader: Reader) -> None:
    assert reader.between([("Parcel", "ana"), ("Parcel", "a"), ("Region", "b")]) == [
        r for r in reader.between([("Parcel", "a")]) if r.start == r.end
    ]


def test_what_is_not_there_or_there_twice(reader: Reader) -> None:
    assert reader.between([]) == []
    assert reader.between([("Parcel", "no such")]) == []
    assert shown(reader.between([*parcels("cdcd"), ("Agent", "no such")])) == ["c-NEXT->d"]


def test_closed_relationships_are_not(store: Store) -> None:
    ingest(store, a={"1": [link(NEXT, "p", "q")], "2": [node("Parcel", "p"), node("Parcel", "q")]})
    assert len(store.reader().between(parcels("pq"))) == 1
    ingest(store, a={"2": [node("Parcel", "p"), node("Parcel", "q")]})
    assert store.reader().between(parcels("pq")) == []


def test_many_nodes(store: Store) -> None:
    keys = [f"{i:03}" for i in range(400)]
    pairs = [(a, b) for i, a in enumerate(keys) for b in keys[i + 1 : i + 4]]
    pairs += [("hub", key) for key in keys] + [(key, "sink") for key in keys]
    ingest(store, a={str(i): [link(NEXT, *pair)] for i, pair in enumerate(pairs)})
    reader = store.reader()
    for among in (set(keys), {"hub", *keys[:10]}, {"sink", "hub", *keys[::3]}, {"sink", keys[5]}):
        found = [(r.start, r.end) for r in reader.between([("Parcel", key) for key in among])]
        assert found == sorted(pair for pair in pairs if set(pair) <= among)


def test_what_cannot_be_asked(reader: Reader) -> None:
    with pytest.raises(UsageError):
        reader.between([("Nothing", "a")])
    for limit in (0, -1):
        with pytest.raises(UsageError):
            reader.between(parcels("ab"), limit=limit)
