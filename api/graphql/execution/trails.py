"""Where in an answer a value lies, found only for what went wrong there.

A level is a column of values. A trail leads from a place in one column to the place in the column above that
it hangs from; a path is what the steps of its trails say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from graphql import FieldNode


class Step(NamedTuple):
    """One step of a path.

    key: a response name or the number of an item. place: where among its siblings it is answered.
    nullable: whether a null that comes up from below may stay here.
    """

    key: str | int
    place: int
    nullable: bool


class Trail:
    """The way up from a column of values: a step (`Field`, `Items`) or none (`Kept`, and this, the root)."""

    __slots__ = ("above",)

    def __init__(self, above: Trail | None = None) -> None:
        self.above = above

    def climb(self, index: int, _steps: list[Step]) -> int:
        """Add the step that leads to a place of this column; return the place in the column above."""
        return index


class Field(Trail):
    """From the values of a field to the objects that have it; `nodes` ask for it."""

    __slots__ = ("nodes", "step")

    def __init__(self, above: Trail, step: Step, nodes: Sequence[FieldNode]) -> None:
        super().__init__(above)
        self.step = step
        self.nodes = nodes

    def climb(self, index: int, steps: list[Step]) -> int:
        """Add the field."""
        steps.append(self.step)
        return index


class Items(Trail):
    """From the items of all lists of a column, one list after the other, to the lists."""

    __slots__ = ("ends", "lengths", "nullable")

    def __init__(self, above: Trail, lengths: Sequence[int], nullable: bool) -> None:
        super().__init__(above)
        self.lengths = lengths
        self.nullable = nullable
        self.ends: list[int] = []

    def climb(self, index: int, steps: list[Step]) -> int:
        """Add the number of the item."""
        if not self.ends:
            self.ends = list(accumulate(self.lengths))
        owner = bisect_right(self.ends, index)
        item = index - self.ends[owner] + self.lengths[owner]
        steps.append(Step(item, item, self.nullable))
        return owner


class Kept(Trail):
    """From those of a column that were kept (no null, one runtime type) to all of it."""

    __slots__ = ("indices",)

    def __init__(self, above: Trail, indices: Sequence[int]) -> None:
        super().__init__(above)
        self.indices = indices

    def climb(self, index: int, _steps: list[Step]) -> int:
        """Return which one of all it is."""
        return self.indices[index]


def get_steps(trail: Trail, index: int) -> list[Step]:
    """Return the steps from the root to a place of a column."""
    steps: list[Step] = []
    at: Trail | None = trail
    while at is not None:
        index = at.climb(index, steps)
        at = at.above
    steps.reverse()
    return steps


def get_nodes(trail: Trail) -> Sequence[FieldNode]:
    """Return what in the document asks for a column."""
    at: Trail | None = trail
    while at is not None and not isinstance(at, Field):
        at = at.above
    return () if at is None else at.nodes
