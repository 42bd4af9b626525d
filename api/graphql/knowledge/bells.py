"""Waking those who wait in an event loop from threads that know more."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress


class Ear:
    """One who waits for a bell, in the loop in which it was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard = asyncio.Event()

    def wake(self) -> None:
        """Wake the one who waits; from any thread, and nothing if the loop is gone."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._heard.set)

    async def wait(self) -> None:
        """Return when the bell has been rung since the last time."""
        await self._heard.wait()
        self._heard.clear()


class Bell:
    """Wakes all that listen. Ringing twice before somebody has woken up wakes them once."""

    def __init__(self) -> None:
        self._ears: set[Ear] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many listen."""
        return len(self._ears)

    def listen(self) -> Ear:
        """Return an ear that hears from now on."""
        ear = Ear()
        with self._lock:
            self._ears.add(ear)
        return ear

    def leave(self, ear: Ear) -> None:
        """Listen no more."""
        with self._lock:
            self._ears.discard(ear)

    def ring(self) -> None:
        """Wake all that listen."""
        with self._lock:
            ears = list(self._ears)
        for ear in ears:
            ear.wake()
