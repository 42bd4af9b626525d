"""Why a relationship is there, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.graphql.types.nodes import caption_of
from graph import Node, Relationship
from schema import Vocabulary, name_in

SHOWN = 80  # characters of a caption in a sentence

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "link": "{start} {label} {end}.",
        "quote": "The text says: «{quote}».",
        "sure": "The judgement is {probability:.0%} sure.",
        "rule": "What speaks for it: {rule}.",
        "decided": "Decided by {decided_by}.",
        "source": "Known from {source} since {since}.",
        "until": "Known from {source} from {since} to {until}.",
    },
    "es": {
        "link": "{start} {label} {end}.",
        "quote": "El texto dice: «{quote}».",
        "sure": "El juicio es seguro en un {probability:.0%}.",
        "rule": "Lo que habla por ello: {rule}.",
        "decided": "Decidido por {decided_by}.",
        "source": "Se sabe por {source} desde el {since}.",
        "until": "Se sabía por {source} del {since} al {until}.",
    },
    "pt": {
        "link": "{start} {label} {end}.",
        "quote": "O texto diz: «{quote}».",
        "sure": "O juízo tem {probability:.0%} de certeza.",
        "rule": "O que fala por isso: {rule}.",
        "decided": "Decidido por {decided_by}.",
        "source": "Sabe-se por {source} desde {since}.",
        "until": "Sabia-se por {source} de {since} a {until}.",
    },
}


def explain_link(
    vocabulary: Vocabulary, relationship: Relationship, start: Node | None, end: Node | None, language: str
) -> str:
    """Return why a relationship is there: what it joins, the words or rule that show it, who says so.

    It has only what is shown of the relationship and its ends.
    """
    words, triple = WORDS[language], relationship.triple
    of = vocabulary.get_relationship(triple.type)
    first = words["link"].format(
        start=_name(vocabulary, triple.start, relationship.start, start, language),
        label=name_in(of.label, of.name, language),
        end=_name(vocabulary, triple.end, relationship.end, end, language),
    )
    sentences = [first[0].upper() + first[1:]]
    said = relationship.properties
    if said.get("quote"):
        sentences.append(words["quote"].format(quote=shorten(str(said["quote"]), 2 * SHOWN)))
    if said.get("rule"):
        sentences.append(words["rule"].format(rule=said["rule"]))
    sure = said.get("probability", said.get("confidence"))
    if isinstance(sure, float):
        sentences.append(words["sure"].format(probability=sure))
    if said.get("decided_by"):
        sentences.append(words["decided"].format(decided_by=said["decided_by"]))
    sentences.append(_tell_source(words, relationship))
    return " ".join(sentences)


def _tell_source(words: Mapping[str, str], relationship: Relationship) -> str:
    until = relationship.valid_to
    return words["source" if until is None else "until"].format(
        source=relationship.source,
        since=relationship.valid_from.date().isoformat(),
        until="" if until is None else until.date().isoformat(),
    )


def _name(vocabulary: Vocabulary, kind: str, key: str, node: Node | None, language: str) -> str:
    caption: Any = key if node is None else caption_of(vocabulary, node, language)
    return f"{name_in(vocabulary.get_kind(kind).label, kind, language)} «{shorten(str(caption))}»"


def shorten(text: str, longest: int = SHOWN) -> str:
    """Return a text in one line of at most this many characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
