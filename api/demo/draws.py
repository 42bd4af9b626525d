"""Random draws that come out alike on every machine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random


def open_stream(seed: int, name: str) -> Random:
    """Return a stream of its own, so that a change in one part leaves the others as they were."""
    return Random(f"{seed}:{name}")  # noqa: S311  (made-up data, no secrets)


def pick(rng: Random, shares: Mapping[str, int]) -> str:
    """Draw a key in proportion to its share."""
    return rng.choices(list(shares), list(shares.values()))[0]


def draw_poisson(rng: Random, mean: float) -> int:
    """Draw from a Poisson law of a small mean (Knuth 1969, The Art of Computer Programming 2)."""
    bound, product, count = math.exp(-mean), rng.random(), 0
    while product > bound:
        product *= rng.random()
        count += 1
    return count
