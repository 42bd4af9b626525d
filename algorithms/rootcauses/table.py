"""The table of units that the engine reads: features, outcomes and exposure as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from schema.errors import InputError


class FeatureKind(StrEnum):
    """How the values of a feature are compared."""

    CATEGORY = "category"
    NUMBER = "number"
    DATE = "date"
    SET = "set"


@dataclass(frozen=True, eq=False)
class Feature:
    """One property of every unit. Build it with the class methods, which check what they get.

    `values` by kind: CATEGORY, integer codes into `labels` (-1 = missing), one a unit; NUMBER,
    float64 (NaN = missing); DATE, datetime64[D or us] (NaT = missing); SET, integer codes into
    `labels`, where those of unit i are `values[indptr[i]:indptr[i + 1]]` (none = missing).
    `null`: whether a missing value is a value of its own, which a pattern may name.
    """

    name: str
    kind: FeatureKind
    values: NDArray[Any]
    labels: tuple[Any, ...] = ()
    indptr: NDArray[np.int64] | None = None
    null: bool = True

    def __len__(self) -> int:
        """The number of units described."""
        return len(self.values) if self.indptr is None else len(self.indptr) - 1

    @classmethod
    def category(cls, name: str, values: Sequence[Any] | pa.Array) -> Feature:
        """A category from one value a unit, `None` where it is missing.

        Errors: InputError where the values are not of one plain type.
        """
        if not isinstance(values, pa.Array | pa.ChunkedArray):
            try:
                values = pa.array(values, from_pandas=True)
            except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
                raise InputError(f"feature '{name}' mixes types of values: {error}") from error
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if pa.types.is_null(values.type):
            return cls.coded(name, np.full(len(values), -1), ())
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        codes = pc.fill_null(values.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
        return cls.coded(name, codes, values.dictionary.to_pylist())

    @classmethod
    def coded(cls, name: str, codes: ArrayLike, labels: Sequence[Any]) -> Feature:
        """A category from integer codes into `labels`; a negative code is a missing value.

        Errors: InputError where a code has no label or the codes are not integers.
        """
        found = np.asarray(codes)
        _check_codes(name, found, labels)
        return cls(name, FeatureKind.CATEGORY, found, tuple(labels))

    @classmethod
    def number(cls, name: str, values: ArrayLike) -> Feature:
        """A number a unit, NaN where it is missing; infinities are values like others."""
        try:
            found = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InputError(f"feature '{name}' holds values that are no numbers") from error
        return cls(name, FeatureKind.NUMBER, found)

    @classmethod
    def date(cls, name: str, values: ArrayLike) -> Feature:
        """A day or a moment a unit, NaT where it is missing; finer than days is kept in us."""
        try:
            found = np.asarray(values)
            unit = "D" if found.dtype == np.dtype("datetime64[D]") else "us"
            found = found.astype(f"datetime64[{unit}]")
        except (TypeError, ValueError) as error:
            raise InputError(f"feature '{name}' holds values that are no dates") from error
        return cls(name, FeatureKind.DATE, found)

    @classmethod
    def sets(cls, name: str, indptr: ArrayLike, codes: ArrayLike, labels: Sequence[Any]) -> Feature:
        """Any number of values a unit, as rows of a compressed sparse matrix.

        Errors: InputError where `indptr` does not rise from 0 to the number of codes.
        """
        starts, found = np.asarray(indptr, dtype=np.int64), np.asarray(codes)
        if found.size == 0:
            found = found.astype(np.int64)
        _check_codes(name, found, labels)
        if starts.ndim != 1 or len(starts) == 0 or starts[0] != 0 or starts[-1] != len(found):
            raise InputError(f"feature '{name}': indptr must run from 0 to the number of codes")
        if np.any(np.diff(starts) < 0):
            raise InputError(f"feature '{name}': indptr must not fall")
        return cls(name, FeatureKind.SET, found, tuple(labels), starts)

    @classmethod
    def from_arrow(cls, name: str, array: pa.Array | pa.ChunkedArray) -> Feature:
        """The feature that an Arrow column is by its type: list, date, number or category.

        Errors: InputError for a type that is none of these (a struct, a map, binary data).
        """
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        kind = array.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            entries = cls.category(name, array.flatten())
            sizes = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
            return cls.sets(name, np.r_[0, np.cumsum(sizes)], entries.values, entries.labels)
        if pa.types.is_date(kind):
            days = array.cast(pa.date32()).to_numpy(zero_copy_only=False)
            return cls.date(name, days.astype("datetime64[D]"))
        if pa.types.is_timestamp(kind):
            moments = array.cast(pa.timestamp("us"), safe=False)
            return cls.date(name, moments.to_numpy(zero_copy_only=False))
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            numbers = array.cast(pa.float64(), safe=False)
            return cls.number(name, numbers.to_numpy(zero_copy_only=False))
        text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
        coded = pa.types.is_dictionary(kind) or pa.types.is_boolean(kind)
        if text or coded or pa.types.is_null(kind):
            return cls.category(name, array)
        raise InputError(f"feature '{name}' has the type {kind}, which no pattern can be made of")


def _check_codes(name: str, codes: NDArray[Any], labels: Sequence[Any]) -> None:
    if codes.ndim != 1 or not np.issubdtype(codes.dtype, np.integer):
        raise InputError(f"feature '{name}': codes must be one row of integers")
    if codes.size and codes.max() >= len(labels):
        raise InputError(f"feature '{name}' has {len(labels)} labels but the code {codes.max()}")


@dataclass(frozen=True, eq=False)
class UnitTable:
    """What is known of every unit of exposure (customer, order...), complaining or not.

    `outcomes`: complaints a unit, integers >= 0. `exposure`: what each unit's complaints are
    counted against (months, items...), > 0; None is 1 for every unit.
    Errors: InputError where lengths differ, a name comes twice or a number is out of its range.
    """

    features: tuple[Feature, ...]
    outcomes: NDArray[np.int64]
    exposure: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        outcomes = np.asarray(self.outcomes)
        if outcomes.ndim != 1:
            raise InputError("outcomes must be one number a unit")
        if outcomes.dtype.kind not in "biuf" and outcomes.size:
            raise InputError("outcomes must be integers (complaints a unit)")
        if outcomes.dtype.kind == "f" and not np.all(np.mod(outcomes, 1) == 0):
            raise InputError("outcomes must be integers (complaints a unit), none missing")
        if outcomes.size and outcomes.min() < 0:
            raise InputError("outcomes must not be negative")
        object.__setattr__(self, "outcomes", outcomes.astype(np.int64))
        object.__setattr__(self, "features", tuple(self.features))
        for feature in self.features:
            if feature.values.ndim != 1:
                raise InputError(f"feature '{feature.name}' must have one value a unit")
            if len(feature) != len(outcomes):
                raise InputError(
                    f"feature '{feature.name}' has {len(feature)} units, the outcomes have {len(outcomes)}"
                )
        names = [feature.name for feature in self.features]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"two features are called '{twice}'")
        if self.exposure is not None:
            exposure = np.asarray(self.exposure, dtype=np.float64)
            if exposure.shape != outcomes.shape:
                raise InputError("exposure must be one number a unit")
            if not np.all(np.isfinite(exposure) & (exposure > 0)):
                raise InputError("exposure must be finite and above 0 for every unit")
            object.__setattr__(self, "exposure", exposure)

    def __len__(self) -> int:
        """The number of units."""
        return len(self.outcomes)
