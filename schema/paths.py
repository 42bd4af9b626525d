"""Typed paths: how a unit of exposure is joined to what may explain its complaints.

A path is written as it is walked: `Order-SOLD_BY->Seller` (which seller), `Order<-PLACED-Customer.segment`
(a property at its end). Where it leads to several nodes, a fold makes one value of them:
`count(Order-SOLD_BY->Seller)`, `sum(Order<-PAYS-Payment.amount)`. A gap is the days between two dates:
`gap(Order.promised_on, Order.delivered_at)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from schema.errors import UsageError
from schema.kinds import Direction, NodeKind, Property, Sensitivity, Triple
from schema.vocabulary import CAUSE, COMPLAINT, RECORD, Vocabulary

_STEP = re.compile(r"(?:-(?P<out>[A-Z0-9_]+)->|<-(?P<in>[A-Z0-9_]+)-)(?P<kind>[A-Za-z0-9]+)")
_WALKED = re.compile(r"(?P<unit>[A-Za-z0-9]+)(?P<steps>[^.(),]*)(?:\.(?P<property>\w+))?")
_FOLDED = re.compile(r"(?P<fold>[A-Za-z_]+)\((?P<inner>.*)\)")
GAP = "gap"
NUMBERS = ("integer", "number", "money")
DATES = ("date", "time")
# The types of property that a fold is of; () is a fold of nodes, which takes no property.
FOLDS: dict[str, tuple[str, ...]] = {
    "count": (),
    "sum": NUMBERS,
    "max": NUMBERS + DATES,
    "min": NUMBERS + DATES,
    "latest": (*NUMBERS, *DATES, "text", "boolean"),
    GAP: DATES,
}
# What exists only because somebody complained, or is written by us, explains nothing.
NEVER = frozenset((COMPLAINT, CAUSE, RECORD, "Action", "RootCause"))


@dataclass(frozen=True)
class Step:
    """A triple walked in a direction."""

    triple: Triple
    direction: Direction

    @property
    def to(self) -> str:
        """The kind that the step leads to."""
        return self.triple.end if self.direction is Direction.OUT else self.triple.start

    def __str__(self) -> str:
        if self.direction is Direction.OUT:
            return f"-{self.triple.type}->{self.triple.end}"
        return f"<-{self.triple.type}-{self.triple.start}"


@dataclass(frozen=True)
class Path:
    """Steps from a unit, and what is looked at where they lead: a property by `name`, or which node it is.

    `fold` is how several values become one (a name in `FOLDS`), or "". A gap has no steps of its own:
    it lies between the dates at the two `ends`, of which each may be folded by `min` or `max`.
    """

    unit: str
    steps: tuple[Step, ...] = ()
    name: str = ""
    fold: str = ""
    ends: tuple[Path, ...] = ()

    @property
    def kind(self) -> str:
        """The kind at the end."""
        return self.steps[-1].to if self.steps else self.unit

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds on the way, the unit first."""
        return (self.unit, *(step.to for step in self.every_step))

    @property
    def every_step(self) -> tuple[Step, ...]:
        """The steps, those to both ends where it is a gap."""
        return (*self.steps, *(step for end in self.ends for step in end.steps))

    @property
    def walked(self) -> Path:
        """The steps alone."""
        return Path(self.unit, self.steps)

    def __str__(self) -> str:
        if self.ends:
            return f"{self.fold}({', '.join(map(str, self.ends))})"
        walked = self.unit + "".join(map(str, self.steps)) + (f".{self.name}" if self.name else "")
        return f"{self.fold}({walked})" if self.fold else walked

    def then(self, step: Step) -> Path:
        """Return this path with one more step."""
        return replace(self, steps=(*self.steps, step))

    def at(self, name: str, fold: str = "") -> Path:
        """Return this path, looking at a property of its end."""
        return replace(self, name=name, fold=fold)


def parse_path(text: str, vocabulary: Vocabulary) -> Path:
    """Return the path that a text names; `UsageError` says what is wrong with it."""
    stripped = text.strip()
    match = _FOLDED.fullmatch(stripped)
    if match is None:
        return _read_walked(stripped, text, vocabulary)
    fold = match["fold"]
    if fold not in FOLDS:
        raise UsageError(f"{text!r}: there is no fold {fold!r}", hint=f"one of {', '.join(FOLDS)}")
    if fold == GAP:
        return _read_gap(match["inner"], text, vocabulary)
    path = replace(_read_walked(match["inner"].strip(), text, vocabulary), fold=fold)
    _check_fold(path, text, vocabulary)
    return path


def _read_walked(walked: str, text: str, vocabulary: Vocabulary) -> Path:
    """Return a path without a fold."""
    match = _WALKED.fullmatch(walked)
    if match is None:
        raise UsageError(f"{text!r} is no path", hint="such as Order-SOLD_BY->Seller.state")
    kind = vocabulary.get_kind(match["unit"]).name
    path, rest = Path(kind), match["steps"]
    while rest:
        step = _STEP.match(rest)
        if step is None:
            raise UsageError(
                f"{text!r}: {rest!r} is no step", hint="such as -SOLD_BY->Seller or <-PLACED-Customer"
            )
        if step["out"]:
            triple = vocabulary.get_triple(path.kind, step["out"], step["kind"])
            path = path.then(Step(triple, Direction.OUT))
        else:
            triple = vocabulary.get_triple(step["kind"], step["in"], path.kind)
            path = path.then(Step(triple, Direction.IN))
        rest = rest[step.end() :]
    name = match["property"] or ""
    if name and name not in vocabulary.get_kind(path.kind).properties:
        known = ", ".join(vocabulary.get_kind(path.kind).properties)
        raise UsageError(f"{text!r}: {path.kind} has no property {name!r}", hint=f"one of {known}")
    return replace(path, name=name)


def _read_gap(inner: str, text: str, vocabulary: Vocabulary) -> Path:
    parts = [part.strip() for part in inner.split(",")]
    if len(parts) != 2:
        raise UsageError(
            f"{text!r}: a gap lies between two dates",
            hint="such as gap(Order.promised_on, Order.delivered_at)",
        )
    ends = []
    for part in parts:
        match = _FOLDED.fullmatch(part)
        if match is not None and match["fold"] not in ("min", "max"):
            raise UsageError(f"{text!r}: {part!r} is no end of a gap", hint="a date, or min or max of dates")
        end = _read_walked(part if match is None else match["inner"].strip(), text, vocabulary)
        _check_fold(replace(end, fold=GAP), text, vocabulary)
        ends.append(replace(end, fold=match["fold"] if match else ""))
    if ends[0].unit != ends[1].unit:
        raise UsageError(f"{text!r}: both ends of a gap begin at one unit", hint=f"begin with {ends[0].unit}")
    return Path(ends[0].unit, fold=GAP, ends=tuple(ends))


def _check_fold(path: Path, text: str, vocabulary: Vocabulary) -> None:
    """Refuse a fold of what it cannot fold."""
    types, kind = FOLDS[path.fold], vocabulary.get_kind(path.kind)
    if not types:
        if path.name:
            raise UsageError(f"{text!r}: {path.fold} is of nodes", hint=f"leave out .{path.name}")
        return
    if not path.name:
        fitting = [p.name for p in kind.properties.values() if p.type in types]
        raise UsageError(
            f"{text!r}: {path.fold} is of a property", hint=f"add one of {', '.join(fitting) or 'none'}"
        )
    if kind.properties[path.name].type not in types:
        raise UsageError(
            f"{text!r}: {path.name} is of type {kind.properties[path.name].type}",
            hint=f"{path.fold} is of {', '.join(types)}",
        )
    if path.fold == "latest" and not find_dates(kind):
        raise UsageError(f"{text!r}: a {path.kind} has no date to be the latest by", hint="max, min or count")


def is_telling(p: Property) -> bool:
    """Return whether a property may explain something: it is public, and no name of somebody."""
    return p.sensitivity is Sensitivity.PUBLIC and p.type in FOLDS["latest"]


def find_dates(kind: NodeKind) -> list[Property]:
    """Return the public dates and times of a kind, in the order of declaration."""
    public = (p for p in kind.properties.values() if p.sensitivity is Sensitivity.PUBLIC)
    return [p for p in public if p.type in DATES]


def walk(vocabulary: Vocabulary, unit: str, depth: int, allowed: Callable[[Step], bool]) -> Iterator[Path]:
    """Yield the paths from a unit, shorter ones first, that visit no kind twice."""
    rim = [Path(unit)]
    for _ in range(depth):
        following = []
        for path in rim:
            for triple, direction in vocabulary.steps(path.kind):
                step = Step(triple, direction)
                if step.to not in path.kinds and allowed(step):
                    following.append(path.then(step))
        yield from following
        rim = following
