"""Row scope: who sees some customers sees them, what is theirs, and nobody else by any way round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.auth import Caller, GuardedReader, Role
from api.auth.ownership import find_joins, find_owners
from api.auth.scope import Scope
from graph import Linked, Measure, Not, Where, open_store
from schema import (
    Direction,
    NotFoundError,
    RefusedError,
    core_vocabulary,
)
from tests.api.auth import world
from tests.api.auth.conftest import NORTH, Guard
from tests.api.auth.world import t
from tests.graph.conformance.company import append, link, node

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


@pytest.fixture
def widget(guard: Guard) -> GuardedReader:
    return guard(Role.WIDGET, customer=ANA)


def test_whose_a_node_is_follows_from_the_vocabulary() -> None:
    owners = {kind: {str(step) for step in steps} for kind, steps in find_owners(world.VOCABULARY).items()}
    assert owners["Invoice"] == {"<-BILLED-Customer"}
    assert owners["SourceRecord"] == {"-RESOLVES_TO->Customer"}
    assert owners["Router"] == {"<-USES-Subscription"}
    assert "Product" not in owners
    assert "Memo" not in owners


def test_a_customer_is_never_shared_whatever_a_project_says() -> None:
    shared = core_vocabulary().extend(
        {"kinds": {"Customer": {"shared": True}, "SourceRecord": {"shared": True}}}
    )
    scope = Scope(shared, Caller(Role.AGENT, rows=NORTH))
    assert scope.get_listing("Customer")
    assert scope.get_listing("SourceRecord")


def test_customers_are_joined_by_short_paths() -> None:
    def joins(kind: str) -> list[str]:
        return ["".join(map(str, path)) for path in find_joins(world.VOCABULARY, kind)]

    assert joins("Region") == ["-IN->Region", "-HOLDS->Subscription-IN->Region"]
    assert "-HOLDS->Subscription-OF->Product" in joins("Product")
    assert joins("SKU")  # by what is sold only
    assert joins("RootCause") == []
    assert joins("Memo") == []


@pytest.mark.parametrize("kind", [k for k in ALL_KINDS if k in find_owners(world.VOCABULARY)])
def test_lists_have_what_is_theirs(north: GuardedReader, widget: GuardedReader, kind: str) -> None:
    seen, hers = keys(north.page(kind).nodes), keys(widget.page(kind).nodes)
    common = {"invoice-zz-both", "r9"}
    assert {key for key in seen if "zz" in key} <= common
    assert all("ana" in key or key in common for key in hers)
    if kind not in ("Router", "Ticket"):
        assert {world.key(kind, "ana"), world.key(kind, "bia")} - {world.key("SourceRecord", "ana")} <= {
            *seen,
            world.key("SourceRecord", "bia"),
        }
    assert north.aggregate(kind) == [{"count": len(seen)}]
    assert north.totals().nodes.get(kind, 0) == len(seen)
    assert widget.totals().nodes.get(kind, 0) == len(hers)
    assert north.project([kind]).nodes[kind]["key"].to_pylist() == seen
    assert widget.project([kind]).nodes[kind]["key"].to_pylist() == hers
    for reader, own in ((north, seen), (widget, hers)):
        everyone = [*seen, *hers, RUI, "kkticket-zz", "r8-zz", world.key(kind, "zzsol")]
        assert sorted(reader.get_many(kind, everyone)) == own
        assert all(reader.find(kind, key) is None for key in everyone if key not in own)


def test_a_hidden_node_is_as_one_that_is_not_there(north: GuardedReader, widget: GuardedReader) -> None:
    asked: list[Callable[[GuardedReader, str], Any]] = [
        lambda reader, key: reader.get("Customer", key),
        lambda reader, key: reader.get("Customer", key, at=LATER),
        lambda reader, key: reader.expand("Customer", key),
        lambda reader, key: reader.neighbours("Customer", key),
        lambda reader, key: reader.shortest_path(("Customer", key), ("Cause", "late")),
        lambda reader, key: reader.shortest_paths(("Cause", "late"), ("Customer", key)),
    ]
    for reader in (north, widget):
        for ask in asked:
            told = []
            for key in (RUI, "nobody"):
                with pytest.raises(NotFoundError) as failed:
                    ask(reader, key)
                told.append((str(failed.value).replace(key, "KEY"), failed.value.hint))
            assert told[0] == told[1]
        for key in (RUI, "nobody"):
            assert reader.find("Customer", key) is None
            assert reader.history("Customer", key) == []
            assert reader.records_of([key]) == {}
            assert reader.customers_of([key]) == {}
            assert reader.between([("Customer", key), ("Region", "south")]) == []
            assert reader.find_true_key("Customer", key) is None
            assert reader.follow(t("Customer", "FILED", "Complaint"), OUT, [key]) == {}
            assert reader.degrees(t("Customer", "FILED", "Complaint"), OUT, [key]) == {}


def test_from_a_cause_to_the_complaints_of_others(north: GuardedReader, widget: GuardedReader) -> None:
    own = {"kkcomplaint-ana", "kkcomplaint-bia"}
    for reader, seen in ((north, own), (widget, {"kkcomplaint-ana"})):
        found = reader.follow(ATTRIBUTED, IN, ["late"])["late"]
        assert set(keys(one.node for one in found)) == seen
        assert reader.degrees(ATTRIBUTED, IN, ["late"]) == {"late": 2 * len(seen)}
        near = reader.neighbours("Cause", "late", types=["ATTRIBUTED_TO"])
        assert near == [one.__class__(one.relationship, one.direction, one.node) for one in found]
        counts = {(b.triple.type, b.direction): b.count for b in reader.expand("Cause", "late")}
        assert counts["ATTRIBUTED_TO", IN] == 2 * len(seen)


def test_conditions_do_not_ask_of_hidden_nodes(north: GuardedReader) -> None:
    filed, product = t("Customer", "FILED", "Complaint"), t("Subscription", "OF", "Product")
    about_rui = Linked(filed, OUT, [Where("text", "contains", "zzrui")])
    by_rui = Linked(ATTRIBUTED, IN, [Linked(filed, IN, [Where("segment", "contains", "zzrui")])])
    sold = Linked(product, IN, [Where("status", "contains", "zzsol")])
    knows = Linked(t("Customer", "KNOWS", "Customer"), OUT, [Where("name", "contains", "zzrui")])
    for kind, condition in (
        ("Customer", about_rui),
        ("Cause", by_rui),
        ("Product", sold),
        ("Customer", knows),
    ):
        assert north.page(kind, where=[condition]).nodes == []
        assert north.aggregate(kind, where=[condition]) == [{"count": 0}]
        everything = north.page(kind).nodes
        assert north.page(kind, where=[Not(condition)]).nodes == everything
    assert north.search("late", where={"Cause": [by_rui]}, kinds=["Cause"]) == []


def test_lookups_searches_and_groups(north: GuardedReader, widget: GuardedReader, guard: Guard) -> None:
    whole = guard(Role.ADMIN)
    names = ["Name  qqpersonal", "Name zzrui qqpersonal"]
    assert north.lookup("Customer", "name", names) == {names[0]: [ANA, world.key("Customer", "bia")]}
    assert north.lookup("Customer", "key", [ANA, RUI]) == {ANA: [ANA]}
    assert widget.lookup("Customer", "segment", ["gold"]) == {"gold": [ANA]}
    assert len(whole.search("late", limit=3)) == 3
    assert set(keys(hit.node for hit in north.search("late", limit=3))) == {
        "late",
        "kkcomplaint-ana",
        "kkcomplaint-bia",
    }
    assert keys(hit.node for hit in widget.search("late")) == ["kkcomplaint-ana"]
    assert north.search("zzrui") == widget.search("zzrui") == []
    rows = north.aggregate(
        "Payment", by=["method"], measures=[Measure("count"), Measure("max", "installments")]
    )
    assert rows == [{"method": "card", "count": 2, "max_installments": 3}]


def test_pages_and_cursors_behind_hidden_nodes(north: GuardedReader) -> None:
    page = north.page("Customer", limit=1)
    assert page.next == page.nodes[0].key
    last = north.page("Customer", limit=1, after=page.next)
    assert (keys(last.nodes), last.next) == ([world.key("Customer", "bia")], None)
    assert north.page("Customer", after=RUI).nodes == []


def test_who_sees_one_customer_lists_nothing_shared(widget: GuardedReader) -> None:
    for kind in ("Product", "Cause", "Region", "Action", "Channel"):
        for ask in (
            lambda kind=kind: widget.page(kind),
            lambda kind=kind: widget.aggregate(kind),
            lambda kind=kind: widget.arrivals(kind),
            lambda kind=kind: widget.search("late", kinds=[kind]),
        ):
            with pytest.raises(RefusedError):
                ask()
    with pytest.raises(RefusedError):
        widget.lookup("Product", "name", ["Fibre"])
    assert keys(hit.node for hit in widget.search("fibre")) == []


def test_what_is_shared_is_seen_where_it_is_reached(widget: GuardedReader, guard: Guard) -> None:
    reached = {
        "Product": "fibre",
        "Cause": "late",
        "Region": "north",
        "Channel": "phone",
        "Action": "vans",
        "SKU": "x1",
    }
    for kind, key in reached.items():
        assert widget.get(kind, key).key == key
    assert widget.get("Cause", "rain").key == "rain"
    for kind, key in (("Product", "mobile"), ("Region", "south")):
        assert widget.find(kind, key) is None
    assert set(widget.project().nodes["Product"]["key"].to_pylist()) == {"fibre"}
    none = guard(Role.WIDGET, customer="nobody")
    assert all(none.find(kind, key) is None for kind, key in reached.items())


def test_kinds_of_which_it_is_not_told_whose_they_are(north: GuardedReader, widget: GuardedReader) -> None:
    on = t("Memo", "ON", "Product")
    for reader in (north, widget):
        for ask in (
            lambda reader=reader: reader.page("Memo"),
            lambda reader=reader: reader.get("Memo", "memo-zz"),
            lambda reader=reader: reader.get("Memo", "nothing"),
            lambda reader=reader: reader.follow(on, IN, ["fibre"]),
            lambda reader=reader: reader.degrees(on, IN, ["fibre"]),
            lambda reader=reader: reader.search("memo", kinds=["Memo"]),
            lambda reader=reader: reader.get_many("Product", ["fibre"], where=[Linked(on, IN)]),
        ):
            with pytest.raises(RefusedError) as refused:
                ask()
            assert "Memo" in refused.value.message
        assert {n.node.kind for n in reader.neighbours("Product", "fibre")} & {"Memo"} == set()
        assert "Memo" not in {b.triple.start for b in reader.expand("Product", "fibre")}
        assert reader.search("memo") == []
        assert reader.between([("Memo", "memo-zz"), ("Product", "fibre")]) == []
        assert reader.project().nodes["Memo"].num_rows == 0
        assert "Memo" not in reader.totals().nodes


# What north and south have in common


def test_what_several_have_is_seen_by_who_sees_one_of_them(north: GuardedReader) -> None:
    assert north.get("Invoice", "invoice-zz-both").key == "invoice-zz-both"
    assert north.get("Router", "r9").key == "r9"
    assert keys(n.node for n in north.neighbours("Router", "r9")) == [world.key("Subscription", "ana")]
    assert [b.count for b in north.expand("Router", "r9")] == [1]
    billed = t("Customer", "BILLED", "Invoice")
    assert keys(n.node for n in north.follow(billed, IN, ["invoice-zz-both"])["invoice-zz-both"]) == [ANA]


def test_but_what_lies_behind_it_may_be_others(north: GuardedReader) -> None:
    assert north.find("Ticket", "kkticket-zz") is None
    assert north.page("Ticket").nodes == []


def test_a_payment_of_a_hidden_invoice_is_hidden_whoever_complains_of_it(tmp_path: Any, guard: Guard) -> None:
    store = open_store(f"sqlite:///{tmp_path}/m.db", world.VOCABULARY)
    world.fill(store)
    about = t("Complaint", "ABOUT", "Payment")
    said = [
        link(about, world.key("Complaint", "ana"), world.key("Payment", "zzrui")),
        link(about, world.key("Complaint", "ana"), "payment-of-no-invoice"),
        node("Payment", "payment-of-no-invoice", method="cash"),
        link(t("Payment", "PAYS", "Invoice"), "payment-of-two", world.key("Invoice", "ana")),
        link(t("Payment", "PAYS", "Invoice"), "payment-of-two", world.key("Invoice", "zzrui")),
    ]
    append(store, ties={"1": said})
    north = guard(Role.ADMIN, store, rows=NORTH)
    for key in (world.key("Payment", "zzrui"), "payment-of-no-invoice", "payment-of-two"):
        assert north.find("Payment", key) is None
    assert keys(
        n.node for n in north.neighbours("Complaint", world.key("Complaint", "ana"), types=["ABOUT"])
    ) == [
        world.key("Subscription", "ana"),
    ]
    store.close()


def test_a_record_that_is_now_another_customer_s(north: GuardedReader, guard: Guard) -> None:
    whole = guard(Role.ADMIN)
    assert any("Was zz" in str(said.properties) for said in whole.history("Customer", ANA))
    assert not any("zz" in str(said) for said in north.history("Customer", ANA))
    assert [said.record for said in north.history("Customer", ANA)] == ["kkrow-ana"]
    assert whole.find("Customer", ANA, at=LATER) is not None
    assert north.find("Customer", ANA, at=LATER) is None  # a part of what ana was is hidden now
    assert north.find("Customer", world.key("Customer", "bia"), at=LATER) is not None
    assert north.find("SourceRecord", "kkrecord-zz") is None
    assert north.history("SourceRecord", "kkrecord-zz") == []
    assert north.customers_of(["kkrecord-zz", ANA]) == {ANA: ANA}
    assert north.records_of([ANA, RUI]) == {ANA: [ANA]}


def test_the_past_of_what_may_have_been_others_is_not_told(north: GuardedReader) -> None:
    for kind in ("Complaint", "Router", "Invoice", "Region"):
        for key in ("r9", "nothing"):
            with pytest.raises(RefusedError):
                north.history(kind, key)
    for kind in ("Complaint", "Router", "Invoice"):
        with pytest.raises(RefusedError):
            north.find(kind, "nothing", at=LATER)
    assert north.find("Region", "north", at=LATER) is not None
