"""Fitting of the linear models: multinomial logistic regression on hashed features, by L-BFGS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float32]


def stack_rows(rows: Sequence[NDArray[np.int64]], size: int) -> Any:
    """Make a sparse matrix of ones: row i has its ones in the columns rows[i]."""
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    ones = np.ones(int(indptr[-1]), dtype=np.float32)
    return sp.csr_matrix((ones, np.concatenate(list(rows)), indptr), shape=(len(rows), size))


def fit_logistic(
    x: Any,
    y: Sequence[int] | NDArray[Any],
    classes: int,
    *,
    penalty: float,
    steps: int = 60,
    weights: NDArray[np.floating[Any]] | None = None,
    offset: Floats | None = None,
) -> Floats:
    """Fit weights of shape (features, classes) under an L2 penalty.

    x: matrix (n, features), sparse or dense. y: class of each row. weights: of each row. offset:
    scores (n, classes) that another model gives already; what is fitted is added to them.
    """
    target = np.eye(classes, dtype=np.float32)[np.asarray(y, dtype=np.int64)]
    transposed = x.T.tocsr() if sp.issparse(x) else x.T
    w = np.ones(len(target), np.float32) if weights is None else weights.astype(np.float32)

    def measure(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        coefficients = flat.reshape(-1, classes).astype(np.float32)
        z = x @ coefficients
        if offset is not None:
            z += offset
        z -= z.max(axis=1, keepdims=True)
        e = np.exp(z)
        total = e.sum(axis=1, keepdims=True)
        loss = float((w * (np.log(total[:, 0]) - (z * target).sum(axis=1))).sum())
        gradient = transposed @ ((e / total - target) * w[:, None]) + penalty * coefficients
        loss += penalty / 2 * float((coefficients**2).sum())
        return loss, gradient.ravel().astype(np.float64)

    start = np.zeros(x.shape[1] * classes)
    found = minimize(measure, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 6})
    return np.asarray(found.x.reshape(-1, classes), dtype=np.float32)


def balance_weights(y: Sequence[int] | NDArray[Any]) -> NDArray[np.float64]:
    """Weigh rows so that every class has the same share."""
    classes = np.asarray(y, dtype=np.int64)
    counts = np.bincount(classes)
    return np.asarray((len(classes) / (len(counts) * counts))[classes])


def measure_calibration(p: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: mean gap between confidence and accuracy over equal-width bins."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(float((p[place == k] - right[place == k]).sum())) for k in range(bins)]
    return sum(gaps) / max(len(p), 1)
