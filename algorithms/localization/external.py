"""Whether the causes explain the deviation, or something does that no dimension shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from algorithms.localization.leaves import Leaves
from algorithms.localization.search import Rows

_ODD = 4.0
_CHANCE = math.sqrt(2 / math.pi)  # mean of |x| where the scale of x is 1


@dataclass(frozen=True)
class Judgement:
    """`held`: of each cause, the share of its leaves' deviation that one ratio explains. `explained`:
    that of all causes in all that is abnormal. `external`: it is less than half."""

    held: tuple[float, ...]
    explained: float
    external: bool


def find_outliers(leaves: Leaves, free: Rows, alpha: float) -> Rows:
    """Those of the free leaves that chance leaves nowhere in a table without causes."""
    away = np.abs(leaves.deviation[free]) / leaves.spread[free]
    chance = 2 * stdtr(leaves.noise.freedom, -away)
    found: Rows = free[chance * len(leaves) < alpha]
    return found


def judge(
    leaves: Leaves, members: Sequence[Rows], centres: Sequence[float], shifted: float, alpha: float
) -> Judgement:
    """Weigh what the causes explain against what they leave.

    `members`: the leaves of each cause, in none twice; `centres`: their common deviations; `shifted`:
    by how much all forecasts were moved. A cause explains a leaf as far as its ratio brings the
    forecast nearer to the actual value (Squeeze's potential score), chance errors allowed.
    """
    away = np.abs(leaves.real - leaves.predict)
    free = np.ones(len(leaves), dtype=np.bool_)
    inside, won = 0.0, 0.0
    held = []
    for rows, centre in zip(members, centres, strict=True):
        free[rows] = False
        chance = _CHANCE * leaves.spread[rows] * leaves.size[rows]
        before = float(away[rows].sum())
        # the larger of both is the base, as in the deviation
        kept = 1 - abs(centre)
        if centre >= 0:
            after = np.abs(leaves.real[rows] - kept * leaves.predict[rows])
        else:
            after = np.abs(kept * leaves.real[rows] - leaves.predict[rows])
        missed = float(np.maximum(after - chance, 0.0).sum())
        share = max(0.0, 1 - missed / before) if before > 0 else 0.0
        held.append(share)
        inside += before
        won += share * before
    rest = np.flatnonzero(free)
    odd = rest[np.abs(leaves.deviation[rest]) > _ODD * leaves.spread[rest]]
    left = float(away[odd].sum()) + shifted
    if not members:
        total = abs(float((leaves.real - leaves.predict).sum()))
        scale = math.sqrt(float(np.square(leaves.spread * leaves.size).sum()))
        outliers = find_outliers(leaves, rest, alpha)
        alarm = shifted > 0 or len(outliers) > 0 or total > _ODD * scale
        return Judgement((), 0.0 if alarm else 1.0, alarm)
    explained = won / (inside + left)
    return Judgement(tuple(held), explained, explained < 0.5)
