"""Lists of a kind: pages, filters, orders, counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.graphql.shop import Counting, Desk

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: ComplaintOrder) {
  complaints(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    nodes { key }
    edges { cursor node { key } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
ORDERS = [
    (None, ["m1", "m2", "m3"]),
    ({"field": "KEY", "direction": "DESC"}, ["m3", "m2", "m1"]),
    ({"field": "FILED_AT"}, ["m3", "m1", "m2"]),
    ({"field": "SCORE", "direction": "DESC"}, ["m2", "m1", "m3"]),
]


def keys(connection: dict[str, Any]) -> list[str]:
    assert [node["key"] for node in connection["nodes"]] == [e["node"]["key"] for e in connection["edges"]]
    return [node["key"] for node in connection["nodes"]]


@pytest.mark.parametrize(("order", "expected"), ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_forwards_make_the_whole_list(desk: Desk, order: Any, expected: list[str], size: int) -> None:
    found: list[str] = []
    after = None
    while True:
        page = desk.ask(PAGE, {"first": size, "after": after, "orderBy": order})["complaints"]
        assert page["pageInfo"]["hasPreviousPage"] == bool(found)
        found += keys(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == expected


@pytest.mark.parametrize(("order", "expected"), ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_backwards_make_the_whole_list(desk: Desk, order: Any, expected: list[str], size: int) -> None:
    found: list[str] = []
    before = None
    while True:
        page = desk.ask(PAGE, {"last": size, "before": before, "orderBy": order})["complaints"]
        assert page["pageInfo"]["hasNextPage"] == bool(found)
        found = keys(page) + found
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert found == expected


def test_each_cursor_leads_on_from_there(desk: Desk) -> None:
    every = desk.ask(PAGE, {"orderBy": {"field": "FILED_AT"}})["complaints"]["edges"]
    for place, edge in enumerate(every):
        variables = {"after": edge["cursor"], "orderBy": {"field": "FILED_AT"}}
        behind = desk.ask(PAGE, variables)["complaints"]["edges"]
        assert behind == every[place + 1 :]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("first: 501", "`first` is from 0 to 500, not 501"),
        ("first: -1", "`first` is from 0 to 500, not -1"),
        ("last: 501", "`last` is from 0 to 500, not 501"),
        ("first: 1, last: 1", "a list is paged one way"),
        ('after: "m1"', "'m1' is not a cursor"),
        ('after: "\\u0000"', "'\\x00' is not a cursor"),
        ('after: "a2V5"', "'a2V5' is not a cursor"),
    ],
)
def test_a_page_that_cannot_be_is_refused(desk: Desk, arguments: str, message: str) -> None:
    response = desk.respond(f"{{ complaints({arguments}) {{ nodes {{ key }} }} me {{ role }} }}")
    assert [error["message"] for error in response["errors"]] == [message]
    assert response["data"] == {"complaints": None, "me": {"role": "ADMIN"}}


def test_a_cursor_is_of_one_order(desk: Desk) -> None:
    cursor = desk.ask(PAGE, {"first": 1})["complaints"]["pageInfo"]["endCursor"]
    errors = desk.complain(PAGE, {"after": cursor, "orderBy": {"field": "FILED_AT"}})
    assert errors == ["the cursor is of a list in another order"] * len(errors)


def test_an_empty_page_may_be_asked_for(counting: tuple[Desk, Counting]) -> None:
    desk, reader = counting
    answer = desk.ask("{ complaints(first: 0) { totalCount nodes { key } pageInfo { endCursor } } }")
    assert answer["complaints"] == {"totalCount": 3, "nodes": [], "pageInfo": {"endCursor": None}}
    assert reader.calls == ["aggregate"]


def test_it_is_counted_and_read_only_when_asked_for(counting: tuple[Desk, Counting]) -> None:
    desk, reader = counting
    desk.ask("{ complaints { nodes { key } edges { cursor } pageInfo { hasNextPage } } }")
    assert reader.calls == ["page"]
    reader.calls.clear()
    desk.ask("{ complaints { totalCount } }")
    assert reader.calls == ["aggregate"]


FILTERS = [
    ({}, ["m1", "m2", "m3"]),
    ({"key": {"eq": "m1"}}, ["m1"]),
    ({"key": {"startsWith": "m"}}, ["m1", "m2", "m3"]),
    ({"text": {"contains": "TARDE"}}, ["m1", "m2"]),
    ({"text": {"startsWith": "el "}}, ["m2"]),
    ({"title": {"eq": None}}, ["m1", "m2"]),
    ({"title": {"ne": None}}, ["m3"]),
    ({"title": {"isNull": True}}, ["m1", "m2"]),
    ({"title": {"isNull": False}}, ["m3"]),
    ({"title": {"ne": "Wrong colour"}}, ["m1", "m2"]),
    ({"language": {"in": ["es", "pt"]}}, ["m2"]),
    ({"language": {"notIn": ["es", "pt"]}}, ["m1", "m3"]),
    ({"language": {"in": []}}, []),
    ({"score": {"gte": 1, "lt": 2}}, ["m1"]),
    ({"score": {"gt": 1}}, ["m2"]),
    ({"filedAt": {"gte": "2026-03-14T12:00:00Z", "lte": "2026-03-14T09:00:00-03:00"}}, ["m1"]),
    ({"filedAt": {"lt": "2026-03-14"}}, ["m3"]),
    ({"or": [{"key": {"eq": "m1"}}, {"title": {"ne": None}}]}, ["m1", "m3"]),
    ({"or": []}, []),
    ({"and": [{"score": {"gte": 1}}, {"score": {"lte": 1}}]}, ["m1"]),
    ({"and": []}, ["m1", "m2", "m3"]),
    ({"not": {"score": {"gte": 1}}}, ["m3"]),
    ({"not": {}}, []),
    ({"filedFromCustomer": {"segment": {"eq": "gold"}}}, ["m1", "m3"]),
    ({"filedFromCustomer": {"email": {"eq": " ANA@shop.example"}}}, ["m1", "m3"]),
    ({"filedFromCustomer": {"taxNumber": {"in": ["529.982.247-25"]}}}, ["m2"]),
    ({"filedFromCustomer": {"taxNumber": {"ne": "52998224725"}}}, ["m1", "m3"]),
    ({"attributedToCause": {}}, ["m1", "m2"]),
    ({"not": {"attributedToCause": {}}}, ["m3"]),
    ({"aboutOrder": {"daysLate": {"gte": 2}, "placedFromCustomer": {"key": {"eq": "crm:ana"}}}}, ["m1"]),
    # What was not filled in is no condition.
    ({"score": {"gte": None}, "text": None, "and": None, "filedFromCustomer": None}, ["m1", "m2", "m3"]),
]


@pytest.mark.parametrize(("given", "expected"), FILTERS)
def test_filters(desk: Desk, given: dict[str, Any], expected: list[str]) -> None:
    text = "query ($filter: ComplaintFilter) { complaints(filter: $filter) { totalCount nodes { key } } }"
    answer = desk.ask(text, {"filter": given})["complaints"]
    assert answer == {"totalCount": len(expected), "nodes": [{"key": key} for key in expected]}


def test_sums_of_money_are_compared(desk: Desk) -> None:
    def ask(condition: str) -> list[str]:
        answer = desk.ask(f"{{ payments(filter: {{amount: {{{condition}}}}}) {{ nodes {{ key }} }} }}")
        return [node["key"] for node in answer["payments"]["nodes"]]

    assert ask('eq: {amount: "49.9", currency: "BRL"}') == ["p1"]
    assert ask('lt: {amount: 49.90, currency: "BRL"}') == ["p2"]
    assert ask('gte: {amount: 1, currency: "USD"}') == []
    assert ask('in: [{amount: "18", currency: "BRL"}]') == ["p2"]


@pytest.mark.parametrize(
    "literal",
    ['"49,90"', '"NaN"', '"1e9999"', "true", '"Infinity"', '""', "1e400"],
)
def test_what_is_no_sum_is_refused(desk: Desk, literal: str) -> None:
    text = (
        f'{{ payments(filter: {{amount: {{eq: {{amount: {literal}, currency: "BRL"}}}}}}) {{ totalCount }} }}'
    )
    errors = desk.validate(text)
    assert errors
    assert "Decimal" in errors[0]


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ("complaints", 'filedAt: {eq: "soon"}'),
        ("complaints", 'filedAt: {eq: "0001-01-01T00:00:00+14:00"}'),
        ("invoices", 'dueOn: {eq: "2026-02-30"}'),
        ("orders", "daysLate: {eq: 9223372036854775808}"),
        ("orders", "daysLate: {eq: 1.5}"),
        ("orders", 'daysLate: {eq: "1"}'),
    ],
)
def test_what_is_no_value_is_refused(desk: Desk, kind: str, condition: str) -> None:
    assert desk.validate(f"{{ {kind}(filter: {{{condition}}}) {{ totalCount }} }}")


def test_a_filter_that_asks_too_much_is_refused(desk: Desk) -> None:
    text = "query ($filter: ComplaintFilter) { complaints(filter: $filter) { nodes { key } } }"
    wide = {"or": [{"key": {"eq": str(i)}} for i in range(250)]}
    assert desk.complain(text, {"filter": wide}) == [
        "a filter has at most 200 conditions and 5 relationships behind one another"
    ]
    deep: dict[str, Any] = {"key": {"eq": "m1"}}
    for _ in range(3):
        deep = {"filedFromCustomer": {"filedComplaint": deep}}
    assert desk.complain(text, {"filter": deep}) == [
        "a filter has at most 200 conditions and 5 relationships behind one another"
    ]


def test_numbers_are_finite(desk: Desk) -> None:
    errors = desk.complain("{ complaints(filter: {not: {score: {lt: 1e999}}}) { totalCount } }")
    assert errors == ["a number of a filter is finite"]


def test_one_by_its_key_and_as_it_was(desk: Desk) -> None:
    text = "query ($key: String!, $at: DateTime) { complaint(key: $key, at: $at) { key } }"
    assert desk.ask(text, {"key": "m1"}) == {"complaint": {"key": "m1"}}
    assert desk.ask(text, {"key": "m1", "at": "2020-01-01T00:00:00Z"}) == {"complaint": None}
    assert desk.ask(text, {"key": "m1", "at": "2999-01-01T00:00:00Z"}) == {"complaint": {"key": "m1"}}
    assert desk.ask(text, {"key": "no\u0000body"}) == {"complaint": None}


def test_what_was_said_of_a_node(desk: Desk) -> None:
    text = '{ order(key: "o1") { history { source record run validTo properties } } }'
    (said,) = desk.ask(text)["order"]["history"]
    assert (said["source"], said["record"], said["validTo"]) == ("billing", "o1", None)
    assert said["properties"] == {
        "bought_at": "2026-03-08T12:00:00Z",
        "days_late": 4,
        "note": "fraud check",
    }


def test_history_does_not_tell_what_may_not_be_seen(desk: Desk) -> None:
    from api.auth import Role

    response = desk.respond('{ order(key: "o1") { note history { record properties } } }', role=Role.ANALYST)
    (said,) = response["data"]["order"]["history"]
    assert said == {"record": None, "properties": {"bought_at": "2026-03-08T12:00:00Z", "days_late": 4}}
    assert response["extensions"]["masked"] == ["Contribution.record", "Order.note"]
