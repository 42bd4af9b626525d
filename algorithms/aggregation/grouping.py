"""What nodes are grouped by: a property, a node at the end of a path, a period, a range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

import numpy as np

from algorithms.aggregation.arrays import read_path
from algorithms.aggregation.wording import say
from schema import VALUE_TYPES, Amount, UsageError, Vocabulary
from schema.paths import DATES, NUMBERS, Path

Period = Literal["day", "week", "month", "quarter", "year"]
PERIODS: tuple[Period, ...] = get_args(Period)
_FOLDED = ("count", "sum", "max", "min", "gap")


@dataclass(frozen=True)
class Grouping:
    """What to group by: the end of a path from the kind (see `schema.paths`).

    `path`: the name of a property (`language`), or a path to a property or a node
    (`Complaint-ATTRIBUTED_TO->Cause`), or one number a node (`count(Customer-FILED->Complaint)`).
    `per`: dates and times by the period that they lie in, in UTC; weeks begin on Monday.
    `width`: numbers by ranges [k width, (k + 1) width). `edges`: by ranges between these, ascending, and
    beyond them on either side. Sums of money are grouped within their currency.
    """

    path: str
    per: Period | None = None
    width: float | None = None
    edges: tuple[float, ...] = ()

    def read(self, kind: str, vocabulary: Vocabulary) -> Path:
        """Return the path from a kind; `UsageError` says what is wrong with it, or with period and ranges."""
        path = read_path(self.path, kind, vocabulary)
        type_ = find_type(path, vocabulary)
        if path.fold and path.fold not in _FOLDED:
            raise UsageError(f"{self.path!r}: nothing is grouped by {path.fold}", hint=", ".join(_FOLDED))
        if self.per is not None:
            if self.per not in PERIODS:
                raise UsageError(f"there is no period {self.per!r}", hint=f"one of {', '.join(PERIODS)}")
            if type_ not in DATES:
                raise UsageError(f"{self.path!r} is no date: it lies in no {self.per}")
        if self.width is not None or self.edges:
            self._check_ranges(type_)
        return path

    def _check_ranges(self, type_: str) -> None:
        if type_ not in NUMBERS:
            raise UsageError(f"{self.path!r} is no number: it lies in no range")
        if self.width is not None and (self.edges or not np.isfinite(self.width) or self.width <= 0):
            raise UsageError(f"{self.path!r}: ranges have a width greater than 0, or edges")
        if not all(np.isfinite(self.edges)) or any(np.diff(self.edges) <= 0):
            raise UsageError(f"{self.path!r}: edges of ranges are ascending numbers")


def find_type(path: Path, vocabulary: Vocabulary) -> str:
    """Return the type of the value at the end of a path, "node" where it is a node."""
    if path.fold in ("count", "gap"):
        return "integer"
    return vocabulary.get_kind(path.kind).properties[path.name].type if path.name else "node"


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to below `high` (None: no end), of one currency where they are money."""

    low: float | None
    high: float | None
    currency: str = ""

    def __str__(self) -> str:
        ends = [
            None if end is None else f"{Decimal(repr(end)):f}".removesuffix(".0")
            for end in (self.low, self.high)
        ]
        low, high = ends
        spelled = f"< {high}" if low is None else f">= {low}" if high is None else f"{low} – {high}"
        return f"{spelled} {self.currency}".rstrip()


@dataclass(frozen=True)
class Group:
    """One value of a grouping, None where there is none.

    A node is its key, with its `caption`; a period is its first day; a range is a `Range`.
    """

    value: Any
    caption: str | None = None
    per: Period | None = None
    # The caption by language, where it differs.
    spoken: Mapping[str, str] = field(default_factory=dict, compare=False)

    def label(self, language: str = "en") -> str:
        """Return it as people read it."""
        value = self.value
        if value is None:
            return say("none", language)
        if self.caption is not None:
            return self.spoken.get(language, self.caption)
        if self.per is not None:
            return spell_period(value, self.per)
        if isinstance(value, bool):
            return say("yes" if value else "no", language)
        if isinstance(value, float):
            return VALUE_TYPES["number"]().caption(value)
        return str(value) if not hasattr(value, "tzinfo") else VALUE_TYPES["time"]().caption(value)


def spell_period(first: date, per: Period) -> str:
    """Return a period, given by its first day, as in ISO 8601: 2026-03, 2026-W10; quarters as 2026-Q1."""
    if per == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    if per == "quarter":
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return first.isoformat()[: {"day": 10, "month": 7, "year": 4}[per]]


def find_periods(days: Sequence[int] | np.ndarray[Any, Any], per: Period) -> np.ndarray[Any, Any]:
    """Return the first days (since 1970) of the periods that days lie in."""
    dates = np.asarray(days, np.int64).astype("datetime64[D]")
    if per == "week":
        numbers = dates.astype(np.int64)
        return np.asarray(numbers - (numbers + 3) % 7, np.int64)  # 1970 began on a Thursday
    if per == "quarter":
        months = dates.astype("datetime64[M]").astype(np.int64)
        dates = (months // 3 * 3).astype("datetime64[M]")
    elif per != "day":
        dates = dates.astype(f"datetime64[{per[0].upper()}]")
    return np.asarray(dates.astype("datetime64[D]").astype(np.int64))


def as_amount(value: Decimal | None, currency: str | None) -> Amount | None:
    """Return a sum of money, None where there is none."""
    return None if value is None or currency is None else Amount(value, currency)
