"""graphql-transport-ws: sockets whose callers say who they are in `connection_init`, and are held to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.utils.aio import aclosing

from api.graphql.execution import find_hash
from api.service.door import read_headers
from api.service.errors import StatusError
from api.service.parsing import read_extensions
from schema import AuthenticationError, MotivoError

UNAUTHORIZED = 4401
TOO_OFTEN = 4429


class SocketAdapter(ASGIWebSocketAdapter):
    """Sends JSON as text, as the protocol demands."""

    ws: WebSocket

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        """Yield messages; one that is nested too deep is as one that is no JSON."""
        try:
            async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
                yield message
        except StatusError as error:
            raise NonJsonMessageReceived from error

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send a message; to a socket that is closed, nothing."""
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnected
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (RuntimeError, OSError) as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        """Close the socket, if it is open; a reason fits into 123 bytes."""
        if self.ws.application_state is not WebSocketState.DISCONNECTED:
            await self.ws.close(code=code, reason=reason.encode()[:120].decode(errors="ignore"))


class SocketHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """Lets callers in, and out when their credentials end."""

    expiring: asyncio.Task[None] | None = None

    async def handle_message(self, message: Any) -> None:
        """Handle a message; one that is none of the protocol closes the socket (4400)."""
        if not is_message(message):
            await self.handle_invalid_message("the message is none of graphql-transport-ws")
            return
        await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        """Let the caller in by the token of the payload, or by the header of the handshake."""
        payload = message.get("payload") or {}
        first = isinstance(payload, dict) and not self.connection_init_received
        if first and not self.connection_timed_out and not await self._admit(payload):
            return
        await super().handle_connection_init({"type": "connection_init", "payload": payload})

    async def _admit(self, payload: Mapping[str, Any]) -> bool:
        exchange = self.context.exchange
        named = {str(name).lower(): value for name, value in payload.items()}
        given = named.get("authorization") or (f"Bearer {named['token']}" if named.get("token") else "")
        shown = given if isinstance(given, str) else ""
        headers = read_headers(self.context.connection, shown)
        try:
            await self.view.door.admit(exchange, headers)  # type: ignore[attr-defined]
        except AuthenticationError:
            await self.websocket.close(UNAUTHORIZED, "Unauthorized")
            return False
        except StatusError:
            await self.websocket.close(TOO_OFTEN, "Too many requests")
            return False
        except MotivoError:
            await self.websocket.close(4500, "Internal server error")
            return False
        self.expiring = asyncio.create_task(self._expire())
        return True

    async def _expire(self) -> None:
        """Close the socket when the caller's credentials end, or when they are revoked."""
        await self.view.door.outlast(self.context.exchange)  # type: ignore[attr-defined]
        await self.websocket.close(UNAUTHORIZED, "credentials expired")

    async def handle_subscribe(self, message: Any) -> None:
        """Begin an operation, if the caller's rate allows it."""
        if self.connection_acknowledged:
            try:
                await self.view.door.count(self.context.exchange)  # type: ignore[attr-defined]
            except StatusError:
                await self.websocket.close(TOO_OFTEN, "Too many requests")
                return
            payload = message["payload"]
            self.context.documents[message["id"]] = read_extensions(payload)
            message = {**message, "payload": {"query": None, **payload}}
        await super().handle_subscribe(message)
        if message["id"] not in self.operations:
            self.context.documents.pop(message["id"], None)

    @staticmethod
    def _get_pre_execution_close_reason(error: object) -> None:  # noqa: ARG004
        """Return None: what is wrong with one document closes no socket."""
        return

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        """Answer an operation to its end."""
        try:
            results = await self.schema.stream(
                operation.query or None,
                variable_values=operation.variables,
                context_value=self.context,
                operation_name=operation.operation_name,
                operation_extensions=dict(self.context.documents.pop(operation.id, {})),
            )
            async with aclosing(results):
                await self._send_result_stream(operation, results)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            self.operations.pop(operation.id, None)

    async def shutdown(self) -> None:
        """Let go of everything that belongs to the socket."""
        if self.expiring is not None:
            self.expiring.cancel()
        await super().shutdown()


def is_message(message: Any) -> bool:
    """Tell whether something has the shape of a message of the protocol."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] in ("subscribe", "complete") and not isinstance(message.get("id"), str):
        return False
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(payload, dict)
        and all(
            isinstance(payload.get(name), str | None) for name in ("query", "operationName", "documentId")
        )
        and all(isinstance(payload.get(name), dict | None) for name in ("variables", "extensions"))
        and bool(payload.get("query") or find_hash(read_extensions(payload)))
    )
