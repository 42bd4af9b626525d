"""Nodes: the object type of each kind, the interface of all, and finding them by global id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLID,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLString,
)

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.connections import LARGEST, check_size
from api.graphql.types.fields import Fields, argument, computed, each, free, list_of, once, required
from api.graphql.types.ids import decode_id, encode_id
from api.graphql.types.links import link_field
from api.graphql.types.registry import Types, describe
from api.graphql.types.scalars import to_json
from api.graphql.types.shared import CONTRIBUTION, PROVENANCE
from graph import Contribution, Node, Reader, Ref
from schema import NodeKind, Property, Vocabulary


def caption_of(vocabulary: Vocabulary, node: Node, language: str) -> str:
    """Return the short name of a node, of what is shown of it; in a language, where there are several."""
    return vocabulary.get_kind(node.kind).caption_of(node.key, node.properties, language)


def show_captions(nodes: Sequence[Node], _arguments: Arguments, request: Request) -> list[str]:
    """Return the short name of each node."""
    vocabulary = request.reader.vocabulary
    return [caption_of(vocabulary, node, request.language) for node in nodes]


def _histories(nodes: Sequence[Node], _arguments: Arguments, request: Request) -> list[list[Any]]:
    return [
        [_show(request, node.kind, said) for said in request.reader.history(node.kind, node.key)]
        for node in nodes
    ]


def _show(request: Request, kind: str, said: Contribution) -> Contribution:
    """Return what was said, its properties in JSON."""
    declared = request.reader.vocabulary.get_kind(kind).properties
    shown = show_properties(said.properties, declared, request)
    return Contribution(said.source, said.record, said.run, said.valid_from, said.valid_to, shown)


def show_properties(
    properties: Mapping[str, Any], declared: Mapping[str, Property], request: Request
) -> dict[str, Any]:
    """Return properties as one JSON value, without what may not be seen: inside of it nobody else looks."""
    return {
        name: to_json(value)
        for name, value in properties.items()
        if name in declared and request.caller.may_see(declared[name].sensitivity)
    }


def history_cost(_arguments: Arguments, below: int) -> int:
    """Return the cost of a history, which is read node by node."""
    return 20 + below


def _common() -> Fields:
    return {
        "id": computed(
            required(GraphQLID),
            each(lambda n: encode_id(n.kind, n.key)),
            "Its global id.",
            cost=free,
        ),
        "key": computed(required(GraphQLString), each(lambda n: n.key), "Its key in its kind.", cost=free),
        "caption": computed(required(GraphQLString), show_captions, "Its short name.", cost=free),
        "provenance": computed(required(PROVENANCE), each(lambda n: n), "Where it comes from.", cost=free),
        "history": computed(
            list_of(CONTRIBUTION),
            _histories,
            "All that was ever said of it, oldest first.",
            cost=history_cost,
        ),
    }


def define_kinds(types: Types) -> None:
    """Make the interface of all nodes and the type of each kind."""

    def resolve_type(node: Node, *_: Any) -> str:
        return types.kinds[node.kind].type

    types.node = GraphQLInterfaceType(
        "Node", _common, resolve_type=resolve_type, description="Anything in the graph, with its id."
    )
    for kind in types.vocabulary.kinds.values():
        types.objects[kind.name] = GraphQLObjectType(
            types.kinds[kind.name].type,
            _fields(types, kind),
            interfaces=[types.node],
            description=describe(kind.about, kind.name),
        )


def _fields(types: Types, kind: NodeKind) -> Callable[[], Fields]:
    def make() -> Fields:
        names = types.kinds[kind.name]
        return {
            **_common(),
            **{names.properties[p.name]: _property(types, p) for p in kind.properties.values()},
            **{label: link_field(types, step) for step, label in names.steps.items()},
        }

    return make


def _property(types: Types, p: Property) -> GraphQLField:
    def resolve(nodes: Sequence[Node], _arguments: Arguments, _request: Request) -> list[Any]:
        return [node.properties.get(p.name) for node in nodes]

    return computed(types.value(p), resolve, describe(p.about, p.name), sensitivity=p.sensitivity, cost=free)


def read_nodes(reader: Reader, refs: Sequence[Ref]) -> dict[Ref, Node]:
    """Return those of these nodes that are there, with one question a kind."""
    keys: dict[str, dict[str, None]] = {}
    for kind, key in refs:
        keys.setdefault(kind, {})[key] = None
    return {
        (kind, key): node
        for kind, wanted in keys.items()
        for key, node in reader.get_many(kind, list(wanted)).items()
    }


def read_ids(ids: Sequence[str], request: Request, largest: int = LARGEST) -> list[Node | None]:
    """Return the nodes of these global ids, None where there is none."""
    check_size("ids", len(ids), largest)
    refs = [decode_id(id_) for id_ in ids]
    found = read_nodes(request.reader, refs)
    return [found.get(ref) for ref in refs]


def node_fields(types: Types) -> Fields:
    """Return the root fields that find nodes by their global ids."""

    def get_node(arguments: Arguments, request: Request) -> Node | None:
        return read_ids([arguments["id"]], request)[0]

    def get_nodes(arguments: Arguments, request: Request) -> list[Node | None]:
        return read_ids(arguments["ids"], request)

    ids = argument(list_of(GraphQLID), f"Global ids, at most {LARGEST}.")
    return {
        "node": computed(
            types.node,
            once(get_node),
            "A node by its global id, or null.",
            args={"id": argument(required(GraphQLID), "Its global id.")},
        ),
        "nodes": computed(
            GraphQLList(types.node),
            once(get_nodes),
            "Nodes by their global ids, in this order; null where there is none.",
            args={"ids": ids},
            cost=lambda arguments, below: 1 + len(arguments["ids"]) * (1 + below),
        ),
    }
