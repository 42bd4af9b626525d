"""Marked texts as what the network learns from: subwords, a tag for each word, spans with labels."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.text.corpus import MarkedText
from ingest.text.encoder import Tokenizer, Weights
from ingest.text.encoder.encoder import PREFIX
from ingest.text.training import tag_units
from ingest.text.units import read_units


@dataclass(frozen=True)
class Example:
    """A text to learn from; places count all tokens, those before and after the text included.

    ids: of all tokens. places: the first subword of each word. tags: 0 outside, 1 begins, 2 inside,
    of each such word. spans: rows (first subword, subword after the last, label). weight: of the text
    among others.
    """

    ids: NDArray[np.int64]
    places: NDArray[np.int64]
    tags: NDArray[np.int64]
    spans: tuple[tuple[int, int, int], ...]
    complaint: bool
    weight: float


class ExampleReader:
    """Turns marked texts into examples."""

    def __init__(self, weights: Weights, labels: Sequence[str], rest: str) -> None:
        """Labels in the order of the model's outputs; `rest` is the one for any that is not among them."""
        vocabulary = weights.vocabulary
        self._tokenizer = Tokenizer(vocabulary)
        self._number = {label: k for k, label in enumerate(labels)}
        self._rest = self._number[rest]
        prefix = self._tokenizer.tokenize(PREFIX, weights.longest).ids
        self._begin = np.array([vocabulary.begin, *prefix], dtype=np.int64)
        self._end = np.array([vocabulary.end], dtype=np.int64)
        self._most = weights.longest - len(self._begin) - len(self._end)

    def read(self, text: MarkedText, *, complaint: bool | None = None, weight: float = 1.0) -> Example:
        """Read a text; what is longer than a window is left out. complaint: by default, if it has a mark."""
        subwords = self._tokenizer.tokenize(text.text, self._most)
        units = read_units(text.text)
        starts = np.array(units.starts, dtype=np.int64)
        ends = starts + np.array([len(word) for word in units.words], dtype=np.int64)
        first, last = subwords.locate(starts, ends)
        read = np.flatnonzero(first >= 0)
        tags = np.array(tag_units(units, text.marks), dtype=np.int64)
        before = len(self._begin)
        spans = []
        for mark in text.marks:
            inside = read[(starts[read] < mark.end) & (ends[read] > mark.start)]
            if len(inside):
                label = self._number.get(mark.label, self._rest)
                spans.append((before + int(first[inside[0]]), before + int(last[inside[-1]]) + 1, label))
        return Example(
            np.concatenate([self._begin, subwords.ids, self._end]),
            before + first[read],
            tags[read],
            tuple(spans),
            bool(text.marks) if complaint is None else complaint,
            weight,
        )


def make_batches(examples: Iterable[Example], tokens: int, rng: random.Random) -> list[list[Example]]:
    """Put examples of like length together, at most `tokens` tokens a batch, padding included."""
    order = sorted(examples, key=lambda example: len(example.ids) + 6 * rng.random())
    batches: list[list[Example]] = [[]]
    longest = 0
    for example in order:
        longest = max(longest, len(example.ids))
        if batches[-1] and longest * (len(batches[-1]) + 1) > tokens:
            batches.append([])
            longest = len(example.ids)
        batches[-1].append(example)
    rng.shuffle(batches)
    return batches
