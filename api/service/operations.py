"""GraphQL operations, as strawberry's views ask for them, answered in worker threads within their time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError
from starlette.requests import HTTPConnection, Request
from strawberry.schema.base import BaseSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from api.graphql.execution import (
    Answer,
    InvalidOperationError,
    Plan,
    execute,
    find_hash,
    subscribe,
)
from api.graphql.request import Request as Asked
from api.service.door import Door
from api.service.errors import StatusError, get_hint, translate
from api.service.exchange import Exchange
from api.service.logs import log_failure, log_store
from api.service.metrics import Metrics
from api.service.parts import Parts
from api.service.tracing import Tracer
from api.service.words import say
from api.service.workers import Workers
from api.settings import ServiceSettings
from graph import Reader, Store
from schema import AuthenticationError, MotivoError, StoreError


class GoneError(Exception):
    """The client has gone away; nobody waits for an answer."""


@dataclass
class Context:
    """What goes along with an operation: whose it is, and how to know that nobody waits for it."""

    exchange: Exchange
    connection: HTTPConnection
    connection_params: Any = None
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _gone: asyncio.Task[None] | None = None

    def watch(self) -> asyncio.Task[None] | None:
        """Return what ends when the client goes away; None where the server notices by itself."""
        if not isinstance(self.connection, Request):
            return None
        if self._gone is None:
            self._gone = asyncio.create_task(wait_for_disconnect(self.connection))
        return self._gone

    def close(self) -> None:
        """Stop watching."""
        if self._gone is not None:
            self._gone.cancel()


async def wait_for_disconnect(request: Request) -> None:
    """Return when the client has gone; its body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class Outcome(PreExecutionError):  # noqa: N818 (strawberry's is none to raise either)
    """An answer without data: nothing was executed, or what was is not told. `status`: that of HTTP."""

    def __init__(self, errors: list[GraphQLError], status: int | None = None) -> None:
        super().__init__(None, errors)
        self.status = status


class Operations(BaseSchema):
    """Stands where strawberry expects a schema, and hands operations to our own execution."""

    exception_handlers = ()
    schema_converter: Any = None
    query: Any = None
    mutation = None
    subscription = None
    schema_directives: list[object] = []  # noqa: RUF012 (as strawberry has it)

    def __init__(
        self,
        parts: Parts,
        store: Store,
        workers: Workers,
        metrics: Metrics,
        tracer: Tracer,
        door: Door,
        *,
        settings: ServiceSettings,
        stopping: asyncio.Event,
    ) -> None:
        self._parts = parts
        self._documents = parts.documents
        self._store = store
        self._workers = workers
        self.metrics = metrics
        self._tracer = tracer
        self._door = door
        self._seconds = settings.timeout
        self._stopping = stopping
        self._listener: Reader | None = None
        limit = settings.batch
        self.config = StrawberryConfig(batching_config={"max_operations": limit} if limit else None)

    def open_request(self, reader: Reader, exchange: Exchange) -> Asked:
        """Return what resolvers know of a request."""
        return Asked(
            caller=exchange.caller,
            reader=self._parts.guard(reader, exchange.caller),
            store=self._store,
            language=exchange.language,
            id=exchange.id,
            services=self._parts.services,
        )

    def _prepare(
        self, query: str | None, name: str | None, extensions: Mapping[str, Any] | None, exchange: Exchange
    ) -> Plan:
        sha256 = find_hash(extensions)
        plan = self._documents.prepare(query, name, sha256=sha256, language=exchange.language)
        exchange.kind, exchange.operation = plan.kind.value, plan.name or ""
        return plan

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any | None = None,  # noqa: ARG002
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Answer a query or a mutation."""
        context: Context = context_value
        exchange = context.exchange
        allowed = read_types(allowed_operation_types) - {"subscription"}
        started, kind, writes = time.perf_counter(), "unknown", False
        until = time.monotonic() + self._seconds

        def work(reader: Reader) -> Answer:
            nonlocal kind, writes
            plan = self._prepare(query, operation_name, operation_extensions, exchange)
            kind = plan.kind.value
            if kind not in allowed:
                raise refuse_type(kind)
            writes = kind == "mutation"
            with self._tracer.operation(exchange):
                asked = self.open_request(reader, exchange)
                answer = execute(plan, asked, variable_values, until=until)
                self._parts.audit(asked, exchange)
                return answer

        result: ExecutionResult
        try:
            answer = await self._run(work, context, lambda: writes)
            result = read_answer(answer, exchange)
            outcome = "refused" if answer.refused else "errors" if answer.errors else "ok"
        except (MotivoError, StatusError) as error:
            result, outcome = fail(error, exchange), getattr(error, "code", "error")
        except (GoneError, asyncio.CancelledError):
            self.metrics.operations.labels(kind, "gone").inc()
            raise
        except Exception as error:
            log_failure(exchange, error)
            result, outcome = fail(error, exchange), "internal"
        self.metrics.operations.labels(kind, outcome).inc()
        self.metrics.operation_seconds.labels(kind).observe(time.perf_counter() - started)
        return result

    async def _run(
        self, work: Callable[[Reader], Answer], context: Context, writes: Callable[[], bool]
    ) -> Answer:
        """Do the work, while the client waits for it; what is written is written to its end."""
        working = asyncio.ensure_future(self._workers.run(work, seconds=self._seconds))
        gone = context.watch()
        try:
            if gone is not None:
                await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
                if not working.done() and not writes():
                    raise GoneError
            return await working
        finally:
            if not working.done():
                working.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await working

    def execute_sync(self, *_args: Any, **_more: Any) -> ExecutionResult:
        """Not offered: answers come from threads."""
        raise NotImplementedError

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any | None = None,  # noqa: ARG002
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Return what yields the answers of an operation of any type."""
        return self._stream(
            query,
            variable_values or {},
            context_value,
            operation_name,
            operation_extensions or {},
            read_types(allowed_operation_types),
        )

    async def subscribe(self, *args: Any, **more: Any) -> AsyncGenerator[ExecutionResult, None]:
        """Return what yields the answers of an operation of any type."""
        return await self.stream(*args, **more)

    async def _stream(
        self,
        query: str | None,
        variables: dict[str, Any],
        context: Any,
        name: str | None,
        extensions: dict[str, Any],
        allowed: set[str],
    ) -> AsyncGenerator[ExecutionResult, None]:
        exchange: Exchange = context.exchange
        try:
            plan = await self._workers.run(
                lambda _: self._prepare(query, name, extensions, exchange), seconds=self._seconds
            )
            kind = plan.kind.value
            if kind not in allowed:
                raise refuse_type(kind)
        except (MotivoError, StatusError) as error:
            yield fail(error, exchange)
            return
        if kind != "subscription":
            types = {OperationType(kind)}
            yield await self.execute(query, variables, context, None, name, types, extensions)
            return
        self.metrics.operations.labels("subscription", "ok").inc()
        with self.metrics.subscriptions.track_inprogress():
            async for result in self._follow(plan, variables, exchange):
                yield result

    def _answerer(self, exchange: Exchange) -> Callable[[Callable[..., Answer]], Awaitable[Answer]]:
        """Return what answers events of a subscription in our threads."""

        async def answer(work: Callable[..., Answer]) -> Answer:
            until = time.monotonic() + self._seconds

            def work_and_tell(reader: Reader) -> Answer:
                asked = self.open_request(reader, exchange)
                found = work(asked, until)
                self._parts.audit(asked, exchange)
                return found

            return await self._workers.run(work_and_tell, seconds=self._seconds)

        return answer

    async def _follow(
        self, plan: Plan, variables: dict[str, Any], exchange: Exchange
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Yield the answers of a subscription until it ends, the caller is nobody any more, or we stop."""
        reader = self._take_listener()
        stopping = asyncio.create_task(self._stopping.wait())
        ending = asyncio.create_task(self._door.outlast(exchange))
        answers = subscribe(
            plan, self.open_request(reader, exchange), variables, answerer=self._answerer(exchange)
        )
        try:
            while True:
                following = asyncio.ensure_future(anext(answers, None))
                done, _ = await asyncio.wait(
                    (following, stopping, ending), return_when=asyncio.FIRST_COMPLETED
                )
                if following not in done:
                    following.cancel()
                    with suppress(asyncio.CancelledError, Exception):
                        await following
                    if stopping not in done:
                        yield fail(AuthenticationError("the credentials have expired"), exchange)
                    return
                answer = following.result()
                if answer is None:
                    return
                yield read_answer(answer, exchange)
        except MotivoError as error:
            if isinstance(error, StoreError):
                self.close()
            yield fail(error, exchange)
        except Exception as error:
            log_failure(exchange, error)
            yield fail(error, exchange)
        finally:
            stopping.cancel()
            ending.cancel()
            close = getattr(answers, "aclose", None)
            if close is not None:
                with suppress(Exception):
                    await close()

    def _take_listener(self) -> Reader:
        """Return the reader by which sources of events begin; one is enough for all, who share the loop."""
        if self._listener is None:
            self._listener = self._store.reader()
        return self._listener

    def close(self) -> None:
        """Let go of what subscriptions share."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def get_type_by_name(self, name: str) -> None:  # noqa: ARG002
        """Return None: no type was made by strawberry."""
        return

    def get_directive_by_name(self, graphql_name: str) -> None:  # noqa: ARG002
        """Return None: no directive was made by strawberry."""
        return

    def as_str(self) -> str:
        """Not offered: the schema is printed where it is made."""
        raise NotImplementedError


def read_answer(answer: Answer, exchange: Exchange) -> ExecutionResult:
    """Return an answer as strawberry has it; what a store said of itself goes into the log instead."""
    errors = [mask_store(error, exchange) for error in answer.errors]
    if answer.refused:
        return Outcome(errors)
    return ExecutionResult(answer.data, errors or None, dict(answer.extensions) or None)


def mask_store(error: GraphQLError, exchange: Exchange) -> GraphQLError:
    """Return an error without what only who runs the service may know."""
    if (error.extensions or {}).get("code") != StoreError.code:
        return error
    log_store(exchange, StoreError(error.message))
    message = say(exchange.language, "store")
    return GraphQLError(message, error.nodes, path=error.path, extensions={"code": StoreError.code})


def read_types(allowed: Iterable[OperationType] | None) -> set[str]:
    """Return the names of types of operation; None is all."""
    return {kind.value for kind in (OperationType if allowed is None else allowed)}


def refuse_type(kind: str) -> StatusError:
    """Return what is said of a mutation by GET, or a subscription where answers are not streamed."""
    if kind == "subscription":
        return StatusError(406, "method", "usage", headers={"Accept": "text/event-stream"})
    return StatusError(405, "method", "usage", headers={"Allow": "POST"})


def fail(error: Exception, exchange: Exchange) -> Outcome:
    """Return the answer that says that something failed as a whole."""
    if isinstance(error, InvalidOperationError):
        return Outcome(list(error.errors))
    if isinstance(error, StatusError):
        message, code, status, hint = say(exchange.language, error.name), error.code, error.status, ""
    elif isinstance(error, MotivoError):
        log_store(exchange, error)
        message, code = translate(error, exchange.language), error.code
        status, hint = error.http_status, get_hint(error, exchange.language)
    else:
        message = say(exchange.language, "internal", id=exchange.id)
        code, status, hint = "internal", 500, ""
    extensions = {"code": code, **({"hint": hint} if hint else {})}
    return Outcome([GraphQLError(message, extensions=extensions)], status)
