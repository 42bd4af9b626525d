"""The types of a schema that is being built, and where each is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
)

from api.graphql.types.fields import make_enum
from api.graphql.types.names import OWN_TYPES, KindNames, Names, name_kinds, name_properties
from api.graphql.types.scalars import DATE, LONG, TIME
from api.graphql.types.shared import MONEY
from schema import Property, Vocabulary, humanise

T = TypeVar("T", bound=GraphQLNamedType)

VALUES: dict[str, GraphQLOutputType] = {
    "text": GraphQLString,
    "email": GraphQLString,
    "phone": GraphQLString,
    "tax_number": GraphQLString,
    "integer": LONG,
    "number": GraphQLFloat,
    "boolean": GraphQLBoolean,
    "date": DATE,
    "time": TIME,
    "money": MONEY,
}


def describe(about: str, name: str) -> str:
    """Return what is said of something that is declared, or its name as words."""
    return about or humanise(name).capitalize()


class Types:
    """The types of one schema.

    Those of kinds are found by the name of the kind: `objects` (values are `graph.Node`s), `filters` (a value
    is a `graph.Condition`), `orders` (a value is a `graph.Order`), `connections` (values are
    `Connection`s). Types of no kind are in `shared.py` and `scalars.py`, or found by their name, if
    somebody has added one.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.names = Names(*OWN_TYPES)
        self.kinds: dict[str, KindNames] = name_kinds(vocabulary, self.names)
        self.edges: dict[str, dict[str, str]] = {
            name: name_properties(of.properties) for name, of in vocabulary.relationships.items()
        }
        self.node: GraphQLInterfaceType
        self.objects: dict[str, GraphQLObjectType] = {}
        self.filters: dict[str, GraphQLInputObjectType] = {}
        self.orders: dict[str, GraphQLInputObjectType] = {}
        self.connections: dict[str, GraphQLObjectType] = {}
        # Of a type of relationship and the kind that it leads to, walked either way.
        self.links: dict[tuple[str, str], GraphQLObjectType] = {}
        # Of each kind, the fields of the query that show one and all of it; known when all are named.
        self.roots: dict[str, tuple[str, str]] = {}
        self._added: dict[str, GraphQLNamedType] = {}
        self.kind_names = make_enum(
            "KindName",
            "The kinds of node.",
            ((kind.name, kind.name, describe(kind.about, kind.name)) for kind in vocabulary.kinds.values()),
        )
        self.relationship_names: GraphQLEnumType = make_enum(
            "RelationshipName",
            "The types of relationship.",
            ((of.name, of.name, describe(of.about, of.name)) for of in vocabulary.relationships.values()),
        )

    def value(self, property_: Property) -> GraphQLOutputType:
        """Return the type of a property's values."""
        return VALUES[property_.type]

    def add(self, type_: T) -> T:
        """Keep a type for others to find; if its name is in `OWN_TYPES`, no kind has it."""
        self._added[type_.name] = type_
        return type_

    def find(self, name: str) -> GraphQLNamedType | None:
        """Return a type that was added, or None."""
        return self._added.get(name)

    def get(self, name: str) -> Any:
        """Return a type that was added; `KeyError` if there is none."""
        return self._added[name]

    def every(self) -> Iterable[GraphQLNamedType]:
        """Return the types that a schema has even if no field leads to them."""
        return (*self.objects.values(), *self._added.values())
