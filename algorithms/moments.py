"""Up to which moment the history of a unit counts, so that what follows a complaint explains nothing.

A unit that complained counts as it was before its first complaint. One that did not needs a moment
like that, or it would seem to have had more of everything, having had more time. It takes that of a
unit that complained and began at nearly the same time: density sampling of controls, as in nested
case-control studies (Lubin and Gail 1984, Biometrics 40).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from algorithms.reach import ALWAYS, Chosen, Indices

DATED = 0.9  # of the complaining units; with fewer of known dates, nobody knows what came first
NEAREST = 10  # complaining units on either side, by begin, of which one lends its moment
_SEED = 20_260_701


@dataclass(frozen=True)
class Moments:
    """For each unit the moment up to which its history counts (microseconds), and whether it complains."""

    until: Indices
    complains: Chosen


def find_moments(
    begins: Indices, outcomes: npt.NDArray[np.int64], first: npt.NDArray[np.datetime64]
) -> Moments | None:
    """Return the moments of all units; None where too few complaints have a date.

    `begins`: when each unit began (`ALWAYS`: not known); `outcomes`: its complaints that count;
    `first`: its first complaint of all (NaT: none, or without a date).
    """
    own = first.astype("datetime64[us]").astype(np.int64)
    complains, dated = outcomes > 0, own != ALWAYS
    lending = np.flatnonzero(complains & dated)
    if not len(lending) or len(lending) < DATED * complains.sum():
        return None
    lending = lending[np.lexsort((own[lending], begins[lending]))]
    until = own.copy()
    asking = np.flatnonzero(~(complains & dated))
    # Those of unknown begin sort first on both sides, so that they meet their like.
    low = np.searchsorted(begins[lending], begins[asking], "left")
    high = np.searchsorted(begins[lending], begins[asking], "right")
    low, high = np.maximum(low - NEAREST, 0), np.minimum(high + NEAREST, len(lending))
    draws = np.random.default_rng(_SEED).random(len(asking))
    lender = lending[low + (draws * (high - low)).astype(np.int64)]
    lent, later = own[lender], begins[asking]
    # A moment before the unit began is moved to as long after its begin as the lender's after its own.
    early = (later != ALWAYS) & (begins[lender] != ALWAYS) & (lent < later)
    lent = np.where(early, later + np.where(early, own[lender] - begins[lender], 0), lent)
    until[asking] = np.where(dated[asking], np.minimum(lent, own[asking]), lent)
    return Moments(until, complains)
