"""What JSON and JSON Lines share: objects decoded strictly, and rows of their flat columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.sources.contract import BrokenRow
from ingest.sources.texts import flatten, table_of
from schema.errors import SourceError

Flat = Mapping[str, str | None]
MOST_NAMES = 2_000  # each is a column of every row


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} is there twice")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# The standard library's: it keeps whole numbers of any length, such as long ids.
DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_refuse_constant)


def flatten_object(value: Any) -> dict[str, str | None]:
    """Return an object's columns; `ValueError` says why it has none."""
    if not isinstance(value, dict):
        raise ValueError("is not an object, '{...}'")
    try:
        return flatten(value)
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def names_in(path: Path, rows: Iterable[Flat | BrokenRow]) -> list[str]:
    """Return the names in all objects, in the order in which they first occur.

    A file without a row has none, and that is well. Rows none of which has a name are an error.
    """
    names: dict[str, None] = {}
    said = ""
    for row in rows:
        if isinstance(row, BrokenRow):
            said = said or f"{row.position} {row.message}"
        else:
            said = said or "its objects are empty"
            names.update(dict.fromkeys(row))
        if len(names) > MOST_NAMES:
            raise SourceError(
                f"{path}: its objects have more than {MOST_NAMES} different names",
                hint="what is told apart by its name, such as a map of ids, belongs into a list",
            )
    if said and not names:
        raise SourceError(f"{path} has no object with names", hint=said)
    return list(names)


def table_of_objects(columns: Sequence[str], rows: Iterable[Flat]) -> pa.Table:
    """Return flat objects as a table; what an object does not have is null."""
    return table_of(columns, [[row.get(name) for name in columns] for row in rows])
