"""Aggregates are what plain Python makes of the same nodes."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algorithms.aggregation import COUNT, CUSTOMERS, Aggregate, Grouping, Measure, Range, aggregate
from graph import Condition, Linked, Order, Where
from schema import Amount, Direction, UsageError
from tests.algorithms.aggregation.company import (
    FILED,
    SUBJECT,
    VOCABULARY,
    Company,
    companies,
    figure,
    group,
)
from tests.algorithms.aggregation.views import make_view

GROUPINGS = {
    "Complaint": [
        Grouping("language"),
        Grouping("Complaint.status"),
        Grouping("Complaint<-FILED-Customer"),
        Grouping("Complaint<-FILED-Customer.segment"),
        Grouping("Complaint-ATTRIBUTED_TO->Cause"),
        Grouping("Complaint-ABOUT->Product.category"),
        Grouping("Complaint-ABOUT->Subscription-OF->Product"),
        Grouping("Complaint<-FILED-Customer-HOLDS->Subscription.monthly_fee"),
        Grouping("filed_at"),
        *(Grouping("filed_at", per=per) for per in ("day", "week", "month", "quarter", "year")),
        Grouping("score"),
        Grouping("score", width=0.1),
        Grouping("score", edges=(0.0, 0.3, 2.5)),
        Grouping("Complaint-ABOUT->Invoice.amount", width=25),
        Grouping("count(Complaint-ATTRIBUTED_TO->Cause)"),
    ],
    "Customer": [
        Grouping("segment"),
        Grouping("since", per="quarter"),
        Grouping("Customer-FILED->Complaint.language"),
        Grouping("count(Customer-FILED->Complaint)", edges=(1, 3)),
        Grouping("Customer-BILLED->Invoice.amount"),
    ],
}
MEASURES = {
    "Complaint": [
        COUNT,
        CUSTOMERS,
        Measure("distinct", "language"),
        Measure("distinct", "Complaint-ABOUT->Product"),
        Measure("distinct", "Complaint-ABOUT->Invoice.amount"),
        *(Measure(op, "score") for op in ("sum", "mean", "min", "max", "quantile")),
        Measure("min", "Complaint-ABOUT->Product.name"),
        Measure("max", "filed_at"),
        Measure("quantile", "filed_at", 0.25),
        Measure("quantile", "Complaint-ABOUT->Subscription.started_on", 0.9),
        *(Measure(op, "Complaint-ABOUT->Invoice.amount") for op in ("sum", "mean", "min", "max", "quantile")),
        Measure("sum", "Complaint<-FILED-Customer-HOLDS->Subscription.monthly_fee"),
    ],
    "Customer": [
        COUNT,
        CUSTOMERS,
        Measure("max", "since"),
        Measure("sum", "Customer-BILLED->Invoice.amount"),
        Measure("distinct", "Customer-HOLDS->Subscription-OF->Product.category"),
    ],
}


def plain(value: Any) -> Any:
    """Return a value of a group such that it compares with that of the plain reference."""
    return (value.low, value.high, value.currency) if isinstance(value, Range) else value


def read(found: Aggregate) -> dict[Any, dict[str, Any]]:
    rows = list(found.rows())
    assert len(rows) == len(found)
    return {tuple(plain(g.value) for g in row.groups): dict(row.figures) for row in rows}


def like(found: Any, expected: Any) -> bool:
    """Tell whether figures agree; floats but for the last digits."""
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(
            f.currency == e.currency and abs(f.value - e.value) <= max(1, abs(e.value)) * Decimal("1e-15")
            for f, e in zip(found, expected, strict=True)
        )
    return bool(found == expected)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(company=companies(), data=st.data())
def test_groups_and_measures_are_those_of_plain_python(company: Company, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(GROUPINGS)))
    by = data.draw(st.lists(st.sampled_from(GROUPINGS[kind]), max_size=3))
    measures = data.draw(st.lists(st.sampled_from(MEASURES[kind]), min_size=1, max_size=3))
    found = aggregate(company.view(), kind, by=by, measures=measures)
    keys = sorted(company.nodes[kind])
    expected = group(company, kind, keys, by) if by else {(): keys}
    rows = read(found)
    assert rows.keys() == expected.keys()
    for groups, held in expected.items():
        for measure in measures:
            there = rows[groups][measure.name]
            assert like(there, figure(company, kind, held, measure)), (measure, groups)
    assert found.total is not None
    for measure in measures:
        assert like(found.total[measure.name], figure(company, kind, keys, measure))


NODES: Any = {
    "Customer": {"ana": {"segment": "home"}, "rui": {"segment": "company"}},
    "Complaint": {
        "c1": {"language": "es", "score": 1.0, "filed_at": datetime(2026, 3, 31, 23, tzinfo=UTC)},
        "c2": {"language": "pt", "score": 5.0, "filed_at": datetime(2026, 4, 1, tzinfo=UTC)},
        "c3": {"language": "es", "score": 3.0},
    },
    "Subscription": {"s1": {"monthly_fee": Amount(Decimal("49.9"), "BRL")}},
}
LINKS: Any = {FILED: [("ana", "c1"), ("ana", "c2"), ("rui", "c3")], SUBJECT: [("c1", "s1"), ("c3", "s1")]}


def test_rows_come_in_order_and_cut() -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    found = aggregate(view, "Complaint", by=[Grouping("filed_at", per="month")])
    assert [row.groups[0].label() for row in found.rows()] == ["(none)", "2026-03", "2026-04"]
    by_score = Order("mean_score", descending=True)
    found = aggregate(
        view, "Complaint", by=["language"], measures=[Measure("mean", "score")], order=by_score, limit=1
    )
    assert [(row.groups[0].value, row.figures["mean_score"]) for row in found.rows()] == [("pt", 5.0)]
    assert found.cut == 1
    assert found.total == {"mean_score": 3.0}


def test_conditions_choose() -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    where: list[Condition] = [
        Linked(FILED, Direction.IN, [Where("segment", "eq", "home")]),
        Where("language", "ne", "pt"),
    ]
    found = aggregate(view, "Complaint", by=["language"], where=where)
    assert read(found) == {("es",): {"count": 1}}


def test_over_nothing_counts_are_0_money_is_empty_and_the_others_none() -> None:
    view = make_view(VOCABULARY, {}, {})
    measures = [COUNT, CUSTOMERS, Measure("sum", "score"), Measure("max", "Complaint-ABOUT->Invoice.amount")]
    found = aggregate(view, "Complaint", measures=measures)
    (row,) = found.rows()
    assert list(row.figures.values()) == [0, 0, None, []]
    assert found.total == row.figures
    assert len(aggregate(view, "Complaint", by=["language"])) == 0


def test_what_one_node_has_counts_once_a_group() -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    fee = Measure("sum", "Complaint-ABOUT->Subscription.monthly_fee")
    found = aggregate(view, "Complaint", measures=[fee])
    assert found.total == {fee.name: [Amount(Decimal("49.9"), "BRL")]}


def test_labels_are_in_the_language() -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    found = aggregate(view, "Complaint", by=["Complaint<-FILED-Customer-HOLDS->Subscription"])
    assert [next(found.rows()).groups[0].label(language) for language in ("en", "es", "pt")] == [
        "(none)",
        "(ninguno)",
        "(nenhum)",
    ]


@pytest.mark.parametrize(
    ("path", "more", "label"),
    [
        ("filed_at", {"per": "day"}, "2026-03-31"),
        ("filed_at", {"per": "week"}, "2026-W14"),
        ("filed_at", {"per": "quarter"}, "2026-Q1"),
        ("filed_at", {"per": "year"}, "2026"),
        ("filed_at", {}, "2026-03-31 23:00 UTC"),
        ("score", {"width": 0.1}, "1 – 1.1"),
        ("score", {"edges": (0, 2.5)}, "0 – 2.5"),
        ("score", {"edges": (2,)}, "< 2"),
        ("score", {"edges": (1,)}, ">= 1"),
        ("score", {}, "1"),
        ("Complaint-ABOUT->Subscription.monthly_fee", {"width": 10}, "40 – 50 BRL"),
        ("Complaint-ABOUT->Subscription.monthly_fee", {}, "49.90 BRL"),
        ("Complaint<-FILED-Customer", {}, "ana"),
    ],
)
def test_how_groups_are_spelled(path: str, more: Any, label: str) -> None:
    view = make_view(VOCABULARY, NODES, LINKS)
    found = aggregate(view, "Complaint", by=[Grouping(path, **more)], where=[Where("key", "eq", "c1")])
    assert [row.groups[0].label() for row in found.rows()] == [label]


def test_dates_beyond_the_ordinary() -> None:
    nodes = {"Subscription": {"a": {"started_on": date(1, 1, 1)}, "b": {"started_on": date(9999, 12, 31)}}}
    view = make_view(VOCABULARY, nodes, {})
    found = aggregate(view, "Subscription", by=[Grouping("started_on", per="week")])
    assert [row.groups[0].value for row in found.rows()] == [date(1, 1, 1), date(9999, 12, 27)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda view: aggregate(view, "Nothing"),
        lambda view: aggregate(view, "Complaint", by=["nothing"]),
        lambda view: aggregate(view, "Complaint", by=["Customer.segment"]),
        lambda view: aggregate(view, "Complaint", by=[Grouping("language", per="month")]),
        lambda view: aggregate(view, "Complaint", by=[Grouping("filed_at", per="decade")]),  # type: ignore[arg-type]
        lambda view: aggregate(view, "Complaint", by=[Grouping("language", width=1)]),
        lambda view: aggregate(view, "Complaint", by=[Grouping("score", width=0)]),
        lambda view: aggregate(view, "Complaint", by=[Grouping("score", width=math.nan)]),
        lambda view: aggregate(view, "Complaint", by=[Grouping("score", width=1, edges=(1,))]),
        lambda view: aggregate(view, "Complaint", by=[Grouping("score", edges=(2, 1))]),
        lambda view: aggregate(view, "Complaint", by=["latest(Complaint<-FILED-Customer.since)"]),
        lambda view: aggregate(view, "Complaint", measures=[Measure("sum")]),
        lambda view: aggregate(view, "Complaint", measures=[Measure("sum", "language")]),
        lambda view: aggregate(view, "Complaint", measures=[Measure("mean", "filed_at")]),
        lambda view: aggregate(view, "Complaint", measures=[Measure("max", "Complaint-ABOUT->Product")]),
        lambda view: aggregate(view, "Complaint", measures=[Measure("count", "language")]),
        lambda view: aggregate(view, "Complaint", measures=[Measure("quantile", "score", 2)]),
        lambda view: aggregate(view, "Complaint", measures=[Measure("mode", "score")]),  # type: ignore[arg-type]
        lambda view: aggregate(view, "Product", measures=[CUSTOMERS]),
        lambda view: aggregate(view, "Complaint", order=Order("sum_score")),
        lambda view: aggregate(view, "Complaint", limit=-1),
    ],
)
def test_what_cannot_be_asked(ask: Any) -> None:
    with pytest.raises(UsageError):
        ask(make_view(VOCABULARY, NODES, LINKS))
