"""Which reported root cause stands for which planted one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.demo import Condition, PlantedCause, Truth, generate_company, match_planted

PLAN = "Subscription-OF->Product"
REGION = "Subscription<-HOLDS-Customer-IN->Region"
WAIT = "Subscription.days_to_install"
RUN = "Subscription<-CHARGES-Invoice-IN_RUN->BillingRun"


def planted(id_: str, *pattern: Condition) -> PlantedCause:
    title = {"en": id_, "es": id_, "pt": id_}
    return PlantedCause(id_, title, "service.slow", pattern, hit=9, expected_complaints=9.0)


TRUTH = Truth(
    seed=1,
    customers=10,
    subscriptions=20,
    messages=10,
    complaints=5,
    planted=(
        planted("run", Condition(RUN, "=", "2026-09-B07")),
        planted("pair", Condition(PLAN, "=", "MOV20"), Condition(REGION, "=", "Sul")),
        planted("wait", Condition(WAIT, ">=", 12, accept=(10, 14))),
    ),
)


def reported(*literals: tuple[str, str, Any], aliases: Any = ()) -> dict[str, Any]:
    names = ("path", "op", "value")
    return {
        "pattern": [dict(zip(names, literal, strict=True)) for literal in literals],
        "aliases": [[dict(zip(names, x, strict=True)) for x in alias] for alias in aliases],
    }


def test_a_pattern_an_alias_and_a_cut_nearby_are_found() -> None:
    match = match_planted(
        TRUTH,
        [
            reported((WAIT, ">=", 11)),
            reported(("x", "=", 1), aliases=[[(RUN, "=", "2026-09-B07")]]),
            reported((REGION, "=", "Sul"), (PLAN, "=", "MOV20")),
        ],
    )
    assert match.found == {"wait": (0,), "run": (1,), "pair": (2,)}
    assert match.missed == ()
    assert match.false == ()


def test_half_a_conjunction_is_false_and_a_narrower_pattern_is_true() -> None:
    match = match_planted(
        TRUTH,
        [
            reported((PLAN, "=", "MOV20")),
            reported((RUN, "=", "2026-09-B07"), (REGION, "=", "Sul")),
        ],
    )
    assert match.found == {"run": (1,)}
    assert match.missed == ("pair", "wait")
    assert match.false == (0,)


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        (">=", 12, True),
        ("between", [12, 30], True),
        ("between", [None, 30], False),
        (">=", 4, False),
        ("<", 12, False),
        ("=", 12, False),
    ],
)
def test_only_a_cut_that_separates_the_same_subscriptions_counts(op: str, value: Any, expected: bool) -> None:
    assert bool(match_planted(TRUTH, [reported((WAIT, op, value))]).found) is expected


def test_a_path_with_an_aggregate_around_it_is_the_same_path() -> None:
    assert match_planted(TRUTH, [reported((f"max({WAIT})", ">=", 12))]).found


def test_another_value_is_false_and_nothing_reported_is_all_missed() -> None:
    assert match_planted(TRUTH, [reported((RUN, "=", "2026-09-B08"))]).false == (0,)
    assert match_planted(TRUTH, []).missed == ("run", "pair", "wait")


def test_what_is_planted_matches_itself(tmp_path: Path) -> None:
    truth = generate_company(tmp_path, seed=1, customers=300)
    report = [reported(*((c.path, c.op, c.value) for c in cause.pattern)) for cause in truth.planted]
    match = match_planted(truth, report)
    assert match.found == {cause.id: (i,) for i, cause in enumerate(truth.planted)}
    assert not match.missed
    assert not match.false
