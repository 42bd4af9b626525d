"""Hashed features of words in their context, for the linear models.

A feature is a number below `SIZE`, made from CRC-32 of the folded word and fixed multipliers, so
it is the same in every process and on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ingest.text.tokens import LONGEST, fold_word

SIZE = 1 << 17  # of words in context
BAG_SIZE = 1 << 15  # of phrases and texts as a whole
_REACH = 9  # words seen on each side
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX2 = np.uint64(0xC2B2AE3D27D4EB4F)

# the attributes of a word, by their row
_WORD, _STEM, _END, _SHAPE = range(4)
# (attribute, offset): that attribute of the word so far away
_ONES = (
    *((_WORD, o) for o in range(-3, 4)),
    *((_STEM, o) for o in range(-4, 5)),
    *((_END, o) for o in (-1, 0, 1)),
    *((_SHAPE, o) for o in (-1, 0, 1)),
)
_PAIRS = (
    *(((_WORD, o), (_WORD, o + 1)) for o in (-3, -2, -1, 0, 1, 2)),
    *(((_STEM, o), (_STEM, o + 2)) for o in (-2, -1, 0)),
)
# a stem anywhere in these offsets, whatever its place
_BAGS = (range(-9, -4), range(5, 10))


@lru_cache(maxsize=1 << 16)
def _attributes(word: str) -> tuple[int, int, int, int]:
    """The hashes of word, stem (four letters), ending (three) and shape."""
    folded = fold_word(word)
    first = word[0]
    if first.isdigit():
        shape = "0"
    elif not first.isalpha():
        shape = folded[:1]
    elif len(word) > 1 and word.isupper():
        shape = "XX"
    else:
        shape = "Xx" if first.isupper() else "x"
    parts = (folded, folded[:4], folded[-3:], shape)
    return tuple(crc32(p.encode("utf-8", "replace")) for p in parts)  # type: ignore[return-value]


def _hash_templates() -> tuple[NDArray[np.int64], ...]:
    ones = np.array(_ONES, dtype=np.int64)
    pairs = np.array(_PAIRS, dtype=np.int64)
    bags = [(_STEM, o, k) for k, span in enumerate(_BAGS) for o in span]
    return ones, pairs, np.array(bags, dtype=np.int64)


_ONE, _PAIR, _BAG = _hash_templates()
_COUNT = len(_ONE) + len(_PAIR) + len(_BAG) + 3


def _spread(values: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
    """Mix the bits, because CRC-32 of like words differs in few of them, and cut to the table."""
    values = values * _MIX
    values ^= values >> np.uint64(29)
    values *= _MIX2
    return (values >> np.uint64(20)).astype(np.int64) & (size - 1)


def hash_tokens(words: Sequence[str]) -> NDArray[np.int64]:
    """The features of each word in its context: shape (features, words)."""
    n = len(words)
    table = np.zeros((4, n + 2 * _REACH), dtype=np.uint64)
    if n:
        table[:, _REACH : _REACH + n] = np.array([_attributes(w[:LONGEST]) for w in words]).T
    here = np.arange(n) + _REACH
    ids = np.empty((_COUNT, n), dtype=np.uint64)
    end = len(_ONE)
    ids[:end] = table[_ONE[:, :1], here + _ONE[:, 1:]]
    left = table[_PAIR[:, 0, :1], here + _PAIR[:, 0, 1:]]
    right = table[_PAIR[:, 1, :1], here + _PAIR[:, 1, 1:]]
    ids[end : end + len(_PAIR)] = left * _MIX2 + (right ^ (right << np.uint64(17)))
    end += len(_PAIR)
    ids[end : end + len(_BAG)] = table[_BAG[:, :1], here + _BAG[:, 1:2]]
    ids[-3] = _places_in_clause(words)
    ids[-2] = np.minimum(np.arange(n), 60) // 4
    ids[-1] = min(n // 10, 20)
    return _spread(ids + _SALTS, SIZE)


def _salts() -> NDArray[np.uint64]:
    """What tells one template's hash from another's; the offsets of one bag share theirs."""
    numbers = [*range(len(_ONE) + len(_PAIR)), *(1000 + _BAG[:, 2]), 2000, 2001, 2002]
    return (np.array(numbers, dtype=np.uint64) * np.uint64(0x1000000000001))[:, None]


_SALTS = _salts()


def _places_in_clause(words: Sequence[str]) -> list[int]:
    """How many words into its clause each word stands, 8 at most; a sign begins the next clause."""
    places, place = [], 0
    for word in words:
        places.append(min(place, 8))
        place = place + 1 if word[0].isalnum() else 0
    return places


def hash_bag(words: Sequence[str]) -> NDArray[np.int64]:
    """The features of a phrase or text as a whole: words, stems and pairs of neighbours, each once."""
    if not words:
        return np.empty(0, dtype=np.int64)
    table = np.array([_attributes(w[:LONGEST])[:2] for w in words], dtype=np.uint64)
    word, stem = table[:, 0], table[:, 1]
    pairs = word[:-1] * _MIX2 + (word[1:] ^ (word[1:] << np.uint64(17)))
    stems = stem[:-1] * _MIX2 + (stem[1:] ^ (stem[1:] << np.uint64(17)))
    salt = np.uint64(0x1000000000001)
    parts = [part + salt * np.uint64(5000 + k) for k, part in enumerate((word, stem, pairs, stems))]
    return np.unique(_spread(np.concatenate(parts), BAG_SIZE))
