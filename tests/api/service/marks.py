"""Values that nobody else has: by what is in an answer, it is known whose data it shows."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from api.auth import CLEARANCE, Caller, Role
from api.auth.caller import RANKS
from schema import Sensitivity

# Texts, and what can have no letters: days of birth, phones, tax numbers, incomes.
TOKEN = re.compile(r"[\w-]{12,}")
FOUND = re.compile(r"zq\d{5}x|19[34]\d-\d\d-\d\d|61234\d{4}|87654\d{3}|7654\d{3}\.\d\d")


@dataclass(frozen=True)
class Mark:
    """What a value is of, how sensitive it is, and whose.

    `level`: a sensitivity; "own" is public, but of somebody; "key" is of a kind that has personal properties.
    `every`: it is seen by who sees all of these people, else by who sees any.
    """

    about: str
    level: str
    owners: frozenset[int]
    every: bool = False


@dataclass
class Marks:
    """The values that may be hidden, and what they are. `people`: caller -> whom they see."""

    everybody: Collection[int]
    known: dict[str, Mark] = field(default_factory=dict)

    def make(self, about: str, level: str, *owners: int, every: bool = False) -> str:
        """Return a new text; without owners, it is of all."""
        return self.note(f"zq{len(self.known):05}x", about, level, *owners, every=every)

    def note(self, text: str, about: str, level: str, *owners: int, every: bool = False) -> str:
        """Note a value that is no text of our own."""
        assert FOUND.fullmatch(text), text
        assert text not in self.known
        self.known[text] = Mark(about, level, frozenset(owners or self.everybody), every)
        return text

    def find(self, text: str) -> set[str]:
        """Return the marks in a text."""
        return {found for found in FOUND.findall(text.lower()) if found in self.known}

    def is_shown(self, text: str, caller: Caller, people: Collection[int]) -> bool:
        """Tell whether a caller, who sees these people, may see a value."""
        mark = self.known[text]
        seen = mark.owners.intersection(people)
        if caller.role is Role.ANYONE or not (seen == mark.owners if mark.every else seen):
            return False
        level = {"own": Sensitivity.PUBLIC, "key": Sensitivity.PERSONAL}.get(mark.level) or Sensitivity(
            mark.level
        )
        return RANKS.index(level) <= RANKS.index(CLEARANCE[caller.role])


def unfold(text: str, deep: int = 3) -> str:
    """Return a text with what is written in the ids and cursors in it, and in those that are in these."""
    return text if not deep else "\n".join([text, *(unfold(inner, deep - 1) for inner in _open(text))])


def _open(text: str) -> Iterator[str]:
    for token in set(TOKEN.findall(text)):
        try:
            yield base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        except (binascii.Error, UnicodeError, ValueError):
            continue
