"""A schema with every shape of type, over a world in which anything may go wrong, and the same each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from api.auth import Caller, Role
from api.graphql.execution import Arguments, FieldRule, make_field
from api.graphql.request import Request
from schema import NotFoundError, Sensitivity


class Colour(Enum):
    RED = 1
    BLUE = 2


COLOUR = GraphQLEnumType("Colour", Colour)
LOUD = GraphQLScalarType("Loud", serialize=lambda value: value.upper())
WHERE: GraphQLInputObjectType = GraphQLInputObjectType(
    "Where",
    lambda: {
        "size": GraphQLInputField(GraphQLInt, default_value=2),
        "within": GraphQLInputField(GraphQLList(GraphQLNonNull(WHERE))),
    },
)
TYPES: dict[str, GraphQLNamedType] = {
    "String": GraphQLString,
    "Int": GraphQLInt,
    "Float": GraphQLFloat,
    "Boolean": GraphQLBoolean,
    "ID": GraphQLID,
    "Colour": COLOUR,
    "Loud": LOUD,
}
ARGUMENTS = {
    "size": GraphQLArgument(GraphQLNonNull(GraphQLInt), default_value=2),
    "where": GraphQLArgument(WHERE, out_name="condition"),
}
# name -> type, the same wherever it is, so that what is selected can be merged.
FIELDS = {
    "id": "ID!",
    "name": "String",
    "title": "String!",
    "count": "Int",
    "sizes": "[Int!]",
    "share": "Float!",
    "shares": "[[Float]!]",
    "fresh": "Boolean",
    "colour": "Colour",
    "loud": "Loud!",
    "peer": "Thing",
    "peers": "[Thing!]",
    "owner": "Thing!",
    "fruit": "Fruit",
    "fruits": "[[Fruit!]]!",
    "apple": "Apple",
    "apples": "[Apple]!",
    "pears": "[Pear!]!",
    "stones": "[[[Stone!]!]!]",
    "basket": "Basket",
}
THING = ("id", "name", "peers", "owner", "share")
KINDS = {
    "Apple": (*THING, "title", "colour", "apples", "fruit", "basket", "stones"),
    "Pear": (*THING, "count", "sizes", "fruits", "loud"),
    "Stone": (*THING, "fresh", "shares", "peer", "pears"),
    "Basket": ("id", "fruits", "apple", "colour", "stones", "title"),
    "Query": tuple(name for name in FIELDS if name not in ("id", "title", "share", "loud")),
}
WITH_ARGUMENTS = ("peers", "fruits", "apples", "count", "stones")


@dataclass(frozen=True)
class World:
    """What is drawn, and how often something is wrong with it."""

    seed: int
    trouble: float


@dataclass(frozen=True)
class Toy:
    """An object; `id` may be wrong already."""

    kind: str
    number: int
    id: Any = "x"


def draw(world: World, toy: Any, field: str, type_: Any, size: int) -> Any:
    """Return the value of a field: mostly as its type says, sometimes null, an error, or another thing."""
    if not isinstance(toy, Toy):
        return AttributeError("no toy")
    return draw_value(Random(f"{world}.{toy}.{field}.{size}"), world, type_, size)


def draw_value(rng: Random, world: World, type_: Any, size: int) -> Any:
    if rng.random() < world.trouble:
        wrong: tuple[Any, ...] = (
            None,
            None,
            NotFoundError("gone", hint="look elsewhere"),
            KeyError("secret"),
            {},
            2**40,
        )
        return rng.choice(wrong)
    if is_non_null_type(type_):
        return draw_value(rng, world, type_.of_type, size)
    if is_list_type(type_):
        items = [draw_value(rng, world, type_.of_type, size) for _ in range(rng.randrange(size + 2))]
        return rng.choice([items, tuple(items), iter(items)])
    if is_leaf_type(type_):
        return rng.choice(LEAVES[type_.name])
    kinds = {"Thing": ["Apple", "Pear", "Stone"], "Fruit": ["Apple", "Pear"]}.get(type_.name, [type_.name])
    return Toy(rng.choice(kinds), rng.randrange(100), draw_value(rng, world, GraphQLID, size))


LEAVES: Mapping[str, Sequence[Any]] = {
    "String": ["a", "é", 7, True, ""],
    "Int": [0, 1, -(2**31), 2**31 - 1, True, 3.0, "5"],
    "Float": [0.5, 1, True, -0.0, 1e300, "2.5"],
    "Boolean": [True, False, 1, 0.0],
    "ID": ["x", 7, "7"],
    "Colour": [Colour.RED, Colour.BLUE, 1],
    "Loud": ["soft", "louder"],
}


def read_type(text: str) -> Any:
    if text.endswith("!"):
        return GraphQLNonNull(read_type(text[:-1]))
    if text.startswith("["):
        return GraphQLList(read_type(text[1:-1]))
    return TYPES[text]


def make_toy_field(name: str) -> GraphQLField:
    def resolve(objects: Sequence[Any], arguments: Arguments, request: Request) -> Sequence[Any]:
        world: World = request.services
        if Random(f"{world}.{name}").random() < world.trouble / 4:
            raise ValueError("a secret")
        size = arguments.get("size", 1) + len((arguments.get("condition") or {}).get("within") or ())
        type_ = read_type(FIELDS[name])
        return [draw(world, toy, name, type_, size) for toy in objects]

    rule = FieldRule(name, None if name == "id" else resolve, sensitivity=Sensitivity.PUBLIC)
    args = ARGUMENTS if name in WITH_ARGUMENTS else {}
    return make_field(cast(GraphQLOutputType, read_type(FIELDS[name])), rule, args=args)


def make_toys() -> GraphQLSchema:
    thing = GraphQLInterfaceType("Thing", lambda: {name: make_toy_field(name) for name in THING})
    TYPES["Thing"] = thing
    for kind, names in KINDS.items():
        TYPES[kind] = GraphQLObjectType(
            kind,
            lambda names=names: {name: make_toy_field(name) for name in names},  # type: ignore[misc]
            interfaces=[thing] if kind in ("Apple", "Pear", "Stone") else [],
        )
    members = [cast(GraphQLObjectType, TYPES["Apple"]), cast(GraphQLObjectType, TYPES["Pear"])]
    TYPES["Fruit"] = GraphQLUnionType("Fruit", members)
    kinds = [TYPES[kind] for kind in KINDS]
    return GraphQLSchema(cast(GraphQLObjectType, TYPES["Query"]), types=kinds)


TOYS = make_toys()


def make_request(role: Role = Role.ANALYST, language: str = "en", services: Any = None) -> Request:
    nothing = cast(Any, None)
    return Request(Caller(role), nothing, nothing, language=language, id="r-1", services=services)
