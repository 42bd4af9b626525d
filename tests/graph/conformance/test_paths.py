"""Shortest paths, relationships walked either way."""

from __future__ import annotations

import pytest

from graph import Relationship, Store
from schema.errors import NotFoundError, UsageError
from tests.graph.conformance.company import NEXT, PASSED, SENT, ingest, link, node

COVERS = ("Reader.shortest_path",)


def steps(path: list[Relationship] | None) -> list[str] | None:
    return None if path is None else [f"{r.start}-{r.triple.type}->{r.end}" for r in path]


def parcel(key: str) -> tuple[str, str]:
    return ("Parcel", key)


@pytest.fixture
def chain(store: Store) -> Store:
    """p0 -> p1 -> ... -> p8, both ends of it in the region north by way of p1 and p8."""
    said = [link(NEXT, f"p{i}", f"p{i + 1}", note=str(i)) for i in range(8)]
    ingest(
        store,
        a={
            "1": said,
            "2": [link(PASSED, "p1", "north", scan=1), link(PASSED, "p8", "north", scan=1)],
            "3": [node("Parcel", "alone"), link(SENT, "ana", "p0")],
        },
    )
    return store


def test_the_path_is_in_order_from_start_to_end(chain: Store) -> None:
    path = chain.reader().shortest_path(parcel("p0"), parcel("p3"))
    assert steps(path) == ["p0-NEXT->p1", "p1-NEXT->p2", "p2-NEXT->p3"]
    assert path is not None
    assert [dict(r.properties) for r in path] == [{"note": "0"}, {"note": "1"}, {"note": "2"}]


def test_relationships_are_walked_either_way(chain: Store) -> None:
    reader = chain.reader()
    assert steps(reader.shortest_path(parcel("p2"), parcel("p0"))) == ["p1-NEXT->p2", "p0-NEXT->p1"]
    assert steps(reader.shortest_path(parcel("p1"), parcel("p8"))) == [
        "p1-PASSED->north",
        "p8-PASSED->north",
    ]


def test_it_is_the_shortest(chain: Store) -> None:
    reader = chain.reader()
    for i in range(9):
        for j in range(9):
            around = abs(i - 1) + 2 + abs(8 - j), abs(j - 1) + 2 + abs(8 - i)
            path = reader.shortest_path(parcel(f"p{i}"), parcel(f"p{j}"), longest=20)
            assert path is not None
            assert len(path) == min(abs(i - j), *around), (i, j)


def test_types_narrow_the_walk(chain: Store) -> None:
    reader = chain.reader()
    path = reader.shortest_path(parcel("p1"), parcel("p8"), types=["NEXT"], longest=7)
    assert steps(path) == [f"p{i}-NEXT->p{i + 1}" for i in range(1, 8)]
    assert reader.shortest_path(parcel("p1"), parcel("p2"), types=["PASSED"]) is None


def test_a_path_longer_than_the_longest_is_none(chain: Store) -> None:
    reader = chain.reader()
    assert reader.shortest_path(parcel("p1"), parcel("p8"), types=["NEXT"], longest=6) is None
    assert len(reader.shortest_path(parcel("p1"), parcel("p7"), types=["NEXT"], longest=6) or ()) == 6
    assert reader.shortest_path(parcel("p0"), parcel("p7"), types=["NEXT"]) is None  # six unless told
    assert reader.shortest_path(parcel("p0"), parcel("p1"), longest=1) is not None


def test_a_node_is_no_step_from_itself(chain: Store) -> None:
    assert chain.reader().shortest_path(parcel("p1"), parcel("p1")) == []


def test_the_same_key_of_another_kind_is_not_the_same_node(chain: Store) -> None:
    ingest(chain, b={"1": [node("Agent", "p0")]})
    assert chain.reader().shortest_path(parcel("p0"), ("Agent", "p0")) is None


def test_what_is_not_joined_has_no_path(chain: Store) -> None:
    assert chain.reader().shortest_path(parcel("p0"), parcel("alone"), longest=50) is None


def test_closed_relationships_are_not_walked(chain: Store) -> None:
    ingest(chain, a={"1": [link(NEXT, "p0", "p1")], "3": [node("Parcel", "p8")]})
    assert chain.reader().shortest_path(parcel("p0"), parcel("p8")) is None


def test_a_path_leads_through_a_customer_to_its_record(chain: Store) -> None:
    path = chain.reader().shortest_path(parcel("p0"), ("SourceRecord", "ana"))
    assert steps(path) == ["ana-SENT->p0", "ana-RESOLVES_TO->ana"]


def test_ends_that_are_not_there(chain: Store) -> None:
    reader = chain.reader()
    with pytest.raises(NotFoundError):
        reader.shortest_path(parcel("p0"), parcel("nowhere"))
    with pytest.raises(NotFoundError):
        reader.shortest_path(parcel("nowhere"), parcel("p0"))
    with pytest.raises(UsageError):
        reader.shortest_path(parcel("p0"), parcel("p1"), types=["NO_SUCH"])
