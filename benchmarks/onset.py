"""Onset, trend and alerts on simulated complaints, of which the truth is known.

    python benchmarks/onset.py [--runs 200] [--years 40]

Complaints come by the day, inside a cause and of all others, with weekdays, a season and a growing number
of units. Printed: how often an onset is told where there is none; where there is one, how often it is found,
how far off, how often the 95 % range of days holds it and how wide that is; how often the interval of the
trend holds the truth; false alarms a year when every day is looked at anew, beside the stated rate;
and how many days pass until a rise is told.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from algorithms.timing import FALSE_A_YEAR, Cells, find_emerging, find_onset, follow
from algorithms.timing import Group as Units

Numbers = NDArray[np.float64]


def draw_calendar(rng: np.random.Generator, days: int) -> Numbers:
    """What moves all complaints: weekdays, the year, slow growth, days on which an inbox is full."""
    day = np.arange(days)
    week = np.where(day % 7 < 5, 1.2, 0.5)
    year = 1 + 0.4 * np.sin(2 * np.pi * day / 365 + rng.uniform(0, 6))
    return week * year * np.linspace(1, rng.uniform(1, 2), days) * rng.gamma(20, 1 / 20, days)


def draw_counts(rng: np.random.Generator, rate: Numbers, clustered: bool) -> Numbers:
    """Complaints a day; clustered: some customers write two or three times."""
    if not clustered:
        return rng.poisson(rate).astype(np.float64)
    first = rng.poisson(rate / 1.5)
    return (first + rng.binomial(first, 0.35) + rng.binomial(first, 0.15)).astype(np.float64)


def draw_cells(
    rng: np.random.Generator,
    days: int,
    inside: float,
    others: float,
    strength: Numbers,
    clustered: bool = False,
) -> Cells:
    calendar = draw_calendar(rng, days)
    here = draw_counts(rng, inside * calendar * strength, clustered)
    there = draw_counts(rng, others * calendar, clustered)
    ones = np.ones((days, 1))
    return Cells(0, here[:, None] * ones, there[:, None] * ones, ones, ones, False)


def run_onsets(runs: int) -> None:
    print("onset: days, complaints a day inside and others, times stronger (clustered: some write again)")
    print("                                      | told | held by range | median range | median error")
    for days, inside, others, ratio, clustered in (
        (365, 1.0, 10.0, 1.0, False),
        (365, 1.0, 10.0, 1.0, True),
        (730, 5.0, 5.0, 1.0, False),
        (365, 0.5, 10.0, 3.0, False),
        (365, 2.0, 10.0, 2.0, False),
        (365, 2.0, 10.0, 2.0, True),
        (365, 5.0, 10.0, 3.0, False),
        (180, 0.3, 20.0, 6.0, False),
    ):
        told = held = 0
        widths, errors = [], []
        for seed in range(runs):
            rng = np.random.default_rng(seed)
            at = int(rng.integers(days // 4, days - 40))
            strength = np.where(np.arange(days) >= at, ratio, 1.0)
            if seed % 2:  # half of them are over some time later
                strength[at + int(rng.integers(30, 120)) :] = 1.0
            found = find_onset(draw_cells(rng, days, inside, others, strength, clustered))
            if found is not None:
                told += 1
                held += found.low <= at <= found.high
                widths.append(found.high - found.low + 1)
                errors.append(abs(found.day - at))
        shown = f"{days:4} {inside:4.1f} {others:5.1f} x{ratio:.0f} {'clustered' if clustered else '':9}"
        rest = f"{held / told:.3f} | {np.median(widths):5.0f} | {np.median(errors):4.0f}" if told else ""
        print(f"{shown:38}| {told / runs:.3f} | {rest if ratio > 1 else ''}", flush=True)


def run_trends(runs: int) -> None:
    for ratio in (1.0, 1.5):
        held = called = 0
        for seed in range(runs):
            rng = np.random.default_rng(seed)
            days = 360
            strength = np.where(np.arange(days) >= 240, ratio, 1.0)
            calendar = draw_calendar(rng, days)
            day = np.arange(days)
            inside, others = (
                Units(np.repeat(day, draw_counts(rng, rate * calendar * s, True).astype(np.int64)))
                for rate, s in ((1.0, strength), (8.0, 1.0))
            )
            course = follow(inside, others, (0, days - 1))
            assert course.trend_low is not None
            assert course.trend_high is not None
            held += course.trend_low <= ratio <= course.trend_high
            called += course.trend != "steady"
        print(f"trend x{ratio}: interval holds it {held / runs:.3f}, told {called / runs:.3f}", flush=True)


def run_alarms(years: int) -> None:
    """Every day is looked at anew, as somebody would who asks each morning."""
    print("alarms: complaints a day inside, others | false alarms a year (stated: at most", FALSE_A_YEAR, ")")
    for inside, others, clustered in (
        (0.3, 10.0, False),
        (1.0, 10.0, False),
        (5.0, 20.0, False),
        (2.0, 10.0, True),
    ):
        alarms = looked = 0
        for seed in range(max(1, years // 2)):
            rng = np.random.default_rng(seed)
            days = 84 + 730
            series = draw_cells(rng, days, inside, others, np.ones(days), clustered).series()
            ringing = False
            for today in range(84, days + 1):
                rising = find_emerging(series.part(0, today)) is not None
                alarms += rising and not ringing
                ringing = rising
            looked += 2
        print(
            f"{inside:5.1f} {others:5.1f} {'clustered' if clustered else '':9} | {alarms / looked:.3f}",
            flush=True,
        )


def run_delays(runs: int) -> None:
    print("delay: complaints a day inside, others, times stronger | told within 56 days | median days")
    for inside, others, ratio in (
        (0.3, 10.0, 3.0),
        (1.0, 10.0, 2.0),
        (1.0, 10.0, 3.0),
        (5.0, 20.0, 2.0),
        (5.0, 20.0, 1.5),
    ):
        delays = []
        for seed in range(runs):
            rng = np.random.default_rng(seed)
            strength = np.r_[np.ones(200), np.full(56, ratio)]
            series = draw_cells(rng, 256, inside, others, strength).series()
            told = (d for d in range(201, 257) if find_emerging(series.part(0, d)) is not None)
            delays.append(next(told, 1000) - 200)
        found = [d for d in delays if d <= 56]
        share = len(found) / runs
        print(f"{inside:5.1f} {others:5.1f} x{ratio} | {share:.2f} | {np.median(delays):.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--years", type=int, default=20)
    chosen = parser.parse_args()
    run_onsets(chosen.runs)
    run_trends(chosen.runs)
    run_alarms(chosen.years)
    run_delays(min(chosen.runs, 100))


if __name__ == "__main__":
    main()
