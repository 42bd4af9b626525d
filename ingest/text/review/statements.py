"""What the texts in a store state, as far as judgements may change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph import Neighbour, Reader
from ingest.text.review.likeness import Quote
from ingest.text.taxonomy import UNKNOWN
from schema import ATTRIBUTED_TO, CAUSE, COMPLAINT, LANGUAGES, Direction

_ALL = 2**31 - 1  # the most that a store is asked for at once


@dataclass(frozen=True, slots=True)
class Statement:
    """That a complaint states a cause, in words from `start` to `end` of its text."""

    complaint: str
    start: int
    end: int
    quote: Quote
    text: str
    cause: str
    read_as: str | None
    decided_by: str | None

    @property
    def read(self) -> str:
        """The cause that the extractor named."""
        return self.read_as or self.cause


def read_statements(reader: Reader, causes: Iterable[str]) -> list[Statement]:
    """Return what is stated of these causes, by complaint and place."""
    found = [
        _make(
            neighbour,
            str(neighbour.node.properties.get("text", "")),
            neighbour.node.properties.get("language"),
        )
        for cause in sorted(set(causes))
        if reader.find(CAUSE, cause) is not None
        for neighbour in reader.neighbours(
            CAUSE, cause, types=[ATTRIBUTED_TO.type], direction=Direction.IN, limit=_ALL
        )
        if neighbour.relationship.triple == ATTRIBUTED_TO
    ]
    return sorted(found, key=lambda s: (s.complaint, s.start))


def read_complaint(reader: Reader, complaint: str) -> list[Statement]:
    """Return what a complaint states, in the order of its text; nothing if it is not there."""
    node = reader.find(COMPLAINT, complaint)
    if node is None:
        return []
    neighbours = reader.neighbours(
        COMPLAINT, complaint, types=[ATTRIBUTED_TO.type], direction=Direction.OUT, limit=_ALL
    )
    text, language = str(node.properties.get("text", "")), node.properties.get("language")
    found = [_make(n, text, language) for n in neighbours if n.relationship.triple == ATTRIBUTED_TO]
    return sorted(found, key=lambda s: s.start)


def _make(neighbour: Neighbour, text: str, language: object) -> Statement:
    relationship = neighbour.relationship
    said = relationship.properties
    return Statement(
        relationship.start,
        said.get("starts_at", 0),
        said.get("ends_at", 0),
        Quote(str(said.get("quote", "")), str(language) if language in LANGUAGES else ""),
        text,
        relationship.end,
        said.get("read_as"),
        said.get("decided_by"),
    )


def is_waiting(statement: Statement) -> bool:
    """Tell whether nobody knows yet what cause is stated."""
    return statement.cause == UNKNOWN and statement.decided_by is None
