"""What connectives say of the tagged spans: explicit or implicit, which explains which, effects.

Spans are (first, last) unit, inclusive. A connective never adds a span that the tagger did not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.text.connectives import Connective
from ingest.text.units import Units

Range = tuple[int, int]

_STRONG_REACH = 3  # units that may lie between a connective and its cause
_ASIDE_REACH = 8  # likewise where an aside follows it: "porque, según supe ayer, ..."
_WEAK_REACH = 0
_LONGEST_EFFECT = 25  # units
_SENTENCE_ENDS = frozenset(".!?\n…")
_CLAUSE_ENDS = frozenset(",;:()") | _SENTENCE_ENDS


@dataclass(slots=True)
class Relation:
    """A cause among its neighbours."""

    span: Range
    explicit: bool = False
    deeper_of: int | None = None


def split_spans(units: Units, spans: Sequence[Range], connectives: Sequence[Connective]) -> list[Range]:
    """Cut the strong connectives out of spans: what stands on each side is a statement of its own."""
    strong = [c for c in connectives if c.strong]
    pieces: list[Range] = []
    at = 0
    for first, last in spans:
        start = first
        while at < len(strong) and strong[at].last < first:
            at += 1
        inside = at
        while inside < len(strong) and strong[inside].first <= last:
            _keep(units, pieces, start, strong[inside].first - 1)
            start = strong[inside].last + 1
            inside += 1
        _keep(units, pieces, start, last)
    return pieces


def _keep(units: Units, pieces: list[Range], first: int, last: int) -> None:
    piece = units.trim(first, last)
    if piece is not None:
        pieces.append(piece)


def relate_spans(
    units: Units, spans: Sequence[Range], connectives: Sequence[Connective]
) -> tuple[list[Relation], list[Range]]:
    """Give each span its relation, in order, and the effects that connectives tie to spans."""
    relations = [Relation(span) for span in spans]
    effects: list[Range] = []
    by_unit = {unit: k for k, (first, last) in enumerate(spans) for unit in range(first, last + 1)}
    for connective in connectives:
        within = by_unit.get(connective.first - 1)
        if within is not None and within == by_unit.get(connective.last + 1):
            continue  # a weak one amid a span: the tagger saw one statement
        k = _find_cause(units, connective, by_unit)
        if k is None:
            continue
        relations[k].explicit = True
        region = _find_effect(units, connective, spans[k])
        if region is None:
            continue
        failures = [by_unit[u] for u in range(region[0], region[1] + 1) if by_unit.get(u, k) != k]
        if not failures:
            pieces = [p for p in split_spans(units, [region], connectives) if p[1] > p[0]]
            if pieces:  # nearest to the connective
                effects.append(pieces[0] if region[0] > connective.last else pieces[-1])
        elif relations[k].deeper_of is None:
            # before its reason the nearest failure is the last one, after it the first
            nearest = failures[-1] if region[1] < spans[k][0] else failures[0]
            if not _leads_to(relations, nearest, k):
                relations[k].deeper_of = nearest
    return relations, _drop_overlaps(sorted(set(effects)))


def _drop_overlaps(ranges: Sequence[Range]) -> list[Range]:
    """Keep of ranges in order those that begin after the last one kept."""
    kept: list[Range] = []
    for found in ranges:
        if not kept or found[0] > kept[-1][1]:
            kept.append(found)
    return kept


def _leads_to(relations: Sequence[Relation], start: int, target: int) -> bool:
    """Tell whether the chain of explanations from `start` ends up at `target`."""
    at: int | None = start
    while at is not None:
        if at == target:
            return True
        at = relations[at].deeper_of
    return False


def _find_cause(units: Units, connective: Connective, by_unit: dict[int, int]) -> int | None:
    """Find the span that stands right beside the connective, on its side."""
    reach = _STRONG_REACH if connective.strong else _WEAK_REACH
    if connective.cause == "after":
        if connective.strong and units.words[connective.last + 1 : connective.last + 2] == (",",):
            reach = _ASIDE_REACH
        for unit in range(connective.last + 1, min(connective.last + 2 + reach, len(units))):
            if unit in by_unit:
                return by_unit[unit]
            if units.words[unit] in _SENTENCE_ENDS:
                return None
        return None
    reach = max(reach, 1)  # a comma, or the full stop of "... . Por eso ..."
    for unit in range(connective.first - 1, max(connective.first - 2 - reach, -1), -1):
        if unit in by_unit:
            return by_unit[unit]
    return None


def _find_effect(units: Units, connective: Connective, cause: Range) -> Range | None:
    """Find the clause on the other side: before "because", after "so", after "Since X, "."""
    if connective.cause == "before":
        return _read_forward(units, connective.last + 1)
    opens = connective.first == 0 or units.words[connective.first - 1] in _SENTENCE_ENDS
    if opens:
        after = cause[1] + 1
        if after < len(units) and units.words[after] == ",":
            return _read_forward(units, after + 1)
        return None
    return _read_backward(units, connective.first - 1)


def _read_forward(units: Units, start: int) -> Range | None:
    while start < len(units) and units.words[start] in ",;:":
        start += 1
    stop = start
    while stop < min(len(units), start + _LONGEST_EFFECT) and not _ends(units, stop, stop - start):
        stop += 1
    return _long_enough(units, start, stop - 1)


def _read_backward(units: Units, last: int) -> Range | None:
    while last >= 0 and units.words[last] in ",;:":
        last -= 1
    first = last
    while first >= max(0, last - _LONGEST_EFFECT) and not _ends(units, first, last - first):
        first -= 1
    return _long_enough(units, first + 1, last)


def _ends(units: Units, unit: int, read: int) -> bool:
    """Tell whether a clause ends at a unit; a comma within its first three units does not end it."""
    word = units.words[unit]
    return word in _SENTENCE_ENDS or (word in _CLAUSE_ENDS and read >= 3)


def _long_enough(units: Units, first: int, last: int) -> Range | None:
    region = units.trim(first, last)
    return region if region is not None and region[1] > region[0] else None
