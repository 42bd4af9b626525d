"""What one operation of a request asks, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from cross_web import HTTPException
from strawberry.http import GraphQLRequestData, GraphQLRequestProtocol

from api.graphql.execution import find_hash
from api.service.errors import StatusError

PARAMETERS = ("query", "operationName", "variables", "extensions", "documentId")
HASHED = "sha256:"
DEEPEST = 100  # objects and lists within each other; conditions, of 20 levels at most, take two for one


def read_json(data: str | bytes) -> object:
    """Return what JSON says; `JSONDecodeError` where it is none.

    `StatusError` (400) where it is nested deeper than any question is: what walks it down goes by calls.
    """
    found = orjson.loads(data)
    if is_deeper(found, DEEPEST):
        raise StatusError(400, "nested", "over_limit", limit=DEEPEST)
    return found


def is_deeper(value: object, levels: int) -> bool:
    """Tell whether there are more objects and lists within each other than so many."""
    rim = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        if not rim:
            return False
        below = (inner for one in rim for inner in (one.values() if isinstance(one, dict) else one))
        rim = [inner for inner in below if isinstance(inner, dict | list)]
    return bool(rim)


def read_extensions(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the extensions of an operation; a `documentId` (`sha256:...`) is put among them."""
    extensions = dict(given.get("extensions") or {})
    document = given.get("documentId")
    if document:
        sha256 = document.removeprefix(HASHED)
        extensions["persistedQuery"] = {"version": 1, "sha256Hash": sha256}
    return extensions


def read_operation(given: object, protocol: GraphQLRequestProtocol) -> GraphQLRequestData:
    """Return what one operation of a request asks; `HTTPException` (400) where it is malformed."""
    if not isinstance(given, Mapping):
        raise HTTPException(400, "an operation is an object with query, variables, operationName, extensions")
    for name, kind, said in (
        ("query", str, "a string"),
        ("operationName", str, "a string"),
        ("documentId", str, "a string"),
        ("variables", dict, "an object"),
        ("extensions", dict, "an object"),
    ):
        if not isinstance(given.get(name), kind | None):
            raise HTTPException(400, f"{name} has to be {said}")
    extensions = read_extensions(given)
    if not given.get("query") and find_hash(extensions) is None:
        raise HTTPException(400, "there is no query")
    return GraphQLRequestData(
        query=given.get("query") or None,
        variables=given.get("variables"),
        operation_name=given.get("operationName"),
        extensions=extensions or None,
        protocol=protocol,
    )
