"""The figures that several measures give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

_WORD = re.compile(r"\w+")


def divide(part: float, whole: float) -> float | None:
    """Give a share, None of nothing."""
    return part / whole if whole else None


def balance(precision: float, recall: float) -> float:
    """F1: the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_accuracy(truth: Sequence[Any], said: Sequence[Any]) -> float:
    """Share of equal pairs."""
    return sum(t == s for t, s in zip(truth, said, strict=True)) / max(len(truth), 1)


def score_macro(truth: Sequence[Any], said: Sequence[Any]) -> float:
    """Mean over the classes that occur in truth of their F1."""
    scores = []
    for label in set(truth):
        both = sum(t == label == s for t, s in zip(truth, said, strict=True))
        scores.append(2 * both / (truth.count(label) + sum(s == label for s in said)))
    return sum(scores) / max(len(scores), 1)


def count_words(text: str) -> Counter[str]:
    """The words of a text in lower case."""
    return Counter(_WORD.findall(text.lower()))


def score_words(want: str, have: str) -> float:
    """F1 of the words of two passages, as in extractive question answering."""
    w, h = count_words(want), count_words(have)
    both = sum((w & h).values())
    return balance(both / h.total(), both / w.total()) if both else 0.0


def average(values: Iterable[float]) -> float | None:
    """The mean, None of nothing."""
    rows = list(values)
    return divide(sum(rows), len(rows))
