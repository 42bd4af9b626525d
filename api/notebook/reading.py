"""Short texts for conditions, groups and measures: `language = es`, `month(filed_at)`, `mean(score)`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from algorithms import parse_condition
from algorithms.aggregation import OPS, PERIODS, Grouping, Measure
from graph import Condition, Linked, Not, Where
from schema import ATTRIBUTED_TO, COMPLAINT, Direction, Triple, UsageError, Vocabulary

Conditions = str | Condition | Sequence[str | Condition]
Groupings = str | Grouping | Sequence[str | Grouping] | Mapping[str, str | Grouping]
Measures = str | Measure | Sequence[str | Measure]

_CALL = re.compile(r"\s*(?P<name>[a-z]+)\s*\((?P<of>.*)\)\s*", re.DOTALL)
_QUANTILE = re.compile(r"(?P<of>.*),\s*(?P<q>[\d.]+)\s*")
_TRIPLE = re.compile(r"\s*(\w+)-(\w+)->(\w+)\s*")
_OPERATORS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def read_conditions(given: Conditions, kind: str, vocabulary: Vocabulary) -> list[Condition]:
    """Return conditions on a kind; a text is one as `motivo causes --where` takes."""
    several = [given] if isinstance(given, str) or not isinstance(given, Sequence) else given
    return [_read_condition(each, kind, vocabulary) if isinstance(each, str) else each for each in several]


def _read_condition(text: str, kind: str, vocabulary: Vocabulary) -> Condition:
    named = re.match(r"\s*[A-Z]\w*\.", text) is not None
    found = parse_condition(text if named else f"{kind}.{text.strip()}", vocabulary)
    if found.kind != kind:
        raise UsageError(f"{text!r} is no condition on a {kind}", hint="conditions are on the kind asked for")
    if kind == COMPLAINT and found.name == "cause":
        states = Linked(ATTRIBUTED_TO, Direction.OUT, [Where("key", "eq", found.value)])
        return states if found.op == "=" else Not(states)
    return Where(found.name, _OPERATORS[found.op], found.value)  # type: ignore[arg-type]


def read_groupings(given: Groupings) -> dict[str, Grouping]:
    """Return groupings by the names of their columns; a text is a path, or `month(filed_at)`."""
    if isinstance(given, Mapping):
        return {name: _read_grouping(each) for name, each in given.items()}
    several = [given] if isinstance(given, str | Grouping) else given
    named: dict[str, Grouping] = {}
    for grouping in map(_read_grouping, several):
        short = grouping.per or re.split(r"[.>-]", grouping.path.rstrip(")"))[-1]
        name = short if short not in named else f"{short}_of_{grouping.path}"
        named[name] = grouping
    return named


def _read_grouping(given: str | Grouping) -> Grouping:
    if isinstance(given, Grouping):
        return given
    call = _CALL.fullmatch(given)
    for per in PERIODS:
        if call is not None and call["name"] == per:
            return Grouping(call["of"].strip(), per=per)
    return Grouping(given.strip())


def read_measures(given: Measures) -> list[Measure]:
    """Return measures; a text is `count`, `mean(score)`, `median(score)`, `quantile(score, 0.9)`..."""
    several = [given] if isinstance(given, str | Measure) else given
    return [_read_measure(each) if isinstance(each, str) else each for each in several]


def _read_measure(text: str) -> Measure:
    call = _CALL.fullmatch(text)
    name, of = (text.strip(), "") if call is None else (call["name"], call["of"].strip())
    q = 0.5
    if name == "median":
        name = "quantile"
    elif name == "quantile" and (match := _QUANTILE.fullmatch(of)):
        of, q = match["of"].strip(), float(match["q"])
    for op in OPS:
        if op == name:
            return Measure(op, of, q)
    raise UsageError(f"there is no measure {text!r}", hint=f"{', '.join(OPS)} or median, as in mean(score)")


def read_triple(text: str, vocabulary: Vocabulary) -> Triple:
    """Return the triple that a text names, such as `Customer-FILED->Complaint`."""
    match = _TRIPLE.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} is no triple", hint="such as Customer-FILED->Complaint")
    return vocabulary.get_triple(*match.groups())
