"""Features of units: folds, hubs, what follows from complaints, and what is told of each path."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from algorithms.considered import Considered
from algorithms.features import Built, History, build_features, restrict
from algorithms.folds import MANY
from algorithms.reach import WIDEST
from algorithms.rootcauses import RootCauses, UnitTable, find_root_causes
from graph import Projection
from schema import LANGUAGES, Triple
from schema.paths import parse_path
from schema.vocabulary import core_vocabulary
from tests.algorithms.graphs import make_graph

VOCABULARY = core_vocabulary().extend(
    {
        "kinds": {
            "Order": {"properties": {"placed_on": "date", "sent_on": "date", "note": "email"}},
            "Payment": {"properties": {"kind": "text"}},
        },
        "relationships": {
            "PLACED": {"ends": ["Customer -> Order"]},
            "PAYS": {"ends": ["Payment -> Order"]},
        },
    }
)
PLACED = Triple("Customer", "PLACED", "Order")
PAYS = Triple("Payment", "PAYS", "Order")
HAD = Triple("Customer", "HAD", "Contact")
THROUGH = Triple("Contact", "THROUGH", "Channel")


def at(day: float) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)


def named(built: Built) -> dict[str, Any]:
    return {str(path): feature for path, feature in built}


def told(built: Built) -> dict[str, Considered]:
    return {one.path: one for one in built.considered}


@pytest.fixture
def shop() -> Projection:
    """Return four orders, of which the first is paid in three parts and the last not at all."""
    return make_graph(
        VOCABULARY,
        {
            "Order": {
                "key": ["a", "b", "c", "d"],
                "placed_on": [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3), None],
                "sent_on": [date(2026, 1, 11), date(2026, 1, 1), None, date(2026, 2, 1)],
                "note": ["a@b.co"] * 4,
            },
            "Payment": {
                "key": ["p", "q", "r", "s", "t"],
                "amount": [Decimal("0.10"), Decimal("0.20"), Decimal("49.90"), Decimal(7), Decimal(1)],
                "paid_at": [at(3.9), at(1.1), None, at(5), at(9)],
                "kind": ["cash", "card", "card", "cash", "card"],
                "installments": [1, None, 3, 2, None],
            },
        },
        {PAYS: [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2)]},
    )


PAID = "Order<-PAYS-Payment"
GAP = f"gap(Order.placed_on, min({PAID}.paid_at))"


def test_folds_are_what_can_be_counted_by_hand(shop: Projection) -> None:
    texts = [
        f"min({PAID}.amount)",
        f"min({PAID}.paid_at)",
        f"latest({PAID}.installments)",
        "gap(Order.placed_on, Order.sent_on)",
        f"gap(Order.placed_on, {PAID}.paid_at)",
        GAP,
    ]
    declared = [parse_path(text, VOCABULARY) for text in texts]
    built = build_features(VOCABULARY, shop, "Order", declared=declared)
    found = named(built)
    nan = float("nan")
    expected: dict[str, list[float]] = {
        f"count({PAID})": [3, 1, 1, 0],
        f"sum({PAID}.amount)": [50.2, 7, 1, nan],
        f"max({PAID}.amount)": [49.9, 7, 1, nan],
        f"min({PAID}.amount)": [0.1, 7, 1, nan],
        f"latest({PAID}.amount)": [0.1, 7, 1, nan],
        f"latest({PAID}.installments)": [1, 2, nan, nan],
        "gap(Order.placed_on, Order.sent_on)": [10, -1, nan, nan],
        f"gap(Order.placed_on, {PAID}.paid_at)": [3, 4, 7, nan],
        GAP: [1, 4, 7, nan],
    }
    for path, values in expected.items():
        np.testing.assert_allclose(found[path].values, values, err_msg=path)
    assert found[f"min({PAID}.paid_at)"].values[0] == np.datetime64(at(1.1).replace(tzinfo=None), "us")
    assert told(built)[f"latest({PAID}.kind)"].reason == "name"
    assert built.known.all()


def test_what_is_declared_can_stand_alone(shop: Projection) -> None:
    declared = [parse_path(text, VOCABULARY) for text in (GAP, f"{PAID}.amount", "Order.note")]
    built = build_features(VOCABULARY, shop, "Order", declared=declared, discover=False)
    assert set(named(built)) == {GAP, f"max({PAID}.amount)"}
    assert told(built)["Order.note"].reason == "personal"


def test_each_path_is_told_of(shop: Projection) -> None:
    built = build_features(VOCABULARY, shop, "Order", exclude=["Payment.installments", f"sum({PAID}.amount)"])
    reasons = {path: one.reason for path, one in told(built).items()}
    assert reasons[f"{PAID}.installments"] == reasons[f"sum({PAID}.amount)"] == "excluded"
    assert reasons["Order.note"] == "personal"
    assert reasons[PAID] == "name"
    assert reasons["Order<-PLACED-Customer"] == "empty"
    assert reasons[f"{PAID}<-ABOUT-Complaint"] == "complaint"
    assert reasons[f"max({PAID}.amount)"] == "used"
    assert {path for path, one in told(built).items() if one.used} == set(named(built))
    for one in built.considered:
        assert set(one.why) == set(LANGUAGES)
        assert all(one.why.values())


def test_sums_in_several_currencies_are_left_out() -> None:
    payments: dict[str, Any] = {
        "key": ["p", "q"],
        "amount": [Decimal(1), Decimal(2)],
        "amount_currency": ["EUR", "USD"],
    }
    graph = make_graph(
        VOCABULARY, {"Order": {"key": ["a", "b"]}, "Payment": payments}, {PAYS: [(0, 0), (1, 0)]}
    )
    assert told(build_features(VOCABULARY, graph, "Order"))[f"sum({PAID}.amount)"].reason == "currencies"


@pytest.mark.parametrize("size", [0, 1])
def test_hardly_any_units_have_no_features_and_no_error(size: int) -> None:
    graph = make_graph(VOCABULARY, {"Order": {"key": ["a"][:size]}, "Payment": {"key": []}}, {PAYS: []})
    declared = [parse_path(GAP, VOCABULARY), parse_path("gap(Order.placed_on, Order.sent_on)", VOCABULARY)]
    first = np.full(size, np.datetime64("NaT", "us"))
    history = History(np.zeros(size, np.int64), first)
    assert not build_features(VOCABULARY, graph, "Order", declared=declared, history=history).pairs


def test_a_unit_of_which_nothing_is_known_is_told_apart(shop: Projection) -> None:
    graph = make_graph(VOCABULARY, {"Order": {"key": ["a", "b"]}}, {})
    assert not build_features(VOCABULARY, graph, "Order").known.any()
    declared = [parse_path(f"sum({PAID}.amount)", VOCABULARY)]
    alone = build_features(
        VOCABULARY, shop, "Order", declared=declared, discover=False, exclude=["Order.placed_on"]
    )
    assert alone.known.tolist() == [True, True, True, True]  # by the day it was sent, or a payment


def test_a_hub_is_told_and_others_keep_their_links() -> None:
    """One customer of many orders with many contacts stands for all who are not known by name."""
    guests, others = 400, 600
    orders = [f"o{i:04}" for i in range(guests + others)]
    contacts = 40 * WIDEST
    customers = ["guest", *(f"c{i:03}" for i in range(others // 2))]
    graph = make_graph(
        VOCABULARY,
        {
            "Order": {"key": orders},
            "Customer": {"key": customers},
            "Contact": {
                "key": [f"k{i:05}" for i in range(contacts + others // 2)],
                "purpose": ["guest"] * contacts + ["help" if i % 2 else "sale" for i in range(others // 2)],
            },
        },
        {
            PLACED: [(0, i) for i in range(guests)] + [(1 + i // 2, guests + i) for i in range(others)],
            HAD: [(0, i) for i in range(contacts)] + [(1 + i, contacts + i) for i in range(others // 2)],
        },
    )
    built = build_features(VOCABULARY, graph, "Order")
    path = "Order<-PLACED-Customer-HAD->Contact.purpose"
    feature = named(built)[path]
    assert [feature.labels[code] for code in feature.values[[0, guests - 1]]] == [MANY, MANY]
    assert {feature.labels[code] for code in feature.values[guests:]} == {"help", "sale"}
    assert told(built)[path].reason == "capped"
    assert "400" in told(built)[path].why["en"]
    few = restrict(feature, np.array([guests, 0]))
    assert [few.labels[code] for code in few.values] == ["sale", MANY]


def test_a_path_that_is_all_hub_is_left_out() -> None:
    graph = make_graph(
        VOCABULARY,
        {
            "Order": {"key": [f"o{i}" for i in range(300)]},
            "Customer": {"key": ["one"]},
            "Contact": {"key": [f"k{i}" for i in range(300)]},
        },
        {PLACED: [(0, i) for i in range(300)], HAD: [(0, i) for i in range(300)]},
    )
    built = build_features(VOCABULARY, graph, "Order")
    assert told(built)["Order<-PLACED-Customer-HAD->Contact"].reason == "hub"
    assert not any("Contact" in path for path in named(built))


class Callers:
    """Customers who are called at random; a tenth complain, at random, and are then called back."""

    def __init__(
        self, seed: int, *, dated: bool = True, causal: bool = False, calls_back: bool = True
    ) -> None:
        rng = np.random.default_rng(seed)
        size, year = 3000, 365.0
        began = rng.uniform(-300, 200, size)
        calls = [rng.uniform(max(b, 0), year, rng.poisson(3)) for b in began]
        complains = rng.random(size) < 0.1
        when = np.array([rng.uniform(max(b, 0) + 1, year) for b in began])
        self.sold = np.zeros(size, np.bool_)
        channels: list[int] = []
        times: list[float] = []
        owners: list[int] = []
        for i in range(size):
            for t in calls[i]:
                sale = bool(rng.random() < 0.1)
                if causal and sale and not complains[i] and rng.random() < 0.6:
                    complains[i], when[i] = True, t + rng.uniform(1, 9)
                self.sold[i] |= sale
                channels.append(1 if sale else 0)
                times.append(t)
                owners.append(i)
            for t in when[i] + rng.uniform(0, 9, rng.poisson(2)) if complains[i] and calls_back else ():
                channels.append(2)  # the line for complaints
                times.append(t)
                owners.append(i)
        self.outcomes = complains.astype(np.int64)
        first = np.array([np.datetime64(at(t).replace(tzinfo=None), "us") for t in when])
        self.first = np.where(complains & dated, first, np.datetime64("NaT", "us"))
        self.graph = make_graph(
            VOCABULARY,
            {
                "Customer": {
                    "key": [f"c{i:04}" for i in range(size)],
                    "since": [at(b).date() for b in began],
                    "segment": [str(rng.integers(3)) for _ in range(size)],
                },
                "Contact": {
                    "key": [f"k{i:05}" for i in range(len(times))],
                    "at": [at(t) for t in times],
                    "purpose": [("help", "sale", "complaint")[c] for c in channels],
                },
                "Channel": {"key": ["help", "sale", "complaints"]},
            },
            {
                HAD: [(owner, i) for i, owner in enumerate(owners)],
                THROUGH: list(enumerate(channels)),
            },
        )

    def build(self, *declared: str) -> Built:
        return build_features(
            VOCABULARY,
            self.graph,
            "Customer",
            declared=[parse_path(text, VOCABULARY) for text in declared],
            history=History(self.outcomes, self.first),
        )

    def search(self, built: Built) -> RootCauses:
        return find_root_causes(UnitTable(tuple(feature for _, feature in built), self.outcomes))


HISTORY = (
    "count(Customer-HAD->Contact)",
    "max(Customer-HAD->Contact.at)",
    "latest(Customer-HAD->Contact.purpose)",
    "gap(Customer.since, Customer-HAD->Contact.at)",
)


@pytest.mark.parametrize("seed", range(6))
def test_what_follows_complaints_does_not_explain_them(seed: int) -> None:
    callers = Callers(seed)
    built = callers.build()
    assert told(built)["count(Customer-HAD->Contact)"].reason == "after"
    assert told(built)["Customer-HAD->Contact-THROUGH->Channel"].reason == "before"
    assert not callers.search(built).causes
    # Declared, it is held against units without complaints as they were at a comparable moment.
    assert not callers.search(callers.build(*HISTORY)).causes


def test_without_that_what_follows_complaints_would_explain_them() -> None:
    callers = Callers(1)
    naive = build_features(VOCABULARY, callers.graph, "Customer")
    assert callers.search(naive).causes


def test_what_came_before_complaints_still_explains_them() -> None:
    callers = Callers(2, causal=True)
    for built in (callers.build(), callers.build(*HISTORY)):
        found = callers.search(built).causes
        assert any(
            part.value == "sale" and "Contact" in part.feature for cause in found for part in cause.pattern
        )
    first = callers.search(callers.build()).causes[0]
    assert first.exposed >= 0.85 * callers.sold.sum()


def test_events_that_complaints_do_not_move_are_folded_whole() -> None:
    built = Callers(3, calls_back=False).build()
    assert told(built)["count(Customer-HAD->Contact)"].reason == "used"


def test_where_complaints_have_no_dates_what_has_is_left_out() -> None:
    built = Callers(4, dated=False).build("count(Customer-HAD->Contact)")
    assert told(built)["Customer-HAD->Contact"].reason == "undated"
    assert told(built)["count(Customer-HAD->Contact)"].reason == "unchecked"
    assert [path for path in named(built) if "Contact" in path] == ["count(Customer-HAD->Contact)"]
