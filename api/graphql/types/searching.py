"""Finding nodes by words: full-text search, and suggestions while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import GraphQLArgument, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.request import Request
from api.graphql.types.connections import check_size
from api.graphql.types.fields import (
    Fields,
    argument,
    attribute,
    computed,
    each,
    enum_of,
    free,
    list_of,
    once,
    required,
)
from api.graphql.types.nodes import caption_of
from api.graphql.types.registry import Types
from graph import Hit, Node, Ref, Where
from schema import RefusedError, name_in

HITS, MOST_HITS = 20, 200
SUGGESTED, MOST_SUGGESTED = 10, 50


class SuggestionMatch(Enum):
    """What of a node begins with what was typed."""

    KEY = "key"
    TEXT = "text"


@dataclass(frozen=True)
class Suggestion:
    """A node that may be meant."""

    node: Node
    match: SuggestionMatch


def _search(arguments: Arguments, request: Request) -> list[Hit]:
    limit = check_size("first", arguments["first"], MOST_HITS)
    if not limit:
        return []
    return list(request.reader.search(arguments["text"], kinds=arguments.get("kinds"), limit=limit))


def _suggest(arguments: Arguments, request: Request) -> list[Suggestion]:
    limit = check_size("first", arguments["first"], MOST_SUGGESTED)
    text = arguments["text"].strip()
    if not limit or not text:
        return []
    kinds = arguments.get("kinds")
    by_key = _find_keys(request, kinds or list(request.reader.vocabulary.kinds), text, limit)
    found = [Suggestion(node, SuggestionMatch.KEY) for node in by_key]
    # Nothing is suggested of what may not be looked at; `search` says that it is refused.
    with suppress(RefusedError):
        hits = request.reader.search(text, kinds=kinds, limit=limit)
        found += [Suggestion(hit.node, SuggestionMatch.TEXT) for hit in hits]
    once_each: dict[Ref, Suggestion] = {}
    for suggestion in found:
        once_each.setdefault((suggestion.node.kind, suggestion.node.key), suggestion)
    # The very key comes first; else what is typed is more often a word than the beginning of a key.
    chosen = sorted(once_each.values(), key=lambda s: (s.node.key != text, s.match is SuggestionMatch.KEY))
    return chosen[:limit]


def _find_keys(request: Request, kinds: Sequence[str], text: str, limit: int) -> list[Node]:
    """Return nodes whose keys begin with a text, of those kinds whose keys may be looked at."""
    found: list[Node] = []
    for kind in kinds:
        with suppress(RefusedError):
            found += request.reader.page(kind, where=[Where("key", "starts", text)], limit=limit).nodes
    return found


def _highlights(hits: Sequence[Hit], _arguments: Arguments, request: Request) -> list[list[Any]]:
    vocabulary, language = request.reader.vocabulary, request.language
    found = []
    for hit in hits:
        declared = vocabulary.get_kind(hit.node.kind).properties
        found.append(
            [
                {
                    "property": match.property,
                    "label": name_in(declared[match.property].label, match.property, language),
                    "spans": [{"start": start, "end": end} for start, end in match.spans],
                }
                for match in hit.matches
                if match.property in declared
            ]
        )
    return found


def _captions(suggestions: Sequence[Suggestion], _arguments: Arguments, request: Request) -> list[str]:
    return [caption_of(request.reader.vocabulary, s.node, request.language) for s in suggestions]


def _arguments(types: Types, default: int, largest: int) -> dict[str, GraphQLArgument]:
    return {
        "text": argument(required(GraphQLString), "Words, all looked for; the last may be but begun."),
        "kinds": argument(GraphQLList(GraphQLNonNull(types.kind_names)), "Only of these kinds; else all."),
        "first": argument(required(GraphQLInt), f"How many, at most {largest}.", default),
    }


def _cost(arguments: Arguments, below: int) -> int:
    size: int = arguments["first"]
    return 10 + max(size, 0) * (1 + below)


def search_fields(types: Types) -> Fields:
    """Return the root fields that find nodes by words."""
    if not types.vocabulary.kinds:
        return {}
    kind = computed(required(types.kind_names), each(lambda found: found.node.kind), "Its kind.", cost=free)
    hit = GraphQLObjectType(
        "SearchHit",
        {
            "node": attribute(required(types.node), "node", "What was found."),
            "kind": kind,
            "snippet": attribute(
                required(GraphQLString), "snippet", "The words in their place, each between « and »."
            ),
            "highlights": computed(
                list_of(_define_highlight()), _highlights, "Where the words are in its properties.", cost=free
            ),
        },
        description="A node found by its text.",
    )
    match = enum_of(
        SuggestionMatch,
        "What of a node begins with what was typed.",
        {"KEY": "Its key.", "TEXT": "A word of its searchable properties."},
    )
    suggestion = GraphQLObjectType(
        "Suggestion",
        {
            "node": attribute(required(types.node), "node", "What may be meant."),
            "kind": kind,
            "caption": computed(required(GraphQLString), _captions, "Its short name.", cost=free),
            "match": attribute(required(match), "match", "Why it is suggested."),
        },
        description="A node that may be meant by what was typed.",
    )
    return {
        "search": computed(
            GraphQLList(required(hit)),
            once(_search),
            "Nodes whose searchable properties hold all words, the best first.",
            args=_arguments(types, HITS, MOST_HITS),
            cost=_cost,
        ),
        "suggest": computed(
            GraphQLList(required(suggestion)),
            once(_suggest),
            "Nodes that may be meant while somebody types: by the beginning of their key or of a word.",
            args=_arguments(types, SUGGESTED, MOST_SUGGESTED),
            cost=_cost,
        ),
    }


def _define_highlight() -> GraphQLObjectType:
    span = GraphQLObjectType(
        "Span",
        {
            "start": attribute(required(GraphQLInt), "start", "Where it begins, in characters."),
            "end": attribute(required(GraphQLInt), "end", "Where it ends: behind its last character."),
        },
        description="A part of a text.",
    )
    return GraphQLObjectType(
        "Highlight",
        {
            "property": attribute(required(GraphQLString), "property", "The property, by its name."),
            "label": attribute(required(GraphQLString), "label", "The property, in your language."),
            "offsets": attribute(list_of(span), "spans", "The words in it."),
        },
        description="Where searched words are in a property.",
    )
