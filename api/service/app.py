"""The application: what is answered at which address, and the layers around it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute

from api.service.access import Access
from api.service.bodies import Bodies
from api.service.door import Door
from api.service.errors import StatusError
from api.service.exchange import get_exchange
from api.service.exports import Exports
from api.service.guards import Hosts, Origins, SecurityHeaders
from api.service.health import make_readiness, show_health
from api.service.links import Links
from api.service.metrics import Metrics, make_metrics_page
from api.service.operations import Operations
from api.service.pages import make_assets, show_explorer
from api.service.parts import Parts
from api.service.rates import Rates
from api.service.tracing import OtelTracer, Traced, open_tracer
from api.service.view import GraphQLView
from api.service.widget import PAGE, SCRIPT, Widget, read_frames
from api.service.workers import Workers
from api.settings import ServiceSettings
from graph import Store

ROUTES = frozenset(("/graphql", "/healthz", "/readyz", "/metrics", "/export", "/", PAGE, SCRIPT))


def create_app(
    store: Store, settings: ServiceSettings, parts: Parts, *, dev: bool = False, language: str = "en"
) -> Starlette:
    """Return the service over a store. dev: nobody signs in, and it answers on this machine only.

    `app.state.stopping` is an event: once it is set, streams end and `/readyz` says so.
    """
    metrics = Metrics()
    stopping = asyncio.Event()
    workers = Workers(
        store.reader,
        threads=settings.threads,
        waiting=settings.queue,
        name="answers",
        at_once=1 if store.is_embedded else None,
    )
    metrics.watch(workers, "workers")
    rates = Rates(metrics, address=settings.rate_address, caller=settings.rate, refused=settings.rate_refused)
    door = Door(parts.authenticate, rates, parts.holds, parts.waits)
    tracer = open_tracer(settings.otel)
    operations = Operations(
        parts, store, workers, metrics, tracer, door, settings=settings, stopping=stopping
    )
    exporting = Workers(store.reader, threads=2, waiting=8, name="exports")
    metrics.watch(exporting, "exports")
    exports = Exports(
        parts.documents, door, Links(parts.secret), exporting, metrics, operations.open_request, parts.audit
    )
    widget = Widget(read_frames(settings.frames, dev=dev))
    view = GraphQLView(operations, door, get=settings.get, explorer=settings.introspection)

    @asynccontextmanager
    async def live(_app: Starlette) -> AsyncIterator[None]:
        for start in parts.starting:
            threading.Thread(target=start, name="motivo-start", daemon=True).start()
        try:
            yield
        finally:
            stopping.set()
            operations.close()
            for close in parts.closing:  # what goes on there is waited for by threads here
                await asyncio.to_thread(close)
            await asyncio.gather(workers.close(), exporting.close())
            await asyncio.to_thread(tracer.close)

    routes = [
        Route("/graphql", view),
        WebSocketRoute("/graphql", view),
        Route("/healthz", show_health),
        Route("/readyz", make_readiness(workers, stopping)),
        Route("/metrics", make_metrics_page(metrics, settings.metrics_token)),
        Route("/export", exports.answer, methods=["GET", "POST"]),
        Route("/", show_explorer),
        Route(PAGE, widget.show),
        Route(SCRIPT, widget.send_script),
        Mount("/static", make_assets()),
    ]
    layers = [Middleware(SecurityHeaders, shared=bool(settings.origins))]
    if settings.origins:
        layers.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=("GET", "POST"),
                allow_headers=("Authorization", "Content-Type", "X-Request-ID", "If-None-Match"),
                expose_headers=("X-Request-ID", "Retry-After", "ETag"),
            )
        )
    layers.append(Middleware(Access, metrics=metrics, language=language, routes=ROUTES))
    if isinstance(tracer, OtelTracer):
        layers.append(Middleware(Traced, tracer=tracer))
    layers += [
        Middleware(Hosts, hosts=settings.hosts, local=dev),
        Middleware(Origins, origins=settings.origins),
        Middleware(Bodies, limit=settings.body_limit, seconds=settings.body_seconds),
    ]
    app = Starlette(
        routes=routes,
        middleware=layers,
        lifespan=live,
        exception_handlers=REFUSALS,
    )
    app.router.redirect_slashes = False
    app.state.stopping = stopping
    return app


async def refuse_path(request: Request, _error: Exception) -> Response:
    """Answer that there is nothing at an address."""
    return StatusError(404, "not_found", "not_found").answer(get_exchange(request.scope))


async def refuse_method(request: Request, error: Exception) -> Response:
    """Answer that a method is not for this address."""
    headers = getattr(error, "headers", None)
    return StatusError(405, "method", "usage", headers=headers).answer(get_exchange(request.scope))


REFUSALS = {404: refuse_path, 405: refuse_method}
