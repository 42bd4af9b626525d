"""Figures for Prometheus. None is of a person, and none is by a name that a client chooses."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from api.service.errors import StatusError
from api.service.exchange import get_exchange
from api.service.workers import Workers

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The figures of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "motivo_requests", "Requests.", ("route", "method", "status"), registry=self.registry
        )
        self.request_seconds = Histogram(
            "motivo_request_seconds",
            "Time to the end of an answer.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.operations = Counter(
            "motivo_operations", "GraphQL operations.", ("type", "outcome"), registry=self.registry
        )
        self.operation_seconds = Histogram(
            "motivo_operation_seconds",
            "Time to answer a GraphQL operation.",
            ("type",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.refusals = Counter(
            "motivo_rate_refusals", "Requests beyond a rate.", ("rate",), registry=self.registry
        )
        self.subscriptions = Gauge("motivo_subscriptions", "Open subscriptions.", registry=self.registry)
        self.sockets = Gauge("motivo_websockets", "Open websockets.", registry=self.registry)
        self.exports = Counter("motivo_exports", "Exports.", ("format", "outcome"), registry=self.registry)

    def watch(self, workers: Workers, name: str) -> None:
        """Show how busy these workers are."""
        for what, said, read in (
            ("busy", "Threads at work.", lambda: float(workers.busy)),
            ("queued", "Work that waits for a thread.", lambda: float(workers.queued)),
            ("interrupted", "Work ended before it was done.", lambda: float(workers.interrupted)),
        ):
            gauge = Gauge(f"motivo_{name}_{what}", said, registry=self.registry)
            gauge.set_function(read)


def make_metrics_page(metrics: Metrics, token: str) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint `/metrics`.

    With a token it asks for that; without one it answers only what comes from this machine, and through
    no proxy.
    """

    async def show_metrics(request: Request) -> Response:
        exchange = get_exchange(request.scope)
        if token:
            given = request.headers.get("authorization", "")
            if not secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
                raise StatusError(401, "unauthenticated", "unauthenticated")
        elif not exchange.is_local:
            raise StatusError(403, "refused", "refused")
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return show_metrics
