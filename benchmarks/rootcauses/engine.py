"""Our own answers: planted tables, null tables, proxy pairs, time."""

from __future__ import annotations

import time

import numpy as np

from algorithms.rootcauses import Feature, UnitTable, find_root_causes
from benchmarks.rootcauses import categories, mixed
from benchmarks.rootcauses.planted import Answer, Tally, Trial, mark, name_pattern


def answer(table: UnitTable) -> list[Answer]:
    return [
        Answer(
            name_pattern(cause.pattern), mark(cause.members, len(table)), (cause.lift_low, cause.lift_high)
        )
        for cause in find_root_causes(table).causes
    ]


def measure_trial(tally: Tally, trial: Trial, *, exact: bool, label: str = "") -> None:
    start = time.process_time()
    answers = answer(trial.table)
    tally.seconds.append(time.process_time() - start)
    tally.add(trial, answers, exact=exact, label=label)


def measure_categories(
    seed: int, tables: int, units: int, *, lift: float, wrong: float, copy: bool = True, numbers: bool = False
) -> Tally:
    tally = Tally()
    for i in range(tables):
        trial = categories.plant(seed + i, units=units, lift=lift, wrong=wrong, copy=copy, numbers=numbers)
        measure_trial(tally, trial, exact=True, label=str(seed + i))
    return tally


def measure_mixed(seed: int, tables: int, units: int) -> Tally:
    tally = Tally()
    for i in range(tables):
        trial = mixed.plant(seed + i, units=units)
        measure_trial(tally, trial, exact=False, label=str(seed + i))
    return tally


def count_alarms(seed: int, tables: int, units: int, law: str) -> int:
    """How many tables without causes get any; counts of complaints cluster in units."""
    alarms = 0
    for i in range(tables):
        rng = np.random.default_rng(seed + i)
        features = mixed.Columns(rng, units).build()
        if law == "yes or no":
            outcomes = (rng.random(units) < 0.03).astype(np.int64)
        else:
            outcomes = rng.poisson(rng.gamma(0.2, 0.5, units))
        alarms += bool(find_root_causes(UnitTable(features, outcomes)).causes)
    return alarms


def count_proxies(seed: int, pairs: int, units: int) -> int:
    """In how many tables the causal feature is named, and its proxy in no pattern alone.

    The proxy is a near-copy with 5-20 % of its cells wrong, a grouping of values, or the number with noise.
    """
    right = 0
    for i in range(pairs):
        rng = np.random.default_rng(seed + i)
        kind, wrong = i % 3, rng.uniform(0.05, 0.2)
        tower = rng.integers(0, 60, units)
        bill = rng.lognormal(4, 0.6, units)
        features = [
            Feature.coded("region", rng.integers(0, 20, units), range(20)),
            Feature.number("age", rng.integers(18, 90, units)),
        ]
        if kind == 2:
            held = bill >= np.quantile(bill, rng.uniform(0.85, 0.97))
            features.append(Feature.number("cause", bill))
            features.append(Feature.number("proxy", bill * rng.lognormal(0, 0.1, units)))
        else:
            held = tower == rng.integers(60)
            copy = tower // 3 if kind else tower
            copy = np.where(rng.random(units) < wrong, rng.permutation(copy), copy)
            features.append(Feature.coded("cause", tower, range(60)))
            features.append(Feature.coded("proxy", copy, range(60)))
        order = rng.permutation(len(features))
        chance = np.where(held, 0.01 * rng.uniform(4, 8), 0.01)
        table = UnitTable(tuple(features[p] for p in order), rng.random(units) < chance)
        named = [{part.feature for part in cause.pattern} for cause in find_root_causes(table).causes]
        right += {"cause"} in named and not any("proxy" in names for names in named)
    return right


def measure_growth(seed: int, sizes: tuple[int, ...]) -> list[tuple[int, float]]:
    """CPU seconds by number of units, the least of three runs (the median of one where it is long)."""
    found = []
    for units in sizes:
        seconds = []
        for i in range(3):
            table = categories.plant(seed + i, units=units, lift=5.0, wrong=0.0).table
            start = time.process_time()
            find_root_causes(table)
            seconds.append(time.process_time() - start)
        found.append((units, float(np.median(seconds))))
    return found
