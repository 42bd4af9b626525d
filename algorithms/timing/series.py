"""Complaints day by day: those inside a cause beside those of all others, and what was there to complain.

How many come on a day depends on the season, on who collects them, and on how many units exist and how
old they are. The others share the first two; the rest is counted where it is known when units began.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

AGES = np.array(
    [0, 1, 2, 4, 7, 10, 14, 21, 28, 42, 56, 84, 112, 168, 224, 336, 504]
)  # first days of ages told apart
UNKNOWN = len(AGES)  # the age of a unit of which nobody knows when it began
FOREVER = 10**7
WEIGHT = 5.0  # complaints that the profile of the others counts for in a profile of the inside's own
WEEKDAY = 20.0  # the same, of weekdays


def day_numbers(moments: npt.NDArray[np.datetime64]) -> Days:
    """Return moments as days since 1970; NaT is `-FOREVER`."""
    days = moments.astype("datetime64[D]")
    return np.where(np.isnat(days), -FOREVER, days.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Group:
    """Some units and their complaints, days as numbers since 1970.

    `filed`: day of each complaint; `units`: how many there are; `of`: the unit of each complaint, a
    position in `begins` and `ends`, the first and last days of units (`-FOREVER`, `FOREVER`: not known).
    Without `begins`, units are taken to have been there all the time.
    """

    filed: Days
    units: int = 1
    of: Days | None = None
    begins: Days | None = None
    ends: Days | None = None

    def since(self, day: int) -> Group:
        """Return the group with its complaints from a day on."""
        kept = self.filed >= day
        return replace(self, filed=self.filed[kept], of=None if self.of is None else self.of[kept])

    def cohort(self, first: int, stop: int) -> Group:
        """Return the units that began on days from `first` to before `stop`, with their complaints.

        All of them where it is not known when they began.
        """
        if self.begins is None or self.of is None:
            return self
        held = (self.begins >= first) & (self.begins < stop)
        theirs = held[self.of]
        return Group(
            self.filed[theirs],
            int(held.sum()),
            (np.cumsum(held) - 1)[self.of[theirs]],
            self.begins[held],
            None if self.ends is None else self.ends[held],
        )

    def tally(self, first: int, length: int) -> tuple[Numbers, Numbers]:
        """Return complaints, and units exposed, by day and age, both of shape (length, ages).

        Where it is not known when units began, all are exposed on every day, of unknown age.
        """
        shape = (length, UNKNOWN + 1)
        if self.begins is None or self.of is None:
            exposed = np.zeros(shape)
            exposed[:, UNKNOWN] = self.units
            return _count(self.filed, np.full(len(self.filed), UNKNOWN), first, shape), exposed
        # Who complains is there, whatever the dates say.
        begins, ends = self.begins.copy(), np.full(len(self.begins), FOREVER)
        known = begins > -FOREVER
        np.minimum.at(begins, self.of, self.filed)
        begins[~known] = -FOREVER
        if self.ends is not None:
            ends = self.ends.copy()
            np.maximum.at(ends, self.of, self.filed)
        ages = np.searchsorted(AGES, self.filed - begins[self.of], "right") - 1
        ages[~known[self.of]] = UNKNOWN
        exposed = np.zeros(shape)
        for age, low in enumerate(AGES):
            until = begins[known] + (AGES[age + 1] if age + 1 < UNKNOWN else FOREVER)
            exposed[:, age] = _present(begins[known] + low, np.minimum(until, ends[known] + 1), first, length)
        exposed[:, UNKNOWN] = _present(begins[~known], ends[~known] + 1, first, length)
        return _count(self.filed, ages, first, shape), exposed


def _count(days: Days, ages: Days, first: int, shape: tuple[int, int]) -> Numbers:
    within = (days >= first) & (days < first + shape[0])
    cells = (days[within] - first) * shape[1] + ages[within]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _present(start: Days, stop: Days, first: int, length: int) -> Numbers:
    """Return how many of the spans [start, stop) hold each day."""
    start, stop = (np.clip(days - first, 0, length) for days in (start, stop))
    there = stop > start
    come, gone = (np.bincount(days[there], minlength=length + 1) for days in (start, stop))
    return np.cumsum(come - gone)[:length].astype(np.float64)


@dataclass(frozen=True, eq=False)
class Series:
    """Complaints inside a cause and of all others, one entry a day from the day `first` on.

    `odds`: complaints inside for one of the others, were the cause as strong on all days; 0 on days
    without an exposed unit. `known`: whether that counts the units that were there.
    """

    first: int
    inside: Numbers
    others: Numbers
    odds: Numbers
    known: bool

    def __len__(self) -> int:
        """The number of days."""
        return len(self.inside)

    def part(self, start: int, stop: int) -> Series:
        """Return the days from position `start` to before `stop`."""
        days = slice(start, stop)
        return replace(
            self,
            first=self.first + start,
            inside=self.inside[days],
            others=self.others[days],
            odds=self.odds[days],
        )


@dataclass(frozen=True, eq=False)
class Cells:
    """What two groups count up to, by day and age: complaints and exposed units, (days, ages) each."""

    first: int
    inside: Numbers
    others: Numbers
    exposed: Numbers
    unexposed: Numbers
    known: bool

    def series(self, level: Numbers | None = None) -> Series:
        """Return the days, ages standardised, given the strength of the cause (1 on average) by day.

        Units inside may grow old in another way than the others, so that each group has a profile of
        complaints by age of its own, the inside's drawn towards that of the others where it has few. So
        it is with weekdays.
        """
        others = self.others.sum(axis=0)
        usual = (others + 0.5) / (self.unexposed.sum(axis=0) + 1e-9 + 0.5 / max(_rate(self), 1e-9))
        weighted = self.exposed if level is None else self.exposed * level[:, None]
        expected = weighted.sum(axis=0) * usual
        lift = self.inside.sum() / max(float(expected.sum()), 1e-9)
        own = lift * usual * (self.inside.sum(axis=0) + WEIGHT) / (lift * expected + WEIGHT)
        here, there = self.exposed @ own, self.unexposed @ usual
        odds = np.divide(here, there, out=np.zeros(len(here)), where=there > 0)
        odds *= self._weekdays(odds if level is None else odds * level)
        comparable = odds > 0
        return Series(
            self.first,
            np.where(comparable, self.inside.sum(axis=1), 0.0),
            np.where(comparable, self.others.sum(axis=1), 0.0),
            odds,
            self.known,
        )

    def _weekdays(self, odds: Numbers) -> Numbers:
        """Return, by day, how much more is inside on its weekday than on others."""
        weekday = (self.first + np.arange(len(odds))) % 7
        told = odds > 0
        expected = np.where(told, self.others.sum(axis=1) * odds, 0.0)
        found = np.where(told, self.inside.sum(axis=1), 0.0)
        expected *= found.sum() / max(float(expected.sum()), 1e-9)
        by_day = [np.bincount(weekday, counts, minlength=7) + WEEKDAY for counts in (found, expected)]
        return (by_day[0] / by_day[1])[weekday]


def _rate(cells: Cells) -> float:
    return float(cells.others.sum() / max(float(cells.unexposed.sum()), 1.0))


def count_cells(inside: Group, others: Group, first: int, last: int) -> Cells:
    """Return the cells of two groups on the days from `first` to `last`."""
    known = inside.begins is not None and others.begins is not None
    if not known:
        inside, others = Group(inside.filed, inside.units), Group(others.filed, others.units)
    here, exposed = inside.tally(first, last - first + 1)
    there, unexposed = others.tally(first, last - first + 1)
    return Cells(first, here, there, exposed, unexposed, known)
