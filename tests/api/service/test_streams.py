"""Subscriptions: server-sent events and graphql-transport-ws."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.settings import ServiceSettings
from tests.api.service.running import Running, running
from tests.api.service.toy import PatientStore, known_callers, make_parts

EVENTS = {"Authorization": "Bearer analyst", "Accept": "text/event-stream"}
PROTOCOL: Any = "graphql-transport-ws"


@contextmanager
def opened(service: Running, token: str | None = "analyst", **more: Any) -> Iterator[ClientConnection]:
    url = service.url.replace("http", "ws") + "/graphql"
    with connect(url, subprotocols=[PROTOCOL], **more) as socket:
        if token is not None:
            say(socket, type="connection_init", payload={"Authorization": f"Bearer {token}"})
            assert hear(socket) == {"type": "connection_ack"}
        yield socket


def say(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def hear(socket: ClientConnection) -> Any:
    text = socket.recv(timeout=10)
    assert isinstance(text, str)
    return json.loads(text)


def subscribe(socket: ClientConnection, query: str, id_: str = "1", **more: Any) -> None:
    say(socket, type="subscribe", id=id_, payload={"query": query, **more})


def read_events(answer: httpx.Response) -> list[tuple[str, Any]]:
    found = []
    for block in answer.text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        found.append((fields["event"], json.loads(fields["data"]) if "data" in fields else None))
    return found


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_subscription_by_events(service: Running, method: str) -> None:
    query = "subscription { tick(count: 2) }"
    with service.client(headers=EVENTS) as client:
        if method == "POST":
            answer = client.post("/graphql", json={"query": query})
        else:
            answer = client.get("/graphql", params={"query": query})
    assert answer.headers["content-type"] == "text/event-stream"
    assert read_events(answer) == [
        ("next", {"data": {"tick": 0}}),
        ("next", {"data": {"tick": 1}}),
        ("complete", None),
    ]


def test_a_query_and_an_error_by_events(service: Running) -> None:
    with service.client(headers=EVENTS) as client:
        found = read_events(client.post("/graphql", json={"query": "{ hello }"}))
        assert found == [("next", {"data": {"hello": "hello you"}}), ("complete", None)]
        event, wrong = read_events(client.post("/graphql", json={"query": "{ nothing }"}))[0]
        assert event == "next"
        assert "data" not in wrong
        mutation = client.get("/graphql", params={"query": "mutation { write }"})
        assert read_events(mutation)[0][1]["errors"]
        assert (
            client.post("/graphql", json={"query": "{ hello }"}, headers={"Authorization": ""}).status_code
            == 401
        )


def test_a_subscription_by_socket(service: Running) -> None:
    with opened(service) as socket:
        subscribe(socket, "subscription T($n: Int!) { tick(count: $n) }", variables={"n": 2})
        assert hear(socket) == {"id": "1", "type": "next", "payload": {"data": {"tick": 0}}}
        assert hear(socket) == {"id": "1", "type": "next", "payload": {"data": {"tick": 1}}}
        assert hear(socket) == {"id": "1", "type": "complete"}
        subscribe(socket, "{ hello boom }", "2")
        payload = hear(socket)["payload"]
        assert payload["data"] == {"hello": "hello you", "boom": None}
        assert "Souza" not in json.dumps(payload)
        assert hear(socket) == {"id": "2", "type": "complete"}
        subscribe(socket, "{ nothing }", "3")
        assert hear(socket)["type"] == "error"
        subscribe(socket, "{", "4")
        assert hear(socket)["type"] == "error"
        say(socket, type="ping")
        assert hear(socket) == {"type": "pong"}


def test_two_subscriptions_on_one_socket_and_one_is_ended(service: Running) -> None:
    with opened(service) as socket:
        subscribe(socket, "subscription { tick(count: 1000, every: 0.02) }", "a")
        subscribe(socket, "subscription { tick(count: 1000, every: 0.02) }", "b")
        assert {hear(socket)["id"] for _ in range(6)} == {"a", "b"}
        say(socket, type="complete", id="a")
        time.sleep(0.2)
        later = [hear(socket)["id"] for _ in range(30)]
        assert later[-8:] == ["b"] * 8


@pytest.mark.parametrize("protocols", [None, ["graphql-ws"], ["other"]])
def test_other_protocols_are_refused(service: Running, protocols: Any) -> None:
    url = service.url.replace("http", "ws") + "/graphql"
    with pytest.raises((ConnectionClosed, InvalidStatus)):
        with connect(url, subprotocols=protocols) as socket:
            socket.recv(timeout=5)
        raise AssertionError(socket.close_code)


@pytest.mark.parametrize(
    ("token", "messages", "code"),
    [
        (None, [{"type": "connection_init"}], 4401),
        (None, [{"type": "connection_init", "payload": {"Authorization": "Bearer nobody"}}], 4401),
        (None, [{"type": "connection_init", "payload": {"Authorization": ["x"]}}], 4401),
        (None, [{"type": "connection_init", "payload": 3}], 4400),
        (None, [{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }"}}], 4401),
        ("analyst", [{"type": "connection_init", "payload": {"token": "analyst"}}], 4429),
        ("analyst", [{"type": "nothing"}], 4400),
        (
            "analyst",
            [{"type": "ping", "payload": {"a": reduce(lambda below, _: [below], range(200), [])}}],
            4400,
        ),
        ("analyst", [[]], 4400),
        ("analyst", [{"type": "subscribe", "id": 3, "payload": {"query": "{ hello }"}}], 4400),
        ("analyst", [{"type": "subscribe", "id": "1", "payload": {}}], 4400),
        ("analyst", [{"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": 3}}], 4400),
        (
            "analyst",
            [{"type": "subscribe", "id": "1", "payload": {"query": "{ slow(seconds: 1) }"}}] * 2,
            4409,
        ),
    ],
)
def test_what_breaks_the_protocol_closes_the_socket(
    service: Running, token: str | None, messages: list[Any], code: int
) -> None:
    with opened(service, token) as socket:
        for message in messages:
            socket.send(json.dumps(message))
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code


def test_a_handshake_may_carry_the_token(service: Running) -> None:
    with opened(service, None, additional_headers={"Authorization": "Bearer agent"}) as socket:
        say(socket, type="connection_init")
        assert hear(socket) == {"type": "connection_ack"}
        subscribe(socket, "{ who }")
        assert hear(socket)["payload"]["data"]["who"] == "agent bia en"


def test_a_page_of_another_origin_opens_no_socket(service: Running) -> None:
    with pytest.raises(InvalidStatus) as refused, opened(service, None, origin="https://elsewhere.example"):
        pass
    assert refused.value.response.status_code == 403


def test_a_subscription_ends_with_the_credentials(toy_store: PatientStore) -> None:
    forever = "subscription { tick(count: 100000, every: 0.05) }"
    with running(toy_store, make_parts(known_callers())) as service:
        found: list[Any] = []

        def listen() -> None:
            headers = {**EVENTS, "Authorization": "Bearer short"}
            with service.client(headers=headers) as client:
                found.extend(read_events(client.post("/graphql", json={"query": forever})))

        listening = threading.Thread(target=listen)
        listening.start()
        with opened(service, "short") as socket:
            subscribe(socket, forever)
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    socket.recv(timeout=5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
        listening.join()
        assert found[-1] == ("complete", None)
        assert found[-2][1]["errors"][0]["extensions"]["code"] == "unauthenticated"
        assert found[0][1] == {"data": {"tick": 0}}
        with service.client(headers={"Authorization": "Bearer short"}) as client:
            assert client.post("/graphql", json={"query": "{ hello }"}).status_code == 401


def until(met: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:
        time.sleep(0.02)
    return met()


def test_streams_end_when_the_service_stops(toy_store: PatientStore) -> None:
    forever = "subscription { tick(count: 100000, every: 0.05) }"
    with running(toy_store, make_parts(), ServiceSettings(grace=5)) as service:
        found: list[str] = []

        def listen() -> None:
            with (
                service.client(headers=EVENTS) as client,
                client.stream("POST", "/graphql", json={"query": forever}) as answer,
            ):
                found.extend(answer.iter_text())

        listening = threading.Thread(target=listen)
        listening.start()
        with opened(service) as socket:
            subscribe(socket, forever)
            hear(socket)
            assert until(lambda: bool(found))
            began = time.monotonic()
            service.stop()
            assert time.monotonic() - began < 4
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    socket.recv(timeout=5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code in (1001, 1012)
        listening.join()
        assert "".join(found).strip().endswith("event: complete\r\ndata:")


def test_a_client_that_goes_away_ends_its_subscription(toy_store: PatientStore) -> None:
    endless = "subscription { tick(count: 1000000) }"

    def count_open(service: Running) -> str:
        with service.client() as client:
            return client.get("/metrics").text.partition("\nmotivo_subscriptions ")[2].partition("\n")[0]

    with running(toy_store, make_parts()) as service:
        before = toy_store.opened
        with (
            service.client(headers=EVENTS) as client,
            client.stream("POST", "/graphql", json={"query": endless}) as answer,
            opened(service) as socket,
        ):
            texts = answer.iter_text()
            next(texts)
            subscribe(socket, endless)
            subscribe(socket, endless, "2")
            hear(socket)
            assert until(lambda: count_open(service) == "3.0")
        assert until(lambda: count_open(service) == "0.0")
        assert toy_store.opened - before <= 1 + ServiceSettings().threads


def test_a_caller_who_subscribes_too_often(toy_store: PatientStore) -> None:
    with running(toy_store, make_parts(), ServiceSettings(rate="3/minute")) as service:
        with opened(service) as socket:
            for number in range(3):
                subscribe(socket, "{ hello }", str(number))
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    socket.recv(timeout=5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4429
        with opened(service, None) as socket:
            say(socket, type="connection_init", payload={"token": "analyst"})
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4429
