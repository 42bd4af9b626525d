"""`/graphql`: strawberry's view of GraphQL over HTTP, SSE and websockets, with our parsing and statuses."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData, GraphQLRequestProtocol
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult, PreExecutionError

from api.auth import CLEARANCE
from api.service.door import Door, read_headers
from api.service.errors import StatusError, answer_error
from api.service.exchange import get_exchange
from api.service.guards import is_own_doing
from api.service.negotiation import EVENTS, HTML, JSON, RESPONSE, choose_media_type
from api.service.operations import Context, GoneError, Operations, Outcome
from api.service.pages import show_page
from api.service.parsing import PARAMETERS, read_json, read_operation
from api.service.sockets import SocketAdapter, SocketHandler
from schema import Sensitivity


class GraphQLView(GraphQL[Context, None]):
    """Answers queries by GET and POST, mutations by POST, subscriptions by SSE and graphql-transport-ws.

    explorer: a browser that asks for a page gets GraphiQL.
    """

    websocket_adapter_class = SocketAdapter
    graphql_transport_ws_handler_class = SocketHandler

    def __init__(self, operations: Operations, door: Door, *, get: bool, explorer: bool) -> None:
        super().__init__(
            operations,
            graphql_ide=None,
            allow_queries_via_get=get,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            allowed_origins=("*",),  # `guards.Origins` has seen to that
            connection_init_wait_timeout=timedelta(seconds=10),
        )
        self.operations = operations
        self.door = door
        self._explorer = explorer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hold a socket."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive=receive, send=send))
            return
        request = Request(scope, receive)
        response = await self._answer(request)
        if response is not None:
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        accept = request.headers.get("accept", "")
        get = request.method in ("GET", "HEAD")
        if get and self._explorer and choose_media_type(accept, (JSON, RESPONSE, EVENTS, HTML)) == HTML:
            return show_page(request, "graphiql")
        exchange = get_exchange(request.scope)
        media_type = choose_media_type(accept, (JSON, RESPONSE, EVENTS))
        request.state.media_type = RESPONSE if media_type == RESPONSE else JSON
        if request.method not in ("GET", "POST"):
            return answer_error(
                405, "GraphQL is asked by GET and POST", "usage", headers={"Allow": "GET, POST"}
            )
        if media_type is None:
            return answer_error(406, f"answers are {RESPONSE}, {JSON} or {EVENTS}", "usage")
        await self.door.admit(exchange, read_headers(request))
        if get and not is_own_doing(request.headers):
            raise StatusError(403, "get", "refused")
        context = Context(exchange, request)
        try:
            response: Response = await self.run(request, context)
            return response
        except HTTPException as error:
            return answer_error(error.status_code, error.reason, "usage", media_type=request.state.media_type)
        except (GoneError, ClientDisconnect):
            return None
        finally:
            context.close()

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002
        """Return what goes along with the operations of a socket."""
        return Context(get_exchange(request.scope), request)

    def should_render_graphql_ide(self, request: Any) -> bool:  # noqa: ARG002
        """Say no: the page was shown before."""
        return False

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON."""
        return read_json(data)

    def encode_json(self, data: object) -> bytes:
        """Write JSON."""
        return orjson.dumps(data)

    async def parse_http_body(
        self, request: AsyncHTTPRequestAdapter
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Read what is asked; `HTTPException` (400, 415) where it is nothing that can be."""
        protocol: GraphQLRequestProtocol = "http"
        if choose_media_type(request.headers.get("accept", ""), (JSON, RESPONSE, EVENTS)) == EVENTS:
            protocol = "sse"
        if request.method == "GET":
            given: dict[str, Any] = {name: request.query_params.get(name) for name in PARAMETERS}
            for name in ("variables", "extensions"):
                if given[name]:
                    given[name] = self.parse_json(given[name])
            return read_operation(given, protocol)
        media_type, _, parameters = (request.content_type or "").lower().partition(";")
        if media_type.strip() != JSON:
            raise HTTPException(415, f"the body has to be {JSON}")
        if "charset=" in parameters and "utf-8" not in parameters and "utf8" not in parameters:
            raise HTTPException(415, "the body has to be in UTF-8")
        body = self.parse_json(await request.get_body())
        if not isinstance(body, list):
            return read_operation(body, protocol)
        self._validate_batch_request(body, protocol=protocol)
        if not body:
            raise HTTPException(400, "a batch has operations")
        return [read_operation(part, protocol) for part in body]

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Return an answer as it goes out, and remember the status that it asks for."""
        answer: dict[str, Any] = {}
        if not isinstance(result, PreExecutionError):
            answer["data"] = result.data
        else:
            own = result.status if isinstance(result, Outcome) else None
            request.state.status = own or (400 if request.state.media_type == RESPONSE else 200)
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer  # type: ignore[return-value]

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        """Return the response; `_finish` says the rest."""
        response = Response(self.encode_json(response_data))
        response.raw_headers.extend(sub_response.raw_headers)
        return response

    async def run(self, request: Any, context: Any = None, root_value: None = None) -> Any:
        """Answer a request, or hold a socket until it closes."""
        if isinstance(request, WebSocket):
            with self.operations.metrics.sockets.track_inprogress():
                return await super().run(request, await self.get_context(request, request), root_value)
        response = await super().run(request, context, root_value)
        if response.media_type != EVENTS and "text/event-stream" not in response.headers.get(
            "content-type", ""
        ):
            self._finish(request, response)
        return response

    def _finish(self, request: Request, response: Response) -> None:
        """Set status, type and what may be kept of an answer."""
        exchange = get_exchange(request.scope)
        batch = bytes(response.body[:1]) == b"["
        response.status_code = 200 if batch else getattr(request.state, "status", 200)
        response.headers["Content-Type"] = f"{request.state.media_type}; charset=utf-8"
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="motivo"'
        if response.status_code == 405:
            response.headers["Allow"] = "POST"
        if response.status_code in (429, 503):
            response.headers["Retry-After"] = "1"
        response.headers["Vary"] = "Accept, Accept-Language, Authorization"
        personal = CLEARANCE[exchange.caller.role] is not Sensitivity.PUBLIC
        if request.method != "GET" or personal or response.status_code != 200:
            response.headers["Cache-Control"] = "no-store"
            return
        tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["ETag"] = tag
        if tag in request.headers.get("if-none-match", ""):
            response.status_code, response.body = 304, b""
            del response.headers["content-type"], response.headers["content-length"]
