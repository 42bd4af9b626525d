"""Text to subwords: the unigram tokenizer of SentencePiece, with offsets in code points.

A text is read word by word, each cut into the pieces that are likeliest together (Viterbi). No run
without white space is looked at in longer stretches than `LONGEST_WORD`, and reading ends at the
number of subwords that is asked for, so that time is linear and bounded whatever the text holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ingest.text.encoder.weights import Vocabulary

LONGEST_WORD = 256  # characters; a longer run is cut there
_LONGEST_KEPT = 40  # characters of a word whose pieces are remembered
_WORDS_KEPT = 1 << 14
_SPACE = "\u2581"  # what stands for the blank before a word
_STRETCH = re.compile(rf"\S{{1,{LONGEST_WORD}}}")

# ids, and where each subword starts and ends
_Pieces = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Subwords:
    """Subwords of a text: ids and the code points each covers, `text[start:end]`.

    Neither starts nor ends ever go back. The mark of a blank that stands alone covers nothing.
    """

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    def locate(
        self, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the first and the last subword that touches each stretch of text; -1 where none does."""
        reached = np.maximum(self.ends, self.starts + 1)
        first = np.searchsorted(reached, starts, side="right")
        last = np.searchsorted(self.starts, ends, side="left") - 1
        none = first > last
        return np.where(none, -1, first), np.where(none, -1, last)


class Tokenizer:
    """Cuts texts into the subwords of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary.pieces), default=1)
        self._remember = lru_cache(maxsize=_WORDS_KEPT)(self._split_stretch)

    def tokenize(self, text: str, most: int) -> Subwords:
        """Cut a text into subwords, `most` at most; what follows them is not read."""
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in _STRETCH.finditer(text):
            at, stretch = match.start(), match[0]
            begins = at == 0 or text[at - 1].isspace()
            split = self._remember if len(stretch) <= _LONGEST_KEPT else self._split_stretch
            found = split(stretch, begins)
            ids += found[0]
            starts += [at + start for start in found[1]]
            ends += [at + end for end in found[2]]
            if len(ids) >= most:
                break
        arrays = (np.array(part[:most], dtype=np.int64) for part in (ids, starts, ends))
        return Subwords(*arrays)

    def _split_stretch(self, stretch: str, begins: bool) -> _Pieces:
        """Normalise a stretch and cut it; normalising may split it into words, or leave nothing."""
        normalised: list[str] = []
        source: list[int] = []  # where each normalised sign comes from
        for place, sign in enumerate(stretch):
            signs = self._vocabulary.normaliser.get(ord(sign), sign)
            normalised += signs
            source += [place] * len(signs)
        pieces: list[tuple[int, int, int]] = []
        for match in re.finditer(r"\S+", "".join(normalised)):
            first, end = match.span()
            marked = begins or first > 0
            word = _SPACE + match[0] if marked else match[0]
            places = source[first:end]
            if marked:
                places = [places[0], *places]
            for piece, low, high in self._split_word(word):
                alone = marked and high == 1
                start = places[low]
                pieces.append((piece, start, start if alone else places[high - 1] + 1))
        return tuple(zip(*pieces, strict=True)) if pieces else ((), (), ())  # type: ignore[return-value]

    def _split_word(self, word: str) -> list[tuple[int, int, int]]:
        """Cut a word into the likeliest pieces: (id, first sign, sign after the last)."""
        pieces, unknown = self._vocabulary.pieces, self._vocabulary.unknown
        cost = self._vocabulary.unknown_score
        length = len(word)
        best = [0.0] + [-np.inf] * length
        back = [(0, unknown)] * (length + 1)
        for start in range(length):
            here = best[start]
            for end in range(start + 1, min(length, start + self._longest) + 1):
                found = pieces.get(word[start:end])
                if found is not None and here + found[1] > best[end]:
                    best[end] = here + found[1]
                    back[end] = (start, found[0])
            if here + cost > best[start + 1]:
                best[start + 1] = here + cost
                back[start + 1] = (start, unknown)
        cuts: list[tuple[int, int, int]] = []
        end = length
        while end:
            start, piece = back[end]
            cuts.append((piece, start, end))
            end = start
        cuts.reverse()
        return cuts
