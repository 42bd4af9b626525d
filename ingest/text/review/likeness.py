"""How alike quotes are: what clustering and the naming of later quotes go by.

A `Likeness` turns quotes into unit vectors, whose inner product is their cosine. This one counts
words; one that sees meaning is a class of the same contract and a line in `load_likeness`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import log
from typing import Any, NamedTuple, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ingest.text.corpus import read_phrases
from ingest.text.tokens import fold_word
from ingest.text.units import read_units

Vectors = Any  # rows of length 1: a numpy array or a scipy csr_array, shape (quotes, dimensions)

_SIZE = 1 << 20
_PAIR = 0.5  # what two words in a row count, against one word


class Quote(NamedTuple):
    """Words of a text that state a failure, and the language of the text ("" where it is not known)."""

    words: str
    lang: str = ""


@lru_cache(maxsize=1 << 16)
def fold_quote(words: str) -> str:
    """Return what a quote is known by: its words without case, accents and signs, digits as 0.

    Quotes that are the same so have the same cause, always.
    """
    folded = (fold_word(word) for word in read_units(words).words)
    return " ".join(word for word in folded if word[0].isalnum()) or words.strip()


class Likeness(Protocol):
    """Turns quotes into unit vectors.

    together: mean cosine of quotes that are proposed as one cause.
    near: cosine from which a quote has the cause of another.
    """

    together: float
    near: float

    def embed(self, quotes: Sequence[Quote]) -> Vectors:
        """Return a unit vector a quote (or nothing but zeros); the same quote has the same, always."""
        ...


class LexicalLikeness:
    """Words, stems and pairs of words, hashed, each weighed by how rare it is in the phrase bank."""

    together = 0.25
    near = 0.6

    def __init__(self) -> None:
        phrases = [_features(phrase.text) for phrase in read_phrases()]
        self._seen = Counter(hashed for features in phrases for hashed, _ in features)
        self._most = len(phrases) + 1

    def embed(self, quotes: Sequence[Quote]) -> csr_array:
        """Return sparse unit vectors, shape (quotes, 2^20)."""
        rows = [_features(quote.words) for quote in quotes]
        weights = np.array([w * self._rarity(hashed) for row in rows for hashed, w in row], dtype=float)
        columns = np.array([hashed for row in rows for hashed, _ in row], dtype=np.int64)
        starts = np.cumsum([0, *map(len, rows)])
        vectors = csr_array((weights, columns, starts), shape=(len(rows), _SIZE))
        lengths = np.sqrt(np.asarray((vectors * vectors).sum(axis=1)).ravel())
        vectors.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(starts))
        return vectors

    def _rarity(self, hashed: int) -> float:
        return log(self._most / (self._seen[hashed] + 1))


@lru_cache(maxsize=1 << 15)
def _features(words: str) -> tuple[tuple[int, float], ...]:
    """Return (feature, weight): words of three letters or more, their first five, and pairs of these."""
    known = [word for word in fold_quote(words).split() if word.isalpha() and len(word) > 2]
    found = {f"w{word}": 1.0 for word in known}
    found.update((f"s{word[:5]}", 1.0) for word in known)
    found.update((f"p{a[:5]} {b[:5]}", _PAIR) for a, b in pairwise(known))
    hashed = {crc32(name.encode("utf-8", "replace")) % _SIZE: weight for name, weight in found.items()}
    return tuple(sorted(hashed.items()))


def cosines(some: Vectors, others: Vectors) -> NDArray[np.float64]:
    """Return the cosine of each of these with each of those, rounded so that ties are ties everywhere."""
    product = some @ others.T
    dense = product.toarray() if hasattr(product, "toarray") else product
    return np.round(np.asarray(dense, dtype=float), 9)


@cache
def load_likeness() -> Likeness:
    """Return the likeness that this installation has."""
    return LexicalLikeness()
