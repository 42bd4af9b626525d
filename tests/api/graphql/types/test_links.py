"""Relationships as connections: read for a whole level at once, counted when asked for."""

from __future__ import annotations

from typing import Any

from tests.api.graphql.shop import Counting, Desk

NESTED = """
query ($first: Int) {
  customers(first: $first) {
    nodes {
      caption
      filedComplaint {
        totalCount
        nodes { key attributedToCause { edges { quote node { caption } } } }
      }
    }
  }
}
"""


def test_the_store_is_asked_once_a_level(counting: tuple[Desk, Counting]) -> None:
    desk, reader = counting
    calls = []
    for first in (1, 3):
        reader.calls.clear()
        desk.ask(NESTED, {"first": first})
        calls.append(sorted(reader.calls))
    assert calls == [["degrees", "follow_all", "follow_all", "page"]] * 2


def test_what_is_the_same_node_is_asked_for_once(counting: tuple[Desk, Counting]) -> None:
    desk, reader = counting
    text = """{
      complaints { nodes { attributedToCause { nodes { attributedToFromComplaint { nodes { key } } } } } }
    }"""
    found = desk.ask(text)["complaints"]["nodes"]
    both = {"attributedToFromComplaint": {"nodes": [{"key": "m1"}, {"key": "m2"}]}}
    assert [c["attributedToCause"]["nodes"] for c in found] == [[both], [both], []]
    assert reader.calls == ["page", "follow_all", "follow_all"]


def test_lists_beside_each_other_are_read_at_once(counting: tuple[Desk, Counting]) -> None:
    desk, reader = counting
    text = """query ($after: String, $first: Int) { complaints { nodes {
        filedFromCustomer { nodes { key } }
        attributedToCause(first: $first, after: $after) { pageInfo { hasNextPage } nodes { key } }
        again: attributedToCause { totalCount }
    } } }"""
    found = desk.ask(text)["complaints"]["nodes"]
    assert reader.calls == ["page", "follow_all", "degrees"]
    assert [len(c["filedFromCustomer"]["nodes"]) for c in found] == [1] * len(found)
    empty = desk.ask(text, {"first": 0})["complaints"]["nodes"]
    assert [c["attributedToCause"]["nodes"] for c in empty] == [[]] * len(found)
    # One that cannot be asked is told of alone.
    wrong = desk.respond(text, {"after": "nowhere"})["errors"]
    assert {error["path"][3] for error in wrong} == {"attributedToCause"}


def test_an_edge_has_what_its_relationship_has(desk: Desk) -> None:
    text = """{
      complaint(key: "m1") {
        attributedToCause {
          edges { quote startsAt endsAt manner confidence provenance { source validTo } node { key } }
        }
      }
    }"""
    assert desk.ask(text)["complaint"]["attributedToCause"]["edges"] == [
        {
            "quote": "Chegou tarde",
            "startsAt": 0,
            "endsAt": 12,
            "manner": "explicit",
            "confidence": 0.9,
            "provenance": {"source": "support", "validTo": None},
            "node": {"key": "delivery.late"},
        }
    ]


def test_neighbours_are_filtered_and_sorted(desk: Desk) -> None:
    text = """query ($filter: ComplaintFilter, $orderBy: ComplaintOrder) {
      customer(key: "crm:ana") {
        filedComplaint(filter: $filter, orderBy: $orderBy) { totalCount nodes { key } }
      }
    }"""

    def ask(**variables: Any) -> Any:
        return desk.ask(text, variables)["customer"]["filedComplaint"]

    assert ask() == {"totalCount": 2, "nodes": [{"key": "m1"}, {"key": "m3"}]}
    assert ask(orderBy={"field": "FILED_AT"}) == {"totalCount": 2, "nodes": [{"key": "m3"}, {"key": "m1"}]}
    assert ask(filter={"score": {"lt": 2}}) == {"totalCount": 1, "nodes": [{"key": "m1"}]}
    assert ask(filter={"score": {"gt": 9}}) == {"totalCount": 0, "nodes": []}


def test_neighbours_come_by_page(desk: Desk) -> None:
    text = """query ($after: String) {
      customer(key: "crm:ana") {
        billedInvoice(first: 1, after: $after, orderBy: {field: ISSUED_ON, direction: DESC}) {
          nodes { key }
          pageInfo { hasNextPage hasPreviousPage endCursor }
        }
      }
    }"""
    first = desk.ask(text)["customer"]["billedInvoice"]
    assert first["nodes"] == [{"key": "i2"}]
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    second = desk.ask(text, {"after": first["pageInfo"]["endCursor"]})["customer"]["billedInvoice"]
    assert second["nodes"] == [{"key": "i1"}]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)


def test_neighbours_come_from_the_end(desk: Desk) -> None:
    text = """query ($before: String) {
      customer(key: "crm:ana") {
        filedComplaint(last: 1, before: $before, orderBy: {field: FILED_AT}) {
          nodes { key }
          pageInfo { hasNextPage hasPreviousPage startCursor }
        }
      }
    }"""
    last = desk.ask(text)["customer"]["filedComplaint"]
    assert last["nodes"] == [{"key": "m1"}]
    assert (last["pageInfo"]["hasNextPage"], last["pageInfo"]["hasPreviousPage"]) == (False, True)
    first = desk.ask(text, {"before": last["pageInfo"]["startCursor"]})["customer"]["filedComplaint"]
    assert first["nodes"] == [{"key": "m3"}]
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)


def test_only_a_count_reads_no_neighbours(counting: tuple[Desk, Counting]) -> None:
    desk, reader = counting
    answer = desk.ask("{ customers { nodes { filedComplaint { totalCount } } } }")
    counts = [customer["filedComplaint"]["totalCount"] for customer in answer["customers"]["nodes"]]
    assert counts == [2, 1, 0]
    assert reader.calls == ["page", "degrees"]


def test_two_pages_of_one_relationship_are_two(desk: Desk) -> None:
    text = """{
      customer(key: "crm:ana") {
        good: filedComplaint(filter: {score: {isNull: true}}) { nodes { key } }
        bad: filedComplaint(filter: {score: {isNull: false}}) { nodes { key } }
      }
    }"""
    found = desk.ask(text)["customer"]
    assert found == {"good": {"nodes": [{"key": "m3"}]}, "bad": {"nodes": [{"key": "m1"}]}}


def test_a_page_that_cannot_be_leaves_the_rest(desk: Desk) -> None:
    text = "{ customers { nodes { caption filedComplaint(first: 999) { nodes { key } } } } }"
    response = desk.respond(text)
    assert {error["message"] for error in response["errors"]} == {"`first` is from 0 to 500, not 999"}
    assert [customer["caption"] for customer in response["data"]["customers"]["nodes"]] == [
        "Ana Souza",
        "Bruno Lima",
        "Carla Dias",
    ]


def test_captions_are_in_the_language_of_the_caller(desk: Desk) -> None:
    text = '{ cause(key: "delivery.late") { caption } rootCauseNode(key: "rc-1") { caption } }'
    captions = {
        language: [found["caption"] for found in desk.ask(text, language=language).values()]
        for language in ("en", "es", "pt")
    }
    assert captions == {
        "en": ["late delivery", "days late ≥ 2"],
        "es": ["entrega tardía", "días de retraso ≥ 2"],
        "pt": ["entrega atrasada", "days late ≥ 2"],
    }
