"""Tables with a known truth."""

from __future__ import annotations

import numpy as np

from algorithms.rootcauses import Feature, RootCauses, UnitTable

UNITS = 20_000


def background(rng: np.random.Generator, units: int = UNITS) -> dict[str, Feature]:
    """Features of every kind that have nothing to do with the outcome."""
    days = np.datetime64("2025-01-01") + rng.integers(0, 365, units)
    sizes = rng.integers(0, 4, units)
    return {
        "region": Feature.coded("region", rng.integers(0, 12, units), [f"R{i}" for i in range(12)]),
        "plan": Feature.category("plan", rng.choice(["basic", "plus", "max"], units).tolist()),
        "tower": Feature.coded("tower", rng.integers(0, 80, units), range(80)),
        "bill": Feature.number("bill", rng.lognormal(4, 0.7, units)),
        "since": Feature.date("since", days),
        "addons": Feature.sets(
            "addons",
            np.r_[0, np.cumsum(sizes)],
            rng.integers(0, 25, sizes.sum()),
            [f"A{i}" for i in range(25)],
        ),
    }


def tabulate(rng: np.random.Generator, features: dict[str, Feature], chance: np.ndarray) -> UnitTable:
    return UnitTable(tuple(features.values()), rng.random(len(chance)) < chance)


def spell(found: RootCauses) -> list[list[str]]:
    return [[str(literal) for literal in cause.pattern] for cause in found.causes]
