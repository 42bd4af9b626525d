"""What files tell each role: every list, by groups and by time, as CSV and as Parquet."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from api.auth import Role
from api.graphql.types.names import camel
from tests.api.service.house import Asker, House
from tests.api.service.test_matrix_asking import get_list, is_hidden

STAFF = ("analyst", "analyst of the north", "agent", "agent of the north", "investigator", "admin")
GROUPS = '{ aggregate(kind: %s, by: [{path: "%s"}], measures: [{op: COUNT}]) { rows { groups { label } } } }'
TREND = '{ trend(kind: Complaint, per: MONTH, lens: {path: "%s"}) { series { count } } }'


def export(house: House, asker: Asker, query: str, **more: Any) -> tuple[httpx.Response, str]:
    """Return a file and what is in it; there is no leak in it."""
    body = {"query": query, **more}
    answer = house.client.post("/export", json=body, headers=asker.headers)
    text = answer.content.decode() if more.get("format") != "parquet" or answer.is_error else ""
    if not text:
        text = json.dumps(pq.read_table(io.BytesIO(answer.content)).to_pylist(), default=str)
    return house.check(asker, query, answer, text), text


@pytest.mark.parametrize("name", STAFF)
def test_lists_show_what_is_for_a_role_and_nothing_else(house: House, name: str) -> None:
    asker, marks, found = house.askers[name], house.company.marks, set[str]()
    for kind in house.vocabulary.kinds.values():
        query = f"{{ {get_list(house, kind)} {{ nodes {{ key }} }} }}"
        told = []
        for format_ in ("csv", "parquet"):
            answer, text = export(house, asker, query, format=format_)
            assert answer.status_code == 200, text
            told.append(marks.find(text))
        assert told[0] == told[1], kind.name
        found |= told[0]
        for p in kind.properties.values():
            answer, text = export(house, asker, query, columns=["key", p.name])
            assert (answer.status_code == 403) is is_hidden(asker, kind, p), (p, text[:500])
            by = query.replace(" {", f"(orderBy: {{field: {p.name.upper()}}}) {{", 1)
            answer, text = export(house, asker, by, columns=["key"])
            assert (answer.status_code == 403) is is_hidden(asker, kind, p), (p, text[:500])
    kinds = [f"{kind}." for kind in house.vocabulary.kinds]
    of_lists = {text for text, mark in marks.known.items() if mark.about.startswith(tuple(kinds))}
    shown = {text for text in of_lists if marks.is_shown(text, asker.caller, asker.people)}
    missing = {marks.known[text].about for text in shown - found}
    assert missing <= {"Account.key", "Customer.key"}, missing  # of records that are not customers' own


@pytest.mark.parametrize("name", STAFF[:4])
def test_groups_and_trends_show_nothing_else(house: House, name: str) -> None:
    asker = house.askers[name]
    for kind in house.vocabulary.kinds.values():
        for p in kind.properties.values():
            answer, text = export(house, asker, GROUPS % (kind.name, camel(p.name)))
            assert (answer.status_code == 403) is is_hidden(asker, kind, p), (kind.name, p, text[:500])
    customer = house.vocabulary.kinds["Customer"]
    for p in customer.properties.values():
        answer, text = export(house, asker, TREND % f"Complaint<-FILED-Customer.{p.name}")
        assert (answer.status_code == 403) is is_hidden(asker, customer, p), (p, text[:500])


@pytest.mark.parametrize("name", STAFF[:4])
def test_an_address_gives_what_its_maker_may_see(house: House, name: str) -> None:
    asker = house.askers[name]
    query = "{ customers { nodes { key } } }"
    made, _ = export(house, asker, query, link=True)
    answer = house.client.get(made.json()["url"])
    assert answer.status_code == 200
    house.check(asker, query, answer)
    shown = house.company.marks.find(answer.text)
    assert any(house.company.marks.known[text].about == "Customer.code" for text in shown)
    knows = asker.caller.role is not Role.ANALYST
    assert any(house.company.marks.known[text].about == "Customer.email" for text in shown) is knows
