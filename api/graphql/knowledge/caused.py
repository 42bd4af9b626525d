"""Causes of causes: what texts say that a stated cause comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.knowledge.causes import Told
from api.graphql.request import Request
from api.graphql.types import (
    Fields,
    Types,
    argument,
    attribute,
    check_size,
    computed,
    list_of,
    once,
    required,
)
from graph import Node
from schema import CAUSE, Direction, NotFoundError, Triple

CAUSED_BY = Triple(CAUSE, "CAUSED_BY", CAUSE)
DEEPEST = 5
MOST = 100  # causes of one
COST = 50


@dataclass(frozen=True, slots=True)
class Link:
    """That a cause comes from another, and how many steps from where the walk began."""

    cause: Node
    caused_by: Node
    depth: int


def walk(request: Request, begin: Sequence[str], depth: int) -> dict[str, list[Link]]:
    """Return what causes come from, step by step, by cause; each level is read at once."""
    check_size("depth", depth, DEEPEST)
    known = request.reader.get_many(CAUSE, list(dict.fromkeys(begin)))
    found: dict[str, list[Link]] = {}
    rim = list(known)
    for step in range(1, depth + 1):
        if not rim:
            break
        near = request.reader.follow(CAUSED_BY, Direction.OUT, rim, limit=MOST)
        following: dict[str, Node] = {}
        for key, neighbours in near.items():
            found[key] = [Link(known[key], n.node, step) for n in neighbours]
            following |= {n.node.key: n.node for n in neighbours if n.node.key not in known}
        known |= following
        rim = list(following)
    return found


def _collect(found: dict[str, list[Link]], begin: Sequence[str]) -> list[Link]:
    """Return the links that are met from some causes on, the nearest first."""
    links: list[Link] = []
    rim, met, depth = list(dict.fromkeys(begin)), set(begin), 0
    while rim:
        depth += 1
        here = [link for key in rim for link in found.get(key, ())]
        links += [Link(link.cause, link.caused_by, depth) for link in here]
        rim = [k for k in dict.fromkeys(link.caused_by.key for link in here) if k not in met]
        met.update(rim)
    return links


def _link_type(types: Types) -> GraphQLObjectType:
    known = types.find("CauseOfCause")
    if isinstance(known, GraphQLObjectType):
        return known
    cause = types.objects[CAUSE]
    return types.add(
        GraphQLObjectType(
            "CauseOfCause",
            lambda: {
                "cause": attribute(required(cause), "cause", "What is caused."),
                "causedBy": attribute(required(cause), "caused_by", "What it is caused by."),
                "depth": attribute(required(GraphQLInt), "depth", "Steps from where the walk began."),
            },
            description="That texts say of a cause that it comes from another.",
        )
    )


def _depth_argument() -> Any:
    return argument(GraphQLInt, f"How many steps to walk, at most {DEEPEST}.", 3)


def caused_field(types: Types) -> GraphQLField:
    """Return the field of a root cause for what the causes come from that its complaints state."""

    def resolve(told: Sequence[Told], arguments: Arguments, request: Request) -> list[list[Link]]:
        begin = [[s.cause for s in one.finding.stated] for one in told]
        found = walk(request, [key for keys in begin for key in keys], arguments["depth"])
        return [_collect(found, keys) for keys in begin]

    return computed(
        list_of(_link_type(types)),
        resolve,
        "What the causes come from that its complaints state, as texts tell it, the nearest first.",
        args={"depth": _depth_argument()},
        cost=lambda _arguments, below: COST + 10 * below,
    )


def caused_fields(types: Types) -> Fields:
    """Return the root field that walks from any causes."""

    def resolve(arguments: Arguments, request: Request) -> list[Link]:
        keys = arguments["causes"]
        check_size("causes", len(keys), MOST)
        found = walk(request, keys, arguments["depth"])
        if not found and not request.reader.get_many(CAUSE, keys):
            raise NotFoundError(f"there is no {CAUSE} {', '.join(keys[:5])}")
        return _collect(found, keys)

    return {
        "causesOfCauses": computed(
            list_of(_link_type(types)),
            once(resolve),
            "What causes come from, as texts tell it, the nearest first.",
            args={
                "causes": argument(
                    required(GraphQLList(required(GraphQLString))), "Keys of the causes to begin with."
                ),
                "depth": _depth_argument(),
            },
            cost=lambda _arguments, below: COST + 10 * below,
        )
    }
