"""How sure a count is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

Numbers = npt.NDArray[np.float64]
LEVEL = 0.95


def find_interval(counts: npt.NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Return the 95 % interval of the mean of each Poisson count: low and high, of the counts' shape.

    It is Garwood's (1936, Biometrika 28), which holds the truth at least that often at any mean.
    """
    tail = (1 - LEVEL) / 2
    low = np.where(counts > 0, gammaincinv(np.maximum(counts, 1), tail), 0.0)
    high = gammaincinv(counts + 1.0, 1 - tail)
    return np.asarray(low, np.float64), np.asarray(high, np.float64)
