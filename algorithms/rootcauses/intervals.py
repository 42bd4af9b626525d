"""Intervals of a lift that was reported because it was high enough.

What passed a threshold is on average too high (the winner's curse). The interval is that of a
normal log ratio truncated at the threshold, inverted: Zhong and Prentice (2008), "Bias-reduced
estimators and confidence intervals for odds ratios in genome-wide association studies",
Biostatistics 9; Weinstein, Fithian and Benjamini (2013), "Selection adjusted confidence intervals
with more power to determine the sign", JASA 108.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtri

from algorithms.rootcauses.score import Likelihood

_TAIL = 0.025
_REACH = 60.0  # standard errors within which the limits are sought


@dataclass(frozen=True)
class Contrast:
    """Complaints and exposure of the exposed units and of all others."""

    complaints: float
    exposed: float
    other_complaints: float
    other_exposed: float

    @property
    def lift(self) -> float:
        """Ratio of the rates; half a complaint stands in where no other unit complains."""
        others = max(self.other_complaints, 0.5) / self.other_exposed
        return self.complaints / self.exposed / others


@dataclass(frozen=True)
class Passed:
    """The test that let a pattern be reported: its ratio, what it had to exceed (nats), and the
    share of the pattern's complaints that it looked at (those of other causes are left out)."""

    ratio: float
    cutoff: float
    share: float


def find_interval(contrast: Contrast, likelihood: Likelihood, passed: Passed) -> tuple[float, float]:
    """95 % interval of the lift, given that the pattern passed its test.

    The base is Katz's interval of a log ratio (for counts, Poisson's with the dispersion in).
    Where the test looked at a share of the complaints only, the selection moves that share of
    the variance and leaves the rest normal; the two are joined in quadrature (Zou and Donner
    2008, "Construction of confidence limits about effect measures", Statistics in Medicine 27).
    The lower limit is never below 1, which the test itself excludes with the error of the whole
    table, and the interval always holds the lift.
    """
    lift = contrast.lift
    c, rest = contrast.complaints, max(contrast.other_complaints, 0.5)
    if likelihood.binary:
        variance = 1 / c - 1 / contrast.exposed + 1 / rest - 1 / contrast.other_exposed
    else:
        variance = likelihood.dispersion * (1 / c + 1 / rest)
    error = math.sqrt(max(variance, 1e-12))
    seen, needed = math.sqrt(2 * passed.ratio), math.sqrt(2 * min(passed.cutoff, passed.ratio))
    share, plain = min(1.0, passed.share), float(-ndtri(_TAIL))
    limits = []
    for tail in (_TAIL, 1 - _TAIL):
        moved = _find_mean(seen, needed, tail) - seen
        side = -1 if moved < 0 else 1
        distance = math.sqrt(share * moved**2 + (1 - share) * plain**2)
        limits.append(math.exp(math.log(lift) + side * distance * error))
    return min(lift, max(1.0, limits[0])), max(lift, limits[1])


def _find_mean(seen: float, passed: float, share: float) -> float:
    """The mean of a unit normal, truncated below `passed`, that exceeds `seen` in that share."""

    def miss(mean: float) -> float:
        return float(log_ndtr(mean - seen) - log_ndtr(mean - passed)) - math.log(share)

    low, high = seen - _REACH, seen + _REACH
    if miss(low) >= 0:
        return low
    if miss(high) <= 0:
        return high
    return float(brentq(miss, low, high, xtol=1e-6))
