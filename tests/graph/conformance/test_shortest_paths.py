"""All shortest paths between two nodes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import Reader, Ref, Relationship, Store
from schema.errors import NotFoundError, UsageError
from tests.graph.conformance.company import NEXT, PASSED, REFERRED, SENT, ingest, link, node
from tests.graph.conformance.conftest import Fresh

COVERS = ("Reader.shortest_paths", "Reader.shortest_path")


def steps(path: list[Relationship]) -> str:
    return " ".join(f"{r.start}-{r.triple.type}->{r.end}" for r in path)


def parcel(key: str) -> Ref:
    return ("Parcel", key)


def paths(reader: Reader, start: Ref, end: Ref, **options: Any) -> set[str]:
    found = [steps(path) for path in reader.shortest_paths(start, end, **options)]
    assert len(found) == len(set(found))
    return set(found)


@pytest.fixture
def mesh(store: Store) -> Store:
    """Three ways from p to s in two steps, and longer ones."""
    said = [link(NEXT, *pair) for pair in ("pq", "qs", "sr", "rp", "pt", "tu", "us", "vp")]
    said += [
        link(PASSED, "p", "north", scan=1),
        link(PASSED, "p", "north", scan=2),
        link(PASSED, "s", "north"),
    ]
    said += [link(SENT, "ana", "v"), link(SENT, "rui", "v"), link(SENT, "ana", "w"), link(SENT, "rui", "w")]
    said += [link(REFERRED, "ana", "rui"), link(REFERRED, "rui", "ana"), node("Parcel", "alone")]
    ingest(store, a={"1": said}, b={"1": said})
    return store


def test_all_of_the_shortest(mesh: Store) -> None:
    assert paths(mesh.reader(), parcel("p"), parcel("s")) == {
        "p-NEXT->q q-NEXT->s",
        "r-NEXT->p s-NEXT->r",
        "p-PASSED->north s-PASSED->north",
    }
    assert paths(mesh.reader(), parcel("s"), parcel("p")) == {
        "q-NEXT->s p-NEXT->q",
        "s-NEXT->r r-NEXT->p",
        "s-PASSED->north p-PASSED->north",
    }


def test_two_ways_to_be_joined_are_two_paths(mesh: Store) -> None:
    assert paths(mesh.reader(), ("Customer", "ana"), ("Customer", "rui")) == {
        "ana-REFERRED->rui",
        "rui-REFERRED->ana",
    }


def test_relationships_that_differ_in_their_slot_are_one_step_the_first_of_them(mesh: Store) -> None:
    (path,) = mesh.reader().shortest_paths(parcel("p"), ("Region", "north"))
    assert [r.properties.get("scan") for r in path] == [1]
    assert path == mesh.reader().shortest_path(parcel("p"), ("Region", "north"))


def test_types_and_kinds_narrow(mesh: Store) -> None:
    reader = mesh.reader()
    assert len(paths(reader, parcel("p"), parcel("s"), types=["NEXT"])) == 2
    assert paths(reader, parcel("p"), parcel("s"), kinds=["Region"]) == {"p-PASSED->north s-PASSED->north"}
    assert paths(reader, parcel("p"), parcel("s"), kinds=["Parcel"], types=["PASSED"]) == set()
    assert paths(reader, parcel("p"), parcel("s"), kinds=[]) == set()
    assert paths(reader, parcel("p"), parcel("s"), types=[]) == set()
    assert paths(reader, parcel("p"), parcel("q"), kinds=[]) == {"p-NEXT->q"}


def test_the_ends_may_be_of_other_kinds_than_what_is_between(mesh: Store) -> None:
    reader = mesh.reader()
    assert paths(reader, ("Region", "north"), ("Customer", "ana"), kinds=["Parcel"]) == {
        "p-PASSED->north v-NEXT->p ana-SENT->v"
    }
    assert paths(reader, parcel("v"), parcel("w"), kinds=["Customer"]) == {
        "ana-SENT->v ana-SENT->w",
        "rui-SENT->v rui-SENT->w",
    }


def test_the_limit(mesh: Store) -> None:
    reader = mesh.reader()
    all_ = paths(reader, parcel("p"), parcel("s"))
    for limit in (1, 2, 3, 4):
        some = paths(reader, parcel("p"), parcel("s"), limit=limit)
        assert some <= all_
        assert len(some) == min(limit, len(all_))


def test_none_is_short_enough(mesh: Store) -> None:
    reader = mesh.reader()
    assert reader.shortest_paths(parcel("p"), parcel("alone")) == []
    assert reader.shortest_paths(parcel("u"), ("Customer", "ana"), types=["NEXT", "SENT"], longest=3) == []
    assert (
        len(reader.shortest_paths(parcel("u"), ("Customer", "ana"), types=["NEXT", "SENT"], longest=4)) == 1
    )


def test_from_a_node_to_itself_it_is_no_step(mesh: Store) -> None:
    assert mesh.reader().shortest_paths(parcel("p"), parcel("p")) == [[]]


def test_what_cannot_be_asked(mesh: Store) -> None:
    reader = mesh.reader()
    for start, end in ((parcel("p"), parcel("nowhere")), (parcel("nowhere"), parcel("p"))):
        with pytest.raises(NotFoundError):
            reader.shortest_paths(start, end)
    with pytest.raises(UsageError):
        reader.shortest_paths(("Nothing", "p"), parcel("p"))
    wrong: list[dict[str, Any]] = [{"types": ["NOTHING"]}, {"kinds": ["Nothing"]}, {"limit": 0}]
    for options in wrong:
        with pytest.raises(UsageError):
            reader.shortest_paths(parcel("p"), parcel("s"), **options)


def walk(links: list[tuple[str, str]], start: str, end: str, longest: int) -> set[str]:
    """Return the shortest paths by trying all."""
    tried: list[tuple[str, list[str]]] = [(start, [])]
    for _ in range(longest):
        following = []
        for at, way in tried:
            for a, b in links:
                for here, there in dict.fromkeys([(a, b), (b, a)]):
                    if here == at:
                        following.append((there, [*way, f"{a}-NEXT->{b}"]))
        found = {" ".join(way) for at, way in following if at == end}
        if found:
            return found
        tried = following
    return set()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    links=st.lists(
        st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")),
        min_size=1,
        max_size=12,
        unique=True,
    ),
    longest=st.integers(1, 4),
)
def test_any_graph(fresh: Fresh, links: list[tuple[str, str]], longest: int) -> None:
    with fresh() as store:
        ingest(store, a={str(i): [link(NEXT, *pair)] for i, pair in enumerate(links)})
        reader = store.reader()
        there = sorted({key for pair in links for key in pair})
        for start in there[:3]:
            for end in there:
                if start != end:
                    wanted = walk(links, start, end, longest)
                    assert paths(reader, parcel(start), parcel(end), longest=longest, limit=1000) == wanted
                    one = reader.shortest_path(parcel(start), parcel(end), longest=longest)
                    assert one is None if not wanted else one is not None and steps(one) in wanted
