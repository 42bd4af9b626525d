"""Turns: what computes in this process is done one after the other, unless it takes long."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

LONG = 0.02  # seconds for which others wait for work that is being done


class Turns:
    """Lets so many threads at a time look for work and do it.

    Threads that compute in Python have to hand its lock to one another, at every question to a store that is
    in this process: several at once are slower than one. Work that takes long gives its turn away.
    """

    def __init__(self, many: int, waiting: Callable[[], int]) -> None:
        """`waiting`: tells how much there is to begin."""
        self._waiting = waiting
        self._free = threading.Semaphore(many)
        self._lock = threading.Lock()
        self._begun: dict[object, float] = {}  # work that is being done in a turn
        self._timer: asyncio.TimerHandle | None = None

    def take(self) -> None:
        """Wait for a turn."""
        self._free.acquire()

    def leave(self) -> None:
        """Give back a turn in which nothing was begun."""
        self._free.release()

    def begin(self, work: object) -> None:
        """Note that work begins in the turn that was taken."""
        with self._lock:
            self._begun[work] = time.monotonic()

    def end(self, work: object) -> None:
        """Give back the turn of work, unless it was given away."""
        with self._lock:
            held = self._begun.pop(work, None) is not None
        if held:
            self._free.release()

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give away the turns of work that takes long, from now on until there is nothing to do."""
        if self._timer is None:
            self._timer = loop.call_later(LONG, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        with self._lock:
            ends = {work: begun + LONG for work, begun in self._begun.items()}
        for work, end in ends.items():
            if end <= now:
                self.end(work)
        left = [end - now for end in ends.values() if end > now]
        if not left and self._waiting():  # it is about to begin
            left = [LONG]
        self._timer = loop.call_later(min(left), self._look, loop) if left else None

    def close(self) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
