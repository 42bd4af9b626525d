"""Categories alone: five causes of order 1-3 in correlated columns, found by their exact names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from algorithms.rootcauses import Feature, UnitTable
from benchmarks.rootcauses.planted import Mask, Planted, Trial, disturb

BASE, CAUSES = 0.01, 5
SETTINGS = ((5.0, 0.0), (5.0, 0.2), (3.0, 0.0), (2.0, 0.0))  # lift, share of cells wrong
SIZES = (4, 8, 15, 30, 60, 120, 200, 300)


def draw_columns(rng: np.random.Generator, units: int, copy: bool) -> list[NDArray[np.int64]]:
    """Skewed categories, half of them tied to a common latent one; one a near-copy of another if `copy`."""
    sizes = rng.permutation(SIZES)
    skew, tie = rng.uniform(0.3, 1.1), rng.uniform(0.1, 0.6)
    latent, columns = rng.integers(0, 20, units), []
    for place, size in enumerate(sizes):
        weights = 1 / np.arange(1, size + 1) ** skew
        column = rng.choice(size, units, p=weights / weights.sum())
        if place % 2:
            tied = rng.random(units) < tie
            column[tied] = (latent[tied] * 7 + place) % size
        columns.append(column)
    if not copy:
        return columns
    near, of = rng.choice(len(sizes), 2, replace=False)
    alike = rng.random(units) < rng.uniform(0.8, 0.95)
    columns[near] = np.where(alike, columns[of], rng.permutation(columns[of]))
    return columns


def select(columns: list[NDArray[np.int64]], literals: dict[int, int]) -> Mask:
    held = np.ones(len(columns[0]), dtype=np.bool_)
    for place, value in literals.items():
        held &= columns[place] == value
    return held


def plant(
    seed: int, *, units: int, lift: float, wrong: float, copy: bool = True, numbers: bool = False
) -> Trial:
    """A trial; `numbers`: the columns hold whole numbers that mean nothing, as tables have them."""
    rng = np.random.default_rng(seed)
    columns = draw_columns(rng, units, copy)
    chance, truth = np.full(units, BASE), dict[frozenset[tuple[int, int]], Mask]()
    while len(truth) < CAUSES:
        places = rng.choice(len(columns), int(rng.integers(1, 4)), replace=False)
        model = int(rng.integers(units))
        literals = {int(p): int(columns[p][model]) for p in places}
        held = select(columns, literals)
        apart = all((held & h).sum() < 0.3 * min(held.sum(), h.sum()) for h in truth.values())
        # a condition that hardly leaves out anybody cannot be known to belong to the cause
        rests = [select(columns, {q: v for q, v in literals.items() if q != p}) for p in literals]
        needed = all(held.sum() < 0.7 * rest.sum() for rest in rests)
        if apart and needed and units // 500 <= held.sum() <= units // 12:
            truth[frozenset(literals.items())] = held
            chance = np.where(held, np.minimum(0.9, chance * lift), chance)
    features = []
    for place, column in enumerate(columns):
        coded = Feature.coded(f"f{place}", column, range(int(column.max()) + 1))
        features.append(disturb(rng, coded, wrong))
    causes = []
    for literals in truth:
        seen = np.all([features[p].values == v for p, v in literals], axis=0)
        causes.append(Planted(frozenset((f"f{p}", "=", v) for p, v in literals), seen))
    if numbers:
        features = [Feature.number(feature.name, feature.values) for feature in features]
    return Trial(UnitTable(tuple(features), rng.random(units) < chance), causes, chance)
