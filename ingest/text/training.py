"""How the weights of the lexical model are made from the corpus."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.text.corpus import (
    BLOCKS,
    Mark,
    MarkedText,
    Phrase,
    read_background,
    read_frames,
    read_phrases,
    read_texts,
)
from ingest.text.features import BAG_SIZE, SIZE, hash_bag, hash_tokens
from ingest.text.fitting import balance_weights, fit_logistic, stack_rows
from ingest.text.model import quantize
from ingest.text.units import Units, read_units

OTHER = "other"


@dataclass(frozen=True)
class Corpus:
    """What a model is fitted on."""

    texts: Sequence[MarkedText]
    phrases: Sequence[Phrase]


def read_corpus() -> Corpus:
    """Read texts and phrases of the corpus."""
    return Corpus(list(read_texts()), list(read_phrases()))


def add_noise(text: MarkedText, background: Sequence[str], rng: random.Random) -> MarkedText:
    """Make a variant: full stops lost or turned to commas, neutral sentences before or after."""
    segments: list[tuple[str, Mark | None]] = []
    end = 0
    for mark in text.marks:
        segments += [(text.text[end : mark.start], None), (text.text[mark.start : mark.end], mark)]
        end = mark.end
    segments.append((text.text[end:], None))
    stop = rng.choice(["", ",", None, None, None])
    if stop is not None:
        segments = [(re.sub(r"[.!?]+(?=\s|$)", stop, words), mark) for words, mark in segments]
    for _ in range(rng.randint(0, 2)):
        sentence = rng.choice(background)
        if rng.random() < 0.5:
            segments.insert(0, (sentence + " ", None))
        else:
            segments.append((" " + sentence, None))
    parts, marks, length = [], [], 0
    for words, found in segments:
        if found:
            marks.append(replace(found, start=length, end=length + len(words)))
        parts.append(words)
        length += len(words)
    return replace(text, text="".join(parts), marks=tuple(marks))


def expand_texts(texts: Sequence[MarkedText], seed: int = 0) -> list[MarkedText]:
    """Give every text as it is and once with noise, and alone every sentence of no failure."""
    rng = random.Random(seed)  # noqa: S311 - variety, not secrecy
    background = {lang: read_background(lang) for lang in ("es", "pt", "en")}
    noisy = [add_noise(text, background[text.lang], rng) for text in texts]
    alone = [MarkedText(s, lang, (), 0) for lang, sentences in background.items() for s in sentences]
    return [*texts, *noisy, *alone, *split_unmarked(texts)]


def frame_phrases(phrases: Sequence[Phrase], seed: int = 0) -> list[MarkedText]:
    """Put each phrase into a frame, so that a failure is known by what links it to its effect.

    Half as many without a failure, beside neutral sentences, keep the link itself neutral.
    """
    rng = random.Random(seed)  # noqa: S311 - variety, not secrecy
    frames = {lang: read_frames(lang) for lang in ("es", "pt", "en")}
    made = []
    for phrase in phrases:
        before, _, after = rng.choice([f for f in frames[phrase.lang] if "{}" in f]).partition("{}")
        words = phrase.text.rstrip(".!")
        words = words[:1].upper() + words[1:] if not before else words[:1].lower() + words[1:]
        mark = Mark(len(before), len(before) + len(words), phrase.label, False)
        made.append(MarkedText(before + words + after, phrase.lang, (mark,), phrase.block))
    for number in range(len(phrases) // 2):
        lang = rng.choice(("es", "pt", "en"))
        neutral = [f for f in frames[lang] if "{}" not in f]
        place = rng.randrange(len(neutral))
        text = MarkedText(neutral[place], lang, (), place % BLOCKS)
        made.append(add_noise(text, read_background(lang), rng) if number % 3 else text)
    return made


def split_unmarked(texts: Iterable[MarkedText]) -> list[MarkedText]:
    """Cut the texts without a mark into sentences."""
    return [
        MarkedText(sentence, text.lang, (), text.block)
        for text in texts
        if not text.marks
        for sentence in re.split(r"(?<=[.!?…])\s+", text.text)
        if len(sentence) > 8
    ]


def tag_units(units: Units, marks: Iterable[Mark]) -> list[int]:
    """Give each unit its tag: 0 outside, 1 begins a marked cause, 2 inside one."""
    tags = [0] * len(units)
    for mark in marks:
        inside = [k for k in range(len(units)) if units.starts[k] < mark.end and units.end_of(k) > mark.start]
        for place, k in enumerate(inside):
            tags[k] = 2 if place else 1
    return tags


def fit_tagger(corpus: Corpus) -> NDArray[np.int8]:
    """Fit the weights that tell begin and inside from outside."""
    texts = expand_texts(corpus.texts) + frame_phrases(corpus.phrases[::2])
    rows: list[NDArray[np.int64]] = []
    tags: list[int] = []
    for text in texts:
        units = read_units(text.text)
        rows.extend(hash_tokens(units.words).T)
        tags.extend(tag_units(units, text.marks))
    weights = fit_logistic(stack_rows(rows, SIZE), tags, 3, penalty=8.0, steps=50)
    return quantize(weights[:, 1:] - weights[:, :1])


def list_short_texts(corpus: Corpus) -> list[MarkedText]:
    """Make short texts: every phrase a complaint, every sentence of an unmarked text none."""
    phrases = [
        MarkedText(p.text, p.lang, (Mark(0, len(p.text), p.label, False),), p.block) for p in corpus.phrases
    ]
    return phrases + split_unmarked(corpus.texts)


def fit_complaint(corpus: Corpus) -> NDArray[np.int8]:
    """Fit the weights that tell a complaint from any other text, both taken as equally frequent.

    Every other phrase is enough beside the texts.
    """
    short = list_short_texts(Corpus(corpus.texts, corpus.phrases[::2]))
    texts = expand_texts(corpus.texts) + short
    y = [int(bool(text.marks)) for text in texts]
    rows = [hash_bag(read_units(text.text).words) for text in texts]
    weights = fit_logistic(stack_rows(rows, BAG_SIZE), y, 2, penalty=2.0, weights=balance_weights(y))
    return quantize(weights[:, 1] - weights[:, 0])


def fit_causes(corpus: Corpus, labels: Sequence[str], penalty: float = 0.3) -> NDArray[np.int8]:
    """Fit the weights that name a cause from its words."""
    number = {label: k for k, label in enumerate(labels)}
    wordings = [(p.text, p.label) for p in corpus.phrases]
    wordings += [(t.text[m.start : m.end], m.label) for t in corpus.texts for m in t.marks]
    rows = [hash_bag(read_units(words).words) for words, _ in wordings]
    y = [number.get(label, number[OTHER]) for _, label in wordings]
    return quantize(fit_logistic(stack_rows(rows, BAG_SIZE), y, len(labels), penalty=penalty))


def list_labels(corpus: Corpus) -> tuple[str, ...]:
    """List the labels that are causes of their own, then "other" for the long tail."""
    known = {m.label for t in corpus.texts for m in t.marks} | {p.label for p in corpus.phrases}
    named = sorted(label for label in known if not label.startswith("other:"))
    return (*named, "other:vague_dissatisfaction", OTHER)
