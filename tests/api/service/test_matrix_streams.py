"""What streams tell each role, by events and by sockets; and that they end when credentials do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from api.auth import Role, revoke_key
from api.service import door
from tests.api.service.doors import EVENTS, opened, read_events
from tests.api.service.forged import bear
from tests.api.service.house import Asker, House
from tests.api.service.marked import TODAY
from tests.api.service.project import LATE

STAFF = ("analyst", "analyst of the north", "agent", "agent of the north", "investigator", "admin")
ENDLESS = "subscription { newComplaint { complaint { key } } }"
INGEST = """
mutation ($rows: [JSON!]!) {
  ingestEvents(source: "messages", rows: $rows) {
    read written unchanged quarantined unused
    rejected { row key errors { field message } }
  }
}
"""
Listen = Callable[[House, Mapping[str, str], str, int], list[Any]]


def listen(house: House, headers: Mapping[str, str], query: str, most: int) -> list[Any]:
    """Return what so many events tell, fewer where the stream ends; "complete" is one."""
    asked = {"json": {"query": query}, "headers": {**headers, **EVENTS}}
    with house.client.stream("POST", "/graphql", **asked) as answer:  # type: ignore[arg-type]
        return read_events(answer.iter_lines(), most)


def hear(house: House, headers: Mapping[str, str], query: str, most: int) -> list[Any]:
    """Return the same by a socket; the code with which it is closed is the last."""
    found: list[Any] = []
    page = {name: value for name, value in headers.items() if name == "Origin"}
    try:
        with opened(house.service.url.replace("http", "ws") + "/graphql", page, headers) as socket:
            socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
            while len(found) < most:
                said = json.loads(socket.recv(timeout=20))
                if said["type"] != "connection_ack":
                    found.append(said.get("payload", said["type"]))
    except ConnectionClosed as error:
        found.append(error.rcvd.code if error.rcvd else 0)
    return found


def await_streams(house: House, count: int) -> None:
    """Return when so many streams are open, and it is known from where on they tell."""
    end, feeds = time.monotonic() + 20, house.parts.services.events._feeds
    while time.monotonic() < end:
        found = house.client.get("/metrics").text.partition("\nmotivo_subscriptions ")[2].partition("\n")[0]
        if found == str(float(count)) and all(feed.ready for feed in feeds.values()):
            return
        time.sleep(0.05)
    raise AssertionError(found)


def check(house: House, asker: Asker, said: list[Any]) -> str:
    """See that nothing is told that is not for somebody; return it as a text."""
    text = json.dumps(said)
    assert not house.find_leaks(asker, "", text), (asker.name, text)
    for payload in said:
        if isinstance(payload, dict):
            for value in (payload.get("data") or {}).values():
                house.check_masks(asker, {**payload, "data": value})
    return text


def test_each_role_hears_of_complaints_what_it_may_see(house: House) -> None:
    south, north = (house.company.message(i, LATE, TODAY) for i in (1, 0))
    admin = house.askers["admin"]
    listening = {}
    with ThreadPoolExecutor(2 * len(STAFF)) as threads:
        for asker in (house.askers[name] for name in STAFF):
            shown = house.coordinates.select("NewComplaint", 2, house.list_refused(asker))
            query, most = f"subscription {{ newComplaint {shown} }}", 1 if asker.caller.rows else 2
            for way in (listen, hear):
                listening[asker.name, way] = threads.submit(way, house, asker.headers, query, most)
        await_streams(house, len(listening))
        for row in (south, north):
            report = house.post(admin, INGEST, {"rows": [row]}).json()
            assert report["data"]["ingestEvents"]["written"] == 1, report
        heard = {key: told.result(30) for key, told in listening.items()}
    await_streams(house, 0)
    marks = house.company.marks
    for (name, _), said in heard.items():
        asker = house.askers[name]
        text = check(house, asker, said)
        assert [payload["data"]["newComplaint"]["missed"] for payload in said] == [0] * len(said)
        for row, i in ((south, 1), (north, 0)):
            knows = i in asker.people and asker.caller.role is not Role.ANALYST
            assert (row["title"] in text) is knows, (name, row)
            assert (row["status"] in text) is (i in asker.people)
        assert marks.find(text)


@pytest.mark.parametrize("way", [listen, hear])
def test_a_widget_hears_nothing(house: House, way: Listen) -> None:
    widget = house.askers["widget"]
    for name in house.coordinates.types["Events"].fields:
        given = f'(id: "{house.askers["admin"].own["Job.id"]}")' if name == "jobProgress" else ""
        to = house.coordinates.get_target("Events", name).name
        query = f"subscription {{ {name}{given} {house.coordinates.select(to, 1)} }}"
        said = way(house, widget.headers, query, 1)
        check(house, widget, said)
        assert '"code": "refused"' in json.dumps(said)


@pytest.mark.parametrize("way", [listen, hear])
def test_a_job_is_followed_by_who_began_it_alone(house: House, way: Listen) -> None:
    query = "subscription ($id: ID!) { jobProgress(id: $id) { id state } }".replace("($id: ID!) ", "")
    for name in ("analyst", "analyst of the north", "agent", "investigator", "admin"):
        asker = house.askers[name]
        for whose in ("analyst", "admin"):
            asked = query.replace("$id", json.dumps(house.askers[whose].own["Job.id"]))
            text = check(house, asker, way(house, asker.headers, asked, 1))
            assert ("DONE" in text) is (name == whose), (name, whose, text)


def test_a_stream_ends_when_its_token_does(house: House) -> None:
    now = int(time.time())
    claims = house.issuer.claims(motivo_role="admin", iat=now - 60, exp=now - 28)  # clocks may differ by 30 s
    headers = bear(house.issuer.sign(claims))
    with ThreadPoolExecutor(2) as threads:
        by_events, by_socket = (threads.submit(w, house, headers, ENDLESS, 9) for w in (listen, hear))
        *_, error, last = by_events.result(20)
        assert (error["errors"][0]["extensions"]["code"], last) == ("unauthenticated", "complete")
        assert by_socket.result(20)[-1] == 4401


def test_a_stream_ends_when_its_key_is_revoked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "AGAIN", 0.3)
    key, made = house.passing
    with ThreadPoolExecutor(2) as threads:
        by_events, by_socket = (threads.submit(w, house, bear(key), ENDLESS, 9) for w in (listen, hear))
        await_streams(house, 2)
        revoke_key(house.company.store, made.id)
        *_, error, last = by_events.result(20)
        assert (error["errors"][0]["extensions"]["code"], last) == ("unauthenticated", "complete")
        assert by_socket.result(20)[-1] == 4401
