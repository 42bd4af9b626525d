"""Did an action help: complaints of the exposed before and after, against those of all others.

The ratio of two rate ratios (difference in differences of log rates). Weeks and ages of units are strata:
within each, how many complaints are of the exposed is binomial, with odds of exposed over unexposed units
times a strength that each age has for itself, times the effect from the action on. What moves all
alike cancels week by week, and units that come, go and grow old are compared with those of their age.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.stats import t as student

from algorithms.timing.onset import find_onset
from algorithms.timing.series import FOREVER, UNKNOWN, Cells, Days, Group, Numbers, count_cells

Verdict = Literal["fewer", "more", "same", "unknown"]
Reason = Literal["early", "undated", "no_units", "few_before", "few_after", "no_comparison", "wide"]
WEEK = 7
FEWEST = 5.0  # complaints before, and to be expected after, below which nothing is told
SMALL = 0.8  # an effect that leaves at least so much of the complaints is none that matters
STEPS = np.arange(-6.0, 6.001, 0.02)  # log effects that are tried
ROUNDS = 25
SCATTER = 1.0  # variance of a week below which its scatter tells nothing


@dataclass(frozen=True)
class Rate:
    """Complaints, and days that units were there for them; `rate` is a unit and 30 days."""

    complaints: int
    unit_days: int

    @property
    def rate(self) -> float | None:
        """Complaints a unit and 30 days; None where no unit was there."""
        return 30 * self.complaints / self.unit_days if self.unit_days else None


@dataclass(frozen=True)
class Difference:
    """What changed from a day on: `ratio` of complaints to those expected without it, 95 % interval.

    `expected`: complaints of the exposed afterwards, had the ratio to the others stayed as it was.
    `verdict` is "unknown" with a reason where the data do not tell. `days_needed`: how many days after
    the action a halving would show, roughly; None where it cannot be said.
    """

    before: tuple[Rate, Rate]
    after: tuple[Rate, Rate]
    since: int
    expected: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Verdict = "unknown"
    reason: Reason | None = None
    days_needed: int | None = None


@dataclass(frozen=True, eq=False)
class _Strata:
    """Complaints of exposed and others, log odds of units, age, week, and whether the action reached them."""

    inside: Numbers
    others: Numbers
    offset: Numbers
    age: Days
    week: Days
    after: Numbers


def compare(
    exposed: Group, others: Group, period: tuple[int, int], start: int, *, new_only: bool = False
) -> Difference:
    """Return what changed among the exposed, against the others, from the day `start` on.

    "Before" begins where the cause last changed before the action: what was before that is another state.
    `new_only`: the action reaches units that begin from then on, so that older ones stay "before".
    """
    first, last = period
    none = Rate(0, 0)
    if new_only and (exposed.begins is None or others.begins is None):
        return Difference((none, none), (none, none), first, reason="undated")
    if start <= first:
        after = _rates(count_cells(exposed, others, first, last)) if last >= first else (none, none)
        return Difference((none, none), after, first, reason="few_before" if last >= first else "early")
    begun = _find_state(exposed, others, first, min(start, last + 1))
    if start > last:
        return Difference(
            _rates(count_cells(exposed, others, begun, last)), (none, none), begun, reason="early"
        )
    if new_only:
        old, new = (
            (exposed.cohort(*span), others.cohort(*span)) for span in ((1 - FOREVER, start), (start, FOREVER))
        )
        halves = count_cells(*old, begun, last), count_cells(*new, start, last)
    else:
        halves = (
            count_cells(exposed, others, begun, start - 1),
            count_cells(exposed, others, start, last),
        )
    told = Difference(_rates(halves[0]), _rates(halves[1]), begun)
    if told.before[0].complaints < FEWEST:
        return replace(told, reason="few_before")
    clustering = _find_clustering([group.since(begun) for group in (exposed, others)], start, new_only)
    return _estimate(told, _stratify(halves, start), last - start + 1, clustering)


def _rates(cells: Cells) -> tuple[Rate, Rate]:
    """Return the rates of the exposed and of the others."""
    exposed, others = (
        Rate(int(complaints.sum()), round(float(units.sum())))
        for complaints, units in ((cells.inside, cells.exposed), (cells.others, cells.unexposed))
    )
    return exposed, others


def _find_state(exposed: Group, others: Group, first: int, start: int) -> int:
    """Return the first day of the state that the cause was in when the action began."""
    onset = find_onset(count_cells(exposed, others, first, start - 1))
    if onset is None:
        return first
    return onset.day if onset.ended is None else onset.ended


def _stratify(halves: tuple[Cells, Cells], start: int) -> _Strata:
    """Return the strata in which both groups were there: weeks, counted from the start, by age."""
    parts = []
    for cells, after in zip(halves, (0.0, 1.0), strict=True):
        days = cells.first + np.arange(len(cells.inside))
        weeks = (days - start) // WEEK
        names, starts = np.unique(weeks, return_index=True)
        sums = [
            np.add.reduceat(counts, starts, axis=0)
            for counts in (cells.inside, cells.others, cells.exposed, cells.unexposed)
        ]
        week, age = np.meshgrid(names, np.arange(UNKNOWN + 1), indexing="ij")
        there = (sums[2] > 0) & (sums[3] > 0) & (sums[0] + sums[1] > 0)
        offset = np.log(sums[2][there] / sums[3][there])
        parts.append(
            (sums[0][there], sums[1][there], offset, age[there], week[there], np.full(there.sum(), after))
        )
    return _Strata(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _find_clustering(groups: Sequence[Group], start: int, new_only: bool) -> float:
    """Return how much more the log ratio varies than if complaints were independent, at least 1.

    Complaints of a unit are not; units are. The variance of a ratio of sums over units is that of their
    shares in one sum less those in the other.
    """
    varies = independent = 0.0
    for group in groups:
        if group.of is None:
            return 1.0
        late = group.filed >= start
        if new_only and group.begins is not None:
            late = group.begins[group.of] >= start
        counts = [np.bincount(group.of[part], minlength=group.units) for part in (~late, late)]
        sums = [max(float(count.sum()), 1.0) for count in counts]
        varies += float(np.sum((counts[1] / sums[1] - counts[0] / sums[0]) ** 2))
        independent += 1 / sums[0] + 1 / sums[1]
    return max(1.0, varies / independent)


def _estimate(told: Difference, strata: _Strata, days: int, clustering: float) -> Difference:
    late = strata.after > 0
    if not strata.others[late].sum() or not strata.others[~late].sum() or not strata.inside[~late].sum():
        return replace(told, reason="no_comparison" if told.after[0].unit_days else "no_units")
    likelihood, levels = _profile(strata)
    best = int(np.argmax(likelihood))
    odds = np.exp(strata.offset + levels[best])
    share = odds * np.exp(STEPS[best] * strata.after)
    share /= 1 + share
    dispersion, freedom = _find_dispersion(strata, share)
    if clustering > dispersion:
        dispersion, freedom = clustering, np.inf
    near = likelihood >= likelihood[best] - dispersion * float(student.ppf(0.975, freedom)) ** 2 / 2
    low, high = np.exp(STEPS[near][[0, -1]])
    told = replace(
        told,
        expected=float(np.sum((strata.others * odds)[late])),
        ratio=float(np.exp(STEPS[best])) if best else 0.0,
        low=float(low) if not near[0] else 0.0,  # none came: the lower limit is off the scale
        high=float(high),
    )
    verdict: Verdict = "unknown"
    if told.expected is not None and told.expected >= FEWEST:
        verdict = "fewer" if high < 1 else "more" if low > 1 else "same" if low > SMALL else "unknown"
    if verdict != "unknown":
        return replace(told, verdict=verdict)
    short = told.expected is not None and told.expected < FEWEST
    return replace(
        told, reason="few_after" if short else "wide", days_needed=_find_days(strata, odds, dispersion, days)
    )


def _profile(strata: _Strata) -> tuple[Numbers, Numbers]:
    """Return, for each effect of `STEPS`, the log likelihood and the log strength of each stratum's age.

    Half a complaint keeps an age without any finite.
    """
    ages, of = np.unique(strata.age, return_inverse=True)
    each = np.zeros((len(of), len(ages)))
    each[np.arange(len(of)), of] = 1.0
    total = strata.inside + strata.others
    fixed = strata.offset + STEPS[:, None] * strata.after
    usual = np.log((strata.inside.sum() + 0.5) / (float(np.sum(strata.others * np.exp(strata.offset))) + 0.5))
    levels = np.full((len(STEPS), len(ages)), usual)
    for _ in range(ROUNDS):
        p = _share(fixed + levels[:, of])
        p0 = _share(levels - usual)
        gradient = (strata.inside - total * p) @ each + 0.5 - p0
        curvature = (total * p * (1 - p)) @ each + p0 * (1 - p0)
        step = np.clip(gradient / curvature, -1.5, 1.5)
        levels += step
        if np.all(np.abs(step) < 1e-6):
            break
    p = _share(fixed + levels[:, of])
    found = np.sum(strata.inside * np.log(p) + strata.others * np.log1p(-p), axis=1)
    return found, levels[:, of]


def _share(log_odds: Numbers) -> Numbers:
    return np.clip(1 / (1 + np.exp(-log_odds)), 1e-12, 1 - 1e-12)


def _find_dispersion(strata: _Strata, share: Numbers) -> tuple[float, float]:
    """Return how much more weeks scatter than binomial counts do, at least 1, and degrees of freedom."""
    total = strata.inside + strata.others
    _, week = np.unique(strata.week, return_inverse=True)
    missed = np.bincount(week, strata.inside - total * share)
    variance = np.bincount(week, total * share * (1 - share))
    told = variance >= SCATTER
    freedom = int(told.sum()) - 2
    if freedom < 3:
        return 1.0, np.inf
    dispersion = float(np.sum(missed[told] ** 2 / variance[told])) / freedom
    return (dispersion, float(freedom)) if dispersion > 1 else (1.0, np.inf)


def _find_days(strata: _Strata, odds: Numbers, dispersion: float, days: int) -> int | None:
    """Return after how many days a halving would show in four of five cases; None if never."""
    late = strata.after > 0
    shares = np.where(late, odds / (2 + odds), odds / (1 + odds))
    information = (strata.inside + strata.others) * shares * (1 - shares)
    before, after = (float(information[part].sum()) / dispersion for part in (~late, late))
    room = (np.log(2) / (1.96 + 0.84)) ** 2 - 1 / max(before, 1e-9)
    if room <= 0 or after <= 0:
        return None
    needed = int(np.ceil(days / (room * after)))
    return needed if days < needed < 3650 else None
