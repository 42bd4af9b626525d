"""Causal connectives: which words link a cause to its effect, and on which side the cause is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
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
    """Words of the list; cause is None for what looks like a connective and is none."""

    words: tuple[str, ...]
    cause: Side | None
    strong: bool


class Connectives:
    """The connectives of each language, looked up by their first word."""

    def __init__(self, document: dict[str, Any]) -> None:
        lists = dict(document)
        negators, variants = lists.pop("negators"), lists.pop("variants")
        self._negators = frozenset(negators["words"])
        self._between = frozenset(negators["between"])
        self._quoted_by = frozenset(negators["quoted_by"])
        self._entries = {
            lang: _index_entries(groups, variants["endings"].get(lang, {}), variants["short"].get(lang, {}))
            for lang, groups in lists.items()
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a list."""
        return tuple(self._entries)

    def find_all(self, folded: Sequence[str], lang: str) -> Iterator[Connective]:
        """Find the connectives in folded words, the longest at each place, none inside another.

        Denied ones are left out, and weak ones that do not open the clause of their cause.
        """
        entries = self._entries.get(lang, {})
        place = 0
        while place < len(folded):
            entry = self._match(folded, place, entries.get(folded[place], ()))
            if entry is None:
                place += 1
                continue
            last = place + len(entry.words) - 1
            counts = entry.strong or entry.cause == "before" or _opens_clause(folded, place)
            if entry.cause is not None and counts and not self._is_denied(folded, place):
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
        while before > place - 3 and before >= 0 and folded[before] in self._between:
            before -= 1
        if before < 0 or folded[before] not in self._negators:
            return False
        return before == 0 or folded[before - 1] not in self._quoted_by


def _opens_clause(folded: Sequence[str], place: int) -> bool:
    return place == 0 or not folded[place - 1][0].isalnum()


def _index_entries(
    groups: dict[str, Any], endings: dict[str, list[str]], short: dict[str, str]
) -> dict[str, list[_Entry]]:
    entries: dict[tuple[str, ...], _Entry] = {}
    listed: list[tuple[str, Side | None, bool]] = [(phrase, None, False) for phrase in groups["neither"]]
    sides: tuple[Side, ...] = ("after", "before")
    for side in sides:
        for strength, phrases in groups[side].items():
            listed += [(phrase, side, strength == "strong") for phrase in phrases]
    for phrase, cause, strong in listed:
        for words in _write_variants(phrase.split(), endings, short):
            entries.setdefault(words, _Entry(words, cause, strong))
    index: dict[str, list[_Entry]] = {}
    for entry in sorted(entries.values(), key=lambda entry: (-len(entry.words), entry.words)):
        index.setdefault(entry.words[0], []).append(entry)
    return index


def _write_variants(
    words: list[str], endings: dict[str, list[str]], short: dict[str, str]
) -> Iterator[tuple[str, ...]]:
    """Give the ways in which an entry may be written, as it stands first."""
    choices = [[word, *([short[word]] if word in short else ())] for word in words]
    if len(words) > 1:
        choices[-1] += endings.get(words[-1], ())
    yield from product(*choices)


@cache
def load_connectives() -> Connectives:
    """Read the list that travels with the package."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("ingest.text").joinpath("connectives.yaml").read_text("utf-8")
    return Connectives(yaml.load(text, Loader=loader))  # noqa: S506 - a safe loader
