"""The view of a customer: in one round trip, with as many questions to the store for fifty as for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from api.auth import Role
from api.graphql.types.ways import find_ways
from graph import Reader
from schema import core_vocabulary
from tests.api.graphql.shop import Counting, Desk

VIEW = """
fragment All on CustomerView {
  caption
  customer { key placedOrder { nodes { key } } }
  records { nodes { key } }
  subscriptions { nodes { key ofProduct { nodes { caption } } } }
  invoices { nodes { key paysFromPayment { nodes { key } } } }
  payments { nodes { key } }
  contacts { nodes { key throughChannel { nodes { caption } } } }
  complaints { nodes { key attributedToCause { edges { quote node { caption } } } } }
  actions { action { key } addresses { __typename key } }
  timeline { edges { cursor node { time day event kind caption node { key } } } pageInfo { hasNextPage } }
}
"""
ONE = (
    VIEW
    + """query ($key: String, $id: ID, $record: String) {
  customerView(key: $key, id: $id, record: $record) { ...All }
}"""
)
MANY = VIEW + "query ($keys: [String!]) { customerViews(keys: $keys) { ...All } }"


def happened(view: Any) -> list[str]:
    entries = (edge["node"] for edge in view["timeline"]["edges"])
    return [f"{e['time'][:10]} {e['kind']} {e['node']['key']}" for e in entries]


def test_all_that_is_around_a_customer(desk: Desk) -> None:
    view = desk.ask(ONE, {"key": "crm:bruno"})["customerView"]
    assert happened(view) == [
        "2026-03-20 Complaint m2",
        "2026-02-01 Subscription s2",
        "2025-03-01 Subscription s2",
    ]
    assert [(e["node"]["event"], e["node"]["day"]) for e in view["timeline"]["edges"]] == [
        ("BEGINS", False),
        ("ENDS", True),
        ("BEGINS", True),
    ]
    assert view["caption"] == "Bruno Lima"
    assert view["records"]["nodes"] == [{"key": "crm:bruno"}]
    assert view["subscriptions"]["nodes"] == [
        {"key": "s2", "ofProduct": {"nodes": [{"caption": "Coffee box"}]}}
    ]
    assert view["complaints"]["nodes"][0]["attributedToCause"]["edges"] == [
        {"quote": "llegó tarde", "node": {"caption": "late delivery"}}
    ]
    assert view["actions"] == [
        {"action": {"key": "carrier"}, "addresses": {"__typename": "Cause", "key": "delivery.late"}}
    ]
    assert (view["invoices"]["nodes"], view["payments"]["nodes"], view["contacts"]["nodes"]) == ([], [], [])


def test_a_timeline_has_what_is_declared_and_what_hangs_on_it(desk: Desk) -> None:
    view = desk.ask(ONE, {"record": "billing:a1"})["customerView"]
    assert happened(view) == [
        "2026-03-14 Complaint m1",
        "2026-03-12 Contact m0",
        "2026-03-09 Payment p2",  # of an order
        "2026-03-08 Order o1",
        "2026-03-01 Invoice i2",
        "2026-02-03 Payment p1",  # of an invoice
        "2026-02-01 Invoice i1",
        "2026-01-10 Subscription s1",
        "2026-01-02 Complaint m3",
    ]  # and no visit: the branch is others' too
    assert view["payments"]["nodes"] == [{"key": "p2"}, {"key": "p1"}]
    assert view["customer"]["placedOrder"]["nodes"] == [{"key": "o1"}]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_a_timeline_make_the_whole(desk: Desk, size: int) -> None:
    text = """query ($first: Int, $after: String, $kinds: [KindName!]) {
      customerView(key: "crm:ana") {
        timeline(first: $first, after: $after, kinds: $kinds) {
          edges { cursor node { time kind node { key } } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }"""
    for kinds in (None, ["Payment", "Invoice"]):
        whole = happened(desk.ask(text, {"kinds": kinds})["customerView"])
        found: list[str] = []
        after = None
        while True:
            view = desk.ask(text, {"first": size, "after": after, "kinds": kinds})["customerView"]
            found += happened(view)
            if not view["timeline"]["pageInfo"]["hasNextPage"]:
                break
            after = view["timeline"]["pageInfo"]["endCursor"]
        assert found == whole
    assert desk.complain(text, {"after": "xyz"}) == ["'xyz' is not a cursor of a timeline"]


def test_a_customer_is_known_by_several_names(desk: Desk, ids: dict[str, str]) -> None:
    def ask(**names: str) -> Any:
        return desk.ask(ONE, names)["customerView"]

    ana = ask(key="crm:ana")
    assert ask(id=ids["ana"]) == ask(record="crm:ana") == ask(record="billing:a1") == ana
    assert ask(key="nobody") is ask(id=ids["nobody"]) is ask(record="nobody") is None
    assert desk.complain(ONE, {}) == ["a customer is asked for in one way"]
    assert desk.complain(ONE, {"key": "crm:ana", "record": "crm:ana"}) == [
        "a customer is asked for in one way"
    ]
    assert desk.complain(ONE, {"id": ids["m1"]}) == [f"{ids['m1']!r} is the id of a Complaint"]


def test_the_store_is_asked_as_often_for_many_as_for_one(counting: tuple[Desk, Counting]) -> None:
    desk, reader = counting
    desk.ask(ONE, {"key": "crm:ana"})
    one = Counter(reader.calls)
    reader.calls.clear()
    views = desk.ask(MANY, {"keys": ["crm:ana", "crm:bruno", "nobody", "crm:carla"]})["customerViews"]
    assert [view and view["caption"] for view in views] == ["Ana Souza", "Bruno Lima", None, "Carla Dias"]
    assert Counter(reader.calls) == one
    # Of the view itself 9, of what is below it 5, of the timeline and payments the others.
    assert sum(one.values()) <= 45


def test_too_many_views_are_refused(desk: Desk) -> None:
    text = "query ($keys: [String!]) { customerViews(keys: $keys) { caption } }"
    assert desk.complain(text, {"keys": [str(i) for i in range(51)]}) == ["`ids` is from 0 to 50, not 51"]
    assert desk.ask(text, {"keys": []}) == {"customerViews": []}


class Causes:
    """Stands for what finds root causes."""

    def exposing(self, _reader: Reader, customers: Sequence[str]) -> dict[str, list[Any]]:
        return {key: [SimpleNamespace(id="rc-1")] for key in customers if key != "crm:carla"}


def test_root_causes_and_what_is_done_about_them(desk: Desk) -> None:
    text = """{
      customerViews(keys: ["crm:ana", "crm:carla"]) {
        rootCauses { id }
        actions { action { key } addresses { __typename key } }
      }
    }"""
    on_cause = {"action": {"key": "carrier"}, "addresses": {"__typename": "Cause", "key": "delivery.late"}}
    on_root = {"action": {"key": "stock"}, "addresses": {"__typename": "RootCause", "key": "rc-1"}}
    assert desk.ask(text)["customerViews"] == [
        {"rootCauses": [], "actions": [on_cause]},
        {"rootCauses": [], "actions": []},
    ]
    desk.services = SimpleNamespace(causes=Causes())
    assert desk.ask(text)["customerViews"] == [
        {"rootCauses": [{"id": "rc-1"}], "actions": [on_root, on_cause]},
        {"rootCauses": [], "actions": []},
    ]


def test_who_may_not_see_names_sees_figures(desk: Desk) -> None:
    text = """{ customerView(key: "crm:ana") {
      customer { name segment }
      invoices { nodes { amount { amount currency } } }
      contacts { nodes { subject at } }
      complaints { edges { node { text filedAt attributedToCause { edges { quote node { key } } } } } }
    } }"""
    response = desk.respond(text, role=Role.ANALYST)
    view = response["data"]["customerView"]
    assert view["customer"] == {"name": None, "segment": "gold"}
    assert view["contacts"]["nodes"] == [{"subject": None, "at": "2026-03-12T12:00:00Z"}]
    assert view["complaints"]["edges"][0]["node"] == {
        "text": None,
        "filedAt": "2026-03-14T12:00:00Z",
        "attributedToCause": {"edges": [{"quote": None, "node": {"key": "delivery.late"}}]},
    }
    assert response["extensions"]["masked"] == [
        "AttributedToCauseEdge.quote",
        "Complaint.text",
        "Contact.subject",
        "Customer.name",
    ]


def test_ways_of_what_every_project_has() -> None:
    ways = find_ways(core_vocabulary())
    found = {(way.kind, way.dated.name, way.event.value, way.second is not None) for way in ways}
    assert found == {
        ("Complaint", "filed_at", "begins", False),
        ("Contact", "at", "begins", False),
        ("Invoice", "issued_on", "begins", False),
        ("Payment", "paid_at", "begins", True),
        ("Subscription", "ended_on", "ends", False),
        ("Subscription", "started_on", "begins", False),
    }
