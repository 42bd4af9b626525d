"""Typed values as text, so that a row means the same whichever format it came in.

Whole numbers have no fraction (`3`, also for 3.0: a column of numbers with gaps is often kept as
floats), other floats are as short as they can be and without an exponent, booleans are `true` and
`false`, days and times ISO 8601, not-a-number is null. Lists stay JSON; the entries of an object
become columns `object.entry`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def text_of(value: Any) -> str | None:  # noqa: PLR0911  one a type
    """Return a scalar or list as text, None for null; `ValueError` says why there is no text."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("has a NUL character")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise ValueError("is not valid UTF-8") from None
        return value or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _text_of_float(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if isinstance(value, bytes):
        raise ValueError("holds binary data")
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=text_of)
    return text_of(text)


def _text_of_float(value: float) -> str | None:
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return f"{Decimal(text):f}" if "e" in text else text


def flatten(row: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the scalars and lists of an object as texts, nested ones under `outer.inner`."""
    flat: dict[str, str | None] = {}
    _flatten(row, "", flat)
    return flat


def _flatten(row: Mapping[str, Any], prefix: str, flat: dict[str, str | None]) -> None:
    for key, value in row.items():
        name = prefix + key
        if isinstance(value, dict):
            _flatten(value, name + ".", flat)
            continue
        try:
            text = text_of(value)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None
        if flat.get(name) is not None:
            raise ValueError(f"there are two values for {name}")
        flat[name] = text


def columns_of(array: pa.Array, name: str) -> dict[str, pa.Array]:
    """Return the scalar columns of an array: itself, or the fields of its structs."""
    if not pa.types.is_struct(array.type):
        return {name: array}
    found: dict[str, pa.Array] = {}
    for field, inner in zip(array.type, array.flatten(), strict=True):
        found |= columns_of(inner, f"{name}.{field.name}")
    return found


def texts_of(array: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    """Return an array of any type as texts, and by row what is wrong with those that have none."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return array.cast(pa.string()), {}
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts = array.cast(pa.string())
        if _is_clean(texts):
            return empty_to_null(texts), {}
        return _texts_one_by_one(texts.cast(pa.binary()), decode=True)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        # Some writers do not mark their texts as text.
        return _texts_one_by_one(array, decode=True)
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        array = array.cast(pa.timestamp("us", kind.tz), safe=False)
    return _texts_one_by_one(array)


def _is_clean(texts: pa.Array) -> bool:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return not pc.any(pc.match_substring(texts, "\0")).as_py()


def _texts_one_by_one(array: pa.Array, *, decode: bool = False) -> tuple[pa.Array, dict[int, str]]:
    texts: list[str | None] = []
    flaws: dict[int, str] = {}
    for row, scalar in enumerate(array):
        try:
            value = scalar.as_py()
            texts.append(text_of(value.decode() if decode and value is not None else value))
        except UnicodeDecodeError:
            flaws[row] = "is not valid UTF-8"
            texts.append(None)
        except OverflowError:
            flaws[row] = "is out of range (years go from 1 to 9999)"
            texts.append(None)
        except ValueError as error:
            flaws[row] = str(error)
            texts.append(None)
    return pa.array(texts, pa.string()), flaws


def empty_to_null(texts: pa.Array) -> pa.Array:
    """Return texts with null where they are empty."""
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def table_of(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> pa.Table:
    """Return rows of texts as a table of string columns, empty texts as nulls."""
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    arrays = [empty_to_null(pa.array(column, pa.string())) for column in values]
    return pa.table(arrays, names=list(columns))


def shown(raw: bytes, size: int | None = None) -> str:
    """Return bytes as text to show: what is no text is escaped; `size` is the whole if cut."""
    text = raw.decode("utf-8", "backslashreplace").replace("\0", "\\x00").rstrip("\r\n")
    return f"{text}… ({size} bytes)" if size is not None and size > len(raw) else text
