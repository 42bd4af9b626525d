"""What the nodes of a network are called: position <-> label, made only when it is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Label = Hashable
Indices = npt.NDArray[np.int64]


class Labels(Protocol):
    """The labels of n nodes, in the order of their positions."""

    def __len__(self) -> int: ...

    @property
    def all(self) -> Sequence[Label]:
        """Every label, by position."""
        ...

    @property
    def kinds(self) -> Indices:
        """A number for the kind of each node, shape (n,)."""
        ...

    def at(self, position: int) -> Label:
        """Return the label at a position."""
        ...

    def find(self, label: object) -> int | None:
        """Return the position of a label, or None; `TypeError` where it cannot be a label."""
        ...


class ListedLabels:
    """Labels of any kind, as they are in a networkx graph. All nodes are of one kind."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self.all = labels

    def __len__(self) -> int:
        return len(self.all)

    @property
    def kinds(self) -> Indices:
        """Zeros, shape (n,)."""
        return np.zeros(len(self.all), np.int64)

    def at(self, position: int) -> Label:
        """Return the label at a position."""
        return self.all[position]

    def find(self, label: object) -> int | None:
        """Return the position of a label, or None."""
        return self._positions.get(label)

    @cached_property
    def _positions(self) -> Mapping[object, int]:
        return {label: position for position, label in enumerate(self.all)}


class ProjectedLabels:
    """Labels `(kind, key)` over the tables of a projection, whose keys are sorted by code point."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._keys = {kind: table["key"] for kind, table in tables.items()}
        self._sizes = [len(keys) for keys in self._keys.values()]
        ends = np.cumsum([0, *self._sizes]).tolist()
        self.starts: dict[str, int] = dict(zip(self._keys, ends, strict=False))  # kind -> first position
        self._size = int(ends[-1])

    def __len__(self) -> int:
        return self._size

    @cached_property
    def all(self) -> Sequence[Label]:
        """Every label, by position."""
        return list(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for kind, keys in self._keys.items():
            yield from zip(repeat(kind), keys.to_pylist(), strict=False)

    @property
    def kinds(self) -> Indices:
        """The number of each node's kind in the order of the projection, shape (n,)."""
        return np.repeat(np.arange(len(self._sizes)), self._sizes)

    def at(self, position: int) -> Label:
        """Return the label at a position."""
        kind = next(k for k in reversed(self.starts) if self.starts[k] <= position)
        return kind, self._keys[kind][position - self.starts[kind]].as_py()

    def find(self, label: object) -> int | None:
        """Return the position of a label, or None."""
        hash(label)  # as a dictionary would: what cannot be a label is a TypeError
        if not (isinstance(label, tuple) and len(label) == 2 and isinstance(label[1], str)):
            return None
        kind, key = label
        if kind not in self._keys:
            return None
        keys = self._keys[kind]
        place = bisect_left(range(len(keys)), key, key=lambda row: keys[row].as_py())
        if place == len(keys) or keys[place].as_py() != key:
            return None
        return self.starts[kind] + place
