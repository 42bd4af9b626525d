"""Typed paths: how a unit of exposure is joined to what may explain its complaints.

A path is written as it is walked: `Order-SOLD_BY->Seller` (which seller), `Order<-PLACED-Customer.segment`
(a property at its end), `count(Order-SOLD_BY->Seller)` (how many).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from schema.errors import UsageError
from schema.kinds import Direction, Triple
from schema.vocabulary import Vocabulary

_STEP = re.compile(r"(?:-(?P<out>[A-Z0-9_]+)->|<-(?P<in>[A-Z0-9_]+)-)(?P<kind>[A-Za-z0-9]+)")
_PATH = re.compile(
    r"(?:(?P<fold>[a-z]+)\()?(?P<unit>[A-Za-z0-9]+)(?P<steps>[^.()]*)(?:\.(?P<property>\w+))?\)?"
)


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

    `fold` is how several values become one: "count" of nodes, "max" of numbers or dates, or "".
    """

    unit: str
    steps: tuple[Step, ...] = ()
    name: str = ""
    fold: str = ""

    @property
    def kind(self) -> str:
        """The kind at the end."""
        return self.steps[-1].to if self.steps else self.unit

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds on the way, the unit first."""
        return (self.unit, *(step.to for step in self.steps))

    def __str__(self) -> str:
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
    match = _PATH.fullmatch(text.strip())
    if match is None or (match["fold"] and not text.endswith(")")):
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
    return replace(path, name=name, fold=match["fold"] or "")


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
