"""Folds: one value a unit where it reaches several nodes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.reach import ALWAYS, DAY, Chosen, Indices, Reach, recode
from algorithms.rootcauses import Feature

Numbers = npt.NDArray[np.float64]
SHARED_BY = 2  # units that share a value on average; below, it is as good as a name
MANY = "(many)"  # what a unit whose way meets a hub has instead of the nodes behind it
_REDUCE: dict[str, Any] = {"max": np.maximum, "min": np.minimum, "sum": np.add}


def count_nodes(reach: Reach) -> Numbers:
    """Return how many nodes each unit reaches."""
    return np.bincount(reach.units, minlength=reach.size).astype(np.float64)


def fold_numbers(fold: str, reach: Reach, numbers: Numbers) -> Numbers:
    """Return the "max", "min" or "sum" of the numbers of the nodes that each unit reaches, NaN of none."""
    values = numbers[reach.nodes]
    folded = np.full(reach.size, np.nan)
    _reduce(fold, reach.units, values, np.isfinite(values), folded)
    return folded


def fold_moments(fold: str, reach: Reach, moments: Indices) -> Indices:
    """Return the "max" or "min" of the moments of the nodes that each unit reaches, `ALWAYS` of none."""
    values = moments[reach.nodes]
    folded = np.full(reach.size, ALWAYS)
    _reduce(fold, reach.units, values, values != ALWAYS, folded)
    return folded


def _reduce(fold: str, units: Indices, values: Any, held: Chosen, folded: Any) -> None:
    """Fold the values held, which are in the order of units, into one for each unit."""
    units, values = units[held], values[held]
    if len(units):
        begin = np.flatnonzero(np.r_[True, units[1:] != units[:-1]])
        folded[units[begin]] = _REDUCE[fold].reduceat(values, begin)


def find_latest(reach: Reach, moments: Indices) -> Reach:
    """Return the one node of each unit that has the latest moment; the last in order of keys, of several."""
    dated = moments[reach.nodes] != ALWAYS
    units, nodes = reach.units[dated], reach.nodes[dated]
    order = np.lexsort((nodes, moments[nodes], units))
    units, nodes = units[order], nodes[order]
    last = np.flatnonzero(np.r_[units[1:] != units[:-1], True]) if len(units) else order
    return Reach(units[last], nodes[last], reach.size, None, reach.hubs)


def read_numbers(values: pa.ChunkedArray) -> Numbers:
    """Return integers, numbers or sums of money as floats, NaN where there is none."""
    array = values.combine_chunks()
    numbers = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    if pa.types.is_decimal(array.type):
        numbers = np.round(numbers, array.type.scale)  # Arrow's own cast makes 49.9 of money inexact
    found: Numbers = numbers
    return found


def make_date(name: str, moments: Indices, *, days: bool) -> Feature:
    """Return the feature of moments (microseconds since 1970, `ALWAYS` of none), by day or exactly."""
    found = moments.astype("datetime64[us]")  # ALWAYS is NaT
    return Feature.date(name, found.astype("datetime64[D]") if days else found)


def make_category(name: str, reach: Reach, values: pa.ChunkedArray) -> Feature | None:
    """Return which values the nodes of each unit have; None where a value is as good as a name.

    One value a unit makes a category, several a set; units behind a hub have the value `MANY`.
    """
    encoded = values.combine_chunks().take(pa.array(reach.nodes)).dictionary_encode()
    there = pc.is_valid(encoded).to_numpy(zero_copy_only=False)
    labels = encoded.dictionary.to_pylist()
    if there.sum() < SHARED_BY * len(labels):
        return None
    codes = encoded.indices.filter(pc.is_valid(encoded)).to_numpy(zero_copy_only=False).astype(np.int64)
    held = Reach(reach.units[there], reach.nodes[there], reach.size, None, reach.hubs)
    return code_values(name, recode(held, codes), labels)


def code_values(name: str, reach: Reach, labels: list[Any]) -> Feature:
    """Return the feature of a reach of codes into labels."""
    units, codes = reach.units, reach.nodes
    if reach.hubs is not None:
        units, codes = np.r_[units, reach.hubs], np.r_[codes, np.full(len(reach.hubs), len(labels))]
        order = np.lexsort((codes, units))
        reach, labels = Reach(units[order], codes[order], reach.size), [*labels, MANY]
    if not reach.single:
        return Feature.sets(name, reach.indptr(), reach.nodes, labels)
    single = np.full(reach.size, -1, np.int64)
    single[reach.units] = reach.nodes
    return Feature.coded(name, single, labels)


def count_days(begin: Indices, end: Indices) -> Numbers:
    """Return the days from one moment to another, as on a calendar, NaN where one is missing."""
    there = (begin != ALWAYS) & (end != ALWAYS)
    days = np.full(len(begin), np.nan)
    days[there] = end[there] // DAY - begin[there] // DAY
    return days


def is_constant(feature: Feature) -> bool:
    """Return whether all units have the same, so that nothing tells them apart."""
    values = feature.values
    if not len(values):
        return True
    if feature.indptr is not None:
        return bool(np.all(values == values[0]) and np.all(np.diff(feature.indptr) == 1))
    missing = pc.is_null(pa.array(values), nan_is_null=True).to_numpy(zero_copy_only=False)
    return bool(np.all(values == values[0]) or np.all(missing))
