"""Whatever is asked of the schema, by whomever: nothing hidden is in an answer, in an id or a cursor."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from api.auth import Caller, GuardedReader, Role
from api.graphql.building import build_schema
from api.graphql.execution import Documents, InvalidOperationError, Limits, execute
from api.graphql.request import Request
from api.graphql.types import encode_id
from graph import Store, open_store
from tests.api.auth import world
from tests.api.auth.conftest import PSEUDONYMS
from tests.api.auth.test_no_leaks import CALLERS, COMMON, forbidden
from tests.api.graphql.fuzzer import Fuzzer

SCHEMA = build_schema(world.VOCABULARY)
DOCUMENTS = Documents(SCHEMA, Limits(cost=10**9, depth=50, fields=10**6, tokens=10**6, overlaps=10**7))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('w') / 'm.db'}", world.VOCABULARY)) as store:
        world.fill(store)
        world.fill_ties(store)
        yield store


def ask(
    store: Store, caller: Caller, text: str, variables: Any = None, *, served: bool = False
) -> dict[str, Any]:
    """Return the answer. served: there is a service around, which opens readers for others."""

    def open_reader(whose: Caller) -> GuardedReader:
        return GuardedReader(store.reader(), whose, PSEUDONYMS, smallest_group=1)

    reader = open_reader(caller)
    services = SimpleNamespace(open_reader=open_reader) if served else None
    request = Request(caller, reader, store, services=services)
    try:
        return execute(DOCUMENTS.prepare(text), request, variables).to_response()
    except InvalidOperationError as invalid:
        return {"errors": [error.formatted for error in invalid.errors]}
    finally:
        reader.close()


def ids_for(caller: Caller) -> list[str]:
    """Return global ids of nodes, as the caller knows them and as the store does."""
    own = ("Customer", "Complaint", "Invoice")
    refs = [(kind, world.key(kind, name)) for kind in own for name in ("ana", "zzrui")]
    refs += [("Cause", "late"), ("Product", "fibre"), ("Region", "south"), ("Router", "r9")]
    hidden = [(kind, PSEUDONYMS.hide(kind, key)) for kind, key in refs]
    return [encode_id(*ref) for ref in (*refs, *(hidden if caller.role is Role.ANALYST else ()))]


def open_texts(value: Any) -> Iterator[str]:
    """Yield every text of an answer, and in place of an id or a cursor what is written in it.

    What is left of a pseudonym, by which letters stand there by chance, is not.
    """
    if isinstance(value, dict):
        yield from value
        yield from (text for below in value.values() for text in open_texts(below))
    elif isinstance(value, list):
        yield from (text for below in value for text in open_texts(below))
    elif isinstance(value, str):
        inner = open_text(value)
        yield from [re.sub(r"~[\w-]+", "~", value)] if inner is None else open_texts(inner.split("\n"))
    elif value is not None:
        yield str(value)


def open_text(text: str) -> str | None:
    """Return what is written in an id or a cursor, or None where a text is neither."""
    try:
        inner = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeError, ValueError):
        return None
    return inner if "\n" in inner or inner.startswith("[") else None


def tell_news(value: Any, caller: Caller, text: str) -> Any:
    """Return an answer without the ids that the caller gave, and the customer whom they are known to see."""
    if isinstance(value, dict):
        return {name: tell_news(below, caller, text) for name, below in value.items()}
    if isinstance(value, list):
        return [tell_news(below, caller, text) for below in value]
    return None if value == caller.customer or (isinstance(value, str) and f'"{value}"' in text) else value


@pytest.mark.parametrize("name", CALLERS)
def test_nothing_hidden_is_in_an_answer(company: Store, name: str) -> None:
    caller = CALLERS[name]
    marks = forbidden(caller)
    codes: Counter[str] = Counter()
    for seed in range(120):
        text = Fuzzer(SCHEMA, seed, ids_for(caller)).query()
        response = ask(company, caller, text)
        found = [error["extensions"]["code"] for error in response.get("errors", ())]
        assert "internal" not in found, f"seed {seed}: {text}"
        codes.update(found or ["fine"])
        for shown in open_texts(tell_news(response.get("data"), caller, text)):
            leaked = [mark for mark in marks if mark in COMMON.sub("", shown)]
            assert not leaked, (seed, leaked, shown, text)
    assert codes["fine"] > 20 or caller.role is Role.ANYONE, codes


WHOLE = """
query ($after: String, $before: String, $first: Int, $last: Int, $orderBy: CustomerOrder) {
  customers(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    nodes { key id segment }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.mark.parametrize("name", ["analyst", "agent", "agent of the north"])
@pytest.mark.parametrize("order", [None, {"field": "SEGMENT", "direction": "DESC"}])
def test_pages_lead_on_and_back(company: Store, name: str, order: Any) -> None:
    caller = CALLERS[name]

    def page(**variables: Any) -> Any:
        response = ask(company, caller, WHOLE, {"orderBy": order, **variables})
        assert "errors" not in response, response
        return response["data"]["customers"]

    whole = page()["nodes"]
    first = page(first=1)
    second = page(first=1, after=first["pageInfo"]["endCursor"])
    assert first["nodes"] + second["nodes"] == whole[:2]
    assert page(last=1, before=second["pageInfo"]["startCursor"])["nodes"] == first["nodes"]
    assert page(last=1)["nodes"] == whole[-1:]


def test_ids_lead_to_the_same_again(company: Store) -> None:
    for name in ("analyst", "agent", "admin of the north"):
        caller = CALLERS[name]
        nodes = ask(company, caller, WHOLE)["data"]["customers"]["nodes"]
        text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id key } }"
        found = ask(company, caller, text, {"ids": [node["id"] for node in nodes]})["data"]["nodes"]
        assert found == [{"id": node["id"], "key": node["key"]} for node in nodes]


def test_a_widget_has_the_view_of_its_customer_and_of_no_other(company: Store) -> None:
    text = """query ($keys: [String!]) {
      customerViews(keys: $keys) {
        caption records { nodes { key } } complaints { nodes { key } } payments { nodes { key } }
        timeline { edges { cursor node { kind node { key } } } } actions { action { key } }
      }
    }"""
    ana, bia = world.key("Customer", "ana"), world.key("Customer", "bia")
    answer = ask(company, CALLERS["widget"], text, {"keys": [ana, bia]}, served=True)
    (mine, other) = answer["data"]["customerViews"]
    assert other is None
    assert mine["complaints"]["nodes"] == [{"key": world.key("Complaint", "ana")}]
    assert mine["payments"]["nodes"] == []  # not dated
    assert [edge["node"]["node"]["key"] for edge in mine["timeline"]["edges"]] == [
        world.key("Complaint", "ana")
    ]
    assert mine["actions"] == [{"action": {"key": "vans"}}]
