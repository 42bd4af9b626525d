"""A teacher's answer, read strictly: nothing is believed that the text does not bear out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.text.extraction import CauseSpan, Extraction, Span
from ingest.text.taxonomy import Taxonomy
from ingest.text.teacher.pseudonyms import Pseudonymised
from schema.errors import ServiceError

MOST_CAUSES = 5
CONFIDENCE = 0.5  # of every cause: a teacher's own figures say nothing
_MOST_CHARACTERS = 100_000  # of an answer
_MOST_TRIES = 100  # places where an object may begin
_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL)


class AnswerError(ServiceError):
    """The teacher has no usable answer to this one text."""

    code = "bad_answer"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says of a text, and what of it was not believed.

    dropped: causes whose quote is not in the text (or is there less often than it was quoted), or
    more than can be kept. unknown: causes that the taxonomy does not have, now None.
    """

    extraction: Extraction
    dropped: int = 0
    unknown: int = 0


def find_answer(content: str) -> dict[str, Any]:
    """Find the JSON object of an answer in what a model wrote around it; the last, if there are several.

    Raises AnswerError, whose message tells the model what is wrong.
    """
    if len(content) > _MOST_CHARACTERS:
        raise AnswerError("the answer is too long")
    found = [
        value for value in _list_objects(_THOUGHT.sub("", content)) if {"complaint", "causes"} & value.keys()
    ]
    if not found:
        raise AnswerError('there is no JSON object with "complaint" and "causes" in the answer')
    answer = found[-1]
    if not isinstance(answer.get("complaint"), bool):
        raise AnswerError('"complaint" is not true or false')
    for name in ("causes", "effects"):
        if not isinstance(answer.setdefault(name, []), list):
            raise AnswerError(f'"{name}" is not a list')
    return answer


def _list_objects(content: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    position = 0
    for _ in range(_MOST_TRIES):
        position = content.find("{", position)
        if position < 0:
            return
        try:
            value, position = decoder.raw_decode(content, position)
        except (ValueError, RecursionError):
            position += 1
            continue
        yield value


def read_answer(
    answer: dict[str, Any], masked: Pseudonymised, text: str, lang: str, taxonomy: Taxonomy
) -> Reading:
    """Turn an answer about the text that was sent into an extraction from the text as it was written."""
    if not answer["complaint"]:
        none = Extraction(lang, complaint=False, score=0.0, causes=(), effects=())
        return Reading(none, dropped=len(answer["causes"]))
    taken: list[tuple[int, int]] = []
    kept: list[tuple[int, Span, dict[str, Any]]] = []  # place in the answer, span, what was said of it
    for place, item in enumerate(answer["causes"]):
        quote = item.get("quote") if isinstance(item, dict) else None
        span = _find_quote(quote, masked, text, taken)
        if span and len(kept) < MOST_CAUSES:
            taken.append((span.start, span.end))
            kept.append((place, span, item))
    kept.sort(key=lambda row: row[1].start)
    places = {place: index for index, (place, *_) in enumerate(kept)}
    causes, unknown = [], 0
    for _, span, item in kept:
        cause = item.get("cause")
        if cause is not None and not (isinstance(cause, str) and cause in taxonomy):
            cause, unknown = None, unknown + 1
        kind = "explicit" if item.get("kind") == "explicit" else "implicit"
        deeper_of = _find_explained(item, {place: said for place, _, said in kept})
        causes.append(
            CauseSpan(
                span.quote,
                span.start,
                span.end,
                kind,  # type: ignore[arg-type]
                cause,
                CONFIDENCE,
                None if deeper_of is None else places[deeper_of],
            )
        )
    effects = [span for quote in answer["effects"] if (span := _find_effect(quote, masked, text, taken))]
    effects.sort(key=lambda span: span.start)
    extraction = Extraction(lang, complaint=True, score=1.0, causes=tuple(causes), effects=tuple(effects))
    return Reading(extraction, len(answer["causes"]) - len(kept), unknown)


def _find_quote(quote: object, masked: Pseudonymised, text: str, taken: list[tuple[int, int]]) -> Span | None:
    """Find the first place of a quote that no other has taken."""
    if not isinstance(quote, str):
        return None
    words = quote.strip()
    while words and not words[0].isalnum() and words[0] != "[":
        words = words[1:]
    while words and not words[-1].isalnum() and words[-1] != "]":
        words = words[:-1]
    at = masked.text.find(words) if words else -1
    while at >= 0:
        start, end = masked.locate(at, at + len(words))
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            return Span(text[start:end], start, end)
        at = masked.text.find(words, at + 1)
    return None


def _find_effect(
    quote: object, masked: Pseudonymised, text: str, taken: list[tuple[int, int]]
) -> Span | None:
    span = _find_quote(quote, masked, text, taken)
    if span:
        taken.append((span.start, span.end))
    return span


def _find_explained(item: dict[str, Any], kept: dict[int, dict[str, Any]]) -> int | None:
    """Give the place of the failure that a cause explains, unless explanations run in a circle."""
    target = item.get("deeper_of")
    at, seen = target, 0
    while type(at) is int and at in kept and seen <= len(kept):
        if kept[at] is item:
            return None
        at, seen = kept[at].get("deeper_of"), seen + 1
    return target if type(target) is int and target in kept and seen <= len(kept) else None
