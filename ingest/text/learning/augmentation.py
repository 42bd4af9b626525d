"""Variants of marked texts, so that a model learns what is said and not how it was typed.

A variant may lie between sentences that tell of no failure, lose one of its own, be followed by
another text, and be typed badly: no capitals, no accents, no full stops, letters lost or swapped.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ingest.text.corpus import Mark, MarkedText

Segment = tuple[str, Mark | None]  # words, and the mark that they are
_STOP = re.compile(r"[.!?]+(?=\s|$)")


def vary_text(
    text: MarkedText, others: Sequence[MarkedText], background: Sequence[str], rng: random.Random
) -> MarkedText:
    """Make a variant among other sentences, or of one sentence. others: texts of the same language."""
    sentences = _split_sentences(_list_segments(text))
    marked = [k for k, sentence in enumerate(sentences) if any(mark for _, mark in sentence)]
    if marked and len(sentences) > 1 and rng.random() < 0.15:
        # so that a failure told in one sentence, as most are, is a complaint as well
        first = rng.choice(marked)
        sentences = sentences[first : first + rng.choice((1, 1, 2))]
    elif marked:
        if rng.random() < 0.12:
            other = rng.choice(others)
            if other.marks:
                sentences += _split_sentences(_list_segments(other))
        for _ in range(rng.choice((0, 0, 1, 2))):
            sentences.insert(rng.randint(0, len(sentences)), [(rng.choice(background), None)])
        free = [k for k, sentence in enumerate(sentences) if all(mark is None for _, mark in sentence)]
        if len(sentences) > 3 and free and rng.random() < 0.25:
            sentences.pop(rng.choice(free))
    between = " " if rng.random() < 0.9 else ""
    segments = [segment for sentence in sentences for segment in ((between, None), *sentence)][1:]
    return retype_text(_join_segments(segments, text), rng)


def retype_text(text: MarkedText, rng: random.Random) -> MarkedText:
    """Type a text again, with a few faults of those that customers make."""
    faults: list[Callable[[str], str]] = []
    case = rng.random()
    if case < 0.22:
        faults.append(str.lower)
    elif case < 0.26:
        faults.append(str.upper)
    if rng.random() < 0.25:
        faults.append(_strip_accents)
    if rng.random() < 0.2:
        faults.append(lambda words: _mistype(words, rng))
    if rng.random() < 0.2:
        stop = rng.choice(("", ",", " ,", ";", ".."))
        faults.append(lambda words: _STOP.sub(stop, words))
    segments = _list_segments(text)
    for fault in faults:
        segments = [(fault(words), mark) for words, mark in segments]
    return _join_segments(segments, text)


def _list_segments(text: MarkedText) -> list[Segment]:
    segments: list[Segment] = []
    end = 0
    for mark in sorted(text.marks, key=lambda mark: mark.start):
        segments += [(text.text[end : mark.start], None), (text.text[mark.start : mark.end], mark)]
        end = mark.end
    segments.append((text.text[end:], None))
    return [(words, mark) for words, mark in segments if words]


def _split_sentences(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Cut behind full stops that lie outside the marks."""
    sentences: list[list[Segment]] = [[]]
    for words, mark in segments:
        if mark is not None:
            sentences[-1].append((words, mark))
            continue
        for number, part in enumerate(re.split(r"(?<=[.!?])\s+", words)):
            if number:
                sentences.append([])
            if part:
                sentences[-1].append((part, None))
    return [sentence for sentence in sentences if sentence]


def _join_segments(segments: Iterable[Segment], text: MarkedText) -> MarkedText:
    parts: list[str] = []
    marks: list[Mark] = []
    length = 0
    for words, mark in segments:
        if mark is not None and words.strip():
            marks.append(replace(mark, start=length, end=length + len(words)))
        parts.append(words)
        length += len(words)
    return replace(text, text="".join(parts), marks=tuple(marks))


def _strip_accents(words: str) -> str:
    letters = unicodedata.normalize("NFD", words)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _mistype(words: str, rng: random.Random) -> str:
    typed = words.split(" ")
    for k, word in enumerate(typed):
        if len(word) > 4 and rng.random() < 0.06:
            at = rng.randrange(1, len(word) - 2)
            lost = word[:at] + word[at + 1 :]
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            typed[k] = rng.choice((lost, swapped, word[:at] + word[at] + word[at:]))
    return " ".join(typed)
