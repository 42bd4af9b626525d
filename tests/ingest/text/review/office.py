"""A store of complaints as an extractor would have read them, with quotes that it rejected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from graph import Decision, Store, open_store
from ingest.complaints import StatedCauses, write_taxonomy
from ingest.text import CauseSpan, Extraction, load_taxonomy
from ingest.text.review import Desk, load_namer
from ingest.text.review.causes import apply
from ingest.text.review.judgements import TOPIC
from ingest.text.review.likeness import LexicalLikeness
from tests.graph.conformance.snapshot import snapshot

Stated = tuple[str, str | None]  # quote, the cause that was read

ROOF = (
    "the roof of the waiting room was leaking",
    "the roof of the waiting room leaked again",
    "the waiting room's roof leaks since May",
    "THE ROOF OF THE WAITING ROOM WAS LEAKING!",
)
PARROT = (
    "a parrot bit my finger in the lobby",
    "the parrot in the lobby bit my finger",
    "your parrot bit her finger",
    "the lobby's parrot bit our daughter's finger",
)
LAMP = ("the lamp above the desk blinks", "the lamp above my desk was blinking", "desk lamp blinks")
LATE = "the parcel came too late"

COMPLAINTS: dict[str, Sequence[Stated]] = {
    **{f"r{i}": [(quote, None)] for i, quote in enumerate(ROOF * 2)},
    **{f"p{i}": [(quote, None)] for i, quote in enumerate(PARROT)},
    **{f"l{i}": [(quote, None)] for i, quote in enumerate(LAMP)},
    "both": [(ROOF[0], None), (PARROT[1], None), (LATE, "delivery.late")],
    "late": [(LATE, "delivery.late")],
}


@cache
def load_lexical() -> LexicalLikeness:
    """Return the likeness of these tests, whatever this installation has."""
    return LexicalLikeness()


class _Reader:
    """What the extractor is known by."""

    version = "hand-1"

    def extract(self, text: str, lang: str | None = None) -> Extraction:
        raise NotImplementedError


def _read(stated: Sequence[Stated]) -> tuple[str, Extraction]:
    text, spans = "", []
    for quote, cause in stated:
        text += "Listen: "
        spans.append(CauseSpan(quote, len(text), len(text) + len(quote), "implicit", cause, 0.8, None))
        text += quote + ". "
    return text, Extraction("en", True, 0.9, tuple(spans), ())


class Office:
    """A store, and short ways to read complaints into it and to decide."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(f"sqlite:///{folder / 'motivo.db'}")
        self._clock = datetime(2026, 5, 1, tzinfo=UTC)

    def read(self, complaints: dict[str, Sequence[Stated]], *, whole: bool = False) -> None:
        """Ingest complaints by the judgements there are; with `whole`, all others are gone."""
        with self.store.transaction() as transaction:
            transaction.begin_run("by hand")
            write_taxonomy(transaction, load_taxonomy())
            stated = StatedCauses(_Reader(), load_namer(transaction.reader, load_lexical))
            texts = []
            for key, said in complaints.items():
                text, extraction = _read(said)
                texts.append(text)
                stated.add(key, key, extraction)
            keys = list(complaints)
            transaction.upsert_records("forms", keys, [1] * len(keys))
            columns: dict[str, list[Any]] = {"text": texts, "language": ["en"] * len(keys)}
            transaction.upsert_nodes("Complaint", "forms", keys, keys, columns)
            stated.write(transaction, "forms")
            if whole:
                transaction.close_vanished("forms")
            transaction.finish_run()

    def desk(self, by: str = "ana", floor: int = 2) -> Desk:
        def tick() -> datetime:
            self._clock += timedelta(minutes=1)
            return self._clock

        return Desk(self.store, by=by, floor=floor, likeness=load_lexical, now=tick)

    def decide_all(self, decisions: Sequence[Decision]) -> None:
        """Enter decisions made elsewhere, as a store has them that was restored."""
        with self.store.transaction() as transaction:
            for decision in decisions:
                transaction.decide(decision)
            transaction.begin_run("taxonomy")
            write_taxonomy(transaction, load_taxonomy())
            apply(transaction, transaction.reader.decisions(TOPIC), load_lexical)

    def graph(self) -> dict[str, Any]:
        """Return the complaints, the causes and what joins them, as plain values."""
        return snapshot(self.store.reader())

    def causes(self, complaint: str) -> list[str]:
        """Return the causes of a complaint, in the order of its text."""
        found = self.store.reader().neighbours("Complaint", complaint, types=["ATTRIBUTED_TO"])
        found.sort(key=lambda n: n.relationship.properties["starts_at"])
        return [n.node.key for n in found]

    def proposal(self, word: str) -> Any:
        """Return the proposal whose quotes have a word."""
        queue = self.desk().queue()
        return next(p for p in queue.proposals if any(word in q.words for q, _ in p.quotes))
