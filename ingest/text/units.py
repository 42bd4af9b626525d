"""The units the models read: words, signs and breaks of line, with their offsets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ingest.text.tokens import MOST_TOKENS, fold_word, is_unit, split_tokens


@dataclass(frozen=True, slots=True)
class Units:
    """Parallel tuples: words as written, their offsets, and the index of each one's token."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    tokens: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.words)

    def end_of(self, unit: int) -> int:
        """Give the offset after the last character of a unit."""
        return self.starts[unit] + len(self.words[unit])

    def fold(self) -> list[str]:
        """Give the words in the form the models know."""
        return [fold_word(word) for word in self.words]

    def trim(self, first: int, last: int) -> tuple[int, int] | None:
        """Drop signs at both ends of the units first..last (inclusive); None if nothing is left."""
        while first <= last and not self.words[first][0].isalnum():
            first += 1
        while last >= first and not self.words[last][0].isalnum():
            last -= 1
        return (first, last) if first <= last else None


def list_units(tokens: Iterable[tuple[str, int]]) -> Units:
    """Collect the units among tokens given as (text, offset)."""
    read = islice(tokens, MOST_TOKENS)
    rows = [(w, start, i) for i, (w, start) in enumerate(read) if is_unit(w)]
    if not rows:
        return Units((), (), ())
    words, starts, places = zip(*rows, strict=True)
    return Units(words, starts, places)


def read_units(text: str) -> Units:
    """Cut a plain text into units; token indices count the cuts of `split_tokens`."""
    tokens = split_tokens(text)
    offsets, position = [], 0
    for token in tokens:
        offsets.append(position)
        position += len(token)
    return list_units(zip(tokens, offsets, strict=True))
