"""The scan likelihood ratio: how much better two rates fit than one.

Kulldorff (2001), "Prospective time periodic geographical disease surveillance using a scan
statistic", J. R. Stat. Soc. A 164: the ratio of the likelihood with a rate inside a pattern and
another outside over that with one rate, one-sided. In an exponential family it is the exponent of
Chernoff's bound, so that exp(-ratio) bounds the tail and a union bound over patterns is a price
in nats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TINY = 1e-300


@dataclass(frozen=True)
class Likelihood:
    """The law of the complaints: Bernoulli, or Poisson with dispersion >= 1.

    Counts of one unit cluster (who complained once complains again). Dividing a Poisson ratio by
    the dispersion corrects the variance but leaves the tail too thin; the negative binomial with
    variance proportional to the mean ("NB1") has the same dispersion, a right tail, and still
    depends on the sums alone.
    """

    binary: bool
    dispersion: float = 1.0

    def compare(self, inside: Any, exposed: Any, total: Any, exposure: Any) -> Floats:
        """Log likelihood ratio of each pattern, 0 where its rate is not raised.

        `inside`, `exposed`: complaints and exposure of the patterns, same shape; `total`,
        `exposure`: of all units compared, numbers or of that shape. Returns nats.
        """
        c, e = np.asarray(inside, dtype=np.float64), np.asarray(exposed, dtype=np.float64)
        rest_c, rest_e = total - c, exposure - e
        raised = (e > 0) & (rest_e > 0) & (c * rest_e > rest_c * e)
        if not np.any(raised):
            return np.zeros(c.shape)
        size = (total / exposure) / (self.dispersion - 1) if self.dispersion > 1 else np.inf
        ratio = (
            self._fit(c, e, size)
            + self._fit(rest_c, np.maximum(rest_e, 0.0), size)
            - self._fit(total, exposure, size)
        )
        return np.where(raised, np.maximum(ratio, 0.0), 0.0)

    def _fit(self, c: Any, e: Any, size: Any) -> Any:
        """Log likelihood of c complaints at their own rate, but for terms that cancel.

        `size`: the negative binomial's number of successes a unit of exposure.
        """
        if self.binary:
            return _times_log(c, c) + _times_log(e - c, e - c) - _times_log(e, e)
        if self.dispersion <= 1:
            return _times_log(c, c) - _times_log(c, e) - c
        spread = np.maximum(size * e, _TINY)
        return _times_log(c, c) - _times_log(c, c + spread) - spread * np.log1p(c / spread)


def _times_log(factor: Any, argument: Any) -> Any:
    return factor * np.log(np.maximum(argument, _TINY))


def estimate_dispersion(outcomes: Floats, exposure: Floats, groups: list[NDArray[np.bool_]]) -> float:
    """Pearson's dispersion of counts about the rate of each group, at least 1.

    `groups`: disjoint masks of units. Taking the rate of each cause's units for itself keeps the
    causes from counting as noise.
    """
    squares, degrees = 0.0, 0
    for group in groups:
        y, e = outcomes[group], exposure[group]
        if len(y) == 0 or y.sum() == 0:
            continue
        expected = e * (y.sum() / e.sum())
        squares += float(np.sum((y - expected) ** 2 / expected))
        degrees += len(y) - 1
    return max(1.0, squares / degrees) if degrees > 0 else 1.0
