"""Answering a subscription: one answer for each event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from graphql import OperationType

from api.graphql.execution.answer import Answer, Fault, InvalidOperationError, refuse, tell_faults
from api.graphql.execution.executor import Run, execute_on
from api.graphql.execution.plan import Plan
from api.graphql.execution.selections import PlannedField
from api.graphql.execution.trails import Field, Trail
from api.graphql.execution.words import say
from api.graphql.request import Request
from schema import AuthenticationError, LimitError, UsageError

# Answers an event with `work(request, until)`, in a thread that has a reader of its own.
Work = Callable[..., Answer]
Answerer = Callable[[Work], Awaitable[Answer]]


async def subscribe(
    plan: Plan,
    request: Request,
    variables: Mapping[str, Any] | None = None,
    *,
    answerer: Answerer | None = None,
) -> AsyncGenerator[Answer, None]:
    """Yield an answer for each event of a subscription; after an error of its source, one that tells it.

    request: for the source of events, and for the answers too where no `answerer` has others for them.
    It ends when what is known of the caller does.
    """
    inputs = variables or {}
    try:
        field, arguments = begin(plan, request, inputs)
    except InvalidOperationError as invalid:
        yield Answer(None, invalid.errors, refused=True)
        return

    def tell(error: Exception) -> Answer:
        fault = Fault(Field(Trail(), field.step, field.nodes), 0, error)
        return Answer(None, tell_faults([fault], request))

    if isinstance(arguments, Exception) or field.rule.subscribe is None:
        yield tell(arguments if isinstance(arguments, Exception) else TypeError(field.coordinate))
        return
    try:
        async with aclosing(listen(field.rule.subscribe(arguments, request), request)) as events:
            async for event in events:

                def work(request: Request, until: float | None = None, event: Any = event) -> Answer:
                    return execute_on(event, plan, request, inputs, until)

                yield work(request) if answerer is None else await answerer(work)
    except Exception as error:
        yield tell(error)


def begin(plan: Plan, request: Request, inputs: Mapping[str, Any]) -> tuple[PlannedField, Any]:
    """Return the field that is subscribed to, and its arguments or the error that they, or the caller, make.

    Raises InvalidOperationError.
    """
    if plan.kind is not OperationType.SUBSCRIPTION:
        raise refuse(UsageError(say(request.language, "no_subscription")))
    try:
        run = Run(plan, request, inputs, None)
        run.check_cost()
    except LimitError as error:
        raise refuse(error) from error
    (field,) = run.variant.root.of(plan.root).fields
    return field, run.find_refusal(field) or run.get_arguments(field)


async def listen(events: AsyncIterator[Any], request: Request) -> AsyncGenerator[Any, None]:
    """Yield events until it is no longer known who asks; then raise AuthenticationError."""
    ends = request.caller.expires_at
    try:
        while True:
            left = None if ends is None else (ends - datetime.now(UTC)).total_seconds()
            try:
                if left is not None and left <= 0:
                    raise TimeoutError
                async with asyncio.timeout(left):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise AuthenticationError(say(request.language, "ended")) from None
            yield event
    finally:
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()
