"""Threads, deadlines, and clients that go away."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from api.service.workers import Workers
from api.settings import ServiceSettings
from schema import OvertimeError
from tests.api.service.running import Running, running
from tests.api.service.toy import PatientStore, make_parts, written

ANALYST = {"Authorization": "Bearer analyst", "Accept": "application/graphql-response+json"}


@pytest.fixture
def store(toy_store: PatientStore) -> PatientStore:
    toy_store.interrupted = 0
    toy_store.begun.clear()
    written.clear()
    return toy_store


@pytest.fixture
def hasty(store: PatientStore) -> Iterator[Running]:
    """A service with one thread, a short queue and short time."""
    settings = ServiceSettings(timeout=1.0, threads=1, queue=1, body_seconds=0.6, grace=2)
    with running(store, make_parts(), settings) as found:
        yield found


def until(met: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:
        time.sleep(0.01)
    return met()


def send(service: Running, body: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=10)
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nAuthorization: Bearer analyst\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall((head + body).encode())
    return connection


def test_what_takes_too_long_is_interrupted(hasty: Running, store: PatientStore) -> None:
    with hasty.client(headers=ANALYST) as client:
        answer = client.post("/graphql", json={"query": "{ slow(seconds: 30) }"})
        assert answer.status_code == 504
        assert answer.json()["errors"][0]["extensions"]["code"] == "overtime"
        assert "data" not in answer.json()
        assert until(lambda: store.interrupted == 1)
        # and the thread, with the same reader, answers again
        assert client.post("/graphql", json={"query": "{ hello }"}).status_code == 200


def test_a_client_that_goes_away_interrupts(service: Running, store: PatientStore) -> None:
    connection = send(service, '{"query": "{ slow(seconds: 30) }"}')
    assert store.begun.wait(5)
    connection.close()
    assert until(lambda: store.interrupted == 1)


def test_what_is_written_is_written_to_its_end(service: Running, store: PatientStore) -> None:
    connection = send(service, '{"query": "mutation { write(text: \\"kept\\", seconds: 0.5) }"}')
    assert store.begun.wait(5)
    connection.close()
    assert until(lambda: written == ["kept"])
    assert store.interrupted == 0


def test_what_waits_too_long_for_a_thread_is_never_begun(hasty: Running, store: PatientStore) -> None:
    connection = send(hasty, '{"query": "{ slow(seconds: 30) }"}')
    assert store.begun.wait(5)
    with hasty.client(headers=ANALYST) as client:
        waiting = threading.Thread(
            target=client.post, args=("/graphql",), kwargs={"json": {"query": "mutation { write }"}}
        )
        waiting.start()
        time.sleep(0.2)
        with hasty.client(headers=ANALYST) as other:
            full = other.post("/graphql", json={"query": "{ hello }"})
        assert full.status_code == 503
        assert full.headers["retry-after"] == "1"
        waiting.join()
    connection.close()


def test_what_ends_at_its_deadline_is_done_or_overtime(store: PatientStore) -> None:
    async def race() -> set[str]:
        workers = Workers(store.reader, threads=2, waiting=10, name="race")
        found = set()
        for _ in range(200):
            try:
                found.add(await workers.run(lambda _: time.sleep(0.004) or "done", seconds=0.0045))
            except OvertimeError:
                found.add("overtime")
        await workers.close()
        return found

    assert asyncio.run(race()) <= {"done", "overtime"}


def test_work_that_takes_long_gives_its_turn_away(store: PatientStore) -> None:
    async def work() -> list[bool]:
        workers = Workers(store.reader, threads=2, waiting=10, name="turns", at_once=1)
        both = threading.Barrier(2)
        found = await asyncio.gather(
            *(workers.run(lambda _: both.wait(5) >= 0, seconds=10) for _ in range(2))
        )
        await workers.close()
        return found

    assert asyncio.run(work()) == [True, True]


def test_each_thread_has_one_reader(store: PatientStore) -> None:
    before = store.opened
    settings = ServiceSettings(threads=3)
    with running(store, make_parts(), settings) as service:
        threads = [
            threading.Thread(target=ask_often, args=(service, "{ hello slow(seconds: 0.1) }"))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert store.opened - before == 3


def ask_often(service: Running, query: str) -> None:
    with service.client(headers=ANALYST) as client:
        for _ in range(2):
            assert client.post("/graphql", json={"query": query}).status_code == 200


def test_a_body_that_is_slow_is_given_up(hasty: Running) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=10) as connection:
        connection.sendall(
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer analyst\r\n"
            b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("begun", [b"", b"POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow"])
def test_headers_that_do_not_come_are_given_up(hasty: Running, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=10) as connection:
        connection.sendall(begun)
        assert connection.recv(1000) == b""


def test_an_answer_that_is_not_taken_is_given_up(hasty: Running) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=10) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        body = b'{"query": "{ long(length: 20000000) }"}'
        connection.sendall(
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer analyst\r\nContent-Type: "
            b"application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        assert connection.recv(12) == b"HTTP/1.1 200"
        state = hasty.server.server_state
        assert until(lambda: not state.connections)


def test_headers_that_are_too_many_are_refused(service: Running) -> None:
    for headers in (b"X-A: 1\r\n" * 200, b"X-A: " + b"a" * 100_000 + b"\r\n"):
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + headers)
            assert connection.recv(1000).startswith(b"HTTP/1.1 431 ")
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(b"GET /" + b"a" * 20_000)
        assert connection.recv(1000).startswith(b"HTTP/1.1 414 ")


def test_what_is_under_way_ends_when_the_service_stops(store: PatientStore) -> None:
    settings = ServiceSettings(grace=5)
    answers = []
    with running(store, make_parts(), settings) as service:

        def ask() -> None:
            with service.client(headers=ANALYST) as client:
                answers.append(client.post("/graphql", json={"query": "{ slow(seconds: 1) }"}))

        asking = threading.Thread(target=ask)
        asking.start()
        assert store.begun.wait(5)
        service.stop()
        asking.join()
    assert answers[0].json() == {"data": {"slow": True}}


def test_the_grace_ends(store: PatientStore) -> None:
    with running(store, make_parts(), ServiceSettings(grace=1)) as service:
        connection = send(service, '{"query": "{ slow(seconds: 20) }"}')
        assert store.begun.wait(5)
        began = time.monotonic()
        service.stop()
        assert time.monotonic() - began < 10
        connection.close()
    assert until(lambda: store.interrupted == 1)
