"""The training corpus of Motivo and its reader. README.md says what the files are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

__all__ = [
    "BLOCKS",
    "Mark",
    "MarkedText",
    "Phrase",
    "parse_markup",
    "read_background",
    "read_frames",
    "read_phrases",
    "read_texts",
]

BLOCKS = 10  # runs of neighbouring lines; train and test are split by block, never by line
_MARK = re.compile(r"\{([a-z_]+(?::[a-z_]+)?)(\+?)\|([^{}]*)\}")
_FAMILIES = (
    "trial", "written", "short", "cfpb",
    "telecom", "services", "consumer", "reviews", "mixed", "hard", "messages", "narratives",
    "journeys", "disputes", "names", "streams",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked cause: offsets in code points, label, and whether a connective introduces it."""

    start: int
    end: int
    label: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text of the corpus with its marked causes; `block` is the run of lines it came from."""

    text: str
    lang: str
    marks: tuple[Mark, ...]
    block: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A wording of one cause."""

    text: str
    lang: str
    label: str
    block: int


def parse_markup(line: str) -> tuple[str, tuple[Mark, ...]]:
    """Split a line of markup into its plain text and its marks."""
    parts: list[str] = []
    marks: list[Mark] = []
    length = end = 0
    for match in _MARK.finditer(line):
        before, words = line[end : match.start()], match[3]
        length += len(before)
        marks.append(Mark(length, length + len(words), match[1], match[2] == "+"))
        length += len(words)
        parts += (before, words)
        end = match.end()
    return "".join(parts) + line[end:], tuple(marks)


def _read_lines(name: str) -> list[str]:
    folder = files(__name__)
    if not folder.joinpath(name).is_file():
        return []
    text = folder.joinpath(name).read_text("utf-8")
    return [line for line in text.split("\n") if line.strip()]


def read_texts() -> Iterator[MarkedText]:
    """Read every marked text; equal blocks of es, pt and en come from the same place."""
    for family in _FAMILIES:
        for lang in ("es", "pt", "en"):
            lines = _read_lines(f"{family}.{lang}.txt")
            for number, line in enumerate(lines):
                text, marks = parse_markup(line)
                yield MarkedText(text, lang, marks, number * BLOCKS // len(lines))


def read_background(lang: str) -> list[str]:
    """Read the sentences of a language that tell of no failure."""
    return _read_lines(f"background.{lang}.txt")


def read_frames(lang: str) -> list[str]:
    """Read sentences to put a phrase into, at `{}`, and others alike that tell of no failure."""
    return _read_lines(f"frames.{lang}.txt")


def read_phrases() -> Iterator[Phrase]:
    """Read the phrase bank: some forty wordings of each label in each language."""
    rows = [tuple(line.split("\t")) for line in _read_lines("phrases.tsv")]
    groups: dict[tuple[str, str], int] = {}
    for label, lang, _ in rows:
        groups[label, lang] = groups.get((label, lang), 0) + 1
    seen: dict[tuple[str, str], int] = {}
    for label, lang, text in rows:
        place = seen.get((label, lang), 0)
        seen[label, lang] = place + 1
        yield Phrase(text, lang, label, place * BLOCKS // groups[label, lang])
