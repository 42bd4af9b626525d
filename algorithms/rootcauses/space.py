"""Everything that could be tried on a table: its literals, their prices and their counts."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from algorithms.rootcauses.axis import Axis, read_axis
from algorithms.rootcauses.pattern import Literal, Pattern
from algorithms.rootcauses.table import UnitTable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Key = tuple[int, ...]  # a pattern as the rising numbers of its literals
_REMEMBERED = 48  # patterns whose units are kept
_UNUSUAL = 150.0  # one literal in so many is a disjunction; each value beyond two is half as likely


class Space:
    """The literals of all axes, numbered through; literal i holds the codes `low[i]:high[i]`.

    Codes of all axes are numbered through too, so that one count of codes gives the count of
    every literal as a difference of two prefix sums. Disjunctions of values of one axis get the
    numbers after all literals when they are made; the arrays of literals do not hold them.
    """

    def __init__(self, table: UnitTable, *, max_order: int, min_units: int) -> None:
        found = (read_axis(feature, min_units) for feature in table.features)
        self.axes: list[Axis] = [axis for axis in found if axis is not None]
        self.units, self.max_order = len(table), max_order
        self.outcomes = table.outcomes
        self.complaining: Mask = table.outcomes > 0
        self.weighted = table.exposure is not None and bool(np.any(table.exposure != 1))
        self.exposure: Floats = table.exposure if table.exposure is not None else np.ones(self.units)
        self.binary = not self.weighted and bool(np.all(table.outcomes <= 1))
        self.offsets = np.cumsum([0] + [axis.size for axis in self.axes])
        literals = [len(axis.low) for axis in self.axes]
        self.starts = np.cumsum([0, *literals])
        self.axis_of: Ints = np.repeat(np.arange(len(self.axes)), literals)
        self.low = self._join([a.low + o for a, o in zip(self.axes, self.offsets, strict=False)])
        self.high = self._join([a.high + o for a, o in zip(self.axes, self.offsets, strict=False)])
        self.price = self._join([axis.price for axis in self.axes]).astype(np.float64)
        self.atoms = self._join(
            [axis.atoms + start for axis, start in zip(self.axes, self.starts, strict=False)]
        )
        self._disjunctions: list[Key] = []
        self._whole: Floats | None = None
        self._hits = np.flatnonzero(self.complaining)
        self._covers: OrderedDict[Key, Mask] = OrderedDict()
        self._code_units()

    def _join(self, parts: list[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def _code_units(self) -> None:
        plain = [i for i, axis in enumerate(self.axes) if axis.indptr is None]
        self._codes = np.empty((self.units, len(plain)), dtype=np.int32)
        for column, i in enumerate(plain):
            self._codes[:, column] = self.axes[i].codes + self.offsets[i]
        self._sets: dict[int, Any] = {}
        for i, axis in enumerate(self.axes):
            if axis.indptr is not None:
                shape = (self.units, int(self.offsets[-1]))
                ones = np.ones(len(axis.codes), dtype=np.int8)
                rows = sparse.csr_array((ones, axis.codes + self.offsets[i], axis.indptr), shape)
                self._sets[i] = (rows, rows.tocsc())

    def tally(self, units: Ints) -> tuple[Floats, Floats, Floats]:
        """Complaints, complaining units and exposure of every literal among `units` (indices)."""
        hits = units[self.complaining[units]]
        complaining = self._count(hits, None)
        complaints = complaining if self.binary else self._count(hits, self.outcomes)
        exposed = self._count(units, self.exposure) if self.weighted else self._count_many(units)
        return complaints, complaining, exposed

    def _count_many(self, units: Ints) -> Floats:
        """How many of `units` hold each literal: where they are most of all, by those that are missing."""
        if 2 * len(units) <= self.units:
            return self._count(units, None)
        if self._whole is None:
            self._whole = self._count(np.arange(self.units), None)
        missing = np.ones(self.units, dtype=np.bool_)
        missing[units] = False
        return self._whole - self._count(np.flatnonzero(missing), None)

    def _count(self, units: Ints, weights: NDArray[Any] | None) -> Floats:
        size, width = int(self.offsets[-1]), self._codes.shape[1]
        whole = len(units) == self.units
        codes = (self._codes if whole else self._codes[units]).ravel()
        repeated = None if weights is None else np.repeat(weights[units], width)
        counts = np.bincount(codes, repeated, minlength=size).astype(np.float64)
        for rows, _ in self._sets.values():
            entries = rows if whole else rows[units]
            share = None if weights is None else np.repeat(weights[units], np.diff(entries.indptr))
            counts += np.bincount(entries.indices, share, minlength=size)
        below = np.r_[0.0, np.cumsum(counts)]
        held: Floats = below[self.high] - below[self.low]
        return held

    def unite(self, literals: Key) -> int:
        """The number of the disjunction of two or more values of one axis (rising)."""
        if literals not in self._disjunctions:
            self._disjunctions.append(literals)
        return len(self.low) + self._disjunctions.index(literals)

    def get_values(self, literal: int) -> Key:
        """The literals that a disjunction is made of; of any other, itself."""
        place = literal - len(self.low)
        return self._disjunctions[place] if place >= 0 else (literal,)

    def get_axis(self, literal: int) -> int:
        """The place of a literal's axis."""
        return int(self.axis_of[self.get_values(literal)[0]])

    def find_singles(self, axis: int) -> Ints:
        """The literals of an axis that name one value, which disjunctions are made of; none of a set."""
        literals = np.arange(self.starts[axis], self.starts[axis + 1])
        if axis in self._sets:
            return literals[:0]
        offset = self.offsets[axis]
        return literals[self.axes[axis].is_single(self.low[literals] - offset, self.high[literals] - offset)]

    def get_price(self, literal: int) -> float:
        """Nats to name a literal among those of its axis, a disjunction among those of as many values."""
        values = self.get_values(literal)
        many = len(values)
        if many == 1:
            return float(self.price[literal])
        choices = math.comb(len(self.find_singles(self.get_axis(literal))), many)
        return math.log(_UNUSUAL) + math.log(2) * (many - 1) + math.log(choices)

    def measure(self, units: Mask) -> tuple[float, float, float]:
        """Complaints, complaining units and exposure of some units."""
        hits = self._hits[units[self._hits]]
        complaints = float(len(hits)) if self.binary else float(self.outcomes[hits].sum())
        exposed = float(self.exposure[units].sum()) if self.weighted else float(np.count_nonzero(units))
        return complaints, float(len(hits)), exposed

    def mark(self, literal: int) -> Mask:
        """The units that hold a literal."""
        if literal >= len(self.low):
            return np.asarray(np.any([self.mark(value) for value in self.get_values(literal)], axis=0))
        axis, low, high = int(self.axis_of[literal]), self.low[literal], self.high[literal]
        if axis in self._sets:
            columns = self._sets[axis][1]
            held = np.zeros(self.units, dtype=np.bool_)
            held[columns.indices[columns.indptr[low] : columns.indptr[low + 1]]] = True
            return held
        codes, start = self.axes[axis].codes, self.offsets[axis]
        if high - low == 1:
            alone: Mask = codes == low - start
            return alone
        within: Mask = (codes >= low - start) & (codes < high - start)
        return within

    def cover(self, key: Key) -> Mask:
        """The units that hold every literal of a pattern; all units for the empty one. Not to be changed."""
        if key not in self._covers:
            held = self.mark(key[0]) if key else np.ones(self.units, dtype=np.bool_)
            for literal in key[1:]:
                held &= self.mark(literal)
            held.flags.writeable = False
            self._covers[key] = held
            if len(self._covers) > _REMEMBERED:
                self._covers.popitem(last=False)
        self._covers.move_to_end(key)
        return self._covers[key]

    def incidence(self, units: Ints, literals: Ints) -> Any:
        """Which of `units` holds which of `literals`, as a sparse matrix of ones."""
        size = int(self.offsets[-1])
        width = self._codes.shape[1]
        ones = np.ones(len(units) * width, dtype=np.int32)
        rows = sparse.csr_array(
            (ones, self._codes[units].ravel(), np.arange(len(units) + 1) * width),
            (len(units), size),
        )
        for entries, _ in self._sets.values():
            rows = rows + entries[units].astype(np.int32)
        widths = self.high[literals] - self.low[literals]
        owners = np.repeat(np.arange(len(literals)), widths)
        steps = np.arange(widths.sum()) - np.repeat(np.cumsum(widths) - widths, widths)
        codes = np.repeat(self.low[literals], widths) + steps
        held = sparse.csr_array((np.ones(len(codes), dtype=np.int32), (codes, owners)), (size, len(literals)))
        return (rows @ held).tocsr()

    def find_price(self, order: int) -> float:
        """Nats to say how many literals a pattern has and of which features."""
        axes = len(self.axes)
        return math.log(self.max_order) + math.log(math.comb(axes + order - 1, order))

    def price_key(self, key: Key) -> float:
        """Nats to name a pattern among all that could be tried."""
        return self.find_price(len(key)) + sum(self.get_price(literal) for literal in key)

    def may_join(self, key: Key) -> Mask:
        """The literals that may be added to a pattern: of other features, or of a set."""
        allowed = np.ones(len(self.low), dtype=np.bool_)
        for literal in key:
            axis = self.get_axis(literal)
            if axis in self._sets:
                allowed[literal] = False
            else:
                allowed[self.starts[axis] : self.starts[axis + 1]] = False
        return allowed

    def find_literal(self, axis: int, low: int, high: int) -> int | None:
        """The number of the literal with these codes, None where it was not usable."""
        part = slice(int(self.starts[axis]), int(self.starts[axis + 1]))
        found = np.flatnonzero((self.low[part] == low) & (self.high[part] == high))
        return int(found[0] + part.start) if len(found) else None

    def describe(self, literal: int) -> Literal:
        """A literal in words and values."""
        if literal >= len(self.low):
            values = [self.describe(value) for value in self.get_values(literal)]
            return Literal(values[0].feature, "in", tuple(value.value for value in values))
        axis = int(self.axis_of[literal])
        offset = int(self.offsets[axis])
        return self.axes[axis].describe(int(self.low[literal]) - offset, int(self.high[literal]) - offset)

    def spell(self, key: Key) -> Pattern:
        """A pattern in words and values, its features in the order of the table."""
        return tuple(self.describe(literal) for literal in sorted(key, key=self.get_axis))
