"""The outermost layer: every request gets an id, a line in the log, its figures, and an answer."""

from __future__ import annotations

import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.errors import StatusError, answer_failure
from api.service.exchange import Exchange, open_exchange
from api.service.logs import log_failure, log_request, log_store
from api.service.metrics import Metrics
from schema import MotivoError

QUIET = ("/healthz", "/readyz", "/metrics")  # asked all the time by machines
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class Access:
    """Opens the exchange of each request, and closes it."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, language: str, routes: frozenset[str]) -> None:
        self.app = app
        self._metrics = metrics
        self._language = language
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        exchange = open_exchange(scope, self._language)
        status = 0

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = exchange.id
            elif message["type"] == "websocket.accept":
                status = 101
            elif message["type"] == "websocket.close" and not status:
                status = 403
            await send(message)

        try:
            await self._run(scope, receive, send_and_see, exchange, lambda: status)
        finally:
            self._close(scope, exchange, status)

    async def _run(
        self, scope: Scope, receive: Receive, send: Send, exchange: Exchange, started: Any
    ) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if isinstance(error, StatusError):
                response = error.answer(exchange)
            elif isinstance(error, MotivoError):
                log_store(exchange, error)
                response = answer_failure(error, exchange)
            else:
                log_failure(exchange, error)
                response = StatusError(500, "internal", "internal", id=exchange.id).answer(exchange)
            if started() and scope["type"] == "http":
                raise  # too late to say so: the server cuts the connection, and nobody takes half for all
            if started():
                await send({"type": "websocket.close", "code": 1011})
            elif scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
                await response(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})

    def _close(self, scope: Scope, exchange: Exchange, status: int) -> None:
        seconds = time.perf_counter() - exchange.started
        path = scope["path"]
        route = path if path in self._routes else ("/static" if path.startswith("/static/") else "other")
        method = scope.get("method", "WEBSOCKET")
        if scope["type"] == "http":
            shown = method if method in METHODS else "other"
            self._metrics.requests.labels(route, shown, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
        if path not in QUIET or status >= 400:
            log_request(
                exchange, method=method, path=route, status=status or 499, ms=round(seconds * 1000, 1)
            )
