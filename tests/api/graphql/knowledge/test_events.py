"""One watcher tells all who wait; who is slow misses some, and is told how many."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from api.graphql.knowledge import events as module
from api.graphql.knowledge.events import Event, Events, Feed
from schema import LimitError, StoreError

LONG = 20.0
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Store:
    """A store that counts up, and the readers that it gave out."""

    def __init__(self) -> None:
        self.count, self.open, self.opened, self.asked = 0, 0, 0, 0
        self.threads: set[str] = set()
        self.events = Events(self.reader, every=0.005)

    def reader(self) -> Any:
        self.open += 1
        self.opened += 1
        return self

    def close(self) -> None:
        self.open -= 1

    def version(self) -> str:
        self.threads.add(threading.current_thread().name)
        return str(self.count)

    def feed(self) -> Feed:
        """Tell every number that the store has come to."""
        last: list[int] = []

        def poll(_reader: Any, changed: bool) -> list[int]:
            self.asked += changed
            now = self.count
            found = list(range(last[0] + 1, now + 1)) if last else []
            last[:] = [now]
            return found

        return Feed(poll, self.reader)


async def until(check: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not check():
        assert time.monotonic() - begun < LONG
        await asyncio.sleep(0.002)


async def take(stream: AsyncIterator[Event], count: int) -> list[Event]:
    return [await asyncio.wait_for(anext(stream), LONG) for _ in range(count)]


def follow(store: Store, name: str = "n", make: Callable[[], Feed] | None = None) -> Any:
    return aclosing(store.events.follow(name, make or store.feed))  # type: ignore[type-var]


async def begin(store: Store, stream: Any) -> asyncio.Task[list[Event]]:
    """Wait for the first event, once the feed knows where it begins."""
    first = asyncio.ensure_future(take(stream, 1))
    await until(lambda: any(feed.ready and len(feed.bell) for feed in store.events._feeds.values()))
    return first


async def test_all_are_told_by_one_watcher_which_ends_with_the_last() -> None:
    store = Store()
    async with follow(store) as one, follow(store) as other:
        tasks = [await begin(store, one), asyncio.ensure_future(take(other, 1))]
        await until(lambda: sum(len(f.bell) for f in store.events._feeds.values()) == 2)
        store.count = 1
        assert [[e.value for e in await task] for task in tasks] == [[1], [1]]
        assert (store.opened, len(store.threads)) == (2, 1), "one for the watcher, one for the feed"
        store.count = 3
        assert [e.value for e in await take(one, 2)] == [2, 3]
    await until(lambda: not store.events.watching)
    await until(lambda: store.open == 0)
    async with follow(store) as again:
        first = await begin(store, again)
        store.count = 4
        assert [e.value for e in await first] == [4]


async def test_nothing_is_asked_while_nothing_changes() -> None:
    store = Store()
    async with follow(store) as stream:
        first = await begin(store, stream)
        await asyncio.sleep(0.05)
        assert store.asked == 1
        store.count = 1
        await first


async def test_who_is_slow_is_told_how_much_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 10)
    store = Store()
    async with follow(store) as stream:
        first = await begin(store, stream)
        store.count = 1
        await first
        store.count = 100
        await until(lambda: next(iter(store.events._feeds.values())).count == 100)
        told = await take(stream, 10)
        assert [e.value for e in told] == list(range(91, 101))
        assert [e.missed for e in told] == [89] + [0] * 9


async def test_a_feed_that_fails_ends_for_all_who_follow_it() -> None:
    store = Store()

    def poll(_reader: Any, _changed: bool) -> list[int]:
        raise StoreError("gone")

    async with follow(store, "bad", lambda: Feed(poll, store.reader)) as stream:
        with pytest.raises(StoreError, match="gone"):
            await take(stream, 1)
    async with follow(store) as stream:
        first = await begin(store, stream)
        store.count = 1
        assert await first == [Event(1)]


async def test_a_store_that_cannot_be_watched_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()

    def fail() -> Any:
        raise StoreError("no store")

    store.events = Events(fail)
    async with follow(store) as stream:
        with pytest.raises(StoreError, match="no store"):
            await take(stream, 1)
    assert not store.events.watching
    monkeypatch.setattr(module, "MOST", 0)
    async with follow(store) as stream:
        with pytest.raises(LimitError, match="too many"):
            await take(stream, 1)
