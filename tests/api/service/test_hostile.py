"""What scanners of GraphQL services look for, and bytes that nobody meant."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.settings import ServiceSettings
from tests.api.service.running import Running, running
from tests.api.service.toy import PatientStore, make_parts

SETTINGS = ServiceSettings(
    rate="", rate_address="", rate_refused="", introspection=False, get=False, body_seconds=5
)


@pytest.fixture(scope="module")
def closed(toy_store: PatientStore) -> Iterator[Running]:
    """A service as one would run it before strangers."""
    with running(toy_store, make_parts(introspection=False), SETTINGS) as found:
        yield found


@pytest.fixture(scope="module")
def client(closed: Running) -> Iterator[httpx.Client]:
    with closed.client(headers={"Authorization": "Bearer analyst"}) as found:
        yield found


def ask(client: httpx.Client, body: Any, **headers: str) -> Any:
    return client.post("/graphql", json=body, headers=headers).json()


# The checks of graphql-cop, each by what it asks and what it looks for in the answer.
def test_aliases_are_limited(client: httpx.Client) -> None:
    query = "query cop { " + " ".join(f"alias{n}:__typename" for n in range(101)) + " }"
    assert "data" not in ask(client, {"query": query, "operationName": "cop"})


def test_batches_are_refused(client: httpx.Client) -> None:
    assert not isinstance(ask(client, [{"query": "query cop { __typename }"}] * 10), list)


def test_directives_are_limited(client: httpx.Client) -> None:
    query = "query cop { __typename " + "@aa" * 10 + " }"
    answer = ask(client, {"query": query})
    assert len(answer["errors"]) < 10


def test_fields_that_are_repeated_are_limited(client: httpx.Client) -> None:
    query = "query cop { " + "__typename \n" * 500 + "}"
    answer = client.post("/graphql", json={"query": query})
    assert answer.elapsed.total_seconds() < 20
    assert answer.json().get("data") in (None, {"__typename": "Query"})


def test_introspection_is_off_and_so_are_suggestions(client: httpx.Client) -> None:
    assert "data" not in ask(client, {"query": "query cop { __schema { types { name fields { name } } } }"})
    circular = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    assert "data" not in ask(client, {"query": f"query cop {circular}"})
    said = json.dumps(ask(client, {"query": "query cop { __schema { directive } helo }"}))
    assert "Did you mean" not in said


def test_there_is_no_explorer(client: httpx.Client) -> None:
    for path in ("/graphql", "/graphiql", "/playground", "/console", "/"):
        answer = client.get(path, headers={"Accept": "text/html"})
        for sign in ("graphiql", "GraphQL Playground", "graphql-playground"):
            assert sign not in answer.text.lower()


def test_queries_and_mutations_come_by_json_posts_only(client: httpx.Client) -> None:
    for query in ("query cop { __typename }", "mutation cop { __typename }"):
        assert client.get("/graphql", params={"query": query}).status_code == 405
        assert client.post("/graphql", data={"query": query}).status_code == 415
        assert client.post("/graphql", params={"query": query}).status_code == 415
        text = client.post("/graphql", content=query, headers={"Content-Type": "application/graphql"})
        assert text.status_code == 415


def test_nothing_is_traced_in_answers(client: httpx.Client) -> None:
    answer = ask(client, {"query": "query cop { hello }"}, **{"X-Apollo-Tracing": "1"})
    assert "extensions" not in answer


def test_errors_tell_nothing_of_the_inside(client: httpx.Client) -> None:
    for body in (
        {"query": "qwerty cop { abc }"},
        {"query": "{ boom }"},
        {"query": "{ hello(name: {a: 1}) }"},
    ):
        said = client.post("/graphql", json=body).text
        for sign in ("Traceback", "exception", "stacktrace", ".py", "RuntimeError", "Souza"):
            assert sign not in said


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
