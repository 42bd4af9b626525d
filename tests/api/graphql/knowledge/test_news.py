"""News of complaints and root causes: from one watcher, to those who may see them, as long as they may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.auth import Role
from ingest import load_project
from ingest.events import ingest_events
from schema import Triple
from tests.api.graphql.knowledge.office import LONG, Office, until
from tests.ingest.shop import TEXTS

pytestmark = pytest.mark.anyio

COMPLAINTS = """subscription ($filter: ComplaintFilter) {
  newComplaint(filter: $filter) { missed complaint { key text aboutOrder { nodes { key } } } }
}"""
CAUSES = "subscription { newRootCause { missed rootCause { id title lift } } }"


def send(office: Office, *complaints: tuple[str, str]) -> None:
    """Send complaints, each (key, order)."""
    rows = [
        {
            "id": key,
            "email": "p1@correo.example",
            "order_id": order,
            "text": TEXTS[0],
            "at": "2026-09-29T10:00:00",
        }
        for key, order in complaints
    ]
    project = load_project(office.folder / "motivo.yaml")
    with office.services.writing:
        told = ingest_events(
            project, office.store, "messages", rows, extractor=office.services.texts.open(project)
        )
    assert told.counts.written == len(rows)


async def begin(office: Office, stream: AsyncIterator[Any], feeds: int = 1) -> asyncio.Task[Any]:
    """Return what comes next, once the feed knows where it begins."""
    first = asyncio.ensure_future(anext(stream))  # type: ignore[arg-type]
    known = office.services.events._feeds
    await until(lambda: first.done() or (len(known) == feeds and all(feed.ready for feed in known.values())))
    return first


def get_keys(office: Office) -> tuple[str, str]:
    """Return two orders, the second brought by the slow courier."""
    reader = office.store.reader()
    found = {}
    for node in reader.page("Order", limit=500).nodes:
        near = reader.neighbours("Order", node.key, types=["BROUGHT_BY"])
        found.setdefault(near[0].node.key if near else "", node.key)
    return found["quick"], found["slow"]


async def test_each_new_complaint_that_meets_a_filter_is_told(own: Office) -> None:
    quick, slow = get_keys(own)
    own.services.events._every = 0.02
    every = own.follow(COMPLAINTS)
    filter_ = {"aboutOrder": {"broughtByCourier": {"key": {"eq": "slow"}}}}
    some = own.follow(COMPLAINTS, {"filter": filter_}, role=Role.ANALYST)
    tasks = [await begin(own, every), await begin(own, some, 2)]
    send(own, ("n1", quick), ("n2", slow))
    one, other = [await asyncio.wait_for(task, LONG) for task in tasks]
    assert one["data"]["newComplaint"]["complaint"] == {
        "key": "n1",
        "text": TEXTS[0],
        "aboutOrder": {"nodes": [{"key": quick}]},
    }
    told = other["data"]["newComplaint"]
    assert told["complaint"]["text"] is None, "an analyst reads no texts"
    assert told["complaint"]["key"].startswith("~")
    assert told["complaint"]["aboutOrder"]["nodes"] == [{"key": slow}]
    following = await asyncio.wait_for(anext(every), LONG)  # type: ignore[arg-type]
    assert following["data"]["newComplaint"]["complaint"]["key"] == "n2"
    await every.aclose()  # type: ignore[attr-defined]
    await some.aclose()  # type: ignore[attr-defined]
    await until(lambda: not own.services.events.watching)


async def test_who_sees_some_customers_is_told_of_theirs_only(own: Office) -> None:
    quick, _ = get_keys(own)
    own.services.events._every = 0.02
    scoped = own.follow(COMPLAINTS, role=Role.AGENT, rows={"Order": (quick,)})
    first = await begin(own, scoped)
    hidden = next(n.key for n in own.store.reader().page("Order").nodes if n.key != quick)
    reader = own.store.reader()
    [placed] = reader.neighbours("Order", quick, types=["PLACED"])
    email = reader.get("Customer", placed.node.key).properties["email"]
    send(own, ("n1", hidden))
    rows = [{"id": "n2", "email": email, "order_id": quick, "text": TEXTS[0], "at": "2026-09-29T10:00:00"}]
    ingest_events(load_project(own.folder / "motivo.yaml"), own.store, "messages", rows)
    told = await asyncio.wait_for(first, LONG)
    assert told["data"]["newComplaint"]["complaint"]["key"] == "n2"
    await scoped.aclose()  # type: ignore[attr-defined]


async def test_it_ends_when_what_is_known_of_the_caller_does(own: Office) -> None:
    ends = datetime.now(UTC) + timedelta(seconds=0.3)
    responses = [r async for r in own.follow(COMPLAINTS, expires_at=ends)]
    assert [r["errors"][0]["extensions"]["code"] for r in responses] == ["unauthenticated"]
    await until(lambda: not own.services.events.watching)


@pytest.mark.parametrize("text", [COMPLAINTS, CAUSES])
async def test_news_are_for_staff(office: Office, text: str) -> None:
    for role in (Role.ANYONE, Role.WIDGET):
        [response] = [r async for r in office.follow(text, role=role)]
        assert response["errors"][0]["extensions"]["code"] in ("unauthenticated", "refused")
    hidden = {"filter": {"text": {"contains": "x"}}}
    if text == COMPLAINTS:
        [response] = [r async for r in office.follow(text, hidden, role=Role.ANALYST)]
        assert response["errors"][0]["extensions"]["code"] == "refused"


async def test_a_root_cause_is_told_when_it_shows_for_the_first_time(own: Office) -> None:
    own.services.events._every = 0.02
    own.services.answers._soonest, own.services.snapshots.soonest = 0.0, 0.0
    reader = own.store.reader()
    orders = [n.key for n in reader.page("Order", limit=600).nodes]
    bad = [key for key in orders if key.endswith("7")][:40]
    stream = own.follow(CAUSES)
    first = await begin(own, stream)
    await until(lambda: bool(own.services.answers._kept) and not own.services.answers._crew._doing)
    send(own, *((f"c{key}", key) for key in bad))
    with own.store.transaction() as t:  # and they share something that nobody knew of before
        t.begin_run("recall")
        t.upsert_records("recall", bad, [0] * len(bad))
        t.upsert_nodes("Courier", "recall", bad, ["rival"] * len(bad), {})
        t.upsert_relationships(
            Triple("Order", "BROUGHT_BY", "Courier"), "recall", bad, bad, ["rival"] * len(bad), {}
        )
        t.finish_run()
    told = await asyncio.wait_for(first, LONG)
    cause = told["data"]["newRootCause"]["rootCause"]
    assert cause["lift"] > 1
    now = {n["id"] for n in own.ask("{ rootCauses { nodes { id } } }")["rootCauses"]["nodes"]}
    assert cause["id"] in now
    await stream.aclose()  # type: ignore[attr-defined]
