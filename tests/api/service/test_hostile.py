"""What scanners of GraphQL services look for, and bytes that nobody meant."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.auth import Caller, Role
from api.settings import ServiceSettings
from tests.api.service.running import Running, running
from tests.api.service.scanner import scan
from tests.api.service.toy import PatientStore, make_parts

SETTINGS = ServiceSettings(
    rate="", rate_address="", rate_refused="", introspection=False, get=False, body_seconds=5
)

SETTINGS_OF_DEV = ServiceSettings(rate="", rate_address="", rate_refused="")


@pytest.fixture(scope="module")
def closed(toy_store: PatientStore) -> Iterator[Running]:
    """A service as one would run it before strangers."""
    with running(toy_store, make_parts(introspection=False), SETTINGS) as found:
        yield found


@pytest.fixture(scope="module")
def client(closed: Running) -> Iterator[httpx.Client]:
    with closed.client(headers={"Authorization": "Bearer analyst"}) as found:
        yield found


def test_a_scanner_finds_nothing_where_strangers_come(client: httpx.Client) -> None:
    assert scan(client) == []


PAGE = {"an explorer for browsers"}  # which is the same for all, and there if it was built
SHOWN = {"field suggestions", "introspection"}  # to those who may ask


def test_what_a_scanner_finds_as_the_service_comes(service: Running) -> None:
    with service.client() as nobody:
        assert set(scan(nobody)) <= PAGE
    with service.client(headers={"Authorization": "Bearer analyst"}) as analyst:
        assert set(scan(analyst)) - PAGE == SHOWN | {"queries by GET"}


def test_a_get_that_anybody_can_cause_is_refused_where_nobody_signs_in(toy_store: PatientStore) -> None:
    parts = replace(make_parts(), authenticate=lambda _headers, _address: Caller(Role.ADMIN, "dev"))
    with running(toy_store, parts, SETTINGS_OF_DEV, dev=True) as service, service.client() as client:
        assert set(scan(client)) - PAGE == SHOWN
        asked = {"query": "{ hello }"}
        for language, word in (("es", "consulta"), ("pt", "cabeçalho"), ("en", "a query by GET")):
            refused = client.get("/graphql", params=asked, headers={"Accept-Language": language})
            assert (refused.status_code, word in refused.json()["errors"][0]["message"]) == (403, True)
        for own in ({"GraphQL-Require-Preflight": "1"}, {"Sec-Fetch-Site": "same-origin"}):
            assert client.get("/graphql", params=asked, headers=own).json() == {
                "data": {"hello": "hello you"}
            }
        for site in ("cross-site", "same-site"):
            headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
            assert client.get("/graphql", params=asked, headers=headers).status_code == 403


def test_errors_tell_nothing_of_the_inside(client: httpx.Client) -> None:
    for body in (
        {"query": "qwerty cop { abc }"},
        {"query": "{ boom }"},
        {"query": "{ hello(name: {a: 1}) }"},
    ):
        said = client.post("/graphql", json=body).text
        for sign in ("Traceback", "exception", "stacktrace", ".py", "RuntimeError", "Souza"):
            assert sign not in said


@pytest.mark.parametrize("levels", [20, 98, 99, 300, 1000, 3000, 100_000])
def test_what_is_nested_too_deep_is_refused_before_anything_walks_it(
    client: httpx.Client, levels: int
) -> None:
    for opening, inner, closing in (("[", "", "]"), ('{"a":', "1", "}")):
        nested = opening * levels + inner + closing * levels
        body = f'{{"query": "{{ hello }}", "variables": {{"filter": {nested}}}}}'
        for language, word in (("es", "niveles"), ("pt", "níveis"), ("en", "deep")):
            headers = {"Content-Type": "application/json", "Accept-Language": language}
            answer = client.post("/graphql", content=body, headers=headers)
            assert answer.status_code == (200 if levels < 99 else 400)
            if 98 < levels < 1000:  # beyond that it is taken for no JSON
                assert answer.json()["errors"][0]["extensions"] == {"code": "over_limit"}
                assert word in answer.json()["errors"][0]["message"]
            if levels > 98:
                assert client.post("/export", content=body, headers=headers).status_code == 400


LETTERS = st.text(max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | LETTERS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(LETTERS, below, max_size=4),
    max_leaves=12,
)
OPERATION = st.fixed_dictionaries(
    {},
    optional={
        "query": LETTERS
        | st.sampled_from(["{ hello }", "{ hello(name: 3) }", "query ($n: String!) { hello }"]),
        "variables": JSON,
        "operationName": JSON,
        "extensions": JSON,
        "documentId": JSON,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=OPERATION | JSON)
def test_no_json_is_an_internal_error(client: httpx.Client, body: Any) -> None:
    for path in ("/graphql", "/export"):
        content = json.dumps(body).encode("utf-8", "surrogatepass")
        answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code < 500, answer.text
        assert "internal" not in answer.text


NAMES = ("Accept", "Accept-Language", "X-Request-ID", "If-None-Match", "Origin", "Host", "Content-Type")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(NAMES), value=st.binary(max_size=80))
def test_no_header_is_an_internal_error(client: httpx.Client, name: str, value: bytes) -> None:
    value = bytes(byte for byte in value if byte >= 32 and byte != 127).strip()
    answer = client.post("/graphql", content=b'{"query": "{ hello }"}', headers={name.encode(): value})
    assert answer.status_code < 500, answer.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.binary(min_size=1, max_size=200), path=st.binary(max_size=40))
def test_no_bytes_end_the_service(closed: Running, client: httpx.Client, sent: bytes, path: bytes) -> None:
    for begun in (b"", b"GET /" + path + b" HTTP/1.1\r\nHost: x\r\n", b"POST /graphql HTTP/1.1\r\n"):
        with socket.create_connection(("127.0.0.1", closed.port), timeout=10) as connection:
            connection.sendall(begun + sent + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(0.05)
            with suppress(OSError):
                assert b"HTTP/1.1 5" not in connection.recv(4096)
    assert client.get("/healthz").status_code == 200
