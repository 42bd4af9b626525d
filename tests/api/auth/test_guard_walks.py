"""Row scope on paths, in how the store is asked, and in what arrives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.auth import Caller, GuardedReader, Role
from api.auth.scope import Scope
from graph import Condition, Node, Not, Store, open_store
from schema import (
    CUSTOMER,
    Direction,
    OvertimeError,
    UsageError,
)
from schema.kinds import Triple
from tests.api.auth import world
from tests.api.auth.conftest import NORTH, PSEUDONYMS, Guard
from tests.api.auth.world import t
from tests.graph.conformance.company import append, customer, link, node

ANA, RUI = world.key("Customer", "ana"), world.key("Customer", "zzrui")
OUT, IN = Direction.OUT, Direction.IN
ATTRIBUTED = t("Complaint", "ATTRIBUTED_TO", "Cause")
LATER = datetime(2100, 1, 1, tzinfo=UTC)
ALL_KINDS = tuple(world.VOCABULARY.kinds)


def keys(nodes: Any) -> list[str]:
    return [node.key for node in nodes]


@pytest.fixture
def north(guard: Guard) -> GuardedReader:
    return guard(Role.ADMIN, rows=NORTH)


def path_of(path: Any) -> list[tuple[str, str]]:
    return [(step.start, step.end) for step in path]


def test_paths_do_not_lead_through_hidden_nodes(north: GuardedReader, guard: Guard) -> None:
    whole = guard(Role.ADMIN)
    ends = ("Region", "south"), ("Cause", "late")
    found = whole.shortest_path(*ends)
    assert found is not None
    assert len(found) == 3
    assert "zz" in str(found)
    assert north.shortest_path(*ends) is None
    bia, ana = ("Customer", world.key("Customer", "bia")), ("Customer", ANA)
    assert path_of(north.shortest_path(ana, bia)) == [(ANA, bia[1])]
    assert north.shortest_path(ana, bia, types=["FILED", "ATTRIBUTED_TO"], longest=3) is None
    assert len(north.shortest_paths(ana, bia, types=["FILED", "ATTRIBUTED_TO"])[0]) == 4


def test_paths_are_those_of_a_store_that_has_nothing_hidden(
    tmp_path: Any, guard: Guard, company: Store
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/m.db", world.VOCABULARY)
    world.fill(store, world.NORTH)
    everyone = {"Region": ("north", "south")}
    ends = [("Customer", ANA), ("Customer", world.key("Customer", "bia")), ("Cause", "rain"), ("SKU", "x1")]
    ends += [("Payment", "payment-ana"), ("Region", "north"), ("Channel", "phone"), ("Product", "mobile")]
    options: list[dict[str, Any]] = [
        {},
        {"kinds": ["Product", "Subscription"]},
        {"kinds": []},
        {"types": ["OF", "HOLDS"]},
        {"longest": 2},
        {"limit": 1},
    ]
    plain, guarded = guard(Role.ADMIN, store), guard(Role.ADMIN, store, rows=everyone)
    for start in ends:
        for end in ends:
            for option in options:
                wanted = plain.shortest_paths(start, end, **option)
                found = guarded.shortest_paths(start, end, **option)
                if option.get("limit"):
                    assert [len(p) for p in found] == [len(p) for p in wanted]
                else:
                    assert sorted(map(path_of, found)) == sorted(map(path_of, wanted))
                one = guarded.shortest_path(start, end)
                other = plain.shortest_path(start, end)
                assert (one is None) == (other is None)
                assert one is None or other is None or len(one) == len(other)
    store.close()


def test_wrong_questions_are_told_as_the_store_tells_them(north: GuardedReader) -> None:
    ends = ("Customer", ANA), ("Cause", "late")
    wrong: list[Callable[[], Any]] = [
        lambda: north.shortest_paths(*ends, limit=0),
        lambda: north.shortest_paths(*ends, types=["NOTHING"]),
        lambda: north.shortest_paths(*ends, kinds=["Nothing"]),
        lambda: north.neighbours("Customer", ANA, limit=0),
        lambda: north.neighbours("Customer", ANA, types=["NOTHING"]),
        lambda: north.get("Nothing", "x"),
        lambda: north.between([("Nothing", "x")]),
        lambda: north.follow(Triple("Customer", "FILED", "Cause"), OUT, []),
        lambda: north.project(["Nothing"]),
    ]
    for ask in wrong:
        with pytest.raises(UsageError):
            ask()


def test_long_work_can_be_interrupted(north: GuardedReader) -> None:
    with pytest.raises(OvertimeError), north._working():
        north._stopped = True
        north._go_on()
    with pytest.raises(OvertimeError):
        original = north._reader.follow

        def follow(*arguments: Any, **options: Any) -> Any:
            north.interrupt()
            return original(*arguments, **options)

        class Slow:
            def __getattr__(self, name: str) -> Any:
                return follow if name == "follow" else getattr(north._open, name)

        north._reader = Slow()  # type: ignore[assignment]
        north.shortest_path(("Region", "south"), ("Cause", "late"))
    north._reader = north._open
    north.interrupt()
    assert north.shortest_path(("Customer", ANA), ("Region", "north"))


# How the scope is asked


@pytest.mark.parametrize(
    "caller", [Caller(Role.AGENT, rows=NORTH), Caller(Role.WIDGET, customer=ANA)], ids=str
)
def test_conditions_of_a_scope_are_few(caller: Caller) -> None:
    def count(condition: Condition) -> tuple[int, int]:
        inner = [condition.condition] if isinstance(condition, Not) else getattr(condition, "conditions", ())
        counts = [count(one) for one in inner]
        return 1 + sum(n for n, _ in counts), 1 + max((depth for _, depth in counts), default=0)

    scope = Scope(world.VOCABULARY, caller)
    for kind in filter(scope.admits, ALL_KINDS):
        for n, depth in map(count, scope.get_conditions(kind)):
            assert n < 100
            assert depth < 20


def test_nodes_that_were_met_are_not_asked_for_again(company: Store) -> None:
    asked: list[str] = []

    class Counting:
        def __init__(self) -> None:
            self._reader = company.reader()
            self.vocabulary = self._reader.vocabulary

        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            return getattr(self._reader, name)

    reader = GuardedReader(Counting(), Caller(Role.AGENT, rows=NORTH), PSEUDONYMS)  # type: ignore[arg-type]
    people = keys(reader.page("Customer").nodes)
    held = reader.follow(t("Customer", "HOLDS", "Subscription"), OUT, people)
    reader.follow(
        t("Subscription", "OF", "Product"), OUT, [n.node.key for some in held.values() for n in some]
    )
    assert asked == ["page", "follow_all", "follow_all"]


def test_several_nodes_of_several_kinds_are_all_joined_to(guard: Guard) -> None:
    both = guard(Role.AGENT, rows={"Region": ("north",), "Customer": (RUI,)})
    assert len(both.page("Customer").nodes) == 3
    product = guard(Role.AGENT, rows={"Product": ("fibre",)})
    assert len(product.page("Customer").nodes) == 4
    nobody: list[Node] = []
    for rows in ({"Region": ()}, {"Nothing": ("x",)}, {"RootCause": ("x",)}, {"Region": ("nowhere",)}):
        nobody += guard(Role.AGENT, rows=rows).page(CUSTOMER).nodes
        nobody += guard(Role.AGENT, rows=rows).page("Complaint").nodes
    assert nobody == []


def test_arrivals_do_not_tell_of_others(tmp_path: Any, guard: Guard) -> None:
    store = open_store(f"sqlite:///{tmp_path}/m.db", world.VOCABULARY)
    world.fill(store, ("ana", "zzrui"))
    north, analyst = guard(Role.AGENT, store, rows=NORTH), guard(Role.ANALYST, store)
    mark = north.arrivals("Complaint").mark
    assert mark.startswith("~")
    own = analyst.arrivals("Complaint").mark
    filed = t("Customer", "FILED", "Complaint")
    for name, who in (("zznew", RUI), ("new", ANA)):
        append(
            store,
            more={
                name: [customer(who), node("Complaint", f"kk{name}", text="x"), link(filed, who, f"kk{name}")]
            },
        )
    came = guard(Role.AGENT, store, rows=NORTH).arrivals("Complaint", after=mark)
    assert keys(came.nodes) == ["kknew"]
    assert [n.key[0] for n in guard(Role.ANALYST, store).arrivals("Complaint", after=own).nodes] == ["~", "~"]
    assert guard(Role.AGENT, store, rows=NORTH).arrivals("Complaint", after=came.mark).nodes == []
    for wrong in ("1", "", "~", own[:-1] + "A"):
        with pytest.raises(UsageError):
            guard(Role.AGENT, store, rows=NORTH).arrivals("Complaint", after=wrong)
    store.close()
