"""Which cause a quote has after people's judgements: asked at ingest and after each decision alike.

What the extractor names keeps its name, unless somebody corrected that complaint. What it rejects
has the cause that the same words were given, else that of the nearest quote that was judged, if that
one is near enough and a cause; else it is unknown, and in the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph import Reader
from ingest.text.review.judgements import TOPIC, Correction, Judgements, Placed, replay
from ingest.text.review.likeness import Likeness, Quote, Vectors, cosines, fold_quote, load_likeness
from ingest.text.taxonomy import UNKNOWN

_AT_ONCE = 1000  # quotes compared in one step, which bounds the memory it takes
_REMEMBERED = 100_000  # quotes whose nearest is known without comparing again
_SHARED = 0.5  # of the words of the shorter quote: from there on a correction is about a span


@dataclass(frozen=True, slots=True)
class Named:
    """The cause of a quote; `read_as` and `decided_by` where a judgement made it so."""

    cause: str
    read_as: str | None = None
    decided_by: str | None = None


class Namer:
    """Names the causes of quotes by the judgements there are."""

    def __init__(self, judgements: Judgements, likeness: Callable[[], Likeness] = load_likeness) -> None:
        self.judgements = judgements
        self._load = likeness
        self._samples = [judgements.placed[name] for name in sorted(judgements.placed)]
        self._vectors: Vectors = None
        self._nearest: dict[Quote, Placed | None] = {}

    def place(self, quotes: Sequence[Quote]) -> list[Placed | None]:
        """Return where each rejected quote belongs: as it was put, or as the nearest that was."""
        if not self._samples:
            return [None] * len(quotes)
        put = [self.judgements.placed.get(fold_quote(quote.words)) for quote in quotes]
        self._compare([quote for quote, placed in zip(quotes, put, strict=True) if placed is None])
        return [placed or self._nearest[quote] for quote, placed in zip(quotes, put, strict=True)]

    def _compare(self, quotes: Sequence[Quote]) -> None:
        """Find the nearest judged quote of each, if that is near enough."""
        if len(self._nearest) > _REMEMBERED:
            self._nearest.clear()
        new = [quote for quote in dict.fromkeys(quotes) if quote not in self._nearest]
        if not new:
            return
        likeness = self._load()
        if self._vectors is None:
            self._vectors = likeness.embed([placed.quote for placed in self._samples])
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            for quote, row in zip(some, cosines(likeness.embed(some), self._vectors), strict=True):
                best = int(row.argmax())
                self._nearest[quote] = self._samples[best] if row[best] >= likeness.near else None

    def name(self, complaint: str, spans: Sequence[tuple[Quote, str]]) -> list[Named]:
        """Return the cause of each span of a complaint, given as quote and the cause that was read."""
        named = [Named(read) for _, read in spans]
        rejected = [i for i, (_, read) in enumerate(spans) if read == UNKNOWN]
        for i, placed in zip(rejected, self.place([spans[i][0] for i in rejected]), strict=True):
            if placed is not None and self.judgements.groups[placed.group].state == "cause":
                named[i] = Named(placed.group, UNKNOWN, placed.by)
        for correction in self.judgements.corrections.get(complaint, ()):
            place = _find_corrected(correction, [quote for quote, _ in spans])
            cause = self.judgements.resolve(correction.cause)
            if place is not None and self.judgements.stands(cause):
                read = spans[place][1]
                named[place] = Named(cause, read if cause != read else None, correction.by)
        return named


def _find_corrected(correction: Correction, quotes: Sequence[Quote]) -> int | None:
    """Return the quote that a correction is about: it shares most words with it, and at least half."""
    wanted = set(fold_quote(correction.quote.words).split())
    best, place = _SHARED, None
    for i, quote in enumerate(quotes):
        words = set(fold_quote(quote.words).split())
        shared = len(wanted & words) / max(1, min(len(wanted), len(words)))
        exact = words == wanted
        if shared + exact > best or (place is None and shared >= best):
            best, place = shared + exact, i
    return place


def load_namer(reader: Reader, likeness: Callable[[], Likeness] = load_likeness) -> Namer:
    """Return what names causes by the judgements in a store."""
    return Namer(replay(reader.decisions(TOPIC)), likeness)
