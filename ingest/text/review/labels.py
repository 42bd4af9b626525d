"""Judged complaints as labelled texts, to train on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph import Reader
from ingest.text.review.judgements import TOPIC, replay
from ingest.text.review.naming import Namer
from ingest.text.review.statements import Statement, read_complaint, read_statements
from ingest.text.taxonomy import UNKNOWN


def export_labels(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield the complaints of which a person judged something, with all the causes they state.

    Words that are no cause, as somebody said, are left out; a cause that nobody knows yet is None.
    """
    decisions = reader.decisions(TOPIC)
    namer = Namer(replay(decisions))
    causes = {str(d.said[entry]) for d in decisions for entry in ("id", "to") if d.said.get(entry)}
    judged = {s.complaint for s in read_statements(reader, causes) if s.decided_by is not None}
    judged |= {key for key in namer.judgements.corrections if read_complaint(reader, key)}
    waiting = read_statements(reader, [UNKNOWN])
    namer.place([s.quote for s in waiting])  # all at once is quicker
    judged |= {s.complaint for s in waiting if _is_rejected(namer, s)}
    for complaint in sorted(judged):
        stated = read_complaint(reader, complaint)
        marks = [
            {"start": s.start, "end": s.end, "cause": None if s.cause == UNKNOWN else s.cause}
            for s in stated
            if not _is_rejected(namer, s)
        ]
        first = stated[0]
        yield {
            "id": complaint,
            "text": first.text,
            "lang": first.quote.lang,
            "complaint": True,
            "causes": marks,
        }


def _is_rejected(namer: Namer, statement: Statement) -> bool:
    """Tell whether a quote was said to be no cause."""
    if statement.cause != UNKNOWN or statement.decided_by is not None:
        return False
    [placed] = namer.place([statement.quote])
    return placed is not None and namer.judgements.groups[placed.group].state == "rejected"
