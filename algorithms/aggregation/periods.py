"""The periods of a trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from algorithms.aggregation.grouping import Period, find_periods, spell_period
from algorithms.reach import Indices
from algorithms.timing import FOREVER, as_date
from schema import LimitError, UsageError

MOST = 20_000
_LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods that follow one another. Days are numbers since 1970.

    `firsts`: the first day of each. `bounds`: the same, and the day after the last, but cut to the days that
    are looked at. `lengths`: days of each, uncut.
    """

    per: Period
    firsts: Indices
    bounds: Indices
    lengths: Indices

    def __len__(self) -> int:
        return len(self.firsts)

    def find(self, days: Indices) -> Indices:
        """Return the place of the period of each day, -1 of one outside."""
        places = np.searchsorted(self.bounds, days, "right") - 1
        return np.where((days >= self.bounds[0]) & (days < self.bounds[-1]), places, -1)

    def label(self, place: int) -> tuple[date, str]:
        """Return the first day of a period, and the period as people read it."""
        first = as_date(int(self.firsts[place]))
        return first, spell_period(first, self.per)


def lay_periods(per: Period, days: Indices, since: date | None, until: date | None) -> Periods:
    """Return the periods from `since` to `until`, by default from the first to the last of some days.

    `LimitError` if there are more than `MOST`. There are none without a day.
    """
    known = days[days > -FOREVER]
    first = _number(since) if since is not None else int(known.min()) if len(known) else None
    last = _number(until) if until is not None else int(known.max()) if len(known) else None
    if since is not None and until is not None and since > until:
        raise UsageError(f"no period lies from {since} to {until}", hint="turn them round")
    if first is None or last is None or first > last:
        empty = np.zeros(0, np.int64)
        return Periods(per, empty, np.array([0, 0]), empty)
    if (last - first) // _LONGEST[per] > MOST:
        raise LimitError(
            f"{as_date(first)} to {as_date(last)} are more than {MOST:,} periods",
            hint="name since and until, or longer periods",
        )
    # Far enough for the period behind the last to begin.
    firsts = np.unique(find_periods(np.arange(first, last + 1 + _LONGEST[per]), per))
    firsts = firsts[: int(np.searchsorted(firsts, last, "right")) + 1]
    bounds = np.clip(firsts, first, last + 1)
    return Periods(per, firsts[:-1], bounds, np.diff(firsts))


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
