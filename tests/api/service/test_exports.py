"""Lists, aggregates and trends as files."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from api.auth import Caller, Role, Secret, WidgetTokens, add_key
from api.auth.pseudonyms import Pseudonyms
from api.service import links as links_module
from api.service import open_parts
from api.service.links import Links
from api.settings import AuthSettings, ServiceSettings
from graph import Store, open_store
from schema import AuthenticationError
from tests.api.graphql.shop import VOCABULARY, open_shop
from tests.api.service.running import Running, running

SECRET = "0123456789abcdef" * 4
LIST = "{ customers { nodes { key } } }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    with closing(open_store(f"sqlite:///{path}", VOCABULARY)) as opened:
        yield open_shop(opened)


@pytest.fixture(scope="module")
def keys(store: Store) -> dict[Role, str]:
    return {role: add_key(store, role)[0] for role in (Role.ANALYST, Role.AGENT, Role.ADMIN)}


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit") / "audit.jsonl"


@pytest.fixture(scope="module")
def shop(store: Store, audit: Path) -> Iterator[Running]:
    parts = open_parts(store, ServiceSettings(), AuthSettings(secret=SECRET, audit=audit, smallest_group=1))
    settings = ServiceSettings(rate="", rate_address="", rate_refused="", origins=("https://crm.example",))
    with running(store, parts, settings) as found:
        yield found


@pytest.fixture
def agent(shop: Running, keys: dict[Role, str]) -> Iterator[httpx.Client]:
    with shop.client(headers={"Authorization": f"Bearer {keys[Role.AGENT]}"}) as client:
        yield client


def read_csv(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_as_csv_with_headers_in_three_languages(agent: httpx.Client) -> None:
    for language, header in (("en", "Name"), ("es", "Nombre"), ("pt", "Nome")):
        answer = agent.post("/export", json={"query": LIST}, headers={"Accept-Language": language})
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        assert answer.headers["content-disposition"] == f'attachment; filename="customers-{today}.csv"'
        assert answer.headers["cache-control"] == "no-store"
        rows = read_csv(answer)
        assert "Ana Souza" in {row[header] for row in rows}
    assert agent.post("/export", json={"query": LIST, "bom": True}).content.startswith(b"\xef\xbb\xbf")


def test_a_list_by_get_with_conditions_order_and_columns(agent: httpx.Client) -> None:
    query = (
        "query ($lang: String!) { complaints(filter: {language: {eq: $lang}},"
        " orderBy: {field: FILED_AT, direction: DESC}) { nodes { key } } }"
    )
    asked = {
        "query": query,
        "variables": json.dumps({"lang": "es"}),
        "columns": "key,filed_at,Complaint-ATTRIBUTED_TO->Cause",
        "format": "parquet",
    }
    answer = agent.get("/export", params=asked)
    assert answer.status_code == 200, answer.text
    table = pq.read_table(io.BytesIO(answer.content))
    assert [table.schema.field(i).metadata[b"name"] for i in range(2)] == [b"key", b"filed_at"]
    assert table.num_rows > 0
    filed = table.column(1).to_pylist()
    assert filed == sorted(filed, reverse=True)


def test_an_aggregate_and_a_trend(agent: httpx.Client) -> None:
    query = '{ aggregate(kind: Complaint, by: [{path: "language"}]) { withheld } }'
    rows = read_csv(agent.post("/export", json={"query": query}))
    assert {row["Language"] for row in rows} >= {"es"}
    trend = read_csv(
        agent.post("/export", json={"query": "{ trend(kind: Complaint, per: MONTH) { others } }"})
    )
    assert trend


def test_each_role_gets_what_it_may_see(shop: Running, keys: dict[Role, str]) -> None:
    with shop.client(headers={"Authorization": f"Bearer {keys[Role.ANALYST]}"}) as client:
        answer = client.post("/export", json={"query": LIST})
        rows = read_csv(answer)
        assert "Name" not in rows[0]
        assert all(row["Customer id"].startswith("~") for row in rows)
        assert "Souza" not in answer.text
        refused = client.post("/export", json={"query": LIST, "columns": ["key", "name"]})
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "refused")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ([], 400),
        ({"query": "{"}, 400),
        ({"query": "{ nothing }"}, 400),
        ({"query": "{ me { role } }"}, 400),
        ({"query": "{ __typename }"}, 400),
        ({"query": "{ __schema { description } }"}, 400),
        ({"query": "{ customers { nodes { key } } products { nodes { key } } }"}, 400),
        ({"query": "mutation { cancelJob(id: 3) { id } }"}, 400),
        ({"query": LIST, "format": "xls"}, 400),
        ({"query": LIST, "format": 3}, 400),
        ({"query": LIST, "columns": "key"}, 400),
        ({"query": LIST, "columns": ["nothing"]}, 400),
        ({"query": LIST, "variables": []}, 400),
        ({"query": '{ customers(filter: {name: {eq: "x"}, and: [null]}) { nodes { key } } }'}, 400),
    ],
)
def test_what_cannot_be_exported_says_why(agent: httpx.Client, asked: Any, status: int) -> None:
    answer = agent.post("/export", json=asked)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["message"]


def test_bodies_and_addresses_that_are_none(agent: httpx.Client) -> None:
    assert (
        agent.post("/export", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    )
    assert agent.post("/export", content=b"{}").status_code == 400
    assert agent.get("/export", params={"query": LIST, "variables": "{"}).status_code == 400
    assert agent.put("/export").status_code == 405


def test_nobody_exports_without_credentials(shop: Running) -> None:
    secret = Secret(SECRET)
    widget = WidgetTokens(secret, Pseudonyms(secret)).issue("crm:ana", "https://crm.example").token
    with shop.client() as client:
        assert client.post("/export", json={"query": LIST}).status_code == 401
        assert client.get("/export", params={"query": LIST}).status_code == 401
        headers = {"Authorization": f"Bearer {widget}", "Origin": "https://crm.example"}
        assert client.post("/export", json={"query": LIST}, headers=headers).status_code == 403


def test_an_address_for_a_short_while(agent: httpx.Client, shop: Running, keys: dict[Role, str]) -> None:
    made = agent.post("/export", json={"query": LIST, "link": True}, headers={"Accept-Language": "es"})
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    left = datetime.fromisoformat(made.json()["expiresAt"]) - datetime.now(UTC)
    assert timedelta(seconds=100) < left <= timedelta(seconds=120)
    url = made.json()["url"]
    assert "customers" not in url
    with shop.client() as browser:
        rows = read_csv(browser.get(url))
        assert "Ana Souza" in {row["Nombre"] for row in rows}
        # it is for that export alone, and for no other address
        altered = url[:-4] + ("AAAA" if not url.endswith("AAAA") else "BBBB")
        assert browser.get(altered).status_code == 401
        token = url.partition("=")[2]
        bearer = browser.post(
            "/graphql", json={"query": "{ me { role } }"}, headers={"Authorization": f"Bearer {token}"}
        )
        assert bearer.status_code == 401
        assert browser.get("/export?token=~").status_code == 401
    with shop.client(headers={"Authorization": f"Bearer {keys[Role.ANALYST]}"}) as client:
        masked = client.post("/export", json={"query": LIST, "link": True}).json()["url"]
    with shop.client() as browser:
        assert "Souza" not in browser.get(masked).text


def test_an_address_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    from api.service.exchange import Exchange

    caller = Caller(Role.AGENT, "bia", rows={"Region": ("north",)})
    exchange = Exchange("id", "pt", "127.0.0.1", direct=True, caller=caller)
    links = Links(Secret(SECRET))
    token, _ = links.make(exchange, {"query": LIST})
    found, wanted, language = links.read(token)
    assert (found.role, found.name, found.rows) == (caller.role, caller.name, caller.rows)
    assert (wanted, language) == ({"query": LIST}, "pt")
    monkeypatch.setattr(links_module, "SECONDS", 0)
    ended, _ = links.make(exchange, {"query": LIST})
    with pytest.raises(AuthenticationError):
        links.read(ended)
    with pytest.raises(AuthenticationError):
        Links(Secret("f" * 64)).read(token)
    # and not after the credentials that it was made by
    soon = datetime.now(UTC) + timedelta(seconds=5)
    exchange.caller = Caller(Role.AGENT, "bia", expires_at=soon)
    monkeypatch.setattr(links_module, "SECONDS", 120)
    assert links.make(exchange, {})[1] == soon


def test_who_is_in_a_file_is_written_down(agent: httpx.Client, audit: Path) -> None:
    agent.post("/export", json={"query": LIST}, headers={"X-Request-ID": "exported-1"})
    lines = [json.loads(line) for line in audit.read_text("utf-8").splitlines()]
    seen = [
        line["seen"]["Customer"] for line in lines if line.get("request") == "exported-1" and "seen" in line
    ]
    assert "crm:ana" in seen[0]
    assert "Souza" not in audit.read_text("utf-8")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    from tests.graph.conformance.company import ingest, node

    path = tmp_path_factory.mktemp("large") / "large.db"
    with closing(open_store(f"sqlite:///{path}")) as opened:
        rows = {
            f"r{n}": [node("Product", f"p{n:06}", name=f"product {n} " + "x" * 200)] for n in range(20_000)
        }
        ingest(opened, shop=rows)
        yield opened


def test_any_number_of_rows_and_a_client_that_leaves(large: Store) -> None:
    key, _ = add_key(large, Role.ADMIN)
    parts = open_parts(large, ServiceSettings(), AuthSettings(secret=SECRET, audit=None))
    query = {"query": "{ products { nodes { key } } }"}
    headers = {"Authorization": f"Bearer {key}"}
    with running(large, parts) as service, service.client(headers=headers) as client:
        assert len(read_csv(client.post("/export", json=query))) == 20_000
        for _ in range(4):  # more than there are threads for exports
            with client.stream("POST", "/export", json=query) as answer:
                next(answer.iter_bytes())
        assert len(read_csv(client.post("/export", json=query))) == 20_000
        end = time.monotonic() + 5
        while "motivo_exports_busy 0.0" not in client.get("/metrics").text and time.monotonic() < end:
            time.sleep(0.05)
        text = client.get("/metrics").text
        assert "motivo_exports_busy 0.0" in text
        assert 'motivo_exports_total{format="csv",outcome="ok"}' in text
