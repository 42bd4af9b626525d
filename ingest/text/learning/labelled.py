"""Labelled texts: what people, the review queue or a teacher say of a text, one JSON object a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from ingest.text.corpus import Mark, MarkedText
from ingest.text.taxonomy import Taxonomy, load_taxonomy
from ingest.text.training import OTHER
from ingest.text.units import read_units
from schema.kinds import LANGUAGES

_CAUSE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
UNNAMED = ("", "unknown")  # ids that stand for a cause without a name, as null does


@dataclass(frozen=True, slots=True)
class LabelledCause:
    """A cause that a text states, `text[start:end]`; `cause` is its id, None where it has no name."""

    start: int
    end: int
    cause: str | None


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text, whether it is a complaint, and the causes that it states, in order."""

    id: Any
    text: str
    lang: str | None
    complaint: bool
    causes: tuple[LabelledCause, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the object that a line of a labelled file holds."""
        causes = [{"start": c.start, "end": c.end, "cause": c.cause} for c in self.causes]
        return {
            "id": self.id,
            "text": self.text,
            "lang": self.lang,
            "complaint": self.complaint,
            "causes": causes,
        }


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a line: `field` is a path such as `causes[0].end`, empty for the whole line."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: " + (f"{self.field}: " if self.field else "") + self.message


@dataclass
class LabelledFile:
    """What a file holds; of a text that is there twice, what was said last. `repeated` counts the others.

    partial: texts left out, since a teacher marked them in part only (their `dropped` is not 0).
    """

    texts: list[LabelledText] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    repeated: int = 0
    partial: int = 0


def read_labelled(lines: Iterable[bytes]) -> LabelledFile:
    """Read labelled texts; blank lines are passed over, all that is wrong with each line is collected."""
    found: dict[str, LabelledText] = {}
    file = LabelledFile()
    for number, line in enumerate(lines, start=1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            continue
        try:
            row = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            file.flaws.append(Flaw(number, "", f"not JSON ({error})"))
            continue
        flaws = [Flaw(number, *flaw) for flaw in _check_row(row)]
        file.flaws += flaws
        if not flaws and row.get("dropped", 0) != 0:
            file.partial += 1
        elif not flaws:
            text = _make_text(row)
            file.repeated += found.pop(text.text, None) is not None
            found[text.text] = text
    file.texts = list(found.values())
    return file


def _check_row(row: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(row, dict):
        yield "", "not an object"
        return
    text, causes = row.get("text"), row.get("causes")
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        yield "id", "must be a text or a number"
    if not isinstance(text, str) or not text.strip():
        yield "text", "must be a text that is not empty"
    if row.get("lang") is not None and row["lang"] not in LANGUAGES:
        yield "lang", f"must be one of {', '.join(LANGUAGES)}, or null"
    if not isinstance(row.get("complaint"), bool):
        yield "complaint", "must be true or false"
    if not isinstance(causes, list):
        yield "causes", "must be a list"
        return
    if causes and row.get("complaint") is False:
        yield "causes", "must be empty where there is no complaint"
    if isinstance(text, str) and text.strip():
        yield from _check_causes(causes, text)


def _check_causes(causes: Sequence[Any], text: str) -> Iterator[tuple[str, str]]:
    taken: list[tuple[int, int]] = []
    for place, cause in enumerate(causes):
        name = f"causes[{place}]"
        if not isinstance(cause, dict):
            yield name, "must be an object"
            continue
        start, end = cause.get("start"), cause.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            yield name, f"start and end must be places in the text, 0 <= start < end <= {len(text)}"
            continue
        if not any(sign.isalnum() for sign in text[start:end]):
            yield name, "must hold a word"
        if cause.get("quote") not in (None, text[start:end]):
            yield f"{name}.quote", "is not text[start:end]"
        if any(start < other_end and end > other for other, other_end in taken):
            yield name, "lies over another cause"
        taken.append((start, end))
        named = cause.get("cause")
        if named is not None and named not in UNNAMED and not is_cause_id(named):
            yield f"{name}.cause", "must be an id such as delivery.late, or null"


def is_cause_id(value: object) -> bool:
    """Tell whether a value has the form of a cause's id, known or not."""
    return isinstance(value, str) and _CAUSE.fullmatch(value) is not None


def _make_text(row: dict[str, Any]) -> LabelledText:
    causes = [
        LabelledCause(c["start"], c["end"], None if c.get("cause") in UNNAMED else c.get("cause"))
        for c in row["causes"]
    ]
    causes.sort(key=lambda cause: cause.start)
    return LabelledText(row["id"], row["text"], row.get("lang"), row["complaint"], tuple(causes))


def fold_text(text: str) -> str:
    """Give what a text is known by: its words without case, accents and signs, digits as 0."""
    return " ".join(word for word in read_units(text).fold() if word[0].isalnum())


def place_text(text: str) -> float:
    """Give a text its place between 0 and 1, the same for ever and for all texts that fold alike."""
    return int.from_bytes(blake2b(fold_text(text).encode("utf-8", "replace"), digest_size=8).digest()) / 2**64


def label_text(text: MarkedText, taxonomy: Taxonomy | None = None) -> LabelledText:
    """Turn a text of the corpus into a labelled one."""
    causes = ((m, (taxonomy or load_taxonomy()).find_label(m.label)) for m in text.marks)
    found = tuple(LabelledCause(m.start, m.end, cause.id if cause else None) for m, cause in causes)
    return LabelledText("", text.text, text.lang, bool(found), found)


def mark_text(text: LabelledText, labels: Iterable[str]) -> MarkedText:
    """Turn a labelled text into one like those of the corpus; what is not among `labels` is "other"."""
    known = set(labels)
    marks = []
    for cause in text.causes:
        label = name_label(cause.cause)
        marks.append(Mark(cause.start, cause.end, label if label in known else OTHER, False))
    return MarkedText(text.text, text.lang or LANGUAGES[0], tuple(marks), 0)


def name_label(cause_id: str | None) -> str:
    """Give the label of a cause: that of the taxonomy, else the id itself, which has a dot."""
    if cause_id is None:
        return OTHER
    known = load_taxonomy().find_cause(cause_id)
    return known.label if known else cause_id
