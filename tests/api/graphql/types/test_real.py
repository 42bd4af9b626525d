"""The schema over graphs that were read from files: the company of the demo, and a real marketplace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.demo import generate_company
from api.graphql.building import build_schema
from api.graphql.types import encode_id
from graph import Store, open_store
from ingest import ingest, load_project
from tests.api.graphql.shop import Counting, Desk


def open_desk(store: Store) -> Desk:
    reader = Counting(store.reader())
    return Desk(store, reader=reader, schema=build_schema(reader.vocabulary))  # type: ignore[arg-type]


def calls(desk: Desk) -> Counter[str]:
    """Return what the store was asked since the last time."""
    reader: Any = desk.reader
    found = Counter(reader.calls)
    reader.calls.clear()
    return found


@pytest.fixture(scope="module")
def olist(root: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('olist') / 'motivo.db'}")) as store:
        ingest(load_project(root / "examples/olist/motivo.yaml"), store, data=data / "olist_sample3k")
        yield open_desk(store)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("demo")
    generate_company(folder, customers=400)
    with closing(open_store(f"sqlite:///{folder / 'motivo.db'}")) as store:
        ingest(load_project(folder / "motivo.yaml"), store)
        yield open_desk(store)


def test_pages_of_a_marketplace_are_all_of_it(olist: Desk) -> None:
    text = """query ($after: String) {
      orders(first: 500, after: $after, orderBy: {field: DAYS_LATE, direction: DESC}) {
        totalCount nodes { key daysLate } pageInfo { hasNextPage endCursor }
      }
    }"""
    found: list[Any] = []
    after = None
    while True:
        page = olist.ask(text, {"after": after})["orders"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len({order["key"] for order in found}) == len(found) == page["totalCount"]
    days = [order["daysLate"] for order in found if order["daysLate"] is not None]
    assert days == sorted(days, reverse=True)
    assert {order["daysLate"] for order in found[len(days) :]} <= {None}


def test_complaints_of_late_orders_by_a_linked_filter(olist: Desk) -> None:
    text = """query ($filter: ComplaintFilter) {
      complaints(first: 500, filter: $filter) {
        totalCount nodes { score aboutOrder { nodes { daysLate } } }
      }
    }"""
    late = olist.ask(text, {"filter": {"aboutOrder": {"daysLate": {"gte": 3}}}})["complaints"]
    assert 0 < late["totalCount"] == len(late["nodes"])
    for complaint in late["nodes"]:
        assert max(order["daysLate"] or 0 for order in complaint["aboutOrder"]["nodes"]) >= 3
    others = olist.ask(text, {"filter": {"not": {"aboutOrder": {"daysLate": {"gte": 3}}}}})["complaints"]
    every = olist.ask("{ complaints { totalCount } }")["complaints"]
    assert late["totalCount"] + others["totalCount"] == every["totalCount"]


def test_a_buyer_s_timeline_has_orders_payments_and_complaints(olist: Desk) -> None:
    text = "{ complaints(first: 200) { nodes { key filedFromCustomer { nodes { id } } } } }"
    found = olist.ask(text)["complaints"]["nodes"]
    id_ = next(c["filedFromCustomer"]["nodes"][0]["id"] for c in found if c["filedFromCustomer"]["nodes"])
    calls(olist)
    view = olist.ask(
        """query ($id: ID!) {
          customerView(id: $id) {
            customer { city placedOrder { nodes { status soldBySeller { nodes { city } } } } }
            payments { nodes { amount { amount currency } method } }
            complaints { nodes { text attributedToCause { edges { quote } } } }
            timeline { edges { node { time kind caption } } }
          }
        }""",
        {"id": id_},
    )["customerView"]
    assert sum(calls(olist).values()) < 25
    kinds = [edge["node"]["kind"] for edge in view["timeline"]["edges"]]
    times = [edge["node"]["time"] for edge in view["timeline"]["edges"]]
    assert {"Order", "Complaint"} <= set(kinds)
    assert times == sorted(times, reverse=True)
    assert view["customer"]["placedOrder"]["nodes"]


VIEWS = """
query ($keys: [String!]) {
  customerViews(keys: $keys) {
    caption
    customer { segment city }
    records { nodes { key system } edges { rule probability } }
    subscriptions { nodes { usesRouter(first: 2) { nodes { key } } ofProduct(first: 2) { nodes { key } } } }
    invoices { nodes { amount { amount } paysFromPayment(first: 5) { nodes { paidAt } } } }
    payments { nodes { key } }
    contacts { nodes { at throughChannel(first: 1) { nodes { caption } } } }
    complaints { nodes { filedAt attributedToCause(first: 5) { edges { quote node { caption } } } } }
    actions { action { caption } }
    timeline { edges { node { time kind } } }
  }
}
"""


def test_a_view_asks_as_often_for_fifty_customers_as_for_one(demo: Desk) -> None:
    text = "{ customers(first: 50, filter: {filedComplaint: {}}) { nodes { key } } }"
    keys = [node["key"] for node in demo.ask(text)["customers"]["nodes"]]
    calls(demo)
    counted = []
    for number in (5, 50):
        views = demo.ask(VIEWS, {"keys": keys[:number]})["customerViews"]
        assert len(views) == number
        assert all(view["complaints"]["nodes"] for view in views)
        counted.append(calls(demo))
    assert counted[1] == counted[0]
    assert sum(counted[1].values()) < 40


def test_from_a_complaint_to_all_that_its_cause_hits(demo: Desk) -> None:
    text = """query ($id: ID!) {
      expand(id: $id, threshold: 10) {
        branches { direction kind count supernode neighbours(first: 3) { totalCount nodes { key } } }
      }
    }"""
    causes = demo.ask("{ causes(first: 500) { nodes { key attributedToFromComplaint { totalCount } } } }")
    cause = max(causes["causes"]["nodes"], key=lambda c: c["attributedToFromComplaint"]["totalCount"])
    (branch,) = [
        branch
        for branch in demo.ask(text, {"id": encode_id("Cause", cause["key"])})["expand"]["branches"]
        if branch["kind"] == "Complaint"
    ]
    assert branch["count"] == cause["attributedToFromComplaint"]["totalCount"] > 10
    assert branch["supernode"]
    assert len(branch["neighbours"]["nodes"]) == 3


def test_counts_agree_with_the_store(demo: Desk) -> None:
    kinds = demo.ask("{ vocabulary { kinds { name listField } } totals { nodes { kind count } } }")
    totals = {total["kind"]: total["count"] for total in kinds["totals"]["nodes"]}
    fields = " ".join(f"{k['name']}: {k['listField']} {{ totalCount }}" for k in kinds["vocabulary"]["kinds"])
    counted = demo.ask(f"{{ {fields} }}")
    assert {name: of["totalCount"] for name, of in counted.items() if of["totalCount"]} == totals
