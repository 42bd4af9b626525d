"""What every store does with contributions, however it keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

IDENTITY = "identity"  # the source of judgements, which say nothing of nodes


def spell_slot(value: Any) -> str:
    """Return a slot as part of a key: no value is told from every text."""
    return "" if value is None else f"={value}"


def spell_facts(columns: Sequence[tuple[str, Sequence[Any]]], rows: int) -> list[str]:
    """Return what each row says as JSON, values that are not there left out."""
    if not columns:
        return ["{}"] * rows
    names, values = zip(*columns, strict=True)
    said = (
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        if None in row
        else dict(zip(names, row, strict=True))
        for row in zip(*values, strict=True)
    )
    return [orjson.dumps(one).decode() for one in said]


def adds(said: Sequence[Any], held: Sequence[Any] | None, *, last: bool) -> bool:
    """Tell whether what a new record says can change a node that has these values.

    Where it cannot, the node need not be merged again: a region named by each of 200,000 rows
    would be merged from all of them in every batch, which made the time grow with the square.
    The contribution of a new record comes `last` if no source ranks behind its own.
    """
    return held is None or any(
        new is not None and new != old and (old is None or not last)
        for new, old in zip(said, held, strict=True)
    )
