"""Onset, trend, alarms and effects, on complaints whose course is known."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from algorithms.timing import (
    FALSE_A_YEAR,
    FOREVER,
    Group,
    as_date,
    compare,
    count_cells,
    day_numbers,
    find_emerging,
    find_onset,
    follow,
)

Numbers = NDArray[np.float64]
DAYS = 300


def draw(rng: np.random.Generator, rate: Numbers | float) -> NDArray[np.int64]:
    """Return the days of complaints that come at a rate a day."""
    counts = rng.poisson(np.broadcast_to(rate, DAYS))
    return np.repeat(np.arange(DAYS), counts)


def test_a_rise_is_dated_with_the_days_on_which_it_may_lie() -> None:
    rng = np.random.default_rng(1)
    strength = np.where(np.arange(DAYS) >= 200, 5.0, 1.0)
    course = follow(Group(draw(rng, strength)), Group(draw(rng, 8.0)), (0, DAYS - 1))
    assert course.onset is not None
    assert course.onset_low is not None
    assert course.onset_high is not None
    assert course.onset_low <= as_date(200) <= course.onset_high
    assert course.onset_low <= course.onset <= course.onset_high
    assert (course.onset_high - course.onset_low).days < 15
    assert course.onset_ratio == pytest.approx(5, rel=0.3)
    assert (course.trend, course.ended) == ("rising", None)
    assert course.trend_low is not None
    assert course.trend_low > 1


def test_a_rise_that_is_over_is_dated_at_both_ends() -> None:
    rng = np.random.default_rng(2)
    day = np.arange(DAYS)
    strength = np.where((day >= 100) & (day < 140), 8.0, 1.0)
    found = find_onset(count_cells(Group(draw(rng, strength)), Group(draw(rng, 8.0)), 0, DAYS - 1))
    assert found is not None
    assert found.low <= 100 <= found.high
    assert found.ended is not None
    assert abs(found.ended - 140) <= 2


def test_what_moves_all_complaints_alike_is_no_course_of_a_cause() -> None:
    rng = np.random.default_rng(3)
    day = np.arange(DAYS)
    inbox = np.where(day >= 250, 6.0, 1.0) * np.where(day % 7 < 5, 1.3, 0.4) * (1 + 0.5 * np.sin(day / 58))
    course = follow(Group(draw(rng, inbox)), Group(draw(rng, 8 * inbox)), (0, DAYS - 1))
    assert (course.onset_low, course.trend, course.emerging) == (None, "steady", None)


def test_units_that_become_more_are_no_onset() -> None:
    rng = np.random.default_rng(4)
    few, many = np.zeros(50, np.int64), np.full(450, 200)
    begins = np.r_[few - 400, many]
    inside = live(rng, begins, 0.02)
    others = live(rng, np.full(1500, -400), 0.005)
    assert find_onset(count_cells(inside, others, 0, DAYS - 1)) is None
    told = find_onset(count_cells(Group(inside.filed), Group(others.filed), 0, DAYS - 1))
    assert told is not None, "without the dates of units, it looks like one"


def live(rng: np.random.Generator, begins: NDArray[np.int64], rate: Numbers | float) -> Group:
    """Return units that complain at a rate a day (by day) from the day they begin."""
    day = np.arange(DAYS)
    counts = rng.poisson(np.broadcast_to(rate, DAYS) * (day >= begins[:, None]))
    of, filed = (np.repeat(x, counts[counts > 0]) for x in np.nonzero(counts))
    return Group(filed, len(begins), of, begins, np.full(len(begins), FOREVER))


def test_a_burst_needs_something_to_rise_from() -> None:
    rng = np.random.default_rng(5)
    strength = np.where(np.arange(DAYS) >= 294, 40.0, 0.005)
    inside, others = Group(draw(rng, strength)), Group(draw(rng, 10.0))
    course = follow(inside, others, (0, DAYS - 1))
    assert (course.onset_low, course.emerging) == (None, None)
    there = live(rng, np.full(400, -50), 0.1 * strength / 40)  # the units were there, and did not complain
    known = find_onset(count_cells(there, live(rng, np.full(4000, -50), 0.0025), 0, DAYS - 1))
    assert known is not None
    assert known.low <= 294 <= known.high


def test_how_tweets_were_collected_is_no_burst(data: Path) -> None:
    with gzip.open(data / "airline_negativereason_en" / "tweets.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    days = day_numbers(np.array([row["tweet_created"][:10] for row in rows], "datetime64[D]"))
    ours = np.array([row["airline"] == "American" for row in rows])
    bad = np.array([row["airline_sentiment"] == "negative" for row in rows])
    period = (int(days.min()), int(days.max()))
    plain = follow(Group(days[ours & bad]), Group(days[~ours & bad]), period)
    assert (plain.onset_low, plain.emerging) == (None, None)

    def tweets(held: NDArray[np.bool_]) -> Group:
        complained = bad[held]
        return Group(days[held][complained], int(held.sum()), np.flatnonzero(complained), days[held])

    dated = follow(tweets(ours), tweets(~ours), period)
    assert (dated.onset_low, dated.emerging) == (None, None)


def test_alarms_are_as_rare_as_is_said_and_sound_where_something_rises() -> None:
    alarms = years = told = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        season = np.where(np.arange(DAYS) % 7 < 5, 1.3, 0.4)
        usual = count_cells(Group(draw(rng, 2 * season)), Group(draw(rng, 9 * season)), 0, DAYS - 1).series()
        ringing = False
        for today in range(100, DAYS):
            now = find_emerging(usual.part(0, today)) is not None
            alarms += now and not ringing
            ringing = now
        years += (DAYS - 100) / 365
        rise = 2 * season * np.where(np.arange(DAYS) >= DAYS - 28, 2.5, 1)
        rising = count_cells(Group(draw(rng, rise)), Group(draw(rng, 9 * season)), 0, DAYS - 1).series()
        found = find_emerging(rising)
        told += (
            found is not None and abs(found.since - (DAYS - 28)) < 14 and found.complaints > found.expected
        )
    assert alarms <= 3  # more than three of 0.66 happen once in 200 times, if the rate is as stated
    assert years * FALSE_A_YEAR == pytest.approx(0.66, abs=0.05)
    assert told >= 11


def test_ranges_of_days_hold_the_day() -> None:
    held = found = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        at = int(rng.integers(80, 250))
        strength = np.where(np.arange(DAYS) >= at, 3.0, 1.0)
        onset = find_onset(count_cells(Group(draw(rng, 2 * strength)), Group(draw(rng, 8.0)), 0, DAYS - 1))
        if onset is not None:
            found += 1
            held += onset.low <= at <= onset.high
    assert found >= 38
    assert held >= 0.85 * found


COUNTS = st.lists(st.integers(0, 120), max_size=80).map(lambda days: np.array(sorted(days), np.int64))


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, st.booleans())
def test_any_complaints_have_a_course(
    inside: NDArray[np.int64], others: NDArray[np.int64], known: bool
) -> None:
    groups = [
        Group(filed, 30, np.arange(len(filed)) % 30, np.arange(30) * 5 - 60) if known else Group(filed)
        for filed in (inside, others)
    ]
    course = follow(groups[0], groups[1], (0, 120))
    assert sum(n for _, n in course.monthly) == len(inside)
    assert (course.onset is None) == (len(inside) == 0)
    if course.onset_low is not None:
        assert course.onset is not None
        assert course.onset_high is not None
        assert date(1970, 1, 1) <= course.onset_low <= course.onset <= course.onset_high <= as_date(120)
    told = compare(groups[0], groups[1], (0, 120), 60)
    assert told.before[0].complaints + told.after[0].complaints <= len(inside)
    if told.ratio is not None:
        assert told.low is not None
        assert told.high is not None
        assert told.low <= told.ratio <= told.high
    assert (told.verdict == "unknown") == (told.reason is not None)


def company(seed: int, ratio: float, *, new_only: bool = False) -> tuple[Group, Group]:
    """Return exposed units, whose complaints an action on day 200 multiplies, and all others."""
    rng = np.random.default_rng(seed)
    season = np.where(np.arange(DAYS) % 7 < 5, 1.3, 0.4) * np.linspace(1, 2, DAYS)
    begins = rng.integers(-100, 280, 3000)
    exposed = rng.random(3000) < 0.15
    after = np.where(np.arange(DAYS) >= 200, ratio, 1.0)
    helped = np.array([begins[exposed] >= 200]).T if new_only else np.ones((exposed.sum(), 1), np.bool_)
    rate = 0.02 * season * np.where(helped, after, 1.0)
    inside, others = live(rng, begins[exposed], 1.0), live(rng, begins[~exposed], 0.004 * season)
    counts = rng.poisson(rate * (np.arange(DAYS) >= begins[exposed][:, None]))
    of, filed = (np.repeat(x, counts[counts > 0]) for x in np.nonzero(counts))
    return Group(filed, inside.units, of, inside.begins, inside.ends), others


def test_an_action_that_helped_is_told_and_by_how_much() -> None:
    told = compare(*company(1, 0.4), (0, DAYS - 1), 200)
    assert told.verdict == "fewer"
    assert told.low is not None
    assert told.high is not None
    assert told.low < 0.4 < told.high < 1
    assert told.expected == pytest.approx(told.after[0].complaints / 0.4, rel=0.25)


def test_an_action_that_did_nothing_is_not_said_to_help() -> None:
    said = [compare(*company(seed, 1.0), (0, DAYS - 1), 200) for seed in range(12)]
    assert sum(told.verdict == "fewer" for told in said) <= 1
    assert sum((told.low or 0) <= 1 <= (told.high or 9) for told in said) >= 10


def test_an_action_for_the_new_is_judged_by_the_new() -> None:
    told = compare(*company(3, 0.3, new_only=True), (0, DAYS - 1), 200, new_only=True)
    assert told.verdict == "fewer"
    assert told.high is not None
    assert told.low is not None
    assert told.low < 0.3 < told.high
    inside, others = company(3, 0.3)
    undated = compare(Group(inside.filed), Group(others.filed), (0, DAYS - 1), 200, new_only=True)
    assert (undated.verdict, undated.reason) == ("unknown", "undated")


@pytest.mark.parametrize(
    ("start", "until", "reason"),
    [(400, DAYS - 1, "early"), (200, 201, "few_after"), (2, DAYS - 1, "few_before"), (-5, 200, "few_before")],
)
def test_what_is_not_known_yet_is_not_told(start: int, until: int, reason: str) -> None:
    rng = np.random.default_rng(8)
    inside, others = (live(rng, np.full(n, -50), 0.01) for n in (60, 2000))
    kept = [
        Group(g.filed[k], g.units, g.of[k], g.begins, g.ends)
        for g in (inside, others)
        if g.of is not None
        for k in [g.filed <= until]
    ]
    told = compare(kept[0], kept[1], (0, until), start)
    assert (told.verdict, told.reason) == ("unknown", reason)
    assert all(rate.unit_days <= 2000 * (until + 1) for rate in (*told.before, *told.after))
    if reason == "few_after":
        assert told.days_needed is not None
        assert told.days_needed > until - start + 1


def test_no_complaint_after_an_action_is_an_answer_where_many_were_due() -> None:
    rng = np.random.default_rng(9)
    inside = live(rng, np.full(300, -50), np.where(np.arange(DAYS) < 200, 0.01, 0.0))
    told = compare(inside, live(rng, np.full(3000, -50), 0.003), (0, DAYS - 1), 200)
    assert (told.verdict, told.ratio, told.low) == ("fewer", 0.0, 0.0)
