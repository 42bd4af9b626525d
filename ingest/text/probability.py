"""Scores into probabilities, and how far these can be trusted: what all calibrations share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.text.fitting import fit_logistic

Reals = NDArray[np.float64]
_TEMPERATURES = tuple(k / 10 for k in range(4, 30))


def fit_line(x: Reals, y: NDArray[np.bool_], weights: Reals | None = None) -> Reals:
    """Fit weights of the columns of x, so that `squash(x @ weights)` is the probability of y."""
    fitted = fit_logistic(x, y, 2, penalty=0.01, weights=weights)
    return np.asarray(np.round(fitted[:, 1] - fitted[:, 0], 4), dtype=np.float64)


def fit_temperature(scores: Reals, truth: NDArray[np.int64]) -> float:
    """Find what scores (n, classes) are to be divided by to be log-probabilities."""
    return min(_TEMPERATURES, key=lambda t: _cross_entropy(scores / t, truth))


def squash(z: Reals) -> Reals:
    """Turn log-odds into probabilities."""
    return np.asarray(1 / (1 + np.exp(-z)), dtype=np.float64)


def soften(z: Reals) -> Reals:
    """Turn scores (n, classes) into probabilities that add up to one."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True), dtype=np.float64)


def list_reliability(
    p: Reals, right: NDArray[np.bool_], weights: Reals | None = None, bins: int = 10
) -> list[tuple[float, float, float]]:
    """List share of the weight, mean confidence and accuracy of each bin that is not empty."""
    w = np.ones(len(p)) if weights is None else weights
    place = np.minimum((p * bins).astype(int), bins - 1)
    there = [place == k for k in range(bins) if (place == k).any()]
    return [
        (
            float(w[b].sum() / w.sum()),
            float(np.average(p[b], weights=w[b])),
            float(np.average(right[b], weights=w[b])),
        )
        for b in there
    ]


def measure_macro_f1(called: NDArray[np.bool_] | Sequence[bool], truth: NDArray[np.bool_]) -> float:
    """Give the mean F1 of yes and no; a class that is neither called nor true is left out."""
    said = np.asarray(called, dtype=bool)
    found = [_f1(a, b) for a, b in ((said, truth), (~said, ~truth)) if a.any() or b.any()]
    return sum(found) / max(len(found), 1)


def _f1(called: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return 2 * float((called & truth).sum()) / max(1.0, float(called.sum() + truth.sum()))


def _cross_entropy(z: Reals, truth: NDArray[np.int64]) -> float:
    return -float(np.log(soften(z)[np.arange(len(truth)), truth] + 1e-12).mean())
