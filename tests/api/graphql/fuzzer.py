"""Random GraphQL documents over a schema: most are valid and ask strange things, some are broken."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Sequence
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

TEXTS = (
    "",
    " ",
    "a",
    "%",
    "_%",
    "'",
    '"',
    "\\",
    "\x00",
    "\ud7ff",
    "\u202e",
    "😀" * 40,
    "' OR 1=1 --",
    '" OR ""="',
    "*",
    "a* NEAR b",
    "{}",
    "$where",
    "n) DETACH DELETE n //",
    "../../etc/passwd",
    "<script>",
    "9" * 400,
    "-0",
    "NaN",
    "null",
    "2026-02-30",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "0001-01-01",
    "9999-12-31T23:59:59.999999Z",
    "+55 11 99999-9999",
    "no@where",
    "Complaint",
    "Customer",
    "Q29tcGxhaW50OjE=",
    "==",
    "en",
    "12.30 BRL",
)
DATES = ("2026-03-01", "0001-01-01", "9999-12-31", "2024-02-29")
TIMES = ("2026-03-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z")
DECIMALS = ("49.90", "0", "-1", "0.00001", "1e20")
INTEGERS = (0, 1, -1, 2, 5, 20, 100, 501, 2**31 - 1, -(2**31))
FLOATS = (0.0, -0.0, 0.5, 1e-300, 1e300, -1.5)


class Fuzzer:
    """Makes documents over a schema. `known`: values that the store holds, such as keys and ids."""

    def __init__(self, schema: GraphQLSchema, seed: int, known: Sequence[str] = ()) -> None:
        self.schema, self.random = schema, random.Random(seed)
        self.known = known
        self.variables: dict[str, Any] = {}
        self.declared: list[str] = []
        self.plain = False

    def query(self) -> str:
        """Return the text of a query in which nothing is broken, and all values are written out."""
        self.plain = True
        try:
            assert self.schema.query_type is not None
            return f"query Fuzzed {self._selection(self.schema.query_type, 4, top=True)}"
        finally:
            self.plain = False

    def document(self) -> tuple[str, dict[str, Any] | None]:
        """Return the text of a document, and its variables."""
        self.variables, self.declared = {}, []
        kind, root = self.random.choices(
            [("query", self.schema.query_type), ("mutation", self.schema.mutation_type)], [9, 1]
        )[0]
        assert root is not None
        selection = self._selection(root, self.random.randint(1, 5), top=True)
        head = f"({', '.join(self.declared)})" if self.declared else ""
        text = f"{kind} Fuzzed{head} {selection}"
        if self.random.random() < 0.15:
            text = self._break(text)
        variables: dict[str, Any] | None = self.variables
        if self.random.random() < 0.05:
            variables = {name: self._junk() for name in self.variables}
        return text, variables or None

    def _selection(self, of: GraphQLNamedType, depth: int, *, top: bool = False) -> str:
        if isinstance(of, GraphQLUnionType):
            return "{ __typename " + self._spreads(of.types, depth) + "}"
        assert isinstance(of, GraphQLObjectType | GraphQLInterfaceType)
        names = list(of.fields)
        chosen = self.random.sample(names, min(len(names), self.random.randint(1, 2 if top else 4)))
        parts = []
        for name in chosen:
            field = of.fields[name]
            inner = get_named_type(field.type)
            composite = isinstance(inner, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
            if composite and depth <= 0:
                continue
            alias = f"a{self.random.randint(0, 99)}: " if self.random.random() < 0.1 else ""
            below = " " + self._selection(inner, depth - 1) if composite else ""
            parts.append(f"{alias}{name}{self._arguments(field)}{self._directive()}{below}")
        if isinstance(of, GraphQLInterfaceType) and depth > 0:
            parts.append(self._spreads(self.schema.get_possible_types(of), depth))
        if not parts or self.random.random() < 0.1:
            parts.append("__typename")
        return "{ " + " ".join(parts) + " }"

    def _spreads(self, types: Sequence[GraphQLObjectType], depth: int) -> str:
        one = self.random.choice(list(types))
        return f"... on {one.name} {self._selection(one, depth - 1)} "

    def _directive(self) -> str:
        if self.random.random() > 0.05:
            return ""
        return f" @{self.random.choice(['skip', 'include'])}(if: {self.random.choice(['true', 'false'])})"

    def _arguments(self, field: GraphQLField) -> str:
        given = [
            f"{name}: {self._argument(argument)}"
            for name, argument in field.args.items()
            if is_required_argument(argument) or self.random.random() < 0.4
        ]
        return f"({', '.join(given)})" if given else ""

    def _argument(self, argument: GraphQLArgument) -> str:
        if not self.plain and self.random.random() < 0.3:
            name = f"v{len(self.declared)}"
            self.declared.append(f"${name}: {argument.type}")
            value = self._value(argument.type, 3)
            self.variables[name] = value
            return f"${name}"
        return self._literal(argument.type, self._value(argument.type, 3))

    def _value(self, of: Any, depth: int, *, nullable: bool = True) -> Any:
        """Return a JSON value of an input type; enums are their names."""
        if isinstance(of, GraphQLNonNull):
            return self._value(of.of_type, depth, nullable=False)
        if nullable and self.random.random() < 0.05:
            return None
        if isinstance(of, GraphQLList):
            return [self._value(of.of_type, depth - 1) for _ in range(self.random.randint(0, 3))]
        if isinstance(of, GraphQLEnumType):
            return self.random.choice(list(of.values))
        if isinstance(of, GraphQLInputObjectType):
            return {
                name: self._value(field.type, depth - 1)
                for name, field in of.fields.items()
                if is_required_input_field(field) or (depth > 0 and self.random.random() < 0.15)
            }
        return self._scalar(of.name)

    def _scalar(self, name: str) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "Int": lambda: self.random.choice(INTEGERS),
            "Float": lambda: self.random.choice(FLOATS),
            "Boolean": lambda: self.random.random() < 0.5,
            "JSON": self._junk,
            "Date": lambda: self.random.choice(DATES),
            "DateTime": lambda: self.random.choice(TIMES),
            "Decimal": lambda: self.random.choice(DECIMALS),
            "Long": lambda: str(self.random.choice(INTEGERS)),
        }
        make = self._text if self.random.random() < 0.03 else makers.get(name, self._text)
        return make()

    def _text(self) -> str:
        pools: list[Sequence[str]] = [TEXTS, self.known] if self.known else [TEXTS]
        return self.random.choice(self.random.choice(pools))

    def _junk(self) -> Any:
        return self.random.choice([None, True, [], {}, [[]], {"a": {"b": 1}}, 10**30, -1.5, *TEXTS])

    def _literal(self, of: Any, value: Any) -> str:
        if isinstance(of, GraphQLNonNull):
            return self._literal(of.of_type, value)
        if value is None:
            return "null"
        if isinstance(of, GraphQLList):
            items = value if isinstance(value, list) else [value]
            return "[" + ", ".join(self._literal(of.of_type, item) for item in items) + "]"
        if isinstance(of, GraphQLEnumType):
            return str(value)
        if isinstance(of, GraphQLInputObjectType):
            fields: dict[str, GraphQLInputField] = of.fields
            written = (f"{name}: {self._literal(fields[name].type, v)}" for name, v in value.items())
            return "{" + ", ".join(written) + "}"
        return _write(value)

    def _break(self, text: str) -> str:
        """Return a text with something wrong in it."""
        place = self.random.randrange(len(text))
        letter = self.random.choice(string.punctuation + "\x00\n￿é")
        return self.random.choice(
            [
                text[:place],
                text[:place] + letter + text[place:],
                text[:place] + text[place + 1 :],
                text + text,
                text[::-1],
                text.replace("{", "{ ...F ", 1) + " fragment F on Query { ...F }",
                text.replace(" {", " @nothing {", 1),
                "{" * 500,
                "",
            ]
        )


def _write(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_write(v)}" for name, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_write, value)) + "]"
    return json.dumps(value, ensure_ascii=True)
