"""One feature as codes: every literal that it can make is a range of codes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.rootcauses.cuts import choose_cuts
from algorithms.rootcauses.pattern import Literal
from algorithms.rootcauses.table import Feature, FeatureKind

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
_COARSE = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98)
_BLOCKS = 12


@dataclass(frozen=True, eq=False)
class Axis:
    """A feature's codes and its literals, literal i being the codes `low[i] <= code < high[i]`.

    `codes`: one a unit, or the entries of all units where `indptr` is given. `price`: nats to
    name each literal among those of the axis. `atoms`: the literals that conjunctions start from
    (all but most ranges). Values of too few units share a code that no literal holds; the last
    code is the missing value.
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
        if low == 0:
            return Literal(name, "<", self.values[high - 1])
        if high == null:
            return Literal(name, ">=", self.values[low - 1])
        start, end = self.values[low - 1], self.values[high - 1]
        if isinstance(start, int) and isinstance(end, int) and end - start == 1:
            return Literal(name, "=", start)
        return Literal(name, "between", (start, end))


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
    cuts = choose_cuts(present)
    null = len(cuts) + 1
    codes = np.full(units, null, dtype=np.int32)
    codes[~missing] = np.searchsorted(cuts, present, side="right")
    counts = np.bincount(codes, minlength=null + 1)
    below = np.r_[0, np.cumsum(counts[:null])]
    low, high = (part.astype(np.int64) for part in np.triu_indices(null + 1, 1))
    inner = below[high] - below[low]
    usable = (inner >= min_units) & (inner < units) & ((low > 0) | (high < null))
    low, high = low[usable], high[usable]
    if feature.null and min_units <= counts[null] < units:
        low, high = np.r_[low, null], np.r_[high, null + 1]
    if len(low) == 0:
        return None
    between = (low > 0) & (high < null)
    # three quarters of the prior go to thresholds, which need no reason for a second cut
    thresholds, ranges = int(np.sum(~between)), int(np.sum(between))
    narrow = math.log(4 * max(ranges, thresholds))
    price = np.where(between, narrow, math.log(4 / 3 * max(1, thresholds)))
    atoms = _choose_atoms(low, high, below, null)
    return Axis(feature, codes, null + 1, low, high, price, atoms, None, _name_cuts(feature, cuts))


def _choose_atoms(low: Ints, high: Ints, below: Ints, null: int) -> Ints:
    """The literals of coarse thresholds in both directions, of blocks of like size, and null."""
    present = below[-1]
    coarse = np.unique(np.searchsorted(below, np.array(_COARSE) * present))
    blocks = np.unique(np.searchsorted(below, np.arange(_BLOCKS + 1) / _BLOCKS * present))
    if null <= _BLOCKS:
        coarse = blocks = np.arange(null + 1)
    block_ends = dict(zip(blocks[:-1].tolist(), blocks[1:].tolist(), strict=True))
    block = np.array([block_ends.get(a) == b for a, b in zip(low.tolist(), high.tolist(), strict=True)])
    threshold = ((low == 0) & np.isin(high, coarse)) | ((high == null) & np.isin(low, coarse))
    return np.flatnonzero(block | threshold | (low == null))


def _name_cuts(feature: Feature, cuts: NDArray[Any]) -> tuple[Any, ...]:
    if feature.kind is FeatureKind.DATE:
        return tuple(cuts.tolist())
    finite = feature.values[np.isfinite(feature.values)]
    whole = bool(np.all(np.mod(finite, 1) == 0)) and bool(np.all(np.mod(cuts, 1) == 0))
    return tuple(int(cut) if whole else float(cut) for cut in cuts)
