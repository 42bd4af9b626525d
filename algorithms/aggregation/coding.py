"""Groupings as codes: which groups each unit is in, and what the codes stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.aggregation.arrays import Arrays
from algorithms.aggregation.grouping import Group, Grouping, Period, Range, as_amount, find_periods
from algorithms.aggregation.reached import Small, sort_distinct
from algorithms.folds import count_days, count_nodes, fold_moments, fold_numbers, read_numbers
from algorithms.reach import Indices, read_moments
from schema import LANGUAGES, UsageError
from schema.paths import DATES, Path

Numbers = npt.NDArray[np.float64]
NONE = 0  # the code of no value


@dataclass(frozen=True, eq=False)
class Axis:
    """What codes stand for: code c is the (c - 1)-th of `values`, in ascending order; 0 is no value.

    `currencies`: of sums of money. `highs`: of ranges, whose lows are the values (NaN: no end).
    `captions`: of nodes, whose keys are the values; `spoken`: the same by language, where nodes have names
    in several. `per`: of periods, whose first days are the values.
    """

    values: pa.Array
    currencies: pa.Array | None = None
    highs: pa.Array | None = None
    captions: pa.Array | None = None
    per: Period | None = None
    spoken: Mapping[str, pa.Array] | None = None

    def __len__(self) -> int:
        return len(self.values) + 1

    def group(self, code: int) -> Group:
        """Return what a code stands for."""
        if code == NONE:
            return Group(None)
        value, place = self.values[code - 1].as_py(), code - 1
        currency = None if self.currencies is None else self.currencies[place].as_py()
        if self.highs is not None:
            ends = (value, self.highs[place].as_py())
            low, high = (end if np.isfinite(end) else None for end in ends)
            return Group(Range(low, high, currency or ""))
        if self.currencies is not None:
            return Group(as_amount(value, currency))
        caption = None if self.captions is None else self.captions[place].as_py()
        spoken = {lang: of[place].as_py() for lang, of in (self.spoken or {}).items()}
        return Group(value, caption, self.per, spoken)

    def captions_in(self, language: str) -> pa.Array | None:
        """Return the captions of nodes in a language; None where the values are no nodes."""
        return (self.spoken or {}).get(language, self.captions)


@dataclass(frozen=True, eq=False)
class Codes:
    """Which groups units are in.

    Unit i is in the group `codes[i]`; with `begin`, in each of `codes[begin[i] : begin[i + 1]]`, of which
    there is one at least.
    """

    axis: Axis
    codes: Small
    begin: Indices | None = None


def code(arrays: Arrays, grouping: Grouping, path: Path) -> Codes:
    """Return which groups each unit of a kind is in; one without a value is in `NONE` only."""
    return arrays.snapshot.keep(("codes", grouping, path), lambda: _code(arrays, grouping, path))


def _code(arrays: Arrays, grouping: Grouping, path: Path) -> Codes:
    if path.fold:
        return Codes(*_group_values(grouping, _fold(arrays, path)))
    if path.name:
        ends = arrays.snapshot.keep(
            ("ends", grouping.per, grouping.width, grouping.edges, path.kind, path.name),
            lambda: _code_property(arrays, grouping, path),
        )
    else:
        count = arrays.size(path.kind)
        axis = Axis(
            arrays.column(path.kind, "key"),
            captions=find_captions(arrays, path.kind),
            spoken=_find_spoken(arrays, path.kind),
        )
        ends = Codes(axis, np.arange(1, count + 1, dtype=np.int32))
    return _at_ends(arrays, path, ends)


def _at_ends(arrays: Arrays, path: Path, ends: Codes) -> Codes:
    """Return the codes of what units reach, given those of the nodes at the end."""
    if not path.steps:
        return ends
    reached = arrays.reach(path)
    if reached.lone is not None:
        return Codes(ends.axis, np.r_[np.int32(NONE), ends.codes][reached.lone + 1])
    span, size = len(ends.axis), len(reached)
    units, codes = np.repeat(np.arange(size), np.diff(reached.begin)), ends.codes[reached.nodes]
    pairs = (units * span + codes)[codes != NONE]
    held = np.zeros(size, np.bool_)
    held[pairs // span] = True
    units, found = np.divmod(sort_distinct(np.r_[pairs, np.flatnonzero(~held) * span + NONE]), span)
    if len(found) == size:
        return Codes(ends.axis, found.astype(np.int32))
    begin = np.r_[0, np.cumsum(np.bincount(units, minlength=size))]
    return Codes(ends.axis, found.astype(np.int32), begin)


def _code_property(arrays: Arrays, grouping: Grouping, path: Path) -> Codes:
    column = arrays.column(path.kind, path.name)
    currency = arrays.currency(path.kind, path.name) if pa.types.is_decimal(column.type) else None
    return Codes(*_group_values(grouping, column, currency))


def _fold(arrays: Arrays, path: Path) -> pa.Array:
    """Return one number or date a unit; `UsageError` where it is money of several currencies."""
    if path.ends:
        begin, end = (_fold_dates(arrays, each) for each in path.ends)
        return _whole(count_days(begin, end))
    if path.fold == "count":
        return _whole(count_nodes(arrays.reach(path).pairs))
    column = arrays.column(path.kind, path.name)
    if arrays.vocabulary.get_kind(path.kind).properties[path.name].type in DATES:
        moments = pa.array(_fold_dates(arrays, path).astype("datetime64[us]"))
        return moments.cast(pa.date32(), safe=False) if pa.types.is_date(column.type) else moments
    if pa.types.is_decimal(column.type):
        currencies = pc.drop_null(pc.unique(arrays.currency(path.kind, path.name))).to_pylist()
        if len(currencies) > 1:
            raise UsageError(f"{path} is of several currencies", hint=", ".join(sorted(currencies)))
    numbers = fold_numbers(path.fold, arrays.reach(path).pairs, read_numbers(pa.chunked_array([column])))
    return pa.array(numbers, from_pandas=True)


def _fold_dates(arrays: Arrays, path: Path) -> Indices:
    column = arrays.column(path.kind, path.name)
    moments = read_moments(pa.chunked_array([column]))
    if not path.steps:
        return moments
    return fold_moments(path.fold or "min", arrays.reach(path).pairs, moments)


def _whole(numbers: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(numbers, from_pandas=True).cast(pa.int64())


def _group_values(
    grouping: Grouping, values: pa.Array, currency: pa.Array | None = None
) -> tuple[Axis, Small]:
    """Return what values are grouped into, and the code of each."""
    if grouping.per is not None:
        days = values.cast(pa.timestamp("us")).cast(pa.date32(), safe=False).cast(pa.int32())
        there = pc.is_valid(days).to_numpy(zero_copy_only=False)
        firsts = find_periods(pc.fill_null(days, 0).to_numpy(), grouping.per).astype(np.int32)
        codes, distinct = encode(pa.array(firsts, mask=~there).cast(pa.date32()))
        return Axis(distinct, per=grouping.per), codes
    if grouping.width is not None or grouping.edges:
        return _group_ranges(grouping, values, currency)
    codes, distinct = encode(values)
    if currency is None:
        return Axis(distinct), codes
    return _within_currency(codes, distinct, None, currency)


def _group_ranges(grouping: Grouping, values: pa.Array, currency: pa.Array | None) -> tuple[Axis, Small]:
    numbers = read_numbers(pa.chunked_array([values]))
    missing = np.isnan(numbers)
    known = np.where(missing, 0, numbers)
    if grouping.width is None:
        edges = np.r_[-np.inf, grouping.edges, np.inf]
        places = np.searchsorted(edges, known, "right") - 1
        lows, highs = edges[places], edges[places + 1]
    else:
        lows, highs = _find_ends(known, grouping.width)
    codes, distinct = encode(pa.array(lows, mask=missing))
    upper = np.zeros(len(distinct) + 1)
    upper[codes] = highs
    ends = pa.array(upper[1:])
    if currency is None:
        return Axis(distinct, highs=ends), codes
    return _within_currency(codes, distinct, ends, currency)


def _find_ends(numbers: Numbers, width: float) -> tuple[Numbers, Numbers]:
    """Return the multiples of a width between which numbers lie, as they are written: 0.3 is 3 x 0.1."""
    _, _, fraction = np.format_float_positional(width).partition(".")
    places = np.floor(numbers / width)
    places += np.round((places + 1) * width, len(fraction)) <= numbers
    places -= np.round(places * width, len(fraction)) > numbers
    lows, highs = (np.round((places + up) * width, len(fraction)) + 0.0 for up in (0, 1))  # 0, never -0
    return lows, highs


def _within_currency(
    codes: Small, distinct: pa.Array, highs: pa.Array | None, currency: pa.Array
) -> tuple[Axis, Small]:
    """Return groups of sums of money told apart by currency, then amount."""
    currencies, names = encode(currency)
    span = len(distinct) + 1
    both = currencies.astype(np.int64) * span + codes
    found, pairs = encode(pa.array(both, mask=(codes == NONE) | (currencies == NONE)))
    pair = pairs.to_numpy(zero_copy_only=False)
    amounts, places = pa.array(pair % span - 1), pa.array(pair // span - 1)
    highs = None if highs is None else highs.take(amounts)
    return Axis(distinct.take(amounts), currencies=names.take(places), highs=highs), found


def encode(values: pa.Array) -> tuple[Small, pa.Array]:
    """Return the code of each value and the distinct ones, ascending; the first has code 1, null 0."""
    encoded = values.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    ranks = np.zeros(len(order) + 1, np.int32)
    ranks[order] = np.arange(1, len(order) + 1)
    indices = pc.fill_null(encoded.indices, len(order)).to_numpy()
    return ranks[indices], encoded.dictionary.take(pa.array(order))


def find_captions(arrays: Arrays, kind: str) -> pa.Array:
    """Return the captions of the nodes of a kind, from the properties that are shown."""
    return arrays.snapshot.keep(("captions", kind), lambda: _find_captions(arrays, kind))


def _find_spoken(arrays: Arrays, kind: str) -> dict[str, pa.Array]:
    """Return the captions by language, where `name_en` stands beside `name_es` and `name_pt`."""
    declared = arrays.vocabulary.get_kind(kind)
    if not any(name.rpartition("_")[2] in LANGUAGES for name in declared.caption):
        return {}
    return {lang: _keep_spoken(arrays, kind, lang) for lang in LANGUAGES}


def _keep_spoken(arrays: Arrays, kind: str, language: str) -> pa.Array:
    key = ("captions", kind, language)
    return arrays.snapshot.keep(key, lambda: _find_captions(arrays, kind, language))


def _find_captions(arrays: Arrays, kind: str, language: str = "") -> pa.Array:
    declared, shown = arrays.vocabulary.get_kind(kind), arrays.snapshot.projection.nodes[kind].column_names
    parts = []
    own = [f"{name.rpartition('_')[0]}_{language}" for name in declared.caption if language]
    for name in (*(name for name in own if name in declared.properties), *declared.caption):
        if name in shown:
            column = arrays.column(kind, name)
            if not pa.types.is_string(column.type):
                spell = declared.properties[name].value_type.caption
                column = pa.array([None if v is None else spell(v) for v in column.to_pylist()], pa.string())
            parts.append(column)
    return pc.coalesce(*parts, arrays.column(kind, "key"))
