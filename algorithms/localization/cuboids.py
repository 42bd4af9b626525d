"""The combinations of a table: every set of dimensions is a cuboid, every combination one of its cells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from algorithms.localization.table import Codes, Dimension

MAX_CUBOIDS = 2000
Cell = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Cuboid:
    """A set of dimensions; `cells[i]` is the cell of leaf i, one of `size`; `price` names one, in nats."""

    places: tuple[int, ...]
    cells: Codes
    size: int
    price: float


def combine(dimensions: tuple[Dimension, ...], places: tuple[int, ...], rows: int) -> tuple[Codes, int]:
    """The combination of these dimensions that each row has, as codes below the second number."""
    cells, size = np.zeros(rows, dtype=np.int64), 1
    for place in places:
        labels = max(1, len(dimensions[place].labels))
        cells = cells * labels + dimensions[place].codes
        size *= labels
        if size > 4 * rows + 1024:
            seen, cells = np.unique(cells, return_inverse=True)
            size = len(seen)
    return cells, size


def choose_order(dimensions: int) -> int:
    """The most dimensions a combination may have so that there are not too many cuboids."""
    order, count = 1, dimensions
    while order < dimensions and count + math.comb(dimensions, order + 1) <= MAX_CUBOIDS:
        order += 1
        count += math.comb(dimensions, order)
    return order


def list_cuboids(dimensions: tuple[Dimension, ...], max_order: int) -> list[Cuboid]:
    """All cuboids of up to `max_order` dimensions.

    The price of a combination is what it takes to say how many dimensions it has, which, and which
    value of each: a code for every combination that could be named (Rissanen 1978).
    """
    used = [place for place, dimension in enumerate(dimensions) if len(dimension.labels) > 1]
    found = []
    for order in range(1, min(max_order, len(used)) + 1):
        which = math.log(len(used)) + math.log(math.comb(len(used), order))
        for places in combinations(used, order):
            cells, size = combine(dimensions, places, len(dimensions[0].codes))
            price = which + sum(math.log(len(dimensions[place].labels)) for place in places)
            found.append(Cuboid(places, cells, size, price))
    return found
