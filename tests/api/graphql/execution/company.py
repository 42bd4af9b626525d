"""A small company: a schema whose resolvers count how often they are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)

from api.auth import Role
from api.graphql.execution import (
    Answer,
    Arguments,
    Documents,
    FieldRule,
    InvalidOperationError,
    Limits,
    execute,
    make_field,
)
from api.graphql.request import Request
from schema import NotFoundError, OvertimeError, Sensitivity, StoreError
from tests.api.graphql.execution.toys import make_request


@dataclass(frozen=True)
class Thing:
    kind: str
    key: str


class Company:
    """Its `schema`, how often each resolver was `called`, and with how many objects."""

    def __init__(self) -> None:
        self.called: Counter[str] = Counter()
        self.sizes: dict[str, list[int]] = {}
        self.done: list[str] = []
        self.closed = False
        self.schema = self.make_schema()

    def count(self, name: str, answer: Callable[[Any, Arguments], Any]) -> Any:
        def resolve(objects: Sequence[Any], arguments: Arguments, _request: Request) -> Sequence[Any]:
            self.called[name] += 1
            self.sizes.setdefault(name, []).append(len(objects))
            return [answer(each, arguments) for each in objects]

        return resolve

    def make_schema(self) -> GraphQLSchema:
        public = Sensitivity.PUBLIC
        text, required = GraphQLString, GraphQLNonNull(GraphQLString)
        first = {"first": GraphQLArgument(GraphQLNonNull(GraphQLInt), default_value=2)}

        def key() -> Any:
            return make_field(required, FieldRule("key", sensitivity=public))

        node = GraphQLInterfaceType("Node", lambda: {"key": key(), "cause": make_cause("Node")})

        def make_cause(kind: str) -> Any:
            resolve = self.count(f"{kind}.cause", lambda each, _: Thing("Cause", each.key[-1]))
            return make_field(cause, FieldRule("cause", resolve, sensitivity=public))

        cause: GraphQLObjectType = GraphQLObjectType(
            "Cause", lambda: {"key": key(), "cause": make_cause("Cause")}, interfaces=[node]
        )

        def list_complaints(each: Thing, arguments: Arguments) -> list[Thing]:
            return [Thing("Complaint", f"{each.key}-{n}") for n in range(arguments["first"])]

        complaint = GraphQLObjectType(
            "Complaint",
            lambda: {
                "key": key(),
                "cause": make_cause("Complaint"),
                "quote": make_field(text, FieldRule("key", sensitivity=Sensitivity.PERSONAL)),
                "secret": make_field(text, FieldRule("key")),
                "owed": make_field(required, FieldRule("key")),
                "judged": make_field(
                    text, FieldRule("key", sensitivity=public, roles={Role.AGENT, Role.ADMIN})
                ),
            },
            interfaces=[node],
        )
        customer = GraphQLObjectType(
            "Customer",
            lambda: {
                "key": key(),
                "cause": make_cause("Customer"),
                "complaints": make_field(
                    GraphQLNonNull(GraphQLList(GraphQLNonNull(complaint))),
                    FieldRule(
                        "complaints",
                        self.count("Customer.complaints", list_complaints),
                        sensitivity=public,
                        cost=lambda arguments, below: 1 + arguments["first"] * below,
                    ),
                    args=first,
                ),
            },
            interfaces=[node],
        )

        def fail(error: Exception) -> Any:
            def resolve(_objects: Any, _arguments: Arguments, _request: Request) -> Any:
                raise error

            return make_field(text, FieldRule("", resolve, sensitivity=public))

        def give(value: Any, type_: Any = text) -> Any:
            return make_field(type_, FieldRule("", self.count("given", lambda *_: value), sensitivity=public))

        def list_customers(_root: Any, arguments: Arguments) -> list[Thing]:
            return [Thing("Customer", f"c{n}") for n in range(arguments["first"])]

        mixed = [Thing("Customer", "c1"), Thing("Complaint", "k1"), Thing("Customer", "c2")]
        query = GraphQLObjectType(
            "Query",
            {
                "hello": give("world"),
                "missing": fail(NotFoundError("no such customer", hint="look at the key")),
                "broken": fail(ValueError("the password is hunter2")),
                "down": fail(StoreError("the store cannot be reached")),
                "slow": fail(OvertimeError("it takes too long")),
                "short": make_field(text, FieldRule("", lambda *_: [], sensitivity=public)),
                "nothing": give(None, required),
                "customers": make_field(
                    GraphQLList(customer),
                    FieldRule("", self.count("customers", list_customers), sensitivity=public),
                    args=first,
                ),
                "nodes": give(mixed, GraphQLList(node)),
                "odd": give([Thing("Query", "q"), Thing("Nobody", "n"), 7], GraphQLList(node)),
            },
        )

        def do(name: str, type_: Any, value: Any) -> Any:
            def resolve(_objects: Any, _arguments: Arguments, _request: Request) -> Any:
                self.done.append(name)
                return [value]

            return make_field(type_, FieldRule("", resolve, sensitivity=public))

        mutation = GraphQLObjectType(
            "Mutation",
            {
                "first": do("first", text, "1"),
                "second": do("second", required, None),
                "third": do("third", text, 3),
            },
        )

        async def listen(arguments: Arguments, _request: Request) -> AsyncIterator[Any]:
            try:
                for number in range(arguments["first"]):
                    yield Thing("Complaint", f"k{number}")
                    if number == 7:
                        raise ValueError("the wire is cut")
            finally:
                self.closed = True

        subscription = GraphQLObjectType(
            "Subscription",
            {
                "complaint": make_field(
                    complaint, FieldRule("", None, listen, sensitivity=public), args=first
                ),
                "key": make_field(
                    text,
                    FieldRule("", self.count("key", lambda each, _: each.key), listen, sensitivity=public),
                    args=first,
                ),
                "hidden": make_field(text, FieldRule("", None, listen), args=first),
            },
        )
        return GraphQLSchema(query, mutation, subscription, types=[cause, complaint, customer])

    def ask(
        self, text: str, variables: dict[str, Any] | None = None, request: Request | None = None, **given: Any
    ) -> Answer:
        plan = Documents(self.schema, given.pop("limits", Limits())).prepare(text)
        return execute(plan, request or make_request(), variables, **given)

    def refuse(self, text: str, language: str = "en", **limits: Any) -> list[Any]:
        """Return the errors with which a document is refused."""
        try:
            Documents(self.schema, Limits(**limits)).prepare(text, language=language)
        except InvalidOperationError as error:
            return [each.formatted for each in error.errors]
        raise AssertionError("it was prepared")
