"""Every way by which the service is asked, from outside: what it says to who shows these headers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

QUERY = "{ customers { totalCount nodes { key name email } } }"
STREAM = "subscription { newComplaint { complaint { key text } } }"
EVENTS = {"Accept": "text/event-stream"}
PROTOCOL: Any = "graphql-transport-ws"
LETTING = 4000  # codes of websockets that mean: not you, because of what you have shown


def knock(client: httpx.Client, headers: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Return the status and all that is said at each door."""
    said: dict[str, tuple[int, str]] = {}

    def note(name: str, answer: httpx.Response) -> None:
        said[name] = answer.status_code, f"{answer.headers}\n{answer.content!r}"

    asked = {"query": QUERY}
    note("post", client.post("/graphql", json=asked, headers=headers))
    note("get", client.get("/graphql", params=asked, headers=headers))
    for name, query in (("query", QUERY), ("subscription", STREAM)):
        shown = {**headers, **EVENTS}
        with client.stream("POST", "/graphql", json={"query": query}, headers=shown) as answer:
            ends = name == "query" or answer.status_code != 200
            said[f"{name} by events"] = answer.status_code, answer.read().decode() if ends else ""
    with client.stream("GET", "/graphql", params={"query": STREAM}, headers={**headers, **EVENTS}) as answer:
        said["events by get"] = answer.status_code, ""
    for name, more in (("csv", {}), ("parquet", {"format": "parquet"}), ("link", {"link": True})):
        note(f"export: {name}", client.post("/export", json={**asked, **more}, headers=headers))
    note("export by get", client.get("/export", params=asked, headers=headers))
    address = str(client.base_url).replace("http", "ws", 1).rstrip("/") + "/graphql"
    said["socket, in the handshake"] = _call(address, dict(headers), {})
    token = {"Authorization": headers["Authorization"]} if "Authorization" in headers else {}
    others = {name: value for name, value in headers.items() if name != "Authorization"}
    said["socket, in a message"] = _call(address, others, token)
    return said


def _call(address: str, headers: dict[str, str], payload: Mapping[str, str]) -> tuple[int, str]:
    """Return the status that a socket comes to: 401 where it is closed with 4401."""
    heard: list[Any] = []
    try:
        with opened(address, headers, payload) as socket:
            socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": QUERY}}))
            heard.extend(socket.recv(timeout=10) for _ in range(3))
    except InvalidStatus as error:
        return error.response.status_code, str(error.response.body)
    except ConnectionClosed as error:
        code = error.rcvd.code if error.rcvd else 0
        return code - LETTING, json.dumps(heard)
    return 200, json.dumps(heard)


@contextmanager
def opened(
    address: str, headers: Mapping[str, str], payload: Mapping[str, str]
) -> Iterator[ClientConnection]:
    """Open a socket, and say who one is."""
    more = {name: value for name, value in headers.items() if name != "Origin"}
    with connect(
        address,
        subprotocols=[PROTOCOL],
        additional_headers=more,
        origin=headers.get("Origin"),  # type: ignore[arg-type]
    ) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": dict(payload)}))
        yield socket


def read_events(lines: Iterator[str], most: int) -> list[Any]:
    """Return what so many events of a stream say, fewer where it ends."""
    found: list[Any] = []
    with suppress(httpx.ReadTimeout):
        for line in lines:
            if line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
            if line == "event: complete":
                found.append("complete")
            if len(found) >= most or "complete" in found:
                break
    return found
