"""What happens in the graph, for those who wait for it: one watcher for all of them.

Who waits for the same, and sees the same, follows one *feed*. The watcher looks at the store every second as
long as there is any feed, and asks each what is new. A feed keeps the last things that happened; who is too
slow to take them misses some, and is told how many.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from api.graphql.knowledge.bells import Bell
from graph import Reader
from schema import LimitError, MotivoError

logger = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two looks
KEPT = 1_000  # things that a feed keeps for those who are slow
MOST = 5_000  # who wait, in all


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `missed`: how much that happened before it was not told."""

    value: Any
    missed: int = 0


class Poll(Protocol):
    """Tells what is new."""

    def __call__(self, reader: Reader, changed: bool) -> Sequence[Any]:
        """Return what is new since the last time, the first time nothing. `changed`: the store has."""
        ...


class Feed:
    """What happened of one sort, as one sort of caller sees it."""

    def __init__(self, poll: Poll, open_reader: Callable[[], Reader]) -> None:
        self.poll, self.open_reader = poll, open_reader
        self.reader: Reader | None = None
        self.bell = Bell()
        self._lock = threading.Lock()
        self.kept: deque[Any] = deque(maxlen=KEPT)
        self.count = 0  # of all that ever happened
        self.ready = False
        self.error: Exception | None = None

    def look(self, changed: bool) -> None:
        """Ask what is new; in the thread of the watcher."""
        try:
            if self.reader is None:
                self.reader = self.open_reader()
            found = self.poll(self.reader, changed)
        except Exception as error:
            if not isinstance(error, MotivoError):
                logger.exception("a feed failed")
            self.fail(error)
            return
        with self._lock:
            self.kept.extend(found)
            self.count += len(found)
        if found or not self.ready:
            self.ready = True
            self.bell.ring()

    def fail(self, error: Exception) -> None:
        """End it for all who follow it."""
        self.error = error
        self.bell.ring()

    def take(self, since: int) -> tuple[list[Any], int, int]:
        """Return what happened after so much had, how much of it is lost, and how much has happened now."""
        with self._lock:
            count, kept = self.count, list(self.kept)
        begin = max(since, count - len(kept))
        return kept[len(kept) - (count - begin) :], begin - since, count

    def close(self) -> None:
        """Let go of the reader."""
        if self.reader is not None:
            self.reader.close()
            self.reader = None


class Events:
    """Feeds, and the watcher that fills them while anybody follows one."""

    def __init__(self, open_reader: Callable[[], Reader], *, every: float = EVERY) -> None:
        self._open, self._every = open_reader, every
        self._lock = threading.Lock()
        self._feeds: dict[Hashable, Feed] = {}
        self._nudged = threading.Event()
        self._watcher: threading.Thread | None = None
        self._closed = False

    @property
    def watching(self) -> bool:
        """Whether anybody waits for anything."""
        return self._watcher is not None

    def nudge(self) -> None:
        """Have all feeds looked at now: something has changed that is not in the store."""
        self._nudged.set()

    async def follow(self, name: Hashable, make: Callable[[], Feed]) -> AsyncGenerator[Event, None]:
        """Yield what happens from now on of what a feed tells, which is made if nobody follows it yet."""
        with self._lock:
            if self._closed or sum(len(feed.bell) for feed in self._feeds.values()) >= MOST:
                raise LimitError("too many wait for events already", hint="try again later")
            feed = self._feeds.get(name)
            if feed is None or feed.error is not None:
                feed = self._feeds[name] = make()
            ear, since = feed.bell.listen(), feed.count
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="motivo-events", daemon=True)
                self._watcher.start()
        try:
            while True:
                found, missed, since = feed.take(since)
                for value in found:
                    yield Event(value, missed)
                    missed = 0
                if feed.error is not None:
                    raise feed.error
                if not found:
                    await ear.wait()
        finally:
            self._leave(name, feed, ear)

    def _leave(self, name: Hashable, feed: Feed, ear: Any) -> None:
        feed.bell.leave(ear)
        with self._lock:
            if not len(feed.bell) and self._feeds.get(name) is feed:
                del self._feeds[name]
        self.nudge()  # the watcher lets go of what nobody follows

    def _watch(self) -> None:
        """Look at the store until nobody waits any more."""
        reader: Reader | None = None
        version, known = "", list[Feed]()
        try:
            reader = self._open()
            while True:
                with self._lock:
                    feeds = list(self._feeds.values())
                    if not feeds or self._closed:
                        self._watcher = None
                        return
                for gone in (feed for feed in known if feed not in feeds):
                    gone.close()
                known = feeds
                now = reader.version()
                for feed in feeds:
                    if feed.error is None:
                        feed.look(now != version or not feed.ready)
                version = now
                self._nudged.wait(self._every)
                self._nudged.clear()
        except Exception as error:
            logger.warning("the store is watched no longer: %s", error)
            with self._lock:
                self._watcher = None
                known = [*known, *self._feeds.values()]
                self._feeds.clear()
            for feed in known:
                feed.fail(error)
        finally:
            for opened in (reader, *known):
                if opened is not None:
                    opened.close()

    def close(self) -> None:
        """End the watcher."""
        with self._lock:
            self._closed = True
        self.nudge()
