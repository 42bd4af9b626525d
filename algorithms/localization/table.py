"""What goes in: a KPI's actual and forecast over dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from schema.errors import InputError

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST = 1e100  # what is larger is no KPI
LEAST = 1e-100  # what is smaller is nothing


@dataclass(frozen=True, eq=False)
class Dimension:
    """A column that combinations are made of: code i of a row stands for `labels[i]`."""

    name: str
    codes: Codes
    labels: tuple[Any, ...]

    def __post_init__(self) -> None:
        if self.codes.ndim != 1 or not np.issubdtype(self.codes.dtype, np.integer):
            raise InputError(f"dimension '{self.name}': codes must be one integer a row")
        if self.codes.size and (self.codes.min() < 0 or self.codes.max() >= len(self.labels)):
            raise InputError(f"dimension '{self.name}' has codes without a label")

    @classmethod
    def from_values(cls, name: str, values: Sequence[Any] | NDArray[Any]) -> Dimension:
        """Any values, None where one is missing; a missing value is a value of its own."""
        found = values.tolist() if isinstance(values, np.ndarray) else list(values)
        try:
            return cls.from_arrow(name, pa.array(found))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise InputError(f"dimension '{name}' holds values of several types") from error

    @classmethod
    def from_arrow(cls, name: str, array: pa.Array | pa.ChunkedArray) -> Dimension:
        """An Arrow column of any type that has equality; nulls are a value of their own.

        Errors: InputError for a nested column.
        """
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        if pa.types.is_nested(array.type):
            raise InputError(f"dimension '{name}' holds lists or structs, not plain values")
        if pa.types.is_dictionary(array.type):
            array = array.cast(array.type.value_type)  # its labels may repeat, or stand in no row
        coded = pc.dictionary_encode(array, null_encoding="encode")
        codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(name, codes, tuple(coded.dictionary.to_pylist()))


@dataclass(frozen=True, eq=False)
class KpiTable:
    """Rows of a KPI: `real` is what came, `predict` what was forecast, one finite number a row.

    The KPI must add up (a count, a sum): rows that are alike in every dimension are summed, and so
    are the rows of a combination. Errors: InputError where lengths differ, a name comes twice, or a
    number is missing or infinite.
    """

    dimensions: tuple[Dimension, ...]
    real: Floats
    predict: Floats

    def __post_init__(self) -> None:
        for name in ("real", "predict"):
            object.__setattr__(self, name, _read_numbers(name, getattr(self, name)))
        object.__setattr__(self, "dimensions", tuple(self.dimensions))
        rows = len(self.real)
        if len(self.predict) != rows:
            raise InputError(f"{rows} actual values, but {len(self.predict)} forecasts")
        for dimension in self.dimensions:
            if len(dimension.codes) != rows:
                raise InputError(f"dimension '{dimension.name}' has {len(dimension.codes)} rows, not {rows}")
        names = [dimension.name for dimension in self.dimensions]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"two dimensions are called '{twice}'")

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.real)


def _read_numbers(name: str, values: ArrayLike) -> Floats:
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"'{name}' holds values that are no numbers") from error
    if numbers.ndim != 1:
        raise InputError(f"'{name}' must be one number a row")
    wrong = np.flatnonzero(~(np.abs(numbers) < MOST))
    if len(wrong):
        raise InputError(
            f"'{name}' is missing, infinite or beyond {MOST:.0e} in {len(wrong)} of {len(numbers)} rows, "
            f"first in row {wrong[0] + 1}",
            hint="write 0 where nothing came, or leave such rows out",
        )
    return numbers
