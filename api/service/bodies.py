"""How much a request may send, and how long it may take to."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.errors import StatusError

CLOSE = {"Connection": "close"}  # what is still to come of the body is not wanted


class Bodies:
    """Ends a request whose body is too large (413) or too slow (408), while it is being read."""

    def __init__(self, app: ASGIApp, *, limit: int, seconds: float) -> None:
        self.app = app
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch the body that the application reads."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        too_large = StatusError(413, "too_large", "over_limit", headers=CLOSE, limit=self._limit)
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > self._limit:
            raise too_large
        read, complete = 0, False
        deadline = asyncio.get_running_loop().time() + self._seconds

        async def receive_within_limits() -> Message:
            nonlocal read, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise StatusError(408, "too_slow", "overtime", headers=CLOSE) from None
            read += len(message.get("body", b""))
            if read > self._limit:
                raise too_large
            complete = not message.get("more_body", False)
            return message

        await self.app(scope, receive_within_limits, send)
