"""The planted causes can be found by a sound method, and nothing else can."""

from __future__ import annotations

import numpy as np
import pytest

from tests.api.demo.exposure import Exposure, measure

SEEDS = range(1, 11)


@pytest.fixture(scope="module", params=SEEDS)
def exposure(request: pytest.FixtureRequest) -> Exposure:
    return measure(request.param)


def test_each_planted_cause_stands_far_above_the_price_of_naming_it(exposure: Exposure) -> None:
    everyone = np.ones(len(exposure.complaints), bool)
    dispersion = exposure.dispersion(everyone)
    for plant in exposure.plants:
        excess = exposure.excess(exposure.hit([plant]), everyone, dispersion)
        price = len(plant.cause.pattern) * exposure.price
        assert excess - price >= 15, plant.cause.id


def test_a_planted_conjunction_is_more_than_its_parts(exposure: Exposure) -> None:
    everyone = np.ones(len(exposure.complaints), bool)
    dispersion = exposure.dispersion(everyone)
    faulty = exposure.company.faulty
    for plant_id, parts in {
        "router-firmware": (("router", faulty.router), ("firmware", faulty.firmware)),
        "plan-region": (("plan", faulty.plan), ("region", faulty.region)),
    }.items():
        (plant,) = (p for p in exposure.plants if p.cause.id == plant_id)
        whole = exposure.hit([plant])
        for part in parts:
            outside = ~whole  # without the conjunction, a part is innocent
            left = exposure.excess(exposure.literals[part], outside, dispersion)
            assert left < exposure.price + 5, part


def test_nothing_stands_out_once_the_subscriptions_hit_are_left_out(exposure: Exposure) -> None:
    innocent = ~exposure.hit(exposure.plants)
    dispersion = exposure.dispersion(innocent)
    for literal, members in exposure.literals.items():
        excess = exposure.excess(members, innocent, dispersion)
        assert excess - exposure.price < 5, literal


def test_planted_causes_cast_shadows_on_innocent_attributes(exposure: Exposure) -> None:
    everyone = np.ones(len(exposure.complaints), bool)
    dispersion = exposure.dispersion(everyone)
    faulty = exposure.company.faulty
    (tower,) = (t for t in exposure.company.towers if t.id == faulty.tower)
    shadow = exposure.excess(exposure.literals["controller", tower.controller], everyone, dispersion)
    assert shadow > exposure.price


def test_complaints_are_overdispersed_and_some_six_thousand(exposure: Exposure) -> None:
    innocent = ~exposure.hit(exposure.plants)
    assert exposure.dispersion(innocent) > 1.2
    assert 5_500 <= exposure.complaints.sum() <= 6_500
    assert 12_000 <= len(exposure.complaints) <= 14_000


def test_complaints_are_fewer_than_the_subscriptions_hit(exposure: Exposure) -> None:
    for plant in exposure.plants:
        hit = exposure.hit([plant])
        assert exposure.complaints[hit].sum() < hit.sum(), plant.cause.id


def test_the_longer_the_wait_the_more_complaints(exposure: Exposure) -> None:
    (plant,) = (p for p in exposure.plants if p.cause.id == "late-installation")
    days = [s.days_to_install for s in exposure.company.subscriptions]
    means = [plant.means[i] for i in sorted(plant.means, key=lambda i: days[i])]
    assert means == sorted(means)
    assert means[0] < 0.7 * means[-1]
