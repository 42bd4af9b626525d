"""Root causes on planted truth: recall, precision, intervals, false alarms, time.

    python benchmarks/rootcauses.py [--tables 10] [--nulls 50] [--units 200000]

A planted cause is "shown" by the data where its likelihood ratio, units of the other causes left
out, exceeds its description price by ln 100; no method can find the others reliably.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from algorithms.rootcauses import Feature, RootCauses, UnitTable, find_root_causes
from algorithms.rootcauses.score import Likelihood
from algorithms.rootcauses.space import Space

SIZES = (4, 8, 15, 30, 60, 120, 200, 300)
BASE, CAUSES = 0.01, 5
Truth = frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Planted:
    table: UnitTable
    causes: dict[Truth, NDArray[np.bool_]]
    chance: NDArray[np.float64]


def draw_columns(rng: np.random.Generator, units: int) -> list[NDArray[np.int64]]:
    """Skewed categories, half of them tied to a common latent one, one a near copy of another."""
    latent, columns = rng.integers(0, 20, units), []
    for place, size in enumerate(SIZES):
        weights = 1 / np.arange(1, size + 1) ** 0.7
        column = rng.choice(size, units, p=weights / weights.sum())
        if place % 2:
            tied = rng.random(units) < 0.3
            column[tied] = (latent[tied] * 7 + place) % size
        columns.append(column)
    columns[3] = np.where(rng.random(units) < 0.9, columns[4] % SIZES[3], columns[3])
    return columns


def plant(seed: int, *, units: int, lift: float, wrong: float, causes: int = CAUSES) -> Planted:
    rng = np.random.default_rng(seed)
    columns = draw_columns(rng, units)
    chance, truth = np.full(units, BASE), dict[Truth, NDArray[np.bool_]]()
    while len(truth) < causes:
        places = rng.choice(len(SIZES), int(rng.integers(1, 4)), replace=False)
        model = int(rng.integers(units))
        held = np.all([columns[p] == columns[p][model] for p in places], axis=0)
        apart = all((held & h).sum() < 0.3 * min(held.sum(), h.sum()) for h in truth.values())
        if apart and units // 500 <= held.sum() <= units // 20:
            truth[frozenset((f"f{p}", int(columns[p][model])) for p in places)] = held
            chance = np.where(held, np.minimum(0.9, chance * lift), chance)
    features = []
    for place, column in enumerate(columns):
        replaced = rng.random(units) < wrong
        seen = np.where(replaced, rng.permutation(column), column)
        features.append(Feature.coded(f"f{place}", seen, range(SIZES[place])))
    outcomes = (rng.random(units) < chance).astype(np.int64)
    return Planted(UnitTable(tuple(features), outcomes), truth, chance)


def find_shown(planted: Planted) -> set[Truth]:
    """The causes that the data show, on the features as they are seen."""
    table = planted.table
    space = Space(table, max_order=3, min_units=5)
    codes = {feature.name: feature.values for feature in table.features}
    seen = {t: np.all([codes[f] == v for f, v in t], axis=0) for t in planted.causes}
    shown = set()
    for cause, held in seen.items():
        alive = ~np.any([h for t, h in seen.items() if t != cause] or [held & False], axis=0)
        y, inside = table.outcomes, held & alive
        ratio = Likelihood(True).compare(
            float(y[inside].sum()), float(inside.sum()), float(y[alive].sum()), float(alive.sum())
        )
        axes = {axis.feature.name: axis for axis in space.axes}
        price = space.find_price(len(cause)) + sum(float(axes[f].price[0]) for f, _ in cause)
        if float(ratio) - price > math.log(100):
            shown.add(cause)
    return shown


def name_causes(found: RootCauses) -> list[Truth]:
    return [frozenset((lit.feature, lit.value) for lit in c.pattern) for c in found.causes]


def run_planted(tables: int, units: int) -> None:
    print(f"{units} units x {len(SIZES)}, {CAUSES} causes of order 1-3, base {BASE}")
    print("lift wrong | shown recall | all recall | precision | coverage of true lift | CPU s")
    for lift, wrong in ((5.0, 0.0), (5.0, 0.2), (3.0, 0.0), (2.0, 0.0)):
        shown = hit_shown = hit = reported = inside = 0
        seconds = []
        for seed in range(tables):
            planted = plant(1000 + seed, units=units, lift=lift, wrong=wrong)
            start = time.process_time()
            found = find_root_causes(planted.table)
            seconds.append(time.process_time() - start)
            names, visible = name_causes(found), find_shown(planted)
            shown += len(visible)
            hit_shown += len(visible & set(names))
            hit += len(set(planted.causes) & set(names))
            reported += len(names)
            for cause in found.causes:
                held = np.zeros(units, dtype=np.bool_)
                held[cause.members] = True
                ratio = planted.chance[held].mean() / planted.chance[~held].mean()
                inside += cause.lift_low <= ratio <= cause.lift_high
        print(
            f"{lift:4.0f} {wrong:5.0%} | {hit_shown:3}/{shown:3} {hit_shown / max(1, shown):.3f} | "
            f"{hit / (tables * CAUSES):.3f} | {hit:3}/{reported:3} {hit / max(1, reported):.3f} | "
            f"{inside}/{reported} {inside / max(1, reported):.3f} | {np.median(seconds):.2f}"
        )


def run_nulls(tables: int) -> None:
    """Tables without causes: Bernoulli, and gamma-Poisson counts that cluster in customers."""
    for name, units in (("bernoulli", 20_000), ("clustered counts", 20_000)):
        alarms = 0
        for seed in range(tables):
            rng = np.random.default_rng(5000 + seed)
            columns = draw_columns(rng, units)
            features = [Feature.coded(f"f{p}", column, range(SIZES[p])) for p, column in enumerate(columns)]
            features += [Feature.number(f"n{p}", rng.lognormal(0, 1, units)) for p in range(4)]
            if name == "bernoulli":
                outcomes = (rng.random(units) < 0.03).astype(np.int64)
            else:
                outcomes = rng.poisson(rng.gamma(0.2, 0.5, units))
            alarms += bool(find_root_causes(UnitTable(tuple(features), outcomes)).causes)
        print(f"null tables, {name}: {alarms}/{tables} with any root cause")


def run_growth() -> None:
    for units in (200_000, 1_000_000):
        planted = plant(1, units=units, lift=5.0, wrong=0.0)
        start = time.process_time()
        find_root_causes(planted.table)
        print(f"{units} units x {len(SIZES)}: {time.process_time() - start:.2f} CPU s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=10)
    parser.add_argument("--nulls", type=int, default=50)
    parser.add_argument("--units", type=int, default=200_000)
    chosen = parser.parse_args()
    run_planted(chosen.tables, chosen.units)
    run_nulls(chosen.nulls)
    run_growth()


if __name__ == "__main__":
    main()
