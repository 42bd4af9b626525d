"""What lies around the answers: who is let in, how often, by which name, what is logged and counted."""

from __future__ import annotations

import json
import logging
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from api.service.door import name_place
from api.service.logs import JsonFormatter
from api.settings import ServiceSettings
from tests.api.service.running import Running, running
from tests.api.service.toy import PatientStore, make_parts

ANALYST = {"Authorization": "Bearer analyst"}
HELLO = {"query": "query Greeting { hello }"}


@pytest.fixture
def strict(toy_store: PatientStore) -> Iterator[Running]:
    settings = ServiceSettings(
        rate="5/minute",
        rate_address="30/minute",
        rate_refused="3/minute",
        body_limit=2000,
        batch=3,
        get=False,
        origins=("https://crm.example",),
        metrics_token="measure",
    )
    with running(toy_store, make_parts(), settings) as found:
        yield found


@pytest.fixture
def developing(toy_store: PatientStore) -> Iterator[Running]:
    with running(toy_store, make_parts(), dev=True) as found:
        yield found


def test_nobody_is_let_in_without_credentials(service: Running) -> None:
    with service.client() as client:
        for authorization in ("", "Bearer", "Bearer nobody", "Basic YTpi", "analyst", "Bearer analyst x"):
            headers = {"Authorization": authorization} if authorization else {}
            for answer in (
                client.post("/graphql", json=HELLO, headers=headers),
                client.get("/graphql", params=HELLO, headers=headers),
            ):
                assert answer.status_code == 401
                assert answer.headers["www-authenticate"].startswith("Bearer")
                assert answer.headers["cache-control"] == "no-store"
                assert answer.json()["errors"][0]["extensions"]["code"] == "unauthenticated"


def test_refusals_come_in_the_language_of_the_client(service: Running) -> None:
    with service.client() as client:
        said = {
            language: client.post("/graphql", json=HELLO, headers={"Accept-Language": language}).json()
            for language in ("en", "es-AR,es;q=0.9,en;q=0.1", "de, pt-BR;q=0.5", "de", "*", "es;q=x")
        }
    messages = {language: answer["errors"][0]["message"] for language, answer in said.items()}
    assert messages["es-AR,es;q=0.9,en;q=0.1"] == "identifíquese primero"
    assert messages["de, pt-BR;q=0.5"] == "identifique-se primeiro"
    assert messages["en"] == messages["de"] == messages["*"] == messages["es;q=x"] == "sign in first"


def test_a_caller_who_asks_too_often(strict: Running) -> None:
    with strict.client(headers=ANALYST) as client:
        statuses = [client.post("/graphql", json=HELLO).status_code for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        refused = client.post("/graphql", json=HELLO)
        assert 0 < int(refused.headers["retry-after"]) <= 60
        # another caller is not held back by it
        other = client.post("/graphql", json=HELLO, headers={"Authorization": "Bearer agent"})
        assert other.status_code == 200


def test_an_address_that_guesses_keys(strict: Running) -> None:
    with strict.client() as client:
        guesses = [
            client.post("/graphql", json=HELLO, headers={"Authorization": f"Bearer {n}"}).status_code
            for n in range(5)
        ]
        assert guesses == [401] * 3 + [429] * 2


def test_an_address_that_asks_too_often(strict: Running) -> None:
    with strict.client() as client:
        statuses = [client.post("/graphql", json=HELLO).status_code for _ in range(32)]
    assert statuses == [401] * 30 + [429] * 2


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large(strict: Running, announced: bool) -> None:
    body = json.dumps({"query": "{ hello }", "padding": "x" * 5000}).encode()
    content: Any = body if announced else iter([body[:1500], body[1500:]])
    with strict.client(headers=ANALYST) as client:
        answer = client.post("/graphql", content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert client.post("/graphql", json=HELLO).status_code == 200


def test_a_batch_is_bounded(strict: Running) -> None:
    with strict.client(headers=ANALYST) as client:
        batch = [{"query": "{ hello }"}, {"query": "{ nothing }"}, {"query": "{ boom }"}]
        answer = client.post("/graphql", json=batch)
        assert answer.status_code == 200
        first, second, third = answer.json()
        assert first == {"data": {"hello": "hello you"}}
        assert "data" not in second
        assert third["data"] == {"boom": None}
        assert client.post("/graphql", json=batch * 2).status_code == 400
        assert client.post("/graphql", json=[]).status_code == 400
        assert client.post("/graphql", json=[3]).status_code == 400


def test_queries_by_get_can_be_switched_off(strict: Running) -> None:
    with strict.client(headers=ANALYST) as client:
        assert client.get("/graphql", params={"query": "{ hello }"}).status_code == 405


def test_pages_of_other_origins_are_refused(strict: Running) -> None:
    with strict.client(headers=ANALYST) as client:
        for origin, status in (
            (strict.url, 200),
            (strict.url.replace("http", "https"), 200),
            ("https://crm.example", 200),
            ("https://elsewhere.example", 403),
            ("null", 403),
        ):
            answer = client.post("/graphql", json=HELLO, headers={"Origin": origin})
            assert answer.status_code == status, origin
        image = client.get("/graphql", params=HELLO, headers={"Sec-Fetch-Site": "cross-site"})
        assert image.status_code == 403


def test_cors_is_for_the_origins_that_are_set(strict: Running, service: Running) -> None:
    asking = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    with strict.client() as client:
        allowed = client.options("/graphql", headers={**asking, "Origin": "https://crm.example"})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == "https://crm.example"
        assert "access-control-allow-credentials" not in allowed.headers
        refused = client.options("/graphql", headers={**asking, "Origin": "https://elsewhere.example"})
        assert refused.status_code == 400
        # what went wrong can be read there too
        wrong = client.post("/graphql", json=HELLO, headers={"Origin": "https://crm.example"})
        assert wrong.status_code == 401
        assert wrong.headers["access-control-allow-origin"] == "https://crm.example"
    with service.client() as client:
        off = client.options("/graphql", headers={**asking, "Origin": "https://crm.example"})
        assert "access-control-allow-origin" not in off.headers


@pytest.mark.parametrize("path", ["/graphql", "/healthz", "/nothing", "/static/nothing.js", "/"])
def test_every_answer_has_the_headers_of_security(service: Running, path: str) -> None:
    with service.client() as client:
        headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "server" not in headers
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abcd-1234.x_y", True),
        ("short", False),
        ("x" * 65, False),
        ('a"b\tc-1234', False),
        ("ab cd1234", False),
    ],
)
def test_a_request_id_is_taken_over_if_it_is_one(service: Running, given: str, kept: bool) -> None:
    with service.client() as client:
        found = client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert (found == given) is kept


def test_the_log_has_a_line_a_request_and_nothing_personal(
    service: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "motivo.service")
    asked = {
        "query": 'query Greeting($n: String!) { hello(name: $n) secret: hello(name: "Rua Azul 7") boom }',
        "variables": {"n": "Ana Souza"},
    }
    with service.client(headers={"Authorization": "Bearer agent", "X-Request-ID": "request-1"}) as client:
        client.post("/graphql", json=asked)
        client.post("/graphql?who=Ana", json={"query": "{"})
        client.get("/Ana/Souza")
    formatter, requests = JsonFormatter(), []
    end = time.monotonic() + 10
    while len(requests) < 3 and time.monotonic() < end:  # a line is written once its answer has gone
        lines = [json.loads(formatter.format(record)) for record in list(caplog.records)]
        requests = [line for line in lines if line["event"] == "request"]
        time.sleep(0.01)
    assert len(requests) == 3
    first = requests[0]
    assert {
        name: first[name] for name in ("id", "caller", "role", "operation", "method", "path", "status")
    } == {
        "id": "request-1",
        "caller": "bia",
        "role": "agent",
        "operation": "Greeting",
        "method": "POST",
        "path": "/graphql",
        "status": 200,
    }
    assert first["ms"] > 0
    assert requests[2]["path"] == "other"
    whole = json.dumps(lines, ensure_ascii=False)
    for secret in ("Ana", "Souza", "Rua Azul", "123.456", "{ hello"):
        assert secret not in whole


def test_figures_for_prometheus(service: Running) -> None:
    with service.client(headers=ANALYST) as client:
        client.post("/graphql", json=HELLO)
        client.get("/never/heard/of/Ana")
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    for name in (
        'motivo_requests_total{method="POST",route="/graphql",status="200"}',
        'motivo_operations_total{outcome="ok",type="query"}',
        "motivo_operation_seconds_bucket",
        "motivo_workers_busy",
        "motivo_websockets 0.0",
        "process_resident_memory_bytes",
    ):
        assert name in answer.text
    for personal in ("ana", "analyst", "Ana", "Greeting"):
        assert personal not in answer.text


def test_figures_are_for_this_machine_or_for_a_token(service: Running, strict: Running) -> None:
    with service.client() as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 403
    with strict.client() as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers=ANALYST).status_code == 401
        assert client.get("/metrics", headers={"Authorization": "Bearer measure"}).status_code == 200


def test_health_and_readiness(service: Running) -> None:
    with service.client() as client:
        for path in ("/healthz", "/readyz"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
            assert answer.headers["cache-control"] == "no-store"


def test_a_store_that_does_not_answer_is_not_ready(toy_store: PatientStore) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            return getattr(toy_store, name)

        def reader(self) -> Any:
            from schema import StoreError

            raise StoreError("cannot be reached: bolt://secret-host")

    with running(Broken(), make_parts()) as service, service.client(headers=ANALYST) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unreachable")
        assert client.get("/healthz").status_code == 200
        failed = client.post("/graphql", json=HELLO)
        assert failed.status_code == 503
        assert "secret-host" not in failed.text


def test_readiness_asks_the_store(toy_store: PatientStore, monkeypatch: pytest.MonkeyPatch) -> None:
    from schema import StoreError
    from tests.api.service.toy import PatientReader

    def fail(self: PatientReader) -> str:
        raise StoreError("cannot be reached")

    with running(toy_store, make_parts()) as service, service.client() as client:
        assert client.get("/readyz").status_code == 200
        with monkeypatch.context() as patched:
            patched.setattr(PatientReader, "version", fail)
            assert client.get("/readyz").status_code == 503
        assert client.get("/readyz").status_code == 200


def test_of_ipv6_the_network_is_counted() -> None:
    assert name_place("2001:db8::1") == name_place("2001:db8::ffff:1") != name_place("2001:db8:0:1::1")
    assert name_place("192.0.2.1") != name_place("192.0.2.2")
    assert name_place("testclient") == "testclient"


def test_what_is_not_there_says_so(service: Running) -> None:
    with service.client() as client:
        for path in ("/nothing", "/static/../settings.py", "/graphql/", "/static/"):
            answer = client.get(path)
            assert answer.status_code == 404, path
            assert answer.json()["errors"][0]["extensions"]["code"] == "not_found"
        nothing = client.get("/nothing", headers={"Accept-Language": "pt"})
        assert nothing.json()["errors"][0]["message"] == "não há nada aqui"
        wrong = client.post("/healthz")
        assert wrong.status_code == 405
        assert wrong.json()["errors"][0]["extensions"]["code"] == "usage"


def test_the_developer_s_service_answers_this_machine_only(developing: Running) -> None:
    with developing.client(headers=ANALYST) as client:
        assert client.post("/graphql", json=HELLO).status_code == 200
        for host, status in (
            ("localhost:8000", 200),
            ("[::1]:8000", 200),
            ("rebound.example", 421),
            ("127.0.0.1.rebound.example:8000", 421),
            ("10.0.0.7", 421),
        ):
            answer = client.post("/graphql", json=HELLO, headers={"Host": host})
            assert answer.status_code == status, host


def test_names_that_are_set_are_the_only_ones(toy_store: PatientStore) -> None:
    settings = ServiceSettings(hosts=("motivo.example",))
    with running(toy_store, make_parts(), settings) as service, service.client() as client:
        assert client.get("/metrics", headers={"Host": "Motivo.example:8443"}).status_code == 200
        assert client.get("/metrics", headers={"Host": "127.0.0.1"}).status_code == 421
        # probes call by address
        assert client.get("/readyz", headers={"Host": "127.0.0.1"}).status_code == 200


def test_the_address_of_a_client_is_believed_of_known_proxies_only(toy_store: PatientStore) -> None:
    guess = {"Authorization": "Bearer guess"}
    for proxies, last in (((), 429), (("127.0.0.1",), 401)):
        settings = ServiceSettings(rate_refused="1/minute", proxies=proxies)
        with running(toy_store, make_parts(), settings) as service, service.client() as client:
            for number, status in ((1, 401), (2, last)):
                forwarded = {**guess, "X-Forwarded-For": f"192.0.2.{number}"}
                assert client.post("/graphql", json=HELLO, headers=forwarded).status_code == status


def test_what_is_no_http_gets_a_short_answer(service: Running) -> None:
    for sent in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
            connection.sendall(sent)
            assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")


def test_requests_sent_at_once_are_answered_in_their_order(service: Running) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        found = b""
        while found.count(b'{"status":"ok"}') < 2:
            found += connection.recv(4096)
