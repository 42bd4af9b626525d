"""Questions that reach every field of a schema: for each object type a way to it, there all of its fields.

They are made of the schema alone, so that a field that is added is asked for, too. What arguments mean is
told by whoever asks: places such as `<Customer.key>` in a text are filled in for each caller.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_introspection_type,
    is_object_type,
    is_required_argument,
)

Step = tuple[str, str]  # a type, and its field
PLACE = re.compile(r"<([\w.]+)>")
WAYS, GIVEN = 25, 12  # to a type, and with which arguments each, that are tried before it is given up


@dataclass(frozen=True)
class Question:
    """All fields of a type at the end of a way; `given`: with what arguments its steps are asked for."""

    type: str
    way: tuple[Step, ...]
    given: tuple[str, ...]


class Coordinates:
    """The fields of all object types, and questions that reach them.

    arguments: `Type.field` -> texts of its arguments, one an alternative. A field that needs some, and has
    none here, is asked for by nothing.
    """

    def __init__(self, schema: GraphQLSchema, arguments: Mapping[str, Sequence[str]]) -> None:
        self.schema, self.arguments = schema, arguments
        self.types: dict[str, GraphQLObjectType] = {
            name: type_
            for name, type_ in schema.type_map.items()
            if is_object_type(type_) and not is_introspection_type(type_)
        }
        self.roots = [
            t.name for t in (schema.query_type, schema.mutation_type, schema.subscription_type) if t
        ]
        self.steps = self._find_steps()
        self.distances = self._measure()

    @property
    def every(self) -> set[str]:
        """All coordinates."""
        return {f"{name}.{field}" for name, type_ in self.types.items() for field in type_.fields}

    def get_field(self, coordinate: str) -> GraphQLField:
        """Return the field of a coordinate."""
        name, _, field = coordinate.partition(".")
        return self.types[name].fields[field]

    def list_alternatives(self, owner: str, name: str) -> Sequence[str]:
        """Return the texts of arguments with which a field is asked for; [] where it cannot be."""
        given = self.arguments.get(f"{owner}.{name}")
        if given is not None:
            return [f"({text})" if text else "" for text in given]
        type_: Any = self.schema.type_map[owner]
        field: GraphQLField = type_.fields[name]
        needed = [name for name, argument in field.args.items() if is_required_argument(argument)]
        if needed == ["key"] and owner == "Query":  # the node of a kind
            return [f"(key: <{get_named_type(field.type).name}.key>)"]
        return [] if needed else [""]

    # Ways

    def _find_steps(self) -> dict[str, list[Step]]:
        """Return for each type the fields that lead to it; an interface leads to each of its types."""
        found: dict[str, list[Step]] = {}
        for name, type_ in self.types.items():
            for label, field in type_.fields.items():
                to = get_named_type(field.type)
                if is_composite_type(to) and self.list_alternatives(name, label):
                    for one in [to] if is_object_type(to) else self.schema.get_possible_types(to):  # type: ignore[arg-type]
                        found.setdefault(one.name, []).append((name, label))
        return found

    def _measure(self) -> dict[str, int]:
        """Return how far each type is from the query."""
        leads: dict[str, list[str]] = {}
        for to, steps in self.steps.items():
            for owner, _ in steps:
                leads.setdefault(owner, []).append(to)
        found, rim = {"Query": 0}, deque(["Query"])
        while rim:
            name = rim.popleft()
            for to in leads.get(name, ()):
                if to not in found:
                    found[to] = found[name] + 1
                    rim.append(to)
        return found

    def find_ways(self, name: str) -> Iterator[list[Step]]:
        """Yield ways from the query to a type, by each field that leads there before any again."""
        if name == "Query":
            yield []
            return
        last = [step for step in self.steps.get(name, ()) if step[0] in self.distances]
        last.sort(key=lambda step: self.distances[step[0]])
        yield from take_turns([self._walk_to(*step) for step in last])

    def _walk_to(self, owner: str, field: str) -> Iterator[list[Step]]:
        """Yield shortest ways that end with a step."""
        if owner == "Query":
            yield [(owner, field)]
            return
        nearer = [
            step for step in self.steps[owner] if self.distances.get(step[0], 99) < self.distances[owner]
        ]
        for way in take_turns([self._walk_to(*step) for step in nearer]):
            yield [*way, (owner, field)]

    def list_reachable(self, skip: Collection[str]) -> set[str]:
        """Return the coordinates that can be reached from the query without some of them."""
        met, rim = {"Query"}, deque(["Query"])
        found: set[str] = set()
        while rim:
            name = rim.popleft()
            for label in self.types[name].fields:
                if f"{name}.{label}" not in skip:
                    found.add(f"{name}.{label}")
                    to = self.get_target(name, label)
                    below = (
                        [to]
                        if is_object_type(to)
                        else self.schema.get_possible_types(to)
                        if is_abstract_type(to)
                        else []
                    )
                    rim.extend(one.name for one in below if one.name not in met)
                    met.update(one.name for one in below)
        return found

    # Questions

    def list_questions(self, name: str) -> Iterator[Question]:
        """Yield questions for all fields of a type, on one way after the other; of a root, one a field."""
        if name in self.roots:
            ways: Iterable[list[Step]] = ([(name, field)] for field in self.types[name].fields)
        else:
            ways = islice(self.find_ways(name), WAYS)
        for way in ways:
            alternatives = [self.list_alternatives(*step) for step in way]
            for given in islice(product(*alternatives), GIVEN):
                to = self.get_target(*way[-1]).name if name in self.roots else name
                yield Question(to, tuple(way), given)

    def get_target(self, owner: str, field: str) -> Any:
        """Return the type that a field leads to."""
        return get_named_type(self.get_field(f"{owner}.{field}").type)

    def write(self, question: Question, skip: Collection[str] = ()) -> str:
        """Return a question as text, without some coordinates."""
        to, text = question.type, self.select(question.type, 1, skip)
        for (owner, field), arguments in zip(reversed(question.way), reversed(question.given), strict=True):
            if self.get_target(owner, field).name != to:
                text = f"{{ __typename ... on {to} {text} }}"
            text, to = f"{{ __typename {field}{arguments} {text} }}", owner
        return text

    def select(self, name: str, deep: int, skip: Collection[str] = ()) -> str:
        """Return a selection of the fields of a type, and of what is so many levels below them."""
        type_: Any = self.schema.type_map[name]
        if not is_composite_type(type_):
            return ""
        parts = ["__typename"]
        for label, field in getattr(type_, "fields", {}).items():
            alternatives, below = self.list_alternatives(name, label), get_named_type(field.type)
            if alternatives and f"{name}.{label}" not in skip and (deep > 0 or not is_composite_type(below)):
                parts.append(f"{label}{alternatives[0]} {self.select(below.name, deep - 1, skip)}".rstrip())
        return f"{{ {' '.join(parts)} }}"


def take_turns(several: Iterable[Iterator[Any]]) -> Iterator[Any]:
    """Yield from several in turn, until all have ended."""
    waiting = deque(several)
    while waiting:
        one = waiting.popleft()
        for value in islice(one, 1):
            yield value
            waiting.append(one)


def fill(text: str, known: Mapping[str, str]) -> str:
    """Return a text with what a caller knows in its places."""
    return PLACE.sub(lambda found: json.dumps(known.get(found[1], f"no {found[1]}")), text)


def list_values(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield the values of an answer by coordinate; its objects tell their types."""
    if isinstance(data, list):
        for one in data:
            yield from list_values(one)
    elif isinstance(data, dict) and "__typename" in data:
        for name, value in data.items():
            if name != "__typename":
                yield f"{data['__typename']}.{name}", value
                yield from list_values(value)
