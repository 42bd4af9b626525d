"""Causal connectives: which words link a cause to its effect, and on which side the cause is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Side = Literal["after", "before"]


@dataclass(frozen=True, slots=True)
class Connective:
    """A connective in a text: units first..last (inclusive), and where its cause stands."""

    first: int
    last: int
    cause: Side
    strong: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    cause: Side
    strong: bool


class Connectives:
    """The connectives of each language, looked up by their first word."""

    def __init__(self, document: dict[str, Any]) -> None:
        negators = document["negators"]
        self._negators = frozenset(negators["words"])
        self._between = frozenset(negators["between"])
        self._quoted_by = frozenset(negators["quoted_by"])
        self._entries = {
            lang: _index_entries(sides) for lang, sides in document.items() if lang != "negators"
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a list."""
        return tuple(self._entries)

    def find_all(self, folded: Sequence[str], lang: str) -> Iterator[Connective]:
        """Find the connectives in folded words, the longest at each place; denied ones are left out."""
        entries = self._entries.get(lang, {})
        place = 0
        while place < len(folded):
            entry = self._match(folded, place, entries.get(folded[place], ()))
            if entry is None:
                place += 1
                continue
            last = place + len(entry.words) - 1
            if not self._is_denied(folded, place):
                yield Connective(place, last, entry.cause, entry.strong)
            place = last + 1

    @staticmethod
    def _match(folded: Sequence[str], place: int, entries: Sequence[_Entry]) -> _Entry | None:
        for entry in entries:
            if tuple(folded[place : place + len(entry.words)]) == entry.words:
                return entry
        return None

    def _is_denied(self, folded: Sequence[str], place: int) -> bool:
        before = place - 1
        if before >= 0 and folded[before] in self._between:
            before -= 1
        if before < 0 or folded[before] not in self._negators:
            return False
        return before == 0 or folded[before - 1] not in self._quoted_by


def _index_entries(sides: dict[str, dict[str, list[str]]]) -> dict[str, list[_Entry]]:
    index: dict[str, list[_Entry]] = {}
    for cause, groups in sides.items():
        for strength, phrases in groups.items():
            for phrase in phrases:
                words = tuple(phrase.replace("/", " / ").split())
                side: Side = "after" if cause == "after" else "before"
                index.setdefault(words[0], []).append(_Entry(words, side, strength == "strong"))
    for entries in index.values():
        entries.sort(key=lambda entry: (-len(entry.words), entry.words))
    return index


@cache
def load_connectives() -> Connectives:
    """Read the list that travels with the package."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("ingest.text").joinpath("connectives.yaml").read_text("utf-8")
    return Connectives(yaml.load(text, Loader=loader))  # noqa: S506 - a safe loader
