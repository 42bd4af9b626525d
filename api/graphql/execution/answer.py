"""What an operation is answered with, and how what went wrong is told."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import GraphQLError, Node

from api.auth.words import translate
from api.graphql.execution.shapes import NullError
from api.graphql.execution.trails import Trail, get_nodes, get_steps
from api.graphql.execution.words import say
from api.graphql.request import Request
from schema import MotivoError, UsageError

# Messages of graphql-core repeat what was sent, however long.
LONGEST = 500
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """The answer to an operation.

    data: of what JSON holds; None where an error at the root leaves nothing.
    refused: the request itself was wrong and nothing was begun: the response then has no `data`.
    """

    data: dict[str, Any] | None
    errors: Sequence[GraphQLError] = ()
    extensions: dict[str, Any] = field(default_factory=dict)
    refused: bool = False

    def to_response(self) -> dict[str, Any]:
        """Return the response of the specification, ready for JSON."""
        response: dict[str, Any] = {}
        if self.errors:
            response["errors"] = [error.formatted for error in self.errors]
        if not self.refused:
            response["data"] = self.data
        if self.extensions:
            response["extensions"] = self.extensions
        return response


class InvalidOperationError(UsageError):
    """An operation that cannot be answered as it stands; `errors` say why, in the form of GraphQL."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


def invalidate(errors: Sequence[GraphQLError]) -> InvalidOperationError:
    """Return the error of an operation that is not valid, as GraphQL says it (in English)."""
    for error in errors:
        error.extensions = {"code": UsageError.code}
        if len(error.message) > LONGEST:
            error.message = f"{error.message[:LONGEST]}..."
    return InvalidOperationError(errors)


def refuse(error: MotivoError) -> InvalidOperationError:
    """Return the error of an operation that is refused before it runs."""
    return InvalidOperationError([GraphQLError(error.message, extensions=describe(error))])


def describe(error: MotivoError, language: str = "en") -> dict[str, Any]:
    """Return what programs are told of an error."""
    return {"code": error.code} | ({"hint": translate(error.hint, language)} if error.hint else {})


class Fault(NamedTuple):
    """An error at a place of a column."""

    trail: Trail
    at: int
    error: Exception


def tell_faults(faults: Sequence[Fault], request: Request) -> list[GraphQLError]:
    """Return the errors of the answer, in the order in which one field after the other would meet them.

    Of what went wrong below a place that an error before it has turned into null, nothing is told: that would
    not have been begun.
    """
    found = []
    for fault in faults:
        steps = get_steps(fault.trail, fault.at)
        places = tuple(step.place for step in steps)
        found.append((places, steps, fault))
    found.sort(key=lambda each: each[0])
    errors = []
    nulls: set[tuple[int, ...]] = set()
    logged: set[int] = set()
    for places, steps, fault in found:
        if any(places[:length] in nulls for length in range(len(places) + 1)):
            continue
        nullable = (length for length in range(len(steps), 0, -1) if steps[length - 1].nullable)
        nulls.add(places[: next(nullable, 0)])
        path = [step.key for step in steps]
        if not isinstance(fault.error, MotivoError) and id(fault.error) not in logged:
            logged.add(id(fault.error))
            log_fault(fault.error, path, request)
        errors.append(tell_error(fault.error, request, path=path, nodes=get_nodes(fault.trail)))
    return errors


def tell_error(
    error: Exception,
    request: Request,
    *,
    path: Collection[str | int] | None = None,
    nodes: Sequence[Node] = (),
) -> GraphQLError:
    """Return an error as clients see it: of our family as it is, of another nothing but the request."""
    extensions: dict[str, Any]
    if isinstance(error, MotivoError):
        message = translate(error.message, request.language)
        extensions = describe(error, request.language)
    else:
        message = say(request.language, "internal")
        if isinstance(error, NullError):
            message = f"Cannot return null for non-nullable field {error}."
        extensions = {
            "code": "internal",
            "hint": say(request.language, "internal_hint", request=request.id),
            "request": request.id,
        }
    return GraphQLError(message, nodes or None, path=path, extensions=extensions)


def log_fault(error: Exception, path: Sequence[str | int], request: Request) -> None:
    """Log what clients are not told."""
    place = ".".join(map(str, path))
    if isinstance(error, NullError):
        logger.error("request %s: null at %s, where %s may not be null", request.id, place, error)
    else:
        logger.error("request %s: error at %s", request.id, place, exc_info=error)
