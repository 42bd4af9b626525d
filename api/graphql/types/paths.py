"""How nodes hang together: shortest paths, and the relationships among given nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.connections import check_size
from api.graphql.types.edges import Link
from api.graphql.types.fields import (
    Fields,
    argument,
    attribute,
    computed,
    each,
    free,
    list_of,
    once,
    required,
)
from api.graphql.types.ids import decode_id
from api.graphql.types.nodes import read_nodes
from api.graphql.types.registry import Types
from graph import Node, Ref, Relationship

LONGEST = 6  # relationships of a path where nothing is said
FARTHEST = 10
MOST_PATHS = 50
MOST_NODES = 1_000  # of a subgraph
MOST_LINKS = 10_000


@dataclass(frozen=True)
class Path:
    """A way from one node to another: its nodes in order, and what leads from each to the next."""

    refs: Sequence[Ref]
    links: Sequence[Link]


@dataclass(frozen=True)
class Subgraph:
    """Nodes, and the relationships among them."""

    nodes: Sequence[Node]
    links: Sequence[Link]
    missing: Sequence[str]
    truncated: bool


def _path(start: Ref, relationships: Sequence[Relationship]) -> Path:
    refs = [start]
    for of in relationships:
        ends = ((of.triple.start, of.start), (of.triple.end, of.end))
        refs.append(ends[1] if ends[0] == refs[-1] else ends[0])
    return Path(refs, [Link(of) for of in relationships])


def _find(arguments: Arguments, request: Request, limit: int) -> list[Path]:
    start, end = decode_id(arguments["from"]), decode_id(arguments["to"])
    found = request.reader.shortest_paths(
        start,
        end,
        types=arguments.get("types"),
        kinds=arguments.get("kinds"),
        longest=check_size("longest", arguments["longest"], FARTHEST),
        limit=limit,
    )
    # A node may be asked for by another key than the one that is shown.
    nodes = read_nodes(request.reader, [start]) if found else {}
    begin = next(((node.kind, node.key) for node in nodes.values()), start)
    return [_path(begin, relationships) for relationships in found]


def _find_one(arguments: Arguments, request: Request) -> Path | None:
    return next(iter(_find(arguments, request, 1)), None)


def _find_all(arguments: Arguments, request: Request) -> list[Path]:
    limit = check_size("first", arguments["first"], MOST_PATHS)
    return _find(arguments, request, limit) if limit else []


def _nodes(paths: Sequence[Path], _arguments: Arguments, request: Request) -> list[list[Node]]:
    found = read_nodes(request.reader, [ref for path in paths for ref in path.refs])
    for path in paths:
        _set_ends(path.links, found)
    return [[found[ref] for ref in path.refs if ref in found] for path in paths]


def _set_ends(links: Sequence[Link], nodes: Mapping[Ref, Node]) -> None:
    for link in links:
        of = link.relationship
        link.start, link.end = nodes.get((of.triple.start, of.start)), nodes.get((of.triple.end, of.end))


def _links(paths: Sequence[Path], _arguments: Arguments, _request: Request) -> list[Sequence[Link]]:
    return [path.links for path in paths]


def _subgraph(arguments: Arguments, request: Request) -> Subgraph:
    ids = list(dict.fromkeys(arguments["ids"]))
    check_size("ids", len(ids), MOST_NODES)
    refs = [decode_id(id_) for id_ in ids]
    found = read_nodes(request.reader, refs)
    there = [ref for ref in refs if ref in found]
    between = request.reader.between(there, limit=MOST_LINKS + 1) if there else []
    links = [Link(of) for of in between[:MOST_LINKS]]
    shown = {(node.kind, node.key): node for node in found.values()}
    _set_ends(links, shown)
    missing = [id_ for id_, ref in zip(ids, refs, strict=True) if ref not in found]
    return Subgraph(list(shown.values()), links, missing, len(between) > MOST_LINKS)


def path_fields(types: Types) -> Fields:
    """Return the root fields of paths and subgraphs."""
    if not types.vocabulary.relationships:
        return {}
    edge = types.get("GraphEdge")
    path = GraphQLObjectType(
        "Path",
        lambda: {
            "length": computed(
                required(GraphQLInt),
                each(lambda p: len(p.links)),
                "How many edges it has.",
                cost=free,
            ),
            "nodes": computed(list_of(types.node), _nodes, "Its nodes, from the first to the last."),
            "edges": computed(list_of(edge), _links, "What leads from each node to the next.", cost=free),
        },
        description="A shortest way from one node to another, relationships walked either way.",
    )
    subgraph = GraphQLObjectType(
        "Subgraph",
        lambda: {
            "nodes": attribute(list_of(types.node), "nodes", "Those of the nodes that are there."),
            "edges": attribute(list_of(edge), "links", "The relationships among them."),
            "missing": attribute(list_of(GraphQLID), "missing", "The ids of those that are not there."),
            "truncated": attribute(
                required(GraphQLBoolean),
                "truncated",
                f"Whether there are more relationships than the {MOST_LINKS} shown.",
            ),
        },
        description="Nodes, and the relationships among them.",
    )
    return {
        "shortestPath": computed(
            path,
            once(_find_one),
            "A shortest path between two nodes, or null if there is none so short.",
            args=_arguments(types),
            cost=lambda _arguments, below: 100 + 10 * below,
        ),
        "shortestPaths": computed(
            GraphQLList(required(path)),
            once(_find_all),
            "Shortest paths between two nodes, all of one length.",
            args={
                **_arguments(types),
                "first": argument(required(GraphQLInt), f"How many, at most {MOST_PATHS}.", 10),
            },
            cost=lambda arguments, below: 100 + arguments["first"] * 10 * below,
        ),
        "subgraph": computed(
            subgraph,
            once(_subgraph),
            "Nodes by their global ids, and the relationships among them.",
            args={"ids": argument(list_of(GraphQLID), f"Global ids, at most {MOST_NODES}.")},
            cost=lambda arguments, below: 10 + len(arguments["ids"]) * (1 + below),
        ),
    }


def _arguments(types: Types) -> dict[str, GraphQLArgument]:
    id_ = required(GraphQLID)
    return {
        "from": argument(id_, "The global id of the node to start from."),
        "to": argument(id_, "The global id of the node to reach."),
        "types": argument(
            GraphQLList(GraphQLNonNull(types.relationship_names)),
            "Only along these types of relationship; else all.",
        ),
        "kinds": argument(
            GraphQLList(GraphQLNonNull(types.kind_names)), "Only through nodes of these kinds; else all."
        ),
        "longest": argument(
            required(GraphQLInt), f"The most relationships it may have, at most {FARTHEST}.", LONGEST
        ),
    }
