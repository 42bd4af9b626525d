"""Nothing is said where nothing is, and every answer adds up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.rootcauses import Feature, UnitTable, find_root_causes
from schema.errors import InputError, UsageError
from tests.algorithms.rootcauses.planted import background, spell


def test_null_tables_stay_silent():
    reported = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        features = background(rng, 6000)
        table = UnitTable(tuple(features.values()), rng.random(6000) < 0.05)
        reported += len(find_root_causes(table).causes)
    assert reported <= 2


def test_clustered_counts_stay_silent():
    reported = 0
    for seed in range(20):
        rng = np.random.default_rng(100 + seed)
        features = background(rng, 6000)
        outcomes = rng.poisson(rng.gamma(0.1, 2.0, 6000))
        reported += bool(find_root_causes(UnitTable(tuple(features.values()), outcomes)).causes)
    assert reported <= 2


def column(kind: str, raw: list[int]) -> Feature:
    values = np.array(raw)
    if kind == "category":
        return Feature.coded("c", values, range(8))
    if kind == "number":
        table = np.array([np.nan, -np.inf, np.inf, 0, 1, 2.5, -1, 1e12, 3])
        return Feature.number("n", table[values])
    if kind == "date":
        days = np.datetime64("2025-01-01") + values
        return Feature.date("d", np.where(values < 1, np.datetime64("NaT"), days))
    sizes = np.maximum(values, 0) % 3
    codes = np.concatenate([np.arange(v, v + s) % 8 for v, s in zip(values, sizes, strict=True)])
    return Feature.sets("s", np.r_[0, np.cumsum(sizes)], codes.astype(int), range(8))


@st.composite
def tables(draw) -> UnitTable:
    units = draw(st.integers(1, 60))
    raw = st.lists(st.integers(-1, 7), min_size=units, max_size=units)
    kinds = draw(st.lists(st.sampled_from(["category", "number", "date", "set"]), unique=True))
    features = tuple(column(kind, draw(raw)) for kind in kinds)
    top = draw(st.sampled_from([1, 4]))
    outcomes = np.array(draw(st.lists(st.integers(0, top), min_size=units, max_size=units)))
    if features and draw(st.booleans()):  # an outcome that follows a feature
        outcomes = (np.array(draw(raw)) > 5).astype(int)
        outcomes[features[0].values[: len(outcomes)].argsort()[: units // 3][: len(outcomes)]] = 1
    exposure = None
    if draw(st.booleans()):
        exposure = np.array(draw(st.lists(st.floats(0.1, 9), min_size=units, max_size=units)))
    return UnitTable(features, outcomes, exposure)


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(1, 3), st.integers(1, 5), st.sampled_from([0.05, 0.9]))
def test_invariants(table, max_order, min_complaints, alpha):
    found = find_root_causes(table, max_order=max_order, min_complaints=min_complaints, alpha=alpha)
    assert found.units == len(table)
    assert found.outcomes == table.outcomes.sum()
    covered, share = np.zeros(len(table), dtype=bool), 0.0
    for rank, cause in enumerate(found.causes, start=1):
        assert cause.rank == rank
        assert cause.exposed == len(cause.members) < len(table)
        assert cause.complaints == table.outcomes[cause.members].sum()
        assert min_complaints <= cause.complaining_units <= min(cause.exposed, cause.complaints)
        assert 1 <= cause.lift_low <= cause.lift <= cause.lift_high < np.inf
        assert 0 <= cause.q_value < alpha
        assert 1 <= len(cause.pattern) <= max_order
        assert share <= cause.cumulative_coverage <= 1
        assert cause.coverage <= cause.cumulative_coverage
        share = cause.cumulative_coverage
        covered[cause.members] = True
    assert found.unexplained == table.outcomes[~covered].sum()
    if found.causes:
        assert share == pytest.approx(1 - found.unexplained / found.outcomes)


def test_same_answer_twice():
    rng = np.random.default_rng(3)
    features = tuple(background(rng, 5000).values())
    outcomes = rng.random(5000) < np.where(features[0].values == 1, 0.3, 0.05)
    first, again = (find_root_causes(UnitTable(features, outcomes)) for _ in range(2))
    assert spell(first) == spell(again)
    assert [c.lift_low for c in first.causes] == [c.lift_low for c in again.causes]


LABELS = Feature.coded("c", [0, 1] * 20, ["a", "b"])


@pytest.mark.parametrize(
    "table",
    [
        UnitTable((), np.zeros(0)),
        UnitTable((), np.ones(50)),
        UnitTable((Feature.category("c", ["a"]),), np.ones(1)),
        UnitTable((LABELS,), np.zeros(40)),
        UnitTable((LABELS,), np.ones(40)),
        UnitTable((Feature.number("n", np.full(40, np.nan)),), np.arange(40) % 2),
        UnitTable((Feature.category("c", [None] * 40),), np.arange(40) % 2),
        UnitTable((Feature.date("d", np.full(40, "NaT", "datetime64[D]")),), np.arange(40) % 2),
        UnitTable((Feature.sets("s", np.zeros(41), [], []),), np.arange(40) % 2),
        UnitTable((Feature.category("id", [f"id{i}" for i in range(40)]),), np.arange(40) % 2),
    ],
    ids=[
        "empty",
        "no features",
        "one unit",
        "no complaint",
        "all complain",
        "no number",
        "no category",
        "no date",
        "empty sets",
        "a name each",
    ],
)
def test_abstains(table):
    found = find_root_causes(table)
    assert found.causes == ()
    assert found.unexplained == found.outcomes == table.outcomes.sum()


def test_infinities_are_values():
    rng = np.random.default_rng(5)
    values = rng.normal(size=4000)
    values[:400] = np.inf
    values[400:800] = -np.inf
    outcomes = rng.random(4000) < np.where(np.isposinf(values), 0.4, 0.05)
    found = find_root_causes(UnitTable((Feature.number("n", values),), outcomes))
    assert np.isin(np.arange(400), found.causes[0].members).all()
    assert np.isfinite(found.causes[0].pattern[0].value)


def test_wrong_tables_are_refused():
    with pytest.raises(InputError, match="has 40 units, the outcomes have 3"):
        UnitTable((LABELS,), np.zeros(3))
    with pytest.raises(InputError, match="negative"):
        UnitTable((), np.array([-1, 0]))
    with pytest.raises(InputError, match="integers"):
        UnitTable((), np.array([0.5, 0]))
    with pytest.raises(InputError, match="integers"):
        UnitTable((), np.array([np.nan, 0]))
    with pytest.raises(InputError, match="two features are called 'c'"):
        UnitTable((LABELS, LABELS), np.zeros(40))
    with pytest.raises(InputError, match="above 0"):
        UnitTable((), np.zeros(2), np.array([1.0, 0.0]))


@pytest.mark.parametrize(
    "setting",
    [{"max_order": 0}, {"max_order": 9}, {"min_complaints": 0}, {"alpha": 1.0}, {"min_lift": 0.5}],
)
def test_wrong_settings_are_refused(setting):
    with pytest.raises(UsageError, match=next(iter(setting))):
        find_root_causes(UnitTable((LABELS,), np.zeros(40)), **setting)
