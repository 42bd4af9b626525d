"""Trends: counts by period, rates among what was there, intervals."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from algorithms.aggregation import Base, Grouping, When, follow_trend
from algorithms.aggregation.intervals import find_interval
from graph import Where
from schema import LimitError, UsageError
from tests.algorithms.aggregation.company import (
    FILED,
    HOLDS,
    OF,
    SUBJECT,
    VOCABULARY,
    Company,
    bucket,
    companies,
    groups_of,
)
from tests.algorithms.aggregation.views import make_view

PERIODS = ("day", "week", "month", "quarter", "year")


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(company=companies(), per=st.sampled_from(PERIODS), lens=st.sampled_from(["language", "status", None]))
def test_counts_are_those_of_plain_python(company: Company, per: Any, lens: str | None) -> None:
    found = follow_trend(company.view(), "Complaint", When(per), lenses=[lens] if lens else [], top=99)
    complaints = company.nodes["Complaint"]
    dates = {key: said["filed_at"] for key, said in complaints.items() if said["filed_at"] is not None}
    assert found.undated == len(complaints) - len(dates)
    assert found.total.count == len(dates)
    firsts = {key: bucket(day, Grouping("filed_at", per=per)) for key, day in dates.items()}
    begins = [point.begins for point in found.total.points]
    assert begins == sorted(set(begins))
    assert bool(begins) == bool(dates)
    if begins:
        assert (begins[0], begins[-1]) == (min(firsts.values()), max(firsts.values()))
        for earlier, later in itertools.pairwise(begins):
            assert bucket(later - timedelta(days=1), Grouping("filed_at", per=per)) == earlier
    for series in (found.total, *found.series):
        (value,) = [g.value for g in series.groups] or [None]
        held = [
            key
            for key in firsts
            if not series.groups or value in groups_of(company, "Complaint", key, Grouping(lens or ""))
        ]
        assert series.count == len(held)
        for point in series.points:
            assert point.count == sum(firsts[key] == point.begins for key in held)


def naive_days(company: Company, keys: list[str], first: date, stop: date) -> float:
    """Return the days from `first` to before `stop` on which subscriptions were there, day by day."""
    total = 0
    for key in keys:
        said = company.nodes["Subscription"][key]
        begins, ends = said["started_on"] or date.min, said["ended_on"] or date.max
        total += sum(
            begins <= first + timedelta(days=number) <= ends for number in range((stop - first).days)
        )
    return total


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(company=companies(), per=st.sampled_from(PERIODS[1:]), by=st.booleans())
def test_rates_are_of_the_days_that_units_were_there(company: Company, per: Any, by: bool) -> None:
    since, until = date(2026, 1, 10), date(2026, 3, 20)
    path = "Subscription-OF->Product"
    base = Base("Subscription", lenses=[path] if by else [], per=1)
    reachable = company.links[SUBJECT]
    assume(reachable)
    when = When(per, since=since, until=until)
    found = follow_trend(company.view(), "Complaint", when, against=base, top=99)
    known = any(said["started_on"] for said in company.nodes["Subscription"].values())
    assert found.known == known
    for series in (found.total, *found.series):
        units = [
            key
            for key in company.nodes["Subscription"]
            if not series.groups
            or series.groups[0].value in groups_of(company, "Subscription", key, Grouping(path))
        ]
        for point, after in zip(
            series.points, [p.begins for p in series.points[1:]] + [until + timedelta(days=1)], strict=True
        ):
            first, stop = max(point.begins, since), min(after, until + timedelta(days=1))
            days = naive_days(company, units, first, stop) if known else len(units) * (stop - first).days
            filed = {
                c
                for c, s in reachable
                if s in units
                and (at := company.nodes["Complaint"][c]["filed_at"]) is not None
                and first <= at.date() < stop
            }
            assert point.count == len(filed)
            assert point.exposed == pytest.approx(days / (stop - first).days)
            end = {"week": 7, "month": 31, "quarter": 92, "year": 366}[per]
            later = bucket(point.begins + timedelta(days=end), Grouping("filed_at", per=per))
            length = (later - point.begins).days
            if days:
                assert point.rate == pytest.approx(len(filed) * length / days)
            else:
                assert point.rate is None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NODES: Any = {
    "Customer": {"ana": {}, "rui": {}},
    "Complaint": {
        "c1": {"filed_at": at("2026-01-10"), "language": "es"},
        "c2": {"filed_at": at("2026-03-31 23:59"), "language": "pt"},
        "c3": {"filed_at": at("2026-03-05"), "language": "es"},
        "c4": {"language": "es"},
    },
    "Subscription": {
        "s1": {"started_on": date(2025, 1, 1)},
        "s2": {"started_on": date(2026, 3, 1), "ended_on": date(2026, 3, 10)},
    },
    "Product": {"fibre": {"category": "net"}, "tv": {}},
}
LINKS: Any = {
    FILED: [("ana", "c1"), ("ana", "c2"), ("rui", "c3")],
    SUBJECT: [("c1", "s1"), ("c2", "s1"), ("c2", "s2")],
    OF: [("s1", "fibre"), ("s2", "tv")],
    HOLDS: [("ana", "s1"), ("rui", "s2")],
}


def test_periods_without_any_are_there() -> None:
    found = follow_trend(make_view(VOCABULARY, NODES, LINKS), "Complaint")
    assert [(p.label, p.count) for p in found.total.points] == [
        ("2026-01", 1),
        ("2026-02", 0),
        ("2026-03", 2),
    ]
    assert (found.undated, found.unlinked, found.others) == (1, 0, 0)
    february = found.total.points[1]
    assert (february.low, february.exposed, february.rate) == (0, None, None)
    assert february.high == pytest.approx(3.6889, abs=1e-4)


def test_a_rate_for_a_thousand_active_units_a_month() -> None:
    base = Base("Subscription", lenses=["Subscription-OF->Product"])
    found = follow_trend(make_view(VOCABULARY, NODES, LINKS), "Complaint", When("month"), against=base)
    march = found.total.points[2]
    assert march.exposed == pytest.approx(1 + 10 / 31)
    assert march.count == 1
    assert march.rate == pytest.approx(1000 / (1 + 10 / 31))
    # From the tenth on: 22 of 31 days of January are looked at.
    assert found.total.points[0].rate == pytest.approx(1000 * 31 / 22)
    assert found.unlinked == 1
    assert found.known
    assert {s.groups[0].label(): s.count for s in found.series} == {"fibre": 2, "tv": 1}
    tv = next(s for s in found.series if s.groups[0].value == "tv")
    assert [p.rate for p in tv.points[:2]] == [None, None]


def test_which_units_count() -> None:
    base = Base("Subscription", where=[Where("ended_on", "is_null")])
    found = follow_trend(make_view(VOCABULARY, NODES, LINKS), "Complaint", against=base)
    assert [p.exposed for p in found.total.points] == [1, 1, 1]
    assert found.unlinked == 1


def test_of_units_that_are_not_dated_all_were_always_there() -> None:
    found = follow_trend(make_view(VOCABULARY, NODES, LINKS), "Complaint", against=Base("Customer", per=1))
    assert not found.known
    assert [(p.exposed, p.rate) for p in found.total.points][1:] == [(2, 0), (2, 1)]


def test_conditions_on_the_date_choose_the_periods() -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    found = follow_trend(view, "Complaint", where=[Where("filed_at", "ge", at("2026-02-01"))])
    assert [p.label for p in found.total.points] == ["2026-03"]
    found = follow_trend(view, "Complaint", where=[Where("language", "eq", "pt")])
    assert [p.count for p in found.total.points] == [0, 0, 1]


def test_another_date_counts() -> None:
    found = follow_trend(make_view(VOCABULARY, NODES, LINKS), "Subscription", When("year", on="ended_on"))
    assert [(p.label, p.count) for p in found.total.points] == [("2026", 1)]


def test_two_lenses() -> None:
    lenses = ["language", "Complaint<-FILED-Customer"]
    found = follow_trend(make_view(VOCABULARY, NODES, LINKS), "Complaint", lenses=lenses, top=2)
    assert [[g.value for g in s.groups] for s in found.series] == [["es", "ana"], ["es", "rui"]]
    assert found.others == 1


def test_nothing_to_follow() -> None:
    found = follow_trend(make_view(VOCABULARY, {}, {}), "Complaint", lenses=["language"])
    assert (found.total.points, found.total.count, found.series) == ((), 0, ())
    with pytest.raises(UsageError):
        follow_trend(make_view(VOCABULARY, {}, {}), "Complaint", against=Base("Subscription"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda view: follow_trend(view, "Complaint", When("decade")),  # type: ignore[arg-type]
        lambda view: follow_trend(view, "Complaint", When(on="language")),
        lambda view: follow_trend(view, "Product"),
        lambda view: follow_trend(view, "Complaint", against=Base("Nothing")),
        lambda view: follow_trend(view, "Complaint", lenses=["language"], against=Base("Subscription")),
        lambda view: follow_trend(view, "Complaint", When(since=date(2026, 2, 1), until=date(2026, 1, 1))),
    ],
)
def test_what_cannot_be_asked(ask: Any) -> None:
    with pytest.raises(UsageError):
        ask(make_view(VOCABULARY, NODES, LINKS))


def test_a_date_that_is_far_off_makes_no_endless_answer() -> None:
    nodes = {"Complaint": {"a": {"filed_at": at("0001-01-01")}, "b": {"filed_at": at("9999-12-31")}}}
    view = make_view(VOCABULARY, nodes, {})
    with pytest.raises(LimitError):
        follow_trend(view, "Complaint", When("day"))
    assert len(follow_trend(view, "Complaint", When("year")).total.points) == 9999


def test_an_interval_holds_the_mean_as_often_as_it_says() -> None:
    for mean in (0.5, 3.0, 20.0, 200.0):
        counts = np.arange(0, 400)
        low, high = find_interval(counts)
        assert poisson.pmf(counts, mean)[(low <= mean) & (mean <= high)].sum() >= 0.95
