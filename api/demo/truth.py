"""What was planted, and which reported root causes are it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Condition:
    """One condition of a pattern: the end of a path from the subscription, an operator, a value.

    A path that ends in a kind has the node's key as its value. `accept`, of a number, is the
    range of cuts that separate the same subscriptions well enough to say the same.
    """

    path: str
    op: str
    value: str | int
    accept: tuple[int, int] | None = None

    def is_met_by(self, literal: Mapping[str, Any]) -> bool:
        """Tell whether a literal of a reported pattern (`path`, `op`, `value`) says the same."""
        if _bare(str(literal["path"])) != _bare(self.path):
            return False
        op, value = literal["op"], literal["value"]
        if self.accept is None:
            single = value[0] if op == "in" and len(value) == 1 else value
            return op in ("=", "in") and str(single) == str(self.value)
        if op not in (">=", ">", "between"):
            return False
        low = value[0] if op == "between" else value
        return low is not None and self.accept[0] <= float(low) <= self.accept[1]


def _bare(path: str) -> str:
    """Return a path without an aggregate around it, `max(a.b)`, or spaces."""
    path = re.sub(r"\s", "", path)
    wrapped = re.fullmatch(r"[a-z_]+\((.+)\)", path)
    return wrapped[1] if wrapped else path


Pattern = tuple[Condition, ...]


@dataclass(frozen=True)
class PlantedCause:
    """A cause planted in the relations.

    `also`: other patterns that hold for the very same subscriptions. `told_as`: the cause id that
    most complaints of it tell of. `hit`: subscriptions that the pattern covers.
    `expected_complaints`: how many complaints the cause is expected to add; `complaints`: how many
    it did add, with those that name no subscription.
    """

    id: str
    title: Mapping[str, str]
    told_as: str
    pattern: Pattern
    hit: int
    expected_complaints: float
    complaints: int = 0
    also: tuple[Pattern, ...] = ()

    def is_told_by(self, reported: Sequence[Mapping[str, Any]]) -> bool:
        """Tell whether a reported pattern covers only subscriptions that this cause hits.

        Every condition must be there. One more narrows the pattern and stays true; one less lets
        innocent subscriptions in, so that the plan alone does not stand for the plan in a region.
        """
        return any(
            all(any(c.is_met_by(literal) for literal in reported) for c in pattern)
            for pattern in (self.pattern, *self.also)
        )


@dataclass(frozen=True)
class Label:
    """What a message is: a complaint or not, the cause it tells of first, the planted cause."""

    complaint: bool
    cause: str | None = None
    planted: str | None = None


@dataclass(frozen=True)
class Truth:
    """What a generated company holds. `labels` by the id of the message."""

    seed: int
    customers: int
    subscriptions: int
    messages: int
    complaints: int
    planted: tuple[PlantedCause, ...]
    labels: Mapping[str, Label] = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, as truth.json has them."""
        return asdict(self)


@dataclass(frozen=True)
class Match:
    """Reported root causes beside planted ones.

    `found`: planted id -> positions in the report, first the best rank; `missed`: planted ids;
    `false`: positions of reported root causes that are none of the planted.
    """

    found: Mapping[str, tuple[int, ...]]
    missed: tuple[str, ...]
    false: tuple[int, ...]


def match_planted(truth: Truth, root_causes: Sequence[Mapping[str, Any]]) -> Match:
    """Say which planted cause each reported root cause stands for, by its pattern or an alias.

    `root_causes` are objects of `motivo causes --json`, with `pattern` and perhaps `aliases`.
    """
    found: dict[str, tuple[int, ...]] = {}
    false = []
    for position, cause in enumerate(root_causes):
        patterns = [cause["pattern"], *cause.get("aliases", ())]
        stands_for = [p.id for p in truth.planted if any(p.is_told_by(q) for q in patterns)]
        for planted in stands_for:
            found[planted] = (*found.get(planted, ()), position)
        if not stands_for:
            false.append(position)
    missed = tuple(p.id for p in truth.planted if p.id not in found)
    return Match(found, missed, tuple(false))
