"""Paths, features, strata, timing and words, on a graph small enough to count by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms import find_causes, parse_condition
from algorithms.evidence import gather_quotes, rank_stated
from algorithms.features import build_features, triples_for
from algorithms.strata import select
from algorithms.wording import condition, name_of, plain_value
from graph import Projection, Reader, Store, open_store
from schema import LANGUAGES, NotFoundError, Triple, UsageError
from schema.paths import parse_path, walk
from schema.values import Amount
from schema.vocabulary import core_vocabulary

VOCABULARY = core_vocabulary().extend(
    {
        "kinds": {
            "Order": {"properties": {"days": "integer", "on": "date", "status": "text"}},
            "Seller": {"properties": {"town": "text"}},
            "Complaint": {"properties": {"claimed": "money", "urgent": "boolean"}},
        },
        "relationships": {
            "PLACED": {"ends": ["Customer -> Order"]},
            "SOLD_BY": {"ends": ["Order -> Seller"]},
            "ABOUT": {"ends": ["Complaint -> Order"]},
        },
    }
)
SOLD_BY = Triple("Order", "SOLD_BY", "Seller")
ABOUT = Triple("Complaint", "ABOUT", "Order")
ORDERS = 60


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return sixty orders: every third by seller 'bad', of which all but one are complained of."""
    made = open_store(f"sqlite:///{tmp_path_factory.mktemp('small') / 'motivo.db'}", VOCABULARY)
    orders = [f"o{i:02}" for i in range(ORDERS)]
    bad = [key for i, key in enumerate(orders) if i % 3 == 0]
    complained = [*bad[1:], "o01"]
    complaints = [f"c{key}" for key in complained]
    time = VOCABULARY.get_kind("Complaint").properties["filed_at"].value_type
    with made.transaction() as t:
        t.begin_run("by hand")
        t.upsert_records("orders", orders, [0] * ORDERS)
        columns: dict[str, Any] = {
            "days": [i % 4 for i in range(ORDERS)],
            "on": [date(2026, 1, 1 + i % 28) for i in range(ORDERS)],
            "status": ["sent" if i % 2 else None for i in range(ORDERS)],
        }
        t.upsert_nodes("Order", "orders", orders, orders, columns)
        sellers = ["bad" if key in bad else "good" for key in orders]
        t.upsert_relationships(SOLD_BY, "orders", orders, orders, sellers, {})
        t.upsert_relationships(SOLD_BY, "orders", ["o05"], ["o05"], ["other"], {})
        t.upsert_records("complaints", complaints, [0] * len(complaints))
        t.upsert_nodes(
            "Complaint",
            "complaints",
            complaints,
            complaints,
            {
                "text": [f"Nothing came of {key}. I am cross." for key in complained],
                "filed_at": [time.clean(f"2026-02-{1 + i:02}T10:00:00") for i in range(len(complained))],
                "urgent": [i % 2 == 0 for i in range(len(complained))],
                "claimed": [Amount(Decimal(i), "EUR" if i < 15 else "USD") for i in range(len(complained))],
                "score": [float(i % 3) for i in range(len(complained))],
            },
        )
        t.upsert_relationships(ABOUT, "complaints", complaints, complaints, complained, {})
        t.keep_setting("project", {"root_causes": {"unit": "Order", "depth": 2}})
        t.finish_run()
    yield made
    made.close()


@pytest.fixture
def reader(store: Store) -> Reader:
    return store.reader()


@pytest.mark.parametrize(
    "text",
    [
        "Order",
        "Order.days",
        "Order-SOLD_BY->Seller",
        "Order-SOLD_BY->Seller.town",
        "Order<-PLACED-Customer",
        "count(Order-SOLD_BY->Seller)",
        "max(Seller<-SOLD_BY-Order.days)",
    ],
)
def test_a_path_is_read_as_it_is_written(text: str) -> None:
    assert str(parse_path(text, VOCABULARY)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nothing",
        "Order.nothing",
        "Order-SOLD_BY->Customer",
        "Order-SOLD_BY->",
        "Order->Seller",
        "count(Order",
    ],
)
def test_what_is_no_path_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        parse_path(text, VOCABULARY)


@given(st.text(max_size=40))
def test_any_text_is_a_path_or_a_usage_error(text: str) -> None:
    for parse in (parse_path, parse_condition):
        with suppress(UsageError):
            parse(text, VOCABULARY)


def test_paths_never_visit_a_kind_twice() -> None:
    found = [str(path) for path in walk(VOCABULARY, "Seller", 3, lambda step: True)]
    assert "Seller<-SOLD_BY-Order<-PLACED-Customer" in found
    assert "Seller<-SOLD_BY-Order-SOLD_BY->Seller" not in found
    assert found == sorted(found, key=lambda text: text.count("-") // 2)


def test_features_are_what_orders_reach(reader: Reader) -> None:
    triples = triples_for(VOCABULARY, "Order", 2, ())
    assert ABOUT not in triples
    graph = reader.project(["Order", "Complaint"], [t for t in reader.vocabulary.triples if t in triples])
    built = {str(path): feature for path, feature in build_features(VOCABULARY, graph, "Order", depth=2)}
    assert {"Order.days", "Order.on", "Order.status", "Order-SOLD_BY->Seller"} <= set(built)
    assert built["count(Order-SOLD_BY->Seller)"].values.tolist() == [
        2.0 if i == 5 else 1.0 for i in range(60)
    ]
    assert built["Order.days"].values.tolist() == [float(i % 4) for i in range(60)]
    assert not any("Complaint" in name for name in built)
    less = build_features(VOCABULARY, graph, "Order", depth=2, exclude=["Seller", "Order.days"])
    assert {str(path) for path, _ in less} == {"Order.on", "Order.status"}


def test_the_seller_behind_all_complaints_is_found(reader: Reader) -> None:
    found = find_causes(reader)
    first = found.root_causes[0]
    assert [(p.path, p.op, p.value) for p in first.pattern] == [("Order-SOLD_BY->Seller", "=", "bad")]
    assert (found.complaints, found.units, found.unlinked) == (20, ORDERS, 0)
    assert (first.complaints, first.exposed, found.unexplained) == (19, 20, 1)
    assert first.lift == pytest.approx((19 / 20) / (1 / 40), rel=0.2)
    assert first.onset == date(2026, 2, 1)
    for evidence in first.evidence:
        assert evidence.quote in reader.get("Complaint", evidence.complaint).properties["text"]
    assert find_causes(reader) == found


def test_a_graph_without_complaints_is_told(tmp_path: Path) -> None:
    empty = open_store(f"sqlite:///{tmp_path / 'motivo.db'}", VOCABULARY)
    with pytest.raises(NotFoundError, match="Complaint"):
        find_causes(empty.reader(), unit="Order")
    empty.close()


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("score<=1", 14),
        ("score!=0", 13),
        ("urgent=true", 10),
        ("filed_at>=2026-02-11", 10),
        ("claimed>5 EUR", 9),
    ],
)
def test_conditions_choose_complaints(reader: Reader, text: str, chosen: int) -> None:
    graph = reader.project(["Complaint"], [])
    assert select(graph, "Complaint", [parse_condition(text, VOCABULARY)]).sum() == chosen


def test_conditions_on_the_unit_choose_what_is_compared(reader: Reader) -> None:
    found = find_causes(reader, where=[parse_condition("Order.status=sent", VOCABULARY)])
    assert (found.units, found.complaints, found.unlinked) == (30, 11, 0)
    with pytest.raises(UsageError, match="Seller"):
        find_causes(reader, where=[parse_condition("Seller.town=x", VOCABULARY)])
    with pytest.raises(UsageError, match="no property 'mood'"):
        parse_condition("Order.mood=bad", VOCABULARY)


def test_where_complaints_are_chosen_by_date_dates_explain_nothing(reader: Reader) -> None:
    every = find_causes(reader)
    late = find_causes(reader, where=[parse_condition("filed_at>=2026-02-11", VOCABULARY)])
    assert (every.units, late.units) == (ORDERS, ORDERS)
    assert every.features - late.features == 1
    assert not any(part.path == "Order.on" for cause in late.root_causes for part in cause.pattern)


@pytest.mark.parametrize(
    ("told", "elsewhere", "listed"),
    [
        ({"late": 10, "lost": 8, "fraud": 2}, {"fraud": 1}, ["late", "lost"]),
        ({"late": 1}, {}, []),  # one may be misread
        ({"late": 3}, {"late": 12}, []),  # written more elsewhere
        ({}, {"late": 3}, []),
    ],
)
def test_what_is_written_of_most_is_no_rare_misreading(
    told: dict[str, int], elsewhere: dict[str, int], listed: list[str]
) -> None:
    names = sorted({*told, *elsewhere, "other"})
    ends = [
        (complaint, names.index(cause))
        for first, counts in ((0, told), (20, elsewhere))
        for cause, count in counts.items()
        for complaint in range(first, first + count)
    ]
    pairs = np.array(ends, np.int64).reshape(-1, 2)
    causes = pa.table({"key": names, **{f"name_{language}": names for language in LANGUAGES}})
    triple = Triple("Complaint", "ATTRIBUTED_TO", "Cause")
    stated = pa.table({"start": pairs[:, 0], "end": pairs[:, 1]})
    graph = Projection({"Cause": causes}, {triple: stated})
    ranked = rank_stated(graph, np.arange(20), np.arange(40))
    assert [one.cause for one in ranked] == listed


def test_quotes_come_from_different_complaints(reader: Reader) -> None:
    graph = reader.project(["Complaint", "Cause"], [Triple("Complaint", "ATTRIBUTED_TO", "Cause")])
    quotes = gather_quotes(graph, np.arange(20), [], 5)
    assert len({quote.complaint for quote in quotes}) == 5
    assert quotes[0].quote == f"Nothing came of {quotes[0].complaint[1:]}."


OPS: list[tuple[str, str, Any]] = [
    ("Order.days", ">=", 2.0),
    ("Order.days", "<", 5099.1),
    ("Order.days", "between", (1.0, 3.0)),
    ("Order.on", "<=", date(2026, 1, 5)),
    ("Order.status", "=", "sent"),
    ("Order.status", "is_null", None),
    ("count(Order-SOLD_BY->Seller)", ">", 1.0),
    ("Order-SOLD_BY->Seller", "=", "bad"),
    ("sum(Order-SOLD_BY->Seller<-SOLD_BY-Order.days)", ">=", 9.5),
    ("min(Order<-PLACED-Customer-HAD->Contact.at)", "<", date(2026, 1, 5)),
    ("latest(Order<-PLACED-Customer-HAD->Contact.purpose)", "=", "sale"),
    ("gap(Order.on, min(Order<-PLACED-Customer-HAD->Contact.at))", "between", (1.0, 3.0)),
    ("gap(Order.on, Order<-PLACED-Customer.since)", "is_null", None),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "op", "value"), OPS)
def test_every_condition_has_words(path: str, op: str, value: Any, language: str) -> None:
    text = condition(VOCABULARY, parse_path(path, VOCABULARY), op, value, language)
    assert text
    assert "{" not in text
    for part in plain_value(value) if isinstance(value, tuple) else [value]:
        if isinstance(part, str):
            assert part in text
        if part == 5099.1:
            assert "5099.1" in text.replace(",", ".")


def test_folds_are_named_in_words() -> None:
    named = [
        [name_of(VOCABULARY, parse_path(text, VOCABULARY), language) for language in LANGUAGES]
        for text in (
            "sum(Customer-BILLED->Invoice.amount)",
            "latest(Customer-HAD->Contact.purpose)",
            "gap(Customer.since, min(Customer-HAD->Contact.at))",
        )
    ]
    assert named == [
        ["total of amount (invoice)", "total de importe (factura)", "total de valor (fatura)"],
        [
            "most recent purpose (contact)",
            "motivo (contacto) más reciente",
            "finalidade (contato) mais recente",
        ],
        [
            "days from customer since to earliest time (contact)",
            "días de cliente desde a primer valor de momento (contacto)",
            "dias de cliente desde a primeiro valor de momento (contato)",
        ],
    ]


def test_what_was_considered_is_reported(reader: Reader) -> None:
    considered = {one.path: one for one in find_causes(reader).considered}
    assert considered["Order.days"].used
    assert (considered["Order<-ABOUT-Complaint"].used, considered["Order<-ABOUT-Complaint"].reason) == (
        False,
        "complaint",
    )
    assert considered["Order-SOLD_BY->Seller.town"].reason == "empty"
    late = find_causes(reader, where=[parse_condition("filed_at>=2026-02-11", VOCABULARY)])
    assert {one.path: one.reason for one in late.considered}["Order.on"] == "period"
