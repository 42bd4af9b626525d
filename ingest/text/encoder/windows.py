"""Long texts through a network of limited length: windows that overlap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Window:
    """Subwords start..end-1 run together; the states of first..last-1 are kept."""

    start: int
    end: int
    first: int
    last: int


def plan_windows(count: int, size: int) -> list[Window]:
    """Cover `count` subwords by windows of at most `size`, which overlap by half or more.

    What is kept of each adds up to the whole, and every subword is kept from the window in which it
    stands farthest from an edge: at least a quarter of the size, but for the edges of the text.
    """
    if count <= size:
        return [Window(0, count, 0, count)]
    steps = -(-(count - size) // (size // 2))
    starts = [step * (count - size) // steps for step in range(steps + 1)]
    # halfway between where the next window starts and this one ends
    cuts = [0, *((a + b + size) // 2 for a, b in pairwise(starts)), count]
    return [
        Window(start, start + size, first, last)
        for start, (first, last) in zip(starts, pairwise(cuts), strict=True)
    ]
