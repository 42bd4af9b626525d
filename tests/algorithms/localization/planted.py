"""KPIs with causes planted in them."""

from __future__ import annotations

import numpy as np

from algorithms.localization import Dimension, KpiTable, Localization

SIZES = {"a": 6, "b": 12, "c": 8}


def draw(
    causes: dict[tuple[tuple[str, int], ...], float],
    *,
    seed: int = 1,
    noise: float = 0.05,
    counts: bool = False,
    missing: float = 0.0,
) -> KpiTable:
    """A leaf table of which each cause's actual values are its forecasts times a ratio.

    A tenth of all forecasts is zero; `missing`: share of combinations without a row.
    """
    rng = np.random.default_rng(seed)
    codes = dict(
        zip(
            SIZES,
            np.unravel_index(np.arange(np.prod(list(SIZES.values()))), tuple(SIZES.values())),
            strict=True,
        )
    )
    kept = rng.random(len(codes["a"])) >= missing
    codes = {name: values[kept] for name, values in codes.items()}
    predict = rng.lognormal(4, 1.5, kept.sum()) * (rng.random(kept.sum()) > 0.1)
    expected = predict.copy()
    for pattern, ratio in causes.items():
        inside = np.all([codes[name] == value for name, value in pattern], axis=0)
        expected = np.where(inside, predict * ratio, expected)
    real = rng.poisson(expected) if counts else expected * (1 + rng.normal(0, noise, len(expected)))
    dimensions = [
        Dimension(name, codes[name], tuple(f"{name}{i}" for i in range(size))) for name, size in SIZES.items()
    ]
    return KpiTable(tuple(dimensions), np.maximum(real, 0), predict)


def patterns(found: Localization) -> set[frozenset[tuple[str, object]]]:
    return {frozenset(cause.pattern.items()) for cause in found.root_causes}


def named(*causes: str) -> set[frozenset[tuple[str, object]]]:
    """`a1&b2` as a pattern."""
    return {frozenset((value[0], value) for value in cause.split("&")) for cause in causes}
