"""What is reported: root causes that explain themselves, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from algorithms.considered import Considered
from algorithms.evidence import Evidence, Stated
from algorithms.rootcauses import spell_condition
from algorithms.timing import Rising


@dataclass(frozen=True)
class PatternPart:
    """One condition of a pattern: what a path leads to, compared with a value (plain JSON)."""

    path: str
    op: str
    value: Any

    def __str__(self) -> str:
        return spell_condition(self.path, self.op, self.value)


@dataclass(frozen=True)
class Dose:
    """A range of a number or date, and the complaints of the units in it."""

    op: str
    value: Any
    exposed: int
    complaints: int
    rate: float


@dataclass(frozen=True)
class Finding:
    """A root cause that explains itself. Money is by currency, shares are 0 to 1.

    `title` is the pattern in words, by language.
    """

    rank: int
    id: str
    title: dict[str, str]
    pattern: tuple[PatternPart, ...]
    aliases: tuple[tuple[PatternPart, ...], ...]
    complaints: int
    customers: int
    cumulative_customers: int
    exposed: int
    rate: float
    base_rate: float
    lift: float
    lift_low: float
    lift_high: float
    q_value: float
    coverage: float
    cumulative_coverage: float
    onset: date | None
    onset_low: date | None
    onset_high: date | None
    onset_ratio: float | None
    ended: date | None
    trend: str | None
    trend_ratio: float | None
    trend_low: float | None
    trend_high: float | None
    emerging: Rising | None
    monthly: tuple[tuple[str, int], ...]
    money: dict[str, Decimal] | None
    cumulative_money: dict[str, Decimal] | None
    dose: tuple[Dose, ...]
    stated: tuple[Stated, ...]
    evidence: tuple[Evidence, ...]
    explanation: dict[str, str]


@dataclass(frozen=True)
class Findings:
    """The root causes of a unit's complaints, and what stays outside them.

    `complaints` are those joined to a unit of which more is known than that it complained;
    `unlinked` are the others. `unexplained` of the complaints lie in no root cause. `considered` are
    the paths looked at for features, used or not.
    """

    unit: str
    complaints: int
    unlinked: int
    units: int
    features: int
    unexplained: int
    root_causes: tuple[Finding, ...]
    considered: tuple[Considered, ...]
