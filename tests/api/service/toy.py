"""A small schema whose fields take long, fail or go on, and a store whose readers can be made to wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)

from api.auth import Caller, Role
from api.graphql.execution import Documents, FieldRule, Limits, make_field
from api.graphql.request import Request
from api.service import Parts
from graph import Reader, Store
from schema import AuthenticationError, OvertimeError, RefusedError, Sensitivity, StoreError

PUBLIC = Sensitivity.PUBLIC
written: list[str] = []


class PatientReader:
    """A reader whose `version` takes as long as it is told, unless it is interrupted."""

    def __init__(self, reader: Reader, store: PatientStore) -> None:
        self._reader = reader
        self._store = store
        self._interrupted = threading.Event()

    def wait(self, seconds: float) -> None:
        self._interrupted.clear()
        self._store.begun.set()
        if self._interrupted.wait(seconds):
            self._store.interrupted += 1
            raise OvertimeError("interrupted")

    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None:
        getattr(self._reader, "close", int)()
        self._store.closed += 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def version(self) -> str:
        return "1"


class PatientStore:
    """A real store, whose readers can be made to wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.interrupted = 0
        self.opened = 0
        self.closed = 0
        self.begun = threading.Event()

    def reader(self) -> Any:
        self.opened += 1
        return PatientReader(self._store.reader(), self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def hello(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    return [f"hello {arguments['name']}" for _ in objects]


def who(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    return [f"{request.caller.role.value} {request.caller.name} {request.language}" for _ in objects]


def slow(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    request.reader.wait(arguments["seconds"])  # type: ignore[attr-defined]
    return [True for _ in objects]


def long(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    return ["x" * arguments["length"] for _ in objects]


def boom(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    raise RuntimeError("Ana Souza, 123.456.789-09")


def refuse(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    raise RefusedError("not for you", hint="ask somebody else")


def lose(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    raise StoreError("bolt://neo4j@10.0.0.7:7687/neo4j: no answer", hint="start the server")


def write(objects: Sequence[Any], arguments: Mapping[str, Any], request: Request) -> Sequence[Any]:
    request.reader.wait(arguments["seconds"])  # type: ignore[attr-defined]
    written.append(arguments["text"])
    return [True for _ in objects]


async def ticks(arguments: Mapping[str, Any], request: Request) -> AsyncIterator[int]:
    for number in range(arguments["count"]):
        yield number
        await asyncio.sleep(arguments["every"])


def argument(type_: Any, default: Any) -> GraphQLArgument:
    return GraphQLArgument(GraphQLNonNull(type_), default_value=default)


def field(type_: Any, called: str, resolve: Any, **arguments: GraphQLArgument) -> Any:
    return make_field(type_, FieldRule(called, resolve=resolve, sensitivity=PUBLIC), args=arguments)


def build_toy() -> GraphQLSchema:
    seconds = argument(GraphQLFloat, 0.0)
    query = GraphQLObjectType(
        "Query",
        {
            "hello": field(GraphQLString, "hello", hello, name=argument(GraphQLString, "you")),
            "who": field(GraphQLString, "who", who),
            "slow": field(GraphQLBoolean, "slow", slow, seconds=seconds),
            "long": field(GraphQLString, "long", long, length=argument(GraphQLInt, 10)),
            "boom": field(GraphQLString, "boom", boom),
            "refuse": field(GraphQLString, "refuse", refuse),
            "lose": field(GraphQLString, "lose", lose),
        },
    )
    write_field = field(
        GraphQLBoolean, "write", write, text=argument(GraphQLString, ""), seconds=argument(GraphQLFloat, 0.0)
    )
    ticks_field = make_field(
        GraphQLInt,
        FieldRule("tick", subscribe=ticks, sensitivity=PUBLIC),
        args={"count": argument(GraphQLInt, 3), "every": argument(GraphQLFloat, 0.01)},
    )
    return GraphQLSchema(
        query,
        GraphQLObjectType("Mutation", {"write": write_field}),
        GraphQLObjectType("Subscription", {"tick": ticks_field}),
    )


def known_callers() -> dict[str, Caller]:
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    return {
        "analyst": Caller(Role.ANALYST, "ana"),
        "agent": Caller(Role.AGENT, "bia"),
        "admin": Caller(Role.ADMIN, "root"),
        "short": Caller(Role.ANALYST, "short", expires_at=soon),
    }


def make_parts(callers: Mapping[str, Caller] | None = None, **limits: Any) -> Parts:
    known = dict(callers if callers is not None else known_callers())

    def authenticate(headers: Mapping[str, str], address: str) -> Caller:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        caller = known.get(token) if scheme == "Bearer" else None
        if caller is None or (caller.expires_at and caller.expires_at <= datetime.now(UTC)):
            raise AuthenticationError("sign in first")
        return caller

    documents = Documents(build_toy(), Limits(**limits))
    return Parts(documents, authenticate, lambda reader, caller: reader)
