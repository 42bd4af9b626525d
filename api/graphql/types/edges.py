"""Relationships of any type, as whoever walks the graph meets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLID, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.fields import Fields, computed, each, free, required
from api.graphql.types.ids import encode, encode_id
from api.graphql.types.nodes import read_nodes, show_properties
from api.graphql.types.registry import Types
from api.graphql.types.scalars import JSON
from api.graphql.types.sentences import explain_link
from api.graphql.types.shared import PROVENANCE
from graph import Neighbour, Node, Relationship
from schema import Direction, name_in


@dataclass(slots=True)
class Link:
    """A relationship, with those of its ends that were read."""

    relationship: Relationship
    start: Node | None = None
    end: Node | None = None


def link_of(neighbour: Neighbour, node: Node | None) -> Link:
    """Return the relationship that leads from a node to its neighbour."""
    ends = (node, neighbour.node) if neighbour.direction is Direction.OUT else (neighbour.node, node)
    return Link(neighbour.relationship, *ends)


def read_ends(links: Sequence[Link], request: Request) -> None:
    """Read the ends that were not read yet, with one question a kind."""
    missing = []
    for link in links:
        of = link.relationship
        missing += [(of.triple.start, of.start)] if link.start is None else []
        missing += [(of.triple.end, of.end)] if link.end is None else []
    if not missing:
        return
    found = read_nodes(request.reader, missing)
    for link in links:
        of = link.relationship
        link.start = link.start or found.get((of.triple.start, of.start))
        link.end = link.end or found.get((of.triple.end, of.end))


def identify_link(link: Link, request: Request) -> str:
    """Return an id that the same relationship always has."""
    of = link.relationship
    slot = request.reader.vocabulary.get_relationship(of.triple.type).slot
    told_by = str(of.properties.get(slot)) if slot else ""
    return encode(of.triple.type, of.triple.start, of.triple.end, of.start, of.end, told_by)


def _ids(links: Sequence[Link], _arguments: Arguments, request: Request) -> list[str]:
    return [identify_link(link, request) for link in links]


def _labels(links: Sequence[Link], _arguments: Arguments, request: Request) -> list[str]:
    declared = request.reader.vocabulary.relationships
    types = [declared[link.relationship.triple.type] for link in links]
    return [name_in(of.label, of.name, request.language) for of in types]


def _sentences(links: Sequence[Link], _arguments: Arguments, request: Request) -> list[str]:
    read_ends(links, request)
    vocabulary, language = request.reader.vocabulary, request.language
    shown = _properties(links, _arguments, request)
    return [
        explain_link(vocabulary, replace(link.relationship, properties=said), link.start, link.end, language)
        for link, said in zip(links, shown, strict=True)
    ]


def _starts(links: Sequence[Link], _arguments: Arguments, request: Request) -> list[Node | None]:
    read_ends(links, request)
    return [link.start for link in links]


def _ends(links: Sequence[Link], _arguments: Arguments, request: Request) -> list[Node | None]:
    read_ends(links, request)
    return [link.end for link in links]


def _properties(links: Sequence[Link], _arguments: Arguments, request: Request) -> list[dict[str, Any]]:
    types = request.reader.vocabulary.relationships
    shown = ((link.relationship, types[link.relationship.triple.type]) for link in links)
    return [show_properties(of.properties, type_.properties, request) for of, type_ in shown]


def define_edges(types: Types) -> None:
    """Make the type of relationships of any type."""

    def fields() -> Fields:
        return {
            "id": computed(required(GraphQLID), _ids, "The same for the same relationship.", cost=free),
            "type": computed(
                required(types.relationship_names),
                each(lambda link: link.relationship.triple.type),
                "Its type.",
                cost=free,
            ),
            "label": computed(required(GraphQLString), _labels, "Its type, in your language.", cost=free),
            "sentence": computed(
                required(GraphQLString), _sentences, "Why it is there, in plain words of your language."
            ),
            "from": computed(types.node, _starts, "Where it starts."),
            "to": computed(types.node, _ends, "Where it ends."),
            "fromId": computed(
                required(GraphQLID),
                each(lambda link: encode_id(link.relationship.triple.start, link.relationship.start)),
                "The global id of where it starts.",
                cost=free,
            ),
            "toId": computed(
                required(GraphQLID),
                each(lambda link: encode_id(link.relationship.triple.end, link.relationship.end)),
                "The global id of where it ends.",
                cost=free,
            ),
            "properties": computed(
                required(JSON), _properties, "Those of its properties that you may see, by name.", cost=free
            ),
            "provenance": computed(
                required(PROVENANCE), each(lambda link: link.relationship), "Where it comes from.", cost=free
            ),
        }

    types.add(GraphQLObjectType("GraphEdge", fields, description="A relationship between two nodes."))
