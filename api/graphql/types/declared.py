"""The vocabulary as a user interface needs it: names, labels, and what may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import GraphQLBoolean, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.fields import Fields, attribute, computed, list_of, once, required
from api.graphql.types.registry import Types, describe
from api.graphql.types.shared import DIRECTION, SENSITIVITY
from schema import NodeKind, Property, RelationshipType, name_in

RootFields = Mapping[str, tuple[str, str]]  # kind -> the fields of one and of all


class Declarations:
    """What is declared, in the words of one request."""

    def __init__(self, types: Types, request: Request) -> None:
        self.types, self.vocabulary, self.request = types, types.vocabulary, request

    def show(self) -> dict[str, Any]:
        """Return the whole vocabulary."""
        return {
            "kinds": [self._kind(kind) for kind in self.vocabulary.kinds.values()],
            "relationships": [self._type(of) for of in self.vocabulary.relationships.values()],
        }

    def _words(self, of: NodeKind | RelationshipType | Property) -> dict[str, Any]:
        return {
            "name": of.name,
            "label": name_in(of.label, of.name, self.request.language),
            "about": describe(of.about, of.name),
        }

    def _properties(self, of: Iterable[Property], names: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                **self._words(p),
                "field": names[p.name],
                "type": p.type,
                "sensitivity": p.sensitivity,
                "visible": self.request.caller.may_see(p.sensitivity),
                "searchable": p.searchable,
                "indexed": p.indexed,
            }
            for p in of
        ]

    def _kind(self, kind: NodeKind) -> dict[str, Any]:
        names = self.types.kinds[kind.name]
        one, every = self.types.roots[kind.name]
        steps = [
            {
                "field": label,
                "name": step.triple.type,
                "label": name_in(
                    self.vocabulary.get_relationship(step.triple.type).label,
                    step.triple.type,
                    self.request.language,
                ),
                "direction": step.direction,
                "kind": step.to,
            }
            for step, label in names.steps.items()
        ]
        return {
            **self._words(kind),
            "type": names.type,
            "field": one,
            "list_field": every,
            "shared": kind.shared,
            "caption": list(kind.caption),
            "begins": kind.begins or None,
            "ends": kind.ends or None,
            "properties": self._properties(kind.properties.values(), names.properties),
            "relationships": steps,
        }

    def _type(self, of: RelationshipType) -> dict[str, Any]:
        return {
            **self._words(of),
            "ends": [{"start": start, "end": end} for start, end in of.ends],
            "slot": of.slot or None,
            "properties": self._properties(of.properties.values(), self.types.edges[of.name]),
        }


def vocabulary_fields(types: Types) -> Fields:
    """Return the root field of the vocabulary."""

    def get(_arguments: Arguments, request: Request) -> dict[str, Any]:
        return Declarations(types, request).show()

    return {
        "vocabulary": computed(
            required(_define_vocabulary()), once(get), "The kinds and relationships that there are."
        )
    }


def _text(name: str, about: str) -> Any:
    return attribute(required(GraphQLString), name, about)


def _flag(name: str, about: str) -> Any:
    return attribute(required(GraphQLBoolean), name, about)


def _words() -> Fields:
    return {
        "name": _text("name", "Its name."),
        "label": _text("label", "What people call it, in your language."),
        "about": _text("about", "What it is, in English."),
    }


def _define_vocabulary() -> GraphQLObjectType:
    property_ = GraphQLObjectType(
        "KindProperty",
        {
            **_words(),
            "field": _text("field", "The field that shows it."),
            "type": _text("type", "The type of its values: text, integer, money..."),
            "sensitivity": attribute(required(SENSITIVITY), "sensitivity", "Who may see it."),
            "visible": _flag("visible", "Whether you may."),
            "searchable": _flag("searchable", "Whether `search` looks at it."),
            "indexed": _flag("indexed", "Whether equal values are quick to find."),
        },
        description="A property of a kind or relationship.",
    )
    relationship = GraphQLObjectType(
        "KindRelationship",
        {
            "field": _text("field", "The field that shows it, and the name of the filter."),
            "name": _text("name", "The type of relationship."),
            "label": _text("label", "What people call it, in your language."),
            "direction": attribute(required(DIRECTION), "direction", "Which way it is walked."),
            "kind": _text("kind", "The kind that it leads to."),
        },
        description="A way from a kind to another.",
    )
    kind = GraphQLObjectType(
        "Kind",
        {
            **_words(),
            "type": _text("type", "The type of its nodes in this schema."),
            "field": _text("field", "The field of the query that shows one."),
            "listField": _text("list_field", "The field of the query that shows all."),
            "shared": _flag("shared", "Whether it is of no one customer."),
            "caption": attribute(
                list_of(GraphQLString), "caption", "The properties that make its short name; the first wins."
            ),
            "begins": attribute(GraphQLString, "begins", "The property that says since when one exists."),
            "ends": attribute(GraphQLString, "ends", "The property that says until when one existed."),
            "properties": attribute(list_of(property_), "properties", "What is known of one."),
            "relationships": attribute(list_of(relationship), "relationships", "What one is joined to."),
        },
        description="A kind of node.",
    )
    ends = GraphQLObjectType(
        "RelationshipEnds",
        {
            "start": _text("start", "The kind it leaves."),
            "end": _text("end", "The kind it reaches."),
        },
        description="Two kinds that a type of relationship joins.",
    )
    type_ = GraphQLObjectType(
        "RelationshipType",
        {
            **_words(),
            "ends": attribute(list_of(ends), "ends", "What it joins."),
            "slot": attribute(
                GraphQLString, "slot", "The property that tells several between the same two apart."
            ),
            "properties": attribute(list_of(property_), "properties", "What is known of one."),
        },
        description="A type of relationship.",
    )
    return GraphQLObjectType(
        "Vocabulary",
        {
            "kinds": attribute(list_of(kind), "kinds", "The kinds of node."),
            "relationships": attribute(list_of(type_), "relationships", "The types of relationship."),
        },
        description="What is declared: the kinds of node and the types of relationship.",
    )
