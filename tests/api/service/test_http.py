"""GraphQL over HTTP: methods, media types, statuses, what may be kept."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.service.running import Running

RESPONSE = "application/graphql-response+json"


def ask(client: httpx.Client, query: str, accept: str = RESPONSE, **more: Any) -> httpx.Response:
    return client.post("/graphql", json={"query": query, **more}, headers={"Accept": accept})


def test_a_query_is_answered_by_post_and_get(client: httpx.Client) -> None:
    for answer in (ask(client, "{ hello }"), client.get("/graphql", params={"query": "{ hello }"})):
        assert answer.status_code == 200
        assert answer.json() == {"data": {"hello": "hello you"}}


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (RESPONSE, RESPONSE),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
        (f"application/json;q=0.5, {RESPONSE}", RESPONSE),
        ("application/*;q=0.8", "application/json"),
        (f"text/plain, {RESPONSE};q=0.1", RESPONSE),
    ],
)
def test_the_media_type_is_the_one_wanted_most(client: httpx.Client, accept: str, given: str) -> None:
    answer = ask(client, "{ hello }", accept)
    assert answer.headers["content-type"] == f"{given}; charset=utf-8"


def test_a_media_type_that_is_not_there_is_refused(client: httpx.Client) -> None:
    assert ask(client, "{ hello }", "image/png").status_code == 406
    assert ask(client, "{ hello }", "application/json;q=0").status_code == 406


@pytest.mark.parametrize("query", ["{", "{ nothing }", "query ($n: Int!) { hello }", "{ hello(name: 3) }"])
def test_a_query_that_is_wrong_has_errors_and_no_data(client: httpx.Client, query: str) -> None:
    for accept, status in ((RESPONSE, 400), ("application/json", 200)):
        answer = ask(client, query, accept)
        assert answer.status_code == status
        assert "data" not in answer.json()
        assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"3", "application/json", 400),
        (b"null", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"query": "{ hello }", "variables": []}', "application/json", 400),
        (b'{"query": "{ hello }", "operationName": 3}', "application/json", 400),
        (b'{"query": 3}', "application/json", 400),
        (b'{"extensions": {}}', "application/json", 400),
        (b"query={hello}", "application/x-www-form-urlencoded", 415),
        (b'{"query": "{ hello }"}', "text/plain", 415),
        (b'{"query": "{ hello }"}', "application/json; charset=utf-16", 415),
        (b'{"query": "{ hello }"}', "application/json; charset=UTF-8", 200),
        (b'[{"query": "{ hello }"}]', "application/json", 400),
    ],
)
def test_a_body_that_is_none(client: httpx.Client, body: bytes, content_type: str, status: int) -> None:
    answer = client.post("/graphql", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status, answer.text
    assert status == 200 or answer.json()["errors"][0]["message"]


def test_other_methods_are_refused(client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = client.request(method, "/graphql")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, POST"


def test_a_mutation_by_get_is_refused(client: httpx.Client) -> None:
    answer = client.get("/graphql", params={"query": 'mutation { write(text: "got") }'})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_a_subscription_needs_a_stream(client: httpx.Client) -> None:
    assert ask(client, "subscription { tick }").status_code == 406


def test_partial_data_has_status_200_and_errors_are_masked(client: httpx.Client) -> None:
    answer = ask(client, "{ hello boom refuse }")
    assert answer.status_code == 200
    said = answer.json()
    assert said["data"] == {"hello": "hello you", "boom": None, "refuse": None}
    boom, refuse = said["errors"]
    assert boom["extensions"]["code"] == "internal"
    assert refuse["message"] == "not for you"
    assert refuse["extensions"] == {"code": "refused", "hint": "ask somebody else"}
    assert "Souza" not in answer.text
    assert answer.headers["x-request-id"] in json.dumps(boom)


def test_where_the_store_is_goes_into_the_log_alone(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask(client, "{ hello lose }")
    assert answer.json()["data"] == {"hello": "hello you", "lose": None}
    (error,) = answer.json()["errors"]
    assert error["message"] == "the store does not answer"
    assert error["extensions"] == {"code": "store_unreachable"}
    assert error["path"] == ["lose"]
    assert "10.0.0.7" not in answer.text
    assert any("10.0.0.7" in getattr(record, "facts", {}).get("said", "") for record in caplog.records)


def test_who_may_see_personal_data_keeps_nothing(service: Running) -> None:
    for token, kept in (("analyst", "private, no-cache"), ("agent", "no-store")):
        with service.client(headers={"Authorization": f"Bearer {token}"}) as client:
            got = client.get("/graphql", params={"query": "{ hello }"})
            assert got.headers["cache-control"] == kept
            assert client.post("/graphql", json={"query": "{ hello }"}).headers["cache-control"] == "no-store"


def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/graphql", params={"query": "{ hello }"})
    again = client.get(
        "/graphql", params={"query": "{ hello }"}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(
        "/graphql", params={"query": "{ who }"}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert other.status_code == 200


def test_a_document_is_asked_for_by_its_hash(client: httpx.Client) -> None:
    unknown = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
    answer = client.post("/graphql", json=unknown, headers={"Accept": RESPONSE})
    assert answer.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert client.post("/graphql", json={"documentId": "sha256:" + "0" * 64}).status_code == 200


def test_the_audit_of_graphql_over_http(service: Running, graphql_http: Path) -> None:
    script = Path(__file__).parent / "audit" / "audit.mjs"
    done = subprocess.run(
        ["node", str(script), f"{service.url}/graphql", str(graphql_http), "analyst"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    failed = [result for result in results if result["status"] != "ok"]
    assert failed == []
    assert len(results) == 61
