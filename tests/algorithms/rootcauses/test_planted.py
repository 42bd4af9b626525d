"""Causes that were planted are found, by the right name and by that name only."""

from __future__ import annotations

import numpy as np
import pytest

from algorithms.rootcauses import Feature, Literal, UnitTable, find_root_causes
from schema.errors import UsageError
from tests.algorithms.rootcauses.planted import UNITS, background, spell, tabulate


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_single_category(rng):
    features = background(rng)
    bad = features["region"].values == 3
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.12, 0.03)))
    assert spell(found) == [["region = R3"]]
    cause = found.causes[0]
    assert np.array_equal(cause.members, np.flatnonzero(bad))
    assert cause.lift_low < 4 < cause.lift_high
    assert cause.q_value < 1e-6
    assert cause.dose is None


def test_conjunction_is_not_reported_as_its_parts(rng):
    features = background(rng)
    region, plan = features["region"], features["plan"]
    bad = (region.values == 3) & (plan.values == plan.labels.index("plus"))
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.2, 0.03)))
    assert spell(found) == [["region = R3", "plan = plus"]]


def test_two_conjunctions_of_one_parent(rng):
    features = background(rng)
    plan, region = features["plan"].values, features["region"].values
    bad = (plan == 0) & ((region == 1) | (region == 2))
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.25, 0.03)))
    assert spell(found) == [["region in R1, R2", f"plan = {features['plan'].labels[0]}"]]


def test_two_conjunctions_of_one_parent_that_differ(rng):
    features = background(rng)
    plan, region = features["plan"].values, features["region"].values
    chance = np.select([(plan == 0) & (region == 1), (plan == 0) & (region == 2)], [0.12, 0.45], 0.03)
    found = find_root_causes(tabulate(rng, features, chance))
    plan_name = features["plan"].labels[0]
    assert sorted(spell(found)) == [
        ["region = R1", f"plan = {plan_name}"],
        ["region = R2", f"plan = {plan_name}"],
    ]


def test_values_too_weak_to_stand_alone_join(rng):
    features = background(rng)
    bad = np.isin(features["tower"].values, [3, 11, 12, 40, 77])
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.15, 0.03)))
    (literal,) = found.causes[0].pattern
    assert (literal.feature, literal.op, literal.value) == ("tower", "in", (3, 11, 12, 40, 77))
    assert len(found.causes) == 1


def test_number_threshold(rng):
    features = background(rng)
    bad = features["bill"].values >= 150
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.15, 0.03)))
    (literal,) = found.causes[0].pattern
    assert len(found.causes) == 1
    assert (literal.feature, literal.op) == ("bill", ">=")
    assert literal.value == pytest.approx(150, rel=0.1)


def test_ranges_of_a_dose_are_one_cause(rng):
    days = rng.integers(-10, 12, UNITS)
    features = background(rng) | {"days_late": Feature.number("days_late", days)}
    chance = np.select([days >= 4, days >= 1], [0.7, 0.35], 0.03)
    found = find_root_causes(tabulate(rng, features, chance))
    assert spell(found) == [["days_late >= 1"]]
    dose = found.causes[0].dose
    assert str(dose[0].literal) == "days_late < 1"
    assert dose[0].rate < dose[1].rate < dose[-1].rate
    assert sum(part.exposed for part in dose) == UNITS


def test_small_count_by_its_value(rng):
    count = rng.choice([1, 2, 3, 4], UNITS, p=[0.6, 0.2, 0.1, 0.1])
    features = background(rng) | {"sellers": Feature.number("sellers", count)}
    found = find_root_causes(tabulate(rng, features, np.where(count == 3, 0.2, 0.03)))
    assert spell(found) == [["sellers = 3"]]
    assert found.causes[0].pattern[0].value == 3


def test_date_range_with_a_category(rng):
    features = background(rng)
    since, tower = features["since"].values, features["tower"].values
    window = (since >= np.datetime64("2025-03-01")) & (since < np.datetime64("2025-07-01"))
    bad = window & (tower == 5)
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.6, 0.03)))
    assert len(found.causes) == 1
    by_feature = {literal.feature: literal for literal in found.causes[0].pattern}
    assert by_feature["tower"].value == 5
    assert set(by_feature) == {"tower", "since"}
    both = np.isin(np.flatnonzero(bad), found.causes[0].members).sum()
    assert both / (bad.sum() + found.causes[0].exposed - both) > 0.8


def test_value_of_a_set(rng):
    features = background(rng)
    addons = features["addons"]
    owners = np.repeat(np.arange(UNITS), np.diff(addons.indptr))
    bad = np.isin(np.arange(UNITS), owners[addons.values == 9])
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.15, 0.03)))
    assert spell(found) == [["addons = A9"]]
    assert np.array_equal(found.causes[0].members, np.flatnonzero(bad))


@pytest.mark.parametrize("kind", ["category", "number", "date", "sets"])
def test_missing_value(rng, kind):
    missing = rng.random(UNITS) < 0.04
    if kind == "category":
        feature = Feature.coded("x", np.where(missing, -1, rng.integers(0, 5, UNITS)), "abcde")
    elif kind == "number":
        feature = Feature.number("x", np.where(missing, np.nan, rng.random(UNITS)))
    elif kind == "date":
        days = np.datetime64("2025-01-01") + rng.integers(0, 300, UNITS)
        feature = Feature.date("x", np.where(missing, np.datetime64("NaT"), days))
    else:
        indptr = np.r_[0, np.cumsum(~missing)]
        feature = Feature.sets("x", indptr, rng.integers(0, 9, indptr[-1]), range(9))
    features = background(rng) | {"x": feature}
    found = find_root_causes(tabulate(rng, features, np.where(missing, 0.2, 0.03)))
    assert spell(found) == [["x is null"]]


def test_near_copy_is_an_alias(rng):
    features = background(rng)
    tower = features["tower"].values
    batch = np.where(rng.random(UNITS) < 0.03, rng.integers(0, 80, UNITS), tower)
    features["batch"] = Feature.coded("batch", batch, [f"B{i}" for i in range(80)])
    found = find_root_causes(tabulate(rng, features, np.where(tower == 5, 0.4, 0.03)))
    assert spell(found) == [["tower = 5"]]
    assert [[str(lit) for lit in alias] for alias in found.causes[0].aliases] == [["batch = B5"]]


def test_what_nearly_all_units_hold_makes_no_alias(rng):
    features = background(rng)
    tower = features["tower"].values
    common = rng.random(UNITS) < 0.85
    copy = np.where(rng.random(UNITS) < 0.01, ~common, common)
    features |= {
        "fibre": Feature.coded("fibre", common.astype(int), ["no", "yes"]),
        "modem": Feature.coded("modem", copy.astype(int), ["old", "new"]),
        "age": Feature.number("age", rng.integers(18, 90, UNITS).astype(float)),
    }
    bad = (tower < 12) & common
    features["zone"] = Feature.coded("zone", np.minimum(tower // 12, 3), "ABCD")
    found = find_root_causes(tabulate(rng, features, np.where(bad, 0.4, 0.03)))
    assert spell(found)[0] == ["fibre = yes", "zone = A"]
    aliases = [[str(literal) for literal in alias] for alias in found.causes[0].aliases]
    assert ["modem = new", "zone = A"] in [sorted(alias) for alias in aliases]
    assert not any("age" in literal for alias in aliases for literal in alias)


def test_shadow_is_not_reported(rng):
    features = background(rng)
    tower = features["tower"].values
    features["city"] = Feature.coded("city", tower // 4, [f"C{i}" for i in range(20)])
    found = find_root_causes(tabulate(rng, features, np.where(tower == 5, 0.4, 0.03)))
    assert spell(found) == [["tower = 5"]]
    assert found.causes[0].aliases == ()


def test_core_of_a_broader_cause(rng):
    items = rng.choice([1, 2, 3], UNITS, p=[0.7, 0.2, 0.1])
    several = (items > 1) & (rng.random(UNITS) < 0.2)
    features = background(rng) | {
        "items": Feature.number("items", items),
        "sellers": Feature.number("sellers", np.where(several, 2, 1)),
    }
    chance = np.select([several, items > 1], [0.5, 0.12], 0.03)
    found = find_root_causes(tabulate(rng, features, chance))
    assert sorted(spell(found)) == [["items >= 2"], ["sellers = 2"]]


def test_overlapping_causes_are_told_apart(rng):
    features = background(rng)
    region, tower = features["region"].values == 2, features["tower"].values == 9
    chance = 0.03 * np.where(region, 4, 1) * np.where(tower, 6, 1)
    found = find_root_causes(tabulate(rng, features, chance))
    assert sorted(spell(found)) == [["region = R2"], ["tower = 9"]]


def test_clustered_counts_with_exposure(rng):
    features = background(rng)
    months = rng.uniform(0.5, 12, UNITS)
    rate = np.where(features["region"].values == 4, 0.3, 0.1)
    outcomes = rng.poisson(rng.gamma(months * rate / 0.5, 0.5))
    found = find_root_causes(UnitTable(tuple(features.values()), outcomes, months))
    assert spell(found) == [["region = R4"]]
    cause = found.causes[0]
    assert cause.complaints > cause.complaining_units
    assert cause.rate == pytest.approx(0.3, rel=0.2)
    assert cause.lift == pytest.approx(3, rel=0.1)
    assert cause.lift_high / cause.lift_low < 1.2


def test_ranked_by_excess():
    rng = np.random.default_rng(8)
    features = background(rng)
    broad, narrow = features["plan"].values == 0, features["tower"].values == 9
    chance = np.where(narrow, 0.5, np.where(broad, 0.12, 0.03))
    found = find_root_causes(tabulate(rng, features, chance))
    assert [cause.pattern[0].feature for cause in found.causes] == ["plan", "tower"]
    assert found.causes[0].lift < found.causes[1].lift


def test_a_code_among_whole_numbers_is_named(rng):
    features = background(rng)
    code = rng.integers(0, 300, UNITS)
    price = rng.choice([9.9, 19.9, 29.9, 49.9, 79.9], UNITS)
    features |= {"code": Feature.number("code", code), "price": Feature.number("price", price)}
    chance = np.select([code == 57, price == 29.9], [0.7, 0.12], 0.03)
    found = find_root_causes(tabulate(rng, features, chance))
    assert sorted(spell(found)) == [["code = 57"], ["price = 29.9"]]


def test_an_outage_on_one_day_is_named(rng):
    features = background(rng)
    since = features["since"].values
    found = find_root_causes(
        tabulate(rng, features, np.where(since == np.datetime64("2025-05-13"), 0.8, 0.03))
    )
    assert spell(found) == [["since = 2025-05-13"]] or spell(found) == [["since = 2025-05-13 00:00:00"]]


def test_core_of_a_broad_category(rng):
    features = background(rng)
    plan, region = features["plan"].values, features["region"].values
    chance = np.select([(plan == 0) & (region < 2), plan == 0], [0.6, 0.15], 0.03)
    found = find_root_causes(tabulate(rng, features, chance))
    named = {frozenset(pattern) for pattern in spell(found)}
    plan_name = f"plan = {features['plan'].labels[0]}"
    assert frozenset([plan_name]) in named
    assert all(plan_name in pattern for pattern in named)


def test_why_not(rng):
    features = background(rng)
    tower = features["tower"].values
    features["city"] = Feature.coded("city", tower // 4, [f"C{i}" for i in range(20)])
    batch = np.where(rng.random(UNITS) < 0.03, rng.integers(0, 80, UNITS), tower)
    features["batch"] = Feature.coded("batch", batch, [f"B{i}" for i in range(80)])
    asked = [
        (Literal("tower", "=", 5),),
        (Literal("city", "=", "C1"),),
        (Literal("batch", "=", "B5"),),
        (Literal("region", "=", "R1"), Literal("bill", ">=", 100)),
        (Literal("region", "=", "elsewhere"),),
        (Literal("tower", "=", 9), Literal("region", "=", "R2"), Literal("plan", "=", "plus")),
        "city",
    ]
    found = find_root_causes(tabulate(rng, features, np.where(tower == 5, 0.4, 0.03)), asked=asked)
    reasons = [answer.reason for answer in found.why_not]
    assert reasons[:3] == ["reported", "nothing_left", "alias"]
    assert reasons[3] in ("not_raised", "price")
    assert reasons[4:] == ["no_units", "few_complaints", "nothing_left"]
    city = found.why_not[1]
    assert city.cause == 1
    assert city.score > city.needed
    assert city.score_given is None or city.score_given < city.needed
    with pytest.raises(UsageError, match="no feature 'nowhere'"):
        find_root_causes(tabulate(rng, features, np.full(UNITS, 0.1)), asked=["nowhere"])
