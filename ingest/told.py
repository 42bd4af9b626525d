"""What events told of a source since its file was written: an older file does not gainsay it.

Kept as decisions, a topic a source and day, with the node that each row describes as the subject: who is
erased leaves nothing behind there either.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from graph import Decision, Reader, Subject, Transaction

MARK = "event"  # what the position of a row that came as an event begins with


def find_topic(source: str, day: date) -> str:
    """Return the topic of what events told of a source on a day."""
    return f"events of {source} on {day.isoformat()}"


def tell(
    transaction: Transaction, source: str, rows: Iterable[tuple[str, str, str]], *, by: str, at: datetime
) -> None:
    """Keep what was told: rows of (record, kind and key of a node that it describes)."""
    subjects = [Subject(kind, key, {"record": record}) for record, kind, key in rows]
    if subjects:
        topic = find_topic(source, at.astimezone(UTC).date())
        transaction.decide(Decision(topic, "tell", by, at, subjects=subjects))


def find_told(reader: Reader, source: str, since: datetime) -> frozenset[str]:
    """Return the records that events told of after a moment."""
    since = since.astimezone(UTC)
    days = (datetime.now(UTC).date() - since.date()).days + 1
    topics = (find_topic(source, since.date() + timedelta(day)) for day in range(days + 1))
    return frozenset(
        subject.detail["record"]
        for topic in topics
        for decision in reader.decisions(topic)
        if decision.at > since
        for subject in decision.subjects
    )


def place_event(at: datetime, number: int) -> str:
    """Return the position of a row that came as an event."""
    return f"{MARK} {at.astimezone(UTC).isoformat(timespec='microseconds')} {number}"


def keep_told(transaction: Transaction, source: str, since: datetime) -> None:
    """Note what events told after a moment, and their rows in quarantine, as seen in this run."""
    reader, begin = transaction.reader, place_event(since, 0)
    transaction.touch_records(source, sorted(find_told(reader, source, since)))
    rejected = reader.rejected_rows(source=source)
    transaction.reject([r for r in rejected if r.position.startswith(f"{MARK} ") and r.position > begin])
