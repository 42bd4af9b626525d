"""The guarded reader shows the same on every store: its scopes are conditions that each of them answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from api.auth import Caller, GuardedReader, Role
from graph import Hit, Linked, Relationship, Store, open_store
from schema import Direction
from tests.api.auth import world
from tests.api.auth.conftest import NORTH, PSEUDONYMS
from tests.api.auth.questions import Question
from tests.api.auth.test_no_leaks import normalise
from tests.graph.neo4j.graphs import Graphs

ANA = world.key("Customer", "ana")
CALLERS = {
    "analyst": Caller(Role.ANALYST),
    "agent of the north": Caller(Role.AGENT, rows=NORTH),
    "widget": Caller(Role.WIDGET, customer=ANA),
}


@pytest.fixture(scope="module")
def shared(neo4j_graphs: Graphs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    url = neo4j_graphs.empty(tmp_path_factory.mktemp("store") / "graph")
    with closing(open_store(url, world.VOCABULARY)) as store:
        world.fill(store)
        world.fill_ties(store)
        yield store
    neo4j_graphs.release(url)


def questions(caller: Caller) -> Iterator[Question]:
    """Yield questions on each kind, few of each form: a server plans each form anew."""
    for kind in world.VOCABULARY.kinds:
        keys = [world.key(kind, name) for name in ("ana", "zzrui")]
        keys += ["fibre", "late", "north", "south", "r9", "r8-zz", "invoice-zz-both", "kkticket-zz", "nobody"]
        if caller.role is Role.ANALYST:
            keys += [PSEUDONYMS.hide(kind, key) for key in keys]
        yield Question("page", (kind,), {})
        yield Question("get_many", (kind, keys), {})
        for triple, way in world.VOCABULARY.steps(kind):
            yield Question("follow", (triple, way, keys), {})
    rui = ("Customer", world.key("Customer", "zzrui"))
    for start in (("Customer", ANA), rui, ("Region", "south")):
        yield Question("shortest_paths", (start, ("Cause", "late")), {"limit": 1000})
        yield Question("neighbours", start, {})
        yield Question("expand", start, {})
    filed = world.t("Customer", "FILED", "Complaint")
    yield Question("page", ("Customer",), {"where": [Linked(filed, Direction.OUT)]})
    for text in ("late", "zz", "qqpersonal"):
        yield Question("search", (text,), {"limit": 100})
    yield Question("totals", (), {})
    yield Question("project", (), {})


def steps_of(path: list[Relationship]) -> list[tuple[str, str, str]]:
    return [(step.start, step.triple.type, step.end) for step in path]


def find_matches(hit: Hit) -> tuple[str, str, list[tuple[str, list[tuple[int, int]]]]]:
    return hit.node.kind, hit.node.key, [(match.property, list(match.spans)) for match in hit.matches]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", CALLERS)
def test_the_same_on_both_stores(company: Store, shared: Store, name: str) -> None:
    caller = CALLERS[name]
    for asked in questions(caller):
        one, other = (
            asked.ask(GuardedReader(store.reader(), caller, PSEUDONYMS)) for store in (company, shared)
        )
        if asked.operation == "shortest_paths" and isinstance(one, list) and isinstance(other, list):
            assert sorted(map(steps_of, one)) == sorted(map(steps_of, other)), asked
        elif asked.operation == "search":
            assert sorted(map(find_matches, one)) == sorted(map(find_matches, other)), asked
        else:
            assert normalise(asked.operation, one) == normalise(asked.operation, other), asked
