"""Conjunctions worth counting: found among the complaining units, then counted on all units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from algorithms.rootcauses.score import Likelihood
from algorithms.rootcauses.space import Floats, Ints, Key, Mask, Space

Words = NDArray[np.uint64]
Planes = list[tuple[int, Words | None]]  # what a bit counts, and the units it is counted for; None: all
_ALL: Planes = [(1, None)]
_PLANES = 8  # bits of a weight up to which these are counted one by one
_MAX_BYTES = 256 * 2**20  # memory for the packed literals
_PAIRS = 50_000_000  # multiplications that all pairs may cost
_JOINS = 10_000_000  # multiplications that one more order may cost
_KEPT = 5_000  # conjunctions of an order that are scored again in every round
_CHUNK = 2**17  # words that one step of counting may touch


class Conjunctions:
    """The patterns of two and more literals that may stand on this table, scored at will.

    `renew` finds those whose ratio less price exceeds a floor. A pattern is dropped before its
    units are counted where it fails for any exposure it can have, so a high floor is cheap: the
    search starts high, and looks again lower when what it holds is used up. Beyond `_PAIRS` only
    the literals of highest ratio are joined, beyond `_JOINS` only the best pairs to a third one.
    """

    def __init__(self, space: Space, *, min_complaints: int) -> None:
        self._space, self._min = space, min_complaints
        self._hits = np.flatnonzero(space.complaining)
        self.floor, self.rate = np.inf, np.inf
        self.counted = 0
        self.patterns: Ints = np.zeros((0, space.max_order), dtype=np.int64)
        self.price: Floats = np.zeros(0)
        self._pack_atoms()

    def _pack_atoms(self) -> None:
        space = self._space
        complaints, complaining, exposed = space.tally(np.arange(space.units))
        atoms = space.atoms[complaining[space.atoms] >= self._min]
        total, exposure = float(space.outcomes.sum()), float(space.exposure.sum())
        ratio = Likelihood(space.binary).compare(complaints[atoms], exposed[atoms], total, exposure)
        ranked = np.argsort(-ratio, kind="stable")
        work = np.cumsum(complaining[atoms[ranked]]) ** 2 / len(self._hits)
        limit = max(64, _MAX_BYTES * 8 // max(1, space.units))
        atoms = np.sort(atoms[ranked[: min(limit, int(np.searchsorted(work, _PAIRS)))]])
        self._atoms = atoms
        self._bits = np.empty((len(atoms), -(-space.units // 64)), dtype=np.uint64)
        self._hit_bits = np.empty((len(atoms), -(-len(self._hits) // 64)), dtype=np.uint64)
        for row, atom in enumerate(atoms):
            held = space.mark(int(atom))
            self._bits[row] = _pack(held[None])[0]
            self._hit_bits[row] = _pack(held[self._hits][None])[0]

    def renew(self, alive: Mask, likelihood: Likelihood, floor: float) -> None:
        """Adds the patterns that score above `floor` (nats) among the `alive` units."""
        space = self._space
        total, exposure = float(space.outcomes[alive].sum()), float(space.exposure[alive].sum())
        self.floor, self.rate = floor, total / exposure
        if space.max_order == 1 or len(self._atoms) == 0:
            return
        self._likelihood, self._total, self._exposure = likelihood, total, exposure
        self._within, self._hit_within = _pack(alive[None])[0], _pack(alive[self._hits][None])[0]
        hits = self._hits[alive[self._hits]]
        self._held = space.incidence(hits, self._atoms)
        self._by_atom = self._held.T.tocsr()
        level, rows = np.arange(len(self._atoms))[:, None], self._by_atom
        kept = [self.patterns]
        for order in range(2, space.max_order + 1):
            found, complaints, price, ratio = self._extend(level, rows, order)
            ranked = np.argsort(price - ratio, kind="stable")
            stands = found[ranked[(ratio - price)[ranked] > self.floor][:_KEPT]]
            empty = ((0, 0), (0, space.max_order - order))
            kept.append(np.pad(stands, empty, constant_values=-1))
            if order == space.max_order or len(found) == 0:
                break
            level, rows = self._choose_level(found, complaints, ratio)
        self.patterns = np.unique(np.concatenate(kept), axis=0)
        self.price = self._price(self.patterns)

    def _choose_level(self, found: Ints, complaints: Floats, ratio: Floats) -> tuple[Ints, Any]:
        """The patterns to extend, best ratio first while it can be afforded; their units."""
        ranked = np.argsort(-ratio, kind="stable")
        work = np.cumsum(complaints[ranked]) * (self._held.nnz / max(1, self._held.shape[0]))
        chosen = found[np.sort(ranked[: max(1, int(np.searchsorted(work, _JOINS)))])]
        units = self._by_atom[chosen[:, 0]]
        for place in range(1, chosen.shape[1]):
            units = units.multiply(self._by_atom[chosen[:, place]])
        return chosen, sparse.csr_array(units)

    def _price(self, patterns: Ints) -> Floats:
        named = patterns >= 0
        prices = self._space.price[self._atoms]
        literal = np.where(named, prices[np.maximum(patterns, 0)], 0.0).sum(axis=1)
        orders = named.sum(axis=1)
        by_order = np.array([self._space.find_price(k) for k in range(patterns.shape[1] + 1)])
        price: Floats = literal + by_order[orders]
        return price

    def _extend(self, level: Ints, rows: Any, order: int) -> tuple[Ints, Floats, Floats, Floats]:
        """Patterns of one literal more that may stand: complaints, prices, bounds of the ratio."""
        found, complaints, floor = self._join(level, rows, order)
        self.counted += len(found)
        price = self._price(found)
        good = self._compare(complaints, floor) - price > self.floor
        found, complaints, price = found[good], complaints[good], price[good]
        exposed = self._count_exposure(found, complaints, price)
        return found, complaints, price, self._compare(complaints, exposed)

    def _join(self, level: Ints, rows: Any, order: int) -> tuple[Ints, Floats, Floats]:
        """All joins with enough complaining units; complaints, exposure of the complaining."""
        space, size = self._space, len(self._atoms)
        joined = sparse.coo_array(rows @ self._held)
        enough = joined.data >= self._min
        base, atom = joined.row[enough], joined.col[enough]
        complaining = joined.data[enough].astype(np.float64)
        axis = space.axis_of[self._atoms]
        is_set = np.array([a.indptr is not None for a in space.axes], dtype=np.bool_)
        fits = np.ones(len(base), dtype=np.bool_)
        for place in range(order - 1):
            other = level[base, place]
            same = axis[other] == axis[atom]
            fits &= (other != atom) & (~same | is_set[axis[atom]])
        if order == 2:
            fits &= level[base, 0] < atom
        base, atom, complaining = base[fits], atom[fits], complaining[fits]
        patterns = np.sort(np.c_[level[base], atom], axis=1)
        code = np.zeros(len(patterns), dtype=np.int64)
        for place in range(order):
            code = code * size + patterns[:, place]
        _, first = np.unique(code, return_index=True)
        patterns, complaining = patterns[first], complaining[first]
        if space.binary:
            return patterns, complaining, complaining
        outcomes = space.outcomes[self._hits].astype(np.float64)
        floor = space.exposure[self._hits]
        sums = _overlap(self._hit_bits, patterns, self._hit_within, np.c_[outcomes, floor])
        return patterns, sums[:, 0], sums[:, 1]

    def _compare(self, complaints: Floats, exposed: Floats) -> Floats:
        return self._likelihood.compare(complaints, exposed, self._total, self._exposure)

    def _count_exposure(self, patterns: Ints, complaints: Floats, price: Floats) -> Floats:
        """Exposure of each pattern, counted on a part of the units first.

        What a part of the units already exposes is a floor of the whole, so a pattern that
        cannot pay its price at that floor need not be counted further.
        """
        space, width = self._space, self._bits.shape[1]
        if space.weighted:
            return _overlap(self._bits, patterns, self._within, space.exposure[:, None])[:, 0]
        exposed = np.zeros(len(patterns))
        open_ones = np.arange(len(patterns))
        place = np.arange(width) % 16
        parts, lowest = [place == 0, place % 4 == 1, (place > 0) & (place % 4 != 1)], self.floor
        if patterns.shape[1] < space.max_order:  # these are joined further: drop the hopeless only
            parts, lowest = [place == 0, place > 0], 0.0
        for part in parts:
            words = np.ascontiguousarray(self._bits[:, part])
            exposed[open_ones] += _overlap(words, patterns[open_ones], self._within[part], None)[:, 0]
            floor = np.maximum(exposed, complaints)[open_ones]
            ratio = self._compare(complaints[open_ones], floor)
            open_ones = open_ones[ratio - price[open_ones] > lowest]
        return np.maximum(exposed, complaints)

    def score(self, alive: Mask, likelihood: Likelihood) -> tuple[Floats, Floats, Floats, Floats]:
        """Ratio of each pattern among the `alive` units; complaints, complaining, exposure."""
        space = self._space
        if len(self.patterns) == 0:
            return np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0)
        hit_words = _pack(alive[self._hits][None])[0]
        complaining = _overlap(self._hit_bits, self.patterns, hit_words, None)[:, 0]
        complaints = complaining
        if not space.binary:
            outcomes = space.outcomes[self._hits].astype(np.float64)[:, None]
            complaints = _overlap(self._hit_bits, self.patterns, hit_words, outcomes)[:, 0]
        weights = space.exposure[:, None] if space.weighted else None
        exposed = _overlap(self._bits, self.patterns, _pack(alive[None])[0], weights)[:, 0]
        total, exposure = float(space.outcomes[alive].sum()), float(space.exposure[alive].sum())
        return (
            likelihood.compare(complaints, exposed, total, exposure),
            complaints,
            complaining,
            exposed,
        )

    def key(self, index: int) -> Key:
        """Pattern `index` as the numbers of its literals."""
        named = self.patterns[index]
        return tuple(sorted(int(a) for a in self._atoms[named[named >= 0]]))


def _pack(rows: Mask) -> Words:
    """Rows of truth values, 64 a word."""
    packed = np.packbits(rows, axis=1, bitorder="little")
    return np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))).view(np.uint64)


def _overlap(bits: Words, patterns: Ints, within: Words | None, weights: Floats | None) -> Floats:
    """How many units (or what weight of units) hold all literals of each pattern.

    `patterns`: rows of `bits`, -1 = none. `weights`: units x quantities. Returns patterns x
    quantities.
    """
    columns = [_ALL] if weights is None else [_split(column) for column in weights.T]
    sums = np.zeros((len(patterns), len(columns)))
    uneven = [place for place, planes in enumerate(columns) if planes is None]
    width = bits.shape[1] * (64 if uneven else 1)
    step = max(1, _CHUNK // max(1, width))
    for start in range(0, len(patterns), step):
        part = patterns[start : start + step]
        words = bits[part[:, 0]]
        for place in range(1, part.shape[1]):
            named = part[:, place] >= 0
            if named.all():
                words &= bits[part[:, place]]
            elif named.any():
                words[named] &= bits[part[named, place]]
        if within is not None:
            words &= within
        for column, planes in enumerate(columns):
            for value, plane in planes or ():
                held = words if plane is None else words & plane
                sums[start : start + step, column] += value * np.bitwise_count(held).sum(axis=1)
        if weights is not None and uneven:
            held = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
            sums[start : start + step, uneven] = held[:, : len(weights)] @ weights[:, uneven]
    return sums


def _split(weights: Floats) -> Planes | None:
    """Whole numbers as the powers of two that they are sums of, each with the units that have it.

    Bits are counted some sixty times as fast as weights are added up. None where a weight is no
    whole number, or they are large.
    """
    whole = weights.astype(np.int64)
    if not np.array_equal(whole, weights) or whole.min(initial=0) < 0 or whole.max(initial=0) >= 2**_PLANES:
        return None
    bits = [(whole >> power) & 1 == 1 for power in range(_PLANES)]
    return [(2**power, _pack(held[None])[0]) for power, held in enumerate(bits) if held.any()]
