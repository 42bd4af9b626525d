"""Small groups are withheld, and do not follow from what is shown."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algorithms.aggregation import CUSTOMERS, Grouping, Point, When, aggregate, count_facets, follow_trend
from algorithms.aggregation.suppression import find_shown
from tests.algorithms.aggregation.company import FILED, OF, VOCABULARY
from tests.algorithms.aggregation.views import make_view

TABLES = st.integers(1, 3).flatmap(
    lambda axes: st.dictionaries(st.tuples(*[st.integers(0, 4)] * axes), st.integers(1, 12), max_size=20)
)


def sums(cells: Sequence[tuple[int, ...]], axes: int) -> list[list[int]]:
    """Return the cells that some groupings add up, as their places."""
    found: dict[Any, list[int]] = {}
    for kept in range(axes):
        for some in itertools.combinations(range(axes), kept):
            for place, cell in enumerate(cells):
                found.setdefault((some, tuple(cell[axis] for axis in some)), []).append(place)
    return list(found.values())


@settings(max_examples=500, deadline=None)
@given(table=TABLES, k=st.integers(0, 6))
def test_nothing_withheld_follows_from_what_is_shown(table: dict[tuple[int, ...], int], k: int) -> None:
    cells = sorted(table)
    customers = np.array([table[cell] for cell in cells], np.int64)
    axes = len(cells[0]) if cells else 1
    codes = [np.array([cell[axis] for cell in cells], np.int64) for axis in range(axes)]
    shown = find_shown(codes, customers, k)
    assert not np.any(shown & (customers < k))
    if k <= 1:
        assert shown.all()
    for line in sums(cells, axes):
        withheld = [place for place in line if not shown[place]]
        if withheld and len(withheld) < len(line):
            assert len(withheld) >= 2
            assert customers[withheld].sum() >= k


def test_no_more_is_withheld_than_must_be() -> None:
    codes = [np.arange(5)]
    assert find_shown(codes, np.array([9, 9, 9, 9, 9]), 5).all()
    assert find_shown(codes, np.array([2, 4, 9, 9, 9]), 5).tolist() == [False, False, True, True, True]
    assert find_shown(codes, np.array([2, 7, 6, 9, 9]), 5).tolist() == [False, True, False, True, True]
    assert find_shown(codes, np.array([1, 1, 9, 7, 9]), 5).tolist() == [False, False, True, False, True]


def shop(sizes: dict[tuple[str, str], int]) -> Any:
    """Return a view of complaints, so many of each language and status, each of a customer of its own."""
    complaints: dict[str, Any] = {}
    numbers = itertools.count(100)
    for (language, status), size in sizes.items():
        for _ in range(size):
            complaints[f"c{next(numbers)}"] = {"language": language, "status": status}
    links = {FILED: [(f"of {key}", key) for key in complaints]}
    return make_view(
        VOCABULARY, {"Complaint": complaints, "Customer": {f"of {k}": {} for k in complaints}}, links
    )


def test_small_groups_are_not_in_aggregates() -> None:
    view = shop({("es", "open"): 9, ("pt", "open"): 8, ("en", "open"): 2, ("fr", "open"): 6})
    found = aggregate(view, "Complaint", by=["language"], measures=[CUSTOMERS], suppress_below=5)
    assert [(row.groups[0].value, row.figures["customers"]) for row in found.rows()] == [("es", 9), ("pt", 8)]
    assert found.withheld == 2
    assert found.total == {"customers": 25}
    assert len(aggregate(view, "Complaint", by=["language"])) == 4


def test_what_is_seen_of_a_few_is_nothing() -> None:
    view = shop({("es", "open"): 3, ("pt", "open"): 1})
    found = aggregate(view, "Complaint", by=["language"], suppress_below=5)
    assert (len(found), found.total, found.withheld) == (0, None, 2)
    assert len(aggregate(view, "Complaint", suppress_below=5)) == 0
    (facet,) = count_facets(view, "Complaint", ["language"], suppress_below=5)
    assert (facet.buckets, facet.total, facet.other_count) == ((), None, None)


def test_small_groups_are_not_in_facets() -> None:
    view = shop({("es", "open"): 9, ("pt", "open"): 8, ("en", "shut"): 2, ("fr", "open"): 6})
    by_language, by_status = count_facets(view, "Complaint", ["language", "status"], suppress_below=5)
    assert [(bucket.group.value, bucket.count) for bucket in by_language.buckets] == [("es", 9), ("pt", 8)]
    assert (by_language.withheld, by_language.others, by_language.other_count) == (2, 2, 8)
    # Two of 25 would follow from the others.
    assert (by_status.buckets, by_status.total, by_status.withheld) == ((), 25, 2)


def test_what_belongs_to_nobody_is_small_as_well() -> None:
    complaints = {f"c{number}": {"language": "es"} for number in range(9)}
    view = make_view(VOCABULARY, {"Complaint": complaints}, {})
    assert aggregate(view, "Complaint", suppress_below=5).total is None


def test_what_is_shared_is_nobody_s() -> None:
    view = make_view(VOCABULARY, {"Product": {"p": {"category": "fibre"}}}, {OF: []})
    found = aggregate(view, "Product", by=["category"], suppress_below=5)
    assert [row.figures["count"] for row in found.rows()] == [1]


def dated(days: dict[tuple[str, str], int]) -> Any:
    complaints: dict[str, Any] = {}
    numbers = itertools.count(100)
    for (day, language), size in days.items():
        for _ in range(size):
            filed = datetime.fromisoformat(day).replace(tzinfo=UTC)
            complaints[f"c{next(numbers)}"] = {"filed_at": filed, "language": language}
    links = {FILED: [(f"of {key}", key) for key in complaints]}
    return make_view(
        VOCABULARY, {"Complaint": complaints, "Customer": {f"of {k}": {} for k in complaints}}, links
    )


def counts(points: Sequence[Point]) -> list[int | None]:
    return [point.count for point in points]


def test_small_periods_are_withheld() -> None:
    view = dated(
        {("2026-01-05", "es"): 9, ("2026-02-05", "es"): 2, ("2026-04-05", "es"): 6, ("2026-05-05", "es"): 8}
    )
    found = follow_trend(view, "Complaint", When("month"), suppress_below=5)
    assert counts(found.total.points) == [9, None, 0, None, 8]
    assert found.withheld == 2
    assert found.total.count == 25


def test_small_series_are_left_out_and_do_not_follow() -> None:
    view = dated(
        {("2026-01-05", "es"): 9, ("2026-01-06", "pt"): 8, ("2026-01-07", "en"): 2, ("2026-02-05", "es"): 7}
    )
    found = follow_trend(view, "Complaint", When("month"), lenses=["language"], suppress_below=5)
    assert [(series.groups[0].value, counts(series.points)) for series in found.series] == [("es", [9, 7])]
    assert found.others == 2
    assert counts(found.total.points) == [19, 7]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sizes=st.dictionaries(
        st.tuples(st.sampled_from(["es", "pt", "en"]), st.sampled_from(["open", "shut", "new"])),
        st.integers(1, 9),
        min_size=1,
    ),
    k=st.integers(2, 6),
)
def test_no_figure_is_of_few(sizes: dict[tuple[str, str], int], k: int) -> None:
    view = shop(sizes)
    by = [Grouping("language"), Grouping("status")]
    found = aggregate(view, "Complaint", by=by, measures=[CUSTOMERS], suppress_below=k)
    whole = sum(sizes.values())
    assert all(row.figures["customers"] >= k for row in found.rows())
    assert (found.total is None) == (whole < k)
    shown = sum(row.figures["customers"] for row in found.rows())
    assert shown == whole or whole - shown >= k or whole < k
