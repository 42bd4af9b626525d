"""How far chance takes a leaf from its forecast, by maximum likelihood with causes as outliers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from scipy.special import stdtr

from algorithms.localization.table import Floats

FINEST = 0.005  # no forecast is trusted more closely than that, relatively
USUAL = 0.1  # relative error of a forecast that is to be expected
_TAILS = (3.0, 6.0, 30.0)


@dataclass(frozen=True)
class Noise:
    """What chance does to a deviation: Student's t, and a share that is anything.

    `fixed`: scale for a leaf of any size; `falling`: scale that falls with the root of the size (1
    for Poisson counts); `freedom` of the t: the fewer, the heavier its tails; `strange`: share of
    leaves that are beyond it.
    """

    fixed: float
    falling: float
    freedom: float
    strange: float

    @property
    def price(self) -> float:
        """The nats against a noise this large: forecasts are right to a tenth or so, exponentially."""
        return self.fixed / USUAL

    def find_spread(self, size: Floats) -> Floats:
        """The scale of each leaf's deviation; `size` is the larger of actual and forecast."""
        return np.sqrt(self.fixed**2 + self.falling**2 / size)

    def log_density(self, deviation: Floats, centre: float, spread: Floats) -> Floats:
        """The log density about `centre`.

        A deviation of 1 or -1 stands for all that is beyond: none came where few were forecast.
        """
        half = (self.freedom + 1) / 2
        peak = math.lgamma(half) - math.lgamma(half - 0.5) - 0.5 * math.log(math.pi * self.freedom)
        scaled = (deviation - centre) / spread
        found = peak - np.log(spread) - half * np.log1p(scaled * scaled / self.freedom)
        ends = np.flatnonzero(np.abs(deviation) >= 1)
        if len(ends):
            beyond = stdtr(self.freedom, 0.5 - np.abs(scaled[ends]))
            found[ends] = np.log(np.maximum(beyond, 1e-300)) - np.log(spread[ends])
        return found

    def log_anything(self, spread: Floats) -> Floats:
        """The log density of a deviation that may be anything: uniform, blurred by chance."""
        return -np.log(2.0 + math.sqrt(2 * math.pi) * spread)


UNKNOWN = Noise(fixed=1.0, falling=0.0, freedom=6.0, strange=0.5)


def estimate_noise(
    deviation: Floats, size: Floats, *, counts: bool = False, most: float = 1.0, start: Noise | None = None
) -> Noise:
    """The noise under which these leaves are likeliest, at most half of them being strange.

    `counts`: the KPI counts events, so that it is no less noisy than Poisson's. `most`: bound of
    `fixed`. A grid on some 200 leaves of all sizes (none of it from a `start`), then steps from its best
    point on some 1,000.
    """
    least = 1.0 if counts else 0.0
    if len(deviation) == 0:
        return replace(UNKNOWN, fixed=most, falling=least)
    order = np.argsort(size, kind="stable")
    few, many = (order[:: max(1, len(order) // number)] for number in (200, 1000))
    if start is None:
        root = np.sqrt(size[order[[0, -1]]])
        fixed = np.unique(np.minimum(np.geomspace(FINEST, 1.0, 8), most))
        falling = np.geomspace(FINEST * root[0], 2.0 * root[1], 16)
        falling = np.r_[least, falling[falling > least]]
        tried = (Noise(a, b, 6.0, 0.1) for a, b in product(fixed, falling))
        start = max((_judge(deviation[few], size[few], one) for one in tried), key=_likelihood)[1]
    deviation, size = deviation[many], size[many]
    best = _judge(deviation, size, start)
    for step in (1.7, 1.3, 1.12):
        noise = best[1]
        near = [
            replace(
                noise,
                fixed=min(most, max(FINEST, noise.fixed * a)),
                falling=max(least, noise.falling * b),
            )
            for a, b in product((1 / step, 1.0, step), repeat=2)
        ]
        near += [replace(noise, freedom=freedom) for freedom in _TAILS if freedom != noise.freedom]
        best = max([best, *(_judge(deviation, size, one) for one in near)], key=_likelihood)
    return best[1]


def _likelihood(judged: tuple[float, Noise]) -> float:
    return judged[0]


def _judge(deviation: Floats, size: Floats, noise: Noise) -> tuple[float, Noise]:
    """The log likelihood with the likeliest share of strange leaves, and that noise."""
    spread = noise.find_spread(size)
    ordinary = np.exp(noise.log_density(deviation, 0.0, spread))
    anything = np.exp(noise.log_anything(spread))
    strange = noise.strange
    for _ in range(4):
        odd = strange * anything
        share = (float(np.sum(odd / (odd + (1 - strange) * ordinary))) + 0.5) / (len(deviation) + 1)
        strange = min(share, 0.5)  # what most leaves do is not strange
    likelihood = float(np.log(strange * anything + (1 - strange) * ordinary).sum())
    return likelihood - noise.price, replace(noise, strange=strange)
