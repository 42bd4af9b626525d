"""What a root cause says: patterns of literals, the causes found, and what they leave over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Literal:
    """One condition on one feature.

    `op` is `=` (a set-valued feature: contains), `<`, `>=`, `between` (`value` is `(low, high)`,
    low inside and high outside), `in` (one of several values of a category, or single values of a
    number or date; `value` is a tuple) or `is_null` (`value` is None). Dates are `datetime` objects,
    whole numbers are `int`. A missing value meets `is_null` only.
    """

    feature: str
    op: str
    value: Any

    def __str__(self) -> str:
        return spell_condition(self.feature, self.op, self.value)


def spell_condition(name: str, op: str, value: Any) -> str:
    """Spell a condition as it is written: `plan = basic`, `1 <= age < 5`."""
    if op == "is_null":
        return f"{name} is null"
    if op == "between":
        return f"{value[0]} <= {name} < {value[1]}"
    if op == "in":
        return f"{name} in {', '.join(map(str, value))}"
    return f"{name} {op} {value}"


Pattern = tuple[Literal, ...]


@dataclass(frozen=True)
class DoseBin:
    """The units of a cause's other literals that lie in one range of its number or date."""

    literal: Literal
    exposed: int
    complaints: int
    rate: float


@dataclass(frozen=True, eq=False)
class RootCause:
    """A pattern whose units complain more than all others, and by how much.

    `members`: indices of the exposed units, int64, rising. `rate`, `base_rate`: complaints a unit
    of exposure among the exposed and among all that are not. `lift` = rate / base_rate, with its
    95 % interval given that the pattern was reported. `score`: log likelihood ratio with the
    units of the other causes left out, less the description price (nats); `q_value` comes from
    it. `coverage`: share of all complaints in the pattern; `cumulative_coverage`: in this or a
    cause of better rank.
    """

    rank: int
    pattern: Pattern
    aliases: tuple[Pattern, ...]
    members: NDArray[np.int64]
    complaints: int
    complaining_units: int
    exposed: int
    rate: float
    base_rate: float
    lift: float
    lift_low: float
    lift_high: float
    score: float
    q_value: float
    coverage: float
    cumulative_coverage: float
    dose: tuple[DoseBin, ...] | None = None


@dataclass(frozen=True)
class Considered:
    """How much was tried: features with any usable literal, literals, conjunctions counted."""

    features: int
    literals: int
    patterns: int


class Absence(StrEnum):
    """The first reason, in this order, that keeps a pattern from being a root cause of its own."""

    REPORTED = "reported"
    NO_UNITS = "no_units"
    FEW_COMPLAINTS = "few_complaints"
    ALIAS = "alias"
    NOT_RAISED = "not_raised"
    PRICE = "price"
    NOTHING_LEFT = "nothing_left"
    BETTER_NAMED = "better_named"


@dataclass(frozen=True)
class WhyNot:
    """The answer for one pattern, or for the best literal of a feature.

    `score`: log likelihood ratio less the description price, nats, all units in; `score_given`: with
    the units of the reported causes left out; `needed`: what a reported pattern exceeds. A score is
    None where the pattern has no raised rate there. `cause`: rank of the cause that takes its place.
    """

    pattern: Pattern
    reason: Absence
    complaints: int
    exposed: int
    lift: float | None
    score: float | None
    score_given: float | None
    needed: float
    cause: int | None = None


@dataclass(frozen=True)
class RootCauses:
    """The causes by rank, all complaints and units, and the complaints that lie in no cause.

    `why_not`: an answer to each pattern that was asked about.
    """

    causes: tuple[RootCause, ...]
    outcomes: int
    units: int
    unexplained: int
    considered: Considered
    why_not: tuple[WhyNot, ...] = ()
