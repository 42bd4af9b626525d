"""How often one may ask: by address before it is known who asks, by caller after that."""

from __future__ import annotations

import time
from math import ceil

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from api.service.errors import StatusError
from api.service.metrics import Metrics
from schema import UsageError


class Rates:
    """Rates such as `1200/minute`, counted in this process; an empty one lets all pass."""

    def __init__(self, metrics: Metrics, **rates: str) -> None:
        self._metrics = metrics
        self._items = {name: read_rate(text) for name, text in rates.items() if text}
        self._limiter: SlidingWindowCounterRateLimiter | None = None

    def _open(self) -> SlidingWindowCounterRateLimiter:
        if self._limiter is None:  # inside the loop, to which its clock belongs
            self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        return self._limiter

    async def count(self, name: str, whose: str) -> None:
        """Count one; `StatusError` (429) when it is one too many."""
        item = self._items.get(name)
        if item is not None and not await self._open().hit(item, name, whose):
            await self._refuse(name, item, whose)

    async def _refuse(self, name: str, item: RateLimitItem, whose: str) -> None:
        self._metrics.refusals.labels(name).inc()
        stats = await self._open().get_window_stats(item, name, whose)
        wait = max(1, ceil(stats.reset_time - time.time()))
        raise StatusError(429, "too_often", "over_limit", headers={"Retry-After": str(wait)})


def read_rate(text: str) -> RateLimitItem:
    """Return the rate that a text such as `1200/minute` says."""
    try:
        return parse(text)
    except ValueError:
        raise UsageError(f"{text!r} is no rate", hint="such as 1200/minute, or empty for none") from None
