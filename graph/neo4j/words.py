"""The words of texts, as the full-text index has them: letters and digits, without case and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 200  # the index cuts longer ones into pieces


def fold(text: str) -> str:
    """Return a text without case and accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def split_words(text: str) -> list[str]:
    """Return the words of a text, as they are compared."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def spell_words(texts: Iterable[str | None]) -> str:
    """Return the words of some texts as the index splits them again."""
    return " ".join(" ".join(split_words(text)) for text in texts if text)


def find_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a text with their places in it, an accent belonging to its letter."""
    for match in re.finditer(r"(?:[^\W_][\u0300-\u036f]*)+", text):
        word = "".join(_WORD.findall(fold(match[0])))[:LONGEST_WORD]
        if word:
            yield word, match.start(), match.end()
