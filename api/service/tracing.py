"""Spans for OpenTelemetry, where it is switched on."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from typing import Any, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.exchange import Exchange, get_exchange
from schema import MissingExtraError


class Tracer(Protocol):
    """Opens spans."""

    def operation(self, exchange: Exchange) -> AbstractContextManager[Any]:
        """Return a span for an operation."""
        ...


class NoTracer:
    """Opens none."""

    def operation(self, exchange: Exchange) -> AbstractContextManager[Any]:  # noqa: ARG002
        """Return nothing to speak of."""
        return nullcontext()

    def close(self) -> None:
        """Do nothing."""


class OtelTracer:
    """Opens spans of OpenTelemetry: one a request, and below it one an operation.

    They say what the log says: route, status, role, the operation's name and type.
    """

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("motivo", version("motivo"))

    def operation(self, exchange: Exchange) -> AbstractContextManager[Any]:
        """Return the span of an operation, below that of its request."""
        span: AbstractContextManager[Any] = self._tracer.start_as_current_span(
            f"graphql {exchange.kind}",
            context=exchange.span,
            attributes={
                "graphql.operation.type": exchange.kind,
                "graphql.operation.name": exchange.operation,
                "motivo.role": exchange.caller.role.value,
            },
        )
        return span

    async def trace(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in a span."""
        from opentelemetry import propagate, trace

        exchange = get_exchange(scope)
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method = scope.get("method", "WEBSOCKET")
        with self._tracer.start_as_current_span(
            f"{method} {scope['path']}",
            context=propagate.extract(carrier),
            kind=trace.SpanKind.SERVER,
            attributes={
                "http.request.method": method,
                "url.path": scope["path"],
                "motivo.request": exchange.id,
            },
        ) as span:
            exchange.span = trace.set_span_in_context(span)

            async def send_and_see(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await app(scope, receive, send_and_see)

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


def open_tracer(address: str) -> NoTracer | OtelTracer:
    """Return what opens spans and sends them to a collector (OTLP over HTTP), or, without address, none.

    `MissingExtraError` where the extra otel is not installed.
    """
    if not address:
        return NoTracer()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError:
        raise MissingExtraError("otel", "tracing (MOTIVO_OTEL)") from None
    provider = TracerProvider(resource=Resource.create({"service.name": "motivo"}))
    exporter = OTLPSpanExporter(endpoint=f"{address.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return OtelTracer(provider)


class Traced:
    """Wraps an application in spans."""

    def __init__(self, app: ASGIApp, tracer: OtelTracer) -> None:
        self.app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in a span."""
        if scope["type"] in ("http", "websocket"):
            await self._tracer.trace(self.app, scope, receive, send)
        else:
            await self.app(scope, receive, send)
