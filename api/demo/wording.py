"""How customers put things: wordings per language, and the faults of hasty typing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from unicodedata import combining, normalize

import yaml

_CHOICE = re.compile(r"\[([^][]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Wordings:
    """The wordings of one language, as its file in `wordings/` has them."""

    slots: Mapping[str, Sequence[str]]
    greetings: Sequence[str]
    openers: Sequence[str]
    frames: Sequence[str]
    seconds: Sequence[str]
    effects: Sequence[str]
    closers: Sequence[str]
    regards: Sequence[str]
    months: Sequence[str]
    causes: Mapping[str, Sequence[str]]
    questions: Sequence[str]
    thanks: Sequence[str]
    statuses: Sequence[str]

    def fill(self, rng: Random, template: str, **given: str) -> str:
        """Return the template with its choices made and its slots filled."""
        while _CHOICE.search(template):
            template = _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), template)
        text = _SLOT.sub(lambda m: given.get(m[1]) or rng.choice(self.slots[m[1]]), template)
        return re.sub(r" {2,}", " ", re.sub(r" +([.,!])", r"\1", text)).strip()

    def write_complaint(self, rng: Random, causes: Sequence[str], month: int) -> str:
        """Write a complaint of one or more causes by id; `month` (1 to 12) is the one spoken of."""
        name = self.months[month - 1]
        clauses = [self.fill(rng, rng.choice(self.causes[c]), month=name) for c in causes]
        first, *others = clauses
        sentences = [self._tell(rng, self.frames, first)]
        sentences += [self._tell(rng, self.seconds, other) for other in others]
        if rng.random() < 0.3:
            sentences.append(self.fill(rng, rng.choice(self.effects)))
        if rng.random() < 0.3:
            sentences.insert(0, self.fill(rng, rng.choice(self.openers)))
        return self._wrap(rng, sentences, (*self.closers, *self.regards))

    def write_other(self, rng: Random, month: int) -> str:
        """Write a message that is no complaint: a question, thanks, or a request for news."""
        kind = rng.choices((self.questions, self.thanks, self.statuses), (45, 25, 30))[0]
        text = self.fill(rng, rng.choice(kind), month=self.months[month - 1])
        return self._wrap(rng, [text], self.regards)

    def _tell(self, rng: Random, frames: Sequence[str], clause: str) -> str:
        sentence = self.fill(rng, rng.choice(frames), cause=clause)
        start = 1 if sentence[0] in "¡¿" else 0
        return sentence[:start] + sentence[start].upper() + sentence[start + 1 :]

    def _wrap(self, rng: Random, sentences: list[str], endings: Sequence[str]) -> str:
        if rng.random() < 0.35:
            sentences.insert(0, rng.choice(self.greetings) + rng.choice(".!"))
        if rng.random() < 0.3:
            sentences.append(self.fill(rng, rng.choice(endings)))
        return roughen(rng, " ".join(sentences))


def roughen(rng: Random, text: str) -> str:
    """Type it as in haste: without capitals, accents or the last full stop, with a slip."""
    if rng.random() < 0.15:
        text = text.lower()
    if rng.random() < 0.15:
        text = "".join(c for c in normalize("NFD", text) if not combining(c))
    if rng.random() < 0.2:
        text = text.rstrip(".")
    if rng.random() < 0.12:
        text = _slip(rng, text)
    return normalize("NFC", text)


def _slip(rng: Random, text: str) -> str:
    """Swap, drop or double one letter inside a longer word."""
    places = [m.start() for m in re.finditer(r"(?<=\w)\w(?=\w{2})", text)]
    if not places:
        return text
    at = rng.choice(places)
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return rng.choice((swapped, text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:]))


@cache
def load_wordings(language: str) -> Wordings:
    """Return the wordings of a language: en, es or pt."""
    path = files("api.demo") / "wordings" / f"{language}.yaml"
    return Wordings(**yaml.safe_load(path.read_text("utf-8")))
