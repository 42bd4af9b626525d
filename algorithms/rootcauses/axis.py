"""One feature as codes: every literal that it can make is a range of codes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.rootcauses.cuts import choose_cuts
from algorithms.rootcauses.pattern import Literal
from algorithms.rootcauses.table import Feature, FeatureKind

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
_COARSE = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98)
_BLOCKS = (12, 40)  # parts of like size of a range, broad and narrow, that conjunctions start from
_MAX_SINGLES = 4096  # values of a number or date that may be named by themselves


@dataclass(frozen=True, eq=False)
class Axis:
    """A feature's codes and its literals, literal i being the codes `low[i] <= code < high[i]`.

    `codes`: one a unit, or the entries of all units where `indptr` is given. `price`: nats to
    name each literal among those of the axis. `atoms`: the literals that conjunctions start from
    (all but most ranges). Values of too few units share a code that no literal holds; the last
    code is the missing value. `values`: by code for categories and sets, else the lower limits of
    all codes but the first. `singles`: the codes of numbers and dates that are one value.
    """

    feature: Feature
    codes: Codes
    size: int
    low: Ints
    high: Ints
    price: NDArray[np.float64]
    atoms: Ints
    indptr: Ints | None = None
    values: tuple[Any, ...] = ()
    singles: dict[int, Any] = field(default_factory=dict)

    @property
    def ordered(self) -> bool:
        """Whether neighbouring codes are neighbouring values."""
        return self.feature.kind in (FeatureKind.NUMBER, FeatureKind.DATE)

    def describe(self, low: int, high: int) -> Literal:
        """The literal that holds the codes from `low` to below `high`."""
        name, null = self.feature.name, self.size - 1
        if low == null:
            return Literal(name, "is_null", None)
        if not self.ordered:
            return Literal(name, "=", self.values[low])
        if high - low == 1 and low in self.singles:
            return Literal(name, "=", self.singles[low])
        if low == 0:
            return Literal(name, "<", self.values[high - 1])
        if high == null:
            return Literal(name, ">=", self.values[low - 1])
        return Literal(name, "between", (self.values[low - 1], self.values[high - 1]))

    def is_single(self, low: Ints, high: Ints) -> NDArray[np.bool_]:
        """Which literals name one value: those of a category, and single numbers and dates."""
        if not self.ordered:
            return np.asarray(low < self.size - 1)
        return np.asarray((high - low == 1) & np.isin(low, list(self.singles)))


def read_axis(feature: Feature, min_units: int) -> Axis | None:
    """The axis of a feature; None where no literal holds `min_units` and leaves one out."""
    if feature.kind in (FeatureKind.CATEGORY, FeatureKind.SET):
        return _read_values(feature, min_units)
    return _read_ranges(feature, min_units)


def _read_values(feature: Feature, min_units: int) -> Axis | None:
    units, codes, indptr = len(feature), feature.values.astype(np.int64), feature.indptr
    if indptr is not None:
        codes, indptr = _drop_repeats(codes, indptr, len(feature.labels))
    codes = np.where(codes < 0, len(feature.labels), codes)
    counts = np.bincount(codes, minlength=len(feature.labels) + 1)
    usable = (counts >= min_units) & (counts < units)
    usable[-1] &= feature.null
    kept = np.flatnonzero(usable[:-1])
    other, null = len(kept), len(kept) + 1
    recode = np.full(len(counts), other)
    recode[kept] = np.arange(len(kept))
    recode[-1] = null
    low = np.r_[np.arange(len(kept)), np.full(int(usable[-1]), null)].astype(np.int64)
    if len(low) == 0:
        return None
    price = np.full(len(low), math.log(len(low)))
    values = tuple(feature.labels[code] for code in kept)
    atoms = np.arange(len(low))
    return Axis(feature, recode[codes].astype(np.int32), null + 1, low, low + 1, price, atoms, indptr, values)


def _drop_repeats(codes: Ints, indptr: Ints, labels: int) -> tuple[Ints, Ints]:
    """Each value once a unit; a unit without any gets the code of the missing value."""
    owners = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    present = codes >= 0
    owners, codes = owners[present], codes[present]
    empty = np.setdiff1d(np.arange(len(indptr) - 1), owners)
    pairs = np.unique(np.r_[owners * (labels + 1) + codes, empty * (labels + 1) + labels])
    sizes = np.bincount(pairs // (labels + 1), minlength=len(indptr) - 1)
    return pairs % (labels + 1), np.r_[0, np.cumsum(sizes)]


def _read_ranges(feature: Feature, min_units: int) -> Axis | None:
    values, units = feature.values, len(feature)
    missing = np.isnat(values) if feature.kind is FeatureKind.DATE else np.isnan(values)
    present = values[~missing]
    if len(present) == 0:
        return None
    distinct, held = np.unique(present, return_counts=True)
    cuts = choose_cuts(distinct, held)
    alone = _choose_singles(distinct, held, min_units)
    # a code ends where a range may end and on both sides of a value that may be named
    after = alone[alone + 1 < len(distinct)] + 1
    edges = np.unique(np.r_[cuts, distinct[alone], distinct[after]])
    edges = edges[edges > distinct[0]]
    null = len(edges) + 1
    codes = np.full(units, null, dtype=np.int32)
    codes[~missing] = np.searchsorted(edges, present, side="right")
    counts = np.bincount(codes, minlength=null + 1)
    below = np.r_[0, np.cumsum(counts[:null])]
    single = np.unique(np.searchsorted(edges, distinct[alone], side="right"))
    ends = np.unique(np.r_[0, np.searchsorted(edges, cuts) + 1, null])
    low, high = (ends[part] for part in np.triu_indices(len(ends), 1))
    named = ~((high - low == 1) & np.isin(low, single))
    low, high = np.r_[low[named], single], np.r_[high[named], single + 1]
    inner = below[high] - below[low]
    usable = (inner >= min_units) & (inner < units) & ((low > 0) | (high < null))
    low, high = low[usable], high[usable]
    if feature.null and min_units <= counts[null] < units:
        low, high = np.r_[low, null], np.r_[high, null + 1]
    if len(low) == 0:
        return None
    names = _name_values(feature, np.r_[edges, distinct[alone]])
    named_values = dict(zip(single.tolist(), names[len(edges) :], strict=True))
    is_single = (high - low == 1) & np.isin(low, single)
    price = _price_ranges(low, high, null, is_single)
    atoms = np.union1d(_choose_atoms(low, high, below, ends), np.flatnonzero(is_single))
    return Axis(feature, codes, null + 1, low, high, price, atoms, None, names[: len(edges)], named_values)


def _choose_singles(distinct: NDArray[Any], held: Ints, min_units: int) -> Ints:
    """The places of the values that may be named by themselves, those of most units if too many."""
    often = np.flatnonzero(held >= min_units)
    if len(often) > _MAX_SINGLES:
        often = np.sort(often[np.argsort(-held[often], kind="stable")[:_MAX_SINGLES]])
    return often[np.isfinite(distinct[often])] if distinct.dtype.kind == "f" else often


def _price_ranges(low: Ints, high: Ints, null: int, single: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Nats of each literal: three quarters of the prior for thresholds and single values alike.

    These need no reason for a second cut.
    """
    between = ~single & (low > 0) & (high < null)
    plain, ranges = int(np.sum(~between)), int(np.sum(between))
    return np.where(between, math.log(4 * max(ranges, plain)), math.log(4 / 3 * max(1, plain)))


def _choose_atoms(low: Ints, high: Ints, below: Ints, ends: Ints) -> Ints:
    """The literals of coarse thresholds in both directions, of blocks of like size, and null.

    `below`: units below each code; `ends`: the codes at which ranges may end.
    """
    null, shares = int(ends[-1]), below[ends] / below[-1]
    coarse = ends[np.minimum(np.searchsorted(shares, _COARSE), len(ends) - 1)]
    block = np.zeros(len(low), dtype=np.bool_)
    for parts in _BLOCKS:
        starts = np.unique(ends[np.searchsorted(shares, np.arange(parts) / parts)])
        if len(ends) <= parts + 1:
            starts = ends[:-1]
            coarse = ends if parts == _BLOCKS[0] else coarse
        follows = np.r_[starts[1:], null, -1][np.minimum(np.searchsorted(starts, low), len(starts))]
        block |= np.isin(low, starts) & (high == follows)
    threshold = ((low == 0) & np.isin(high, coarse)) | ((high == null) & np.isin(low, coarse))
    return np.flatnonzero(block | threshold | (low == null))


def _name_values(feature: Feature, values: NDArray[Any]) -> tuple[Any, ...]:
    if feature.kind is FeatureKind.DATE:
        return tuple(values.tolist())
    finite = feature.values[np.isfinite(feature.values)]
    if not np.all(np.mod(finite, 1) == 0):
        return tuple(values.tolist())
    return tuple(int(value) if math.isfinite(value) else value for value in values.tolist())
