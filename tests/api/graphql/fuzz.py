"""Random operations that are valid on a schema, with arguments that mean something and such that do not."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

TEXTS = [
    "",
    "a",
    "tarde",
    "crm:ana",
    "m1",
    '"',
    "\\",
    "\u0000",
    "«",
    "🙂",
    "x" * 300,
    "%",
    "_",
    "delivery.late",
]
NUMBERS = [0, 1, 2, 20, 500, 501, -1, 2**31 - 1]
LEAVES: dict[str, Sequence[str]] = {
    "Boolean": ["true", "false"],
    "Float": ["0", "1.5", "-1e300", "1e999"],
    "Long": ["0", "-1", "9223372036854775807"],
    "Date": ['"2026-03-01"', '"0001-01-01"', '"9999-12-31"'],
    "DateTime": ['"2026-03-01T00:00:00Z"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59Z"'],
    "Decimal": ['"49.90"', "0", '"-1"', '"1e30"', '"0.00001"'],
    "JSON": ["{}", "null"],
}


class Fuzz:
    """Writes operations. `ids` are global ids of nodes."""

    def __init__(self, schema: GraphQLSchema, seed: int, ids: Sequence[str] = ()) -> None:
        self.schema, self.random = schema, random.Random(seed)
        self.ids = [*ids, "xyz", ""]

    def write(self, depth: int = 5) -> str:
        """Return a query of one or two fields of the root."""
        assert self.schema.query_type is not None
        return self._select(self.schema.query_type, depth, self.random.choice((1, 1, 2)))

    def _select(self, type_: Any, depth: int, most: int) -> str:
        if is_abstract_type(type_):
            chosen = self.random.choice(self.schema.get_possible_types(type_))
            return f"{{ __typename ... on {chosen.name} {self._select(chosen, depth, most)} }}"
        fields = list(type_.fields.items())
        self.random.shuffle(fields)
        parts = []
        for name, field in fields:
            below = get_named_type(field.type)
            if is_leaf_type(below):
                parts.append(f"{name}{self._arguments(field.args)}")
            elif depth > 0:
                selection = self._select(below, depth - 1, self.random.choice((1, 2, 3)))
                parts.append(f"f{len(parts)}: {name}{self._arguments(field.args)} {selection}")
            if len(parts) == most:
                break
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _arguments(self, args: dict[str, GraphQLArgument]) -> str:
        given = [
            f"{name}: {self._value(of.type, name, 3)}"
            for name, of in args.items()
            if is_required_argument(of) or self.random.random() < 0.3
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, type_: Any, name: str, depth: int) -> str:
        if is_non_null_type(type_):
            return self._value(type_.of_type, name, depth)
        if is_list_type(type_):
            several = range(self.random.randrange(4))
            return f"[{', '.join(self._value(type_.of_type, name, depth) for _ in several)}]"
        if is_enum_type(type_):
            return self.random.choice(list(type_.values))
        if is_input_object_type(type_):
            return self._object(type_, depth)
        if type_.name == "ID":
            return json.dumps(self.random.choice(self.ids))
        if type_.name == "Int":
            return str(self.random.choice(NUMBERS))
        if type_.name == "String":
            return json.dumps(self.random.choice(TEXTS))
        return self.random.choice(LEAVES[type_.name])

    def _object(self, type_: Any, depth: int) -> str:
        parts = []
        for name, of in type_.fields.items():
            needed = is_non_null_type(of.type) and of.default_value is Undefined
            nested = is_input_object_type(get_named_type(of.type))
            if needed or (self.random.random() < 2 / len(type_.fields) and (depth > 0 or not nested)):
                parts.append(f"{name}: {self._value(of.type, name, depth - 1)}")
        return "{" + ", ".join(parts) + "}"
