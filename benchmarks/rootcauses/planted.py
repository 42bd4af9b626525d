"""A table with causes planted in it, which of them the data show, and how an answer is scored."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from algorithms.rootcauses import Feature, FeatureKind, Pattern, UnitTable
from algorithms.rootcauses.score import Likelihood
from algorithms.rootcauses.space import Space

Mask = NDArray[np.bool_]
ALIKE = 0.7  # Jaccard index from which a cover is that of a planted cause
PROOF = math.log(100)
Name = frozenset[tuple[str, str, object]]


@dataclass(frozen=True)
class Planted:
    """A planted cause: what it is called, the units that the table shows in it, and its price.

    `name`: feature, op and value of each condition. A condition on several values is `in`.
    """

    name: Name
    held: Mask

    @property
    def features(self) -> set[str]:
        return {feature for feature, _, _ in self.name}


@dataclass(frozen=True)
class Answer:
    """What a method says: a name and the units of each of its patterns, with intervals if it has any."""

    name: Name
    members: Mask
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Trial:
    table: UnitTable
    causes: list[Planted]
    chance: NDArray[np.float64]

    def find_shown(self) -> list[Planted]:
        """The causes whose ratio, others left out, exceeds their description price by ln 100."""
        space = Space(self.table, max_order=3, min_units=5)
        prices = {axis.feature.name: axis for axis in space.axes}
        shown = []
        for i, cause in enumerate(self.causes):
            others = [other.held for j, other in enumerate(self.causes) if j != i]
            alive = ~np.any(others or [cause.held & False], axis=0)
            y, inside = self.table.outcomes, cause.held & alive
            ratio = Likelihood(True).compare(
                float(y[inside].sum()), float(inside.sum()), float(y[alive].sum()), float(alive.sum())
            )
            price = space.find_price(len(cause.name))
            for feature, op, value in cause.name:
                axis = prices.get(feature)
                if axis is None:
                    price = math.inf
                    break
                count = len(axis.low)
                if op == "in":
                    many = len(value)  # type: ignore[arg-type]
                    price += math.log(2 * many) + math.log(math.comb(count, many))
                elif axis.feature.kind in (FeatureKind.NUMBER, FeatureKind.DATE):
                    price += float(axis.price.max() if op == "between" else axis.price.min())
                else:
                    price += math.log(count)
            if float(ratio) - price > PROOF:
                shown.append(cause)
        return shown


@dataclass
class Tally:
    """Hits and misses over trials; prints as a row."""

    planted: int = 0
    hit: int = 0
    shown: int = 0
    hit_shown: int = 0
    reported: int = 0
    true: int = 0
    inside: int = 0
    intervals: int = 0
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, trial: Trial, answers: list[Answer], *, exact: bool, label: str = "") -> None:
        """Counts the answers to a trial: by name where `exact`, else by cover."""
        shown = trial.find_shown()
        names = {answer.name for answer in answers}

        def fits(cause: Planted, answer: Answer) -> bool:
            return cause.name == answer.name if exact else jaccard(cause.held, answer.members) >= ALIKE

        self.planted += len(trial.causes)
        self.shown += len(shown)
        self.reported += len(answers)
        for cause in trial.causes:
            hit = any(fits(cause, answer) for answer in answers)
            self.hit += hit
            if any(cause is one for one in shown):
                self.hit_shown += hit
                if not hit:
                    self.errors.append(
                        f"{label} missed {spell(cause.name)}; said {[spell(n) for n in names]}"
                    )
        for answer in answers:
            true = any(fits(cause, answer) for cause in trial.causes)
            self.true += true
            if not true:
                best = max((jaccard(c.held, answer.members), spell(c.name)) for c in trial.causes)
                self.errors.append(f"{label} false {spell(answer.name)}; nearest {best[0]:.2f} {best[1]}")
            if answer.interval is not None:
                held, low_high = answer.members, answer.interval
                ratio = trial.chance[held].mean() / trial.chance[~held].mean()
                self.intervals += 1
                self.inside += low_high[0] <= ratio <= low_high[1]

    def row(self) -> str:
        recall, precision = self.hit_shown / max(1, self.shown), self.true / max(1, self.reported)
        both = 2 * self.hit * precision / max(1e-9, self.hit + self.planted * precision)
        said = f"{self.inside / self.intervals:6.3f} of {self.intervals:3}" if self.intervals else " " * 13
        return (
            f"{recall:6.3f} of {self.shown:3} | {precision:6.3f} of {self.reported:4} | "
            f"{self.hit / max(1, self.planted):5.2f} | {both:4.2f} | {said} | {np.median(self.seconds):6.2f}"
        )


HEADINGS = (
    " recall of shown | precision      |  all  |  F1  | true lift in  | CPU s\n"
    "                 |                |       | (all)| the interval  |"
)


def jaccard(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def spell(name: Name) -> str:
    return " & ".join(f"{f} {op} {v}" for f, op, v in sorted(name, key=str))


def name_pattern(pattern: Pattern) -> Name:
    parts = [
        (part.feature, part.op, frozenset(part.value) if part.op == "in" else part.value) for part in pattern
    ]
    return frozenset(parts)


def mark(members: NDArray[np.int64], units: int) -> Mask:
    held = np.zeros(units, dtype=np.bool_)
    held[members] = True
    return held


def disturb(rng: np.random.Generator, feature: Feature, wrong: float) -> Feature:
    """The feature with a share of its cells replaced by those of other units at random."""
    if wrong == 0:
        return feature
    replaced = rng.random(len(feature)) < wrong
    order = rng.permutation(len(feature))
    return Feature(
        feature.name,
        feature.kind,
        np.where(replaced, feature.values[order], feature.values),
        feature.labels,
    )
