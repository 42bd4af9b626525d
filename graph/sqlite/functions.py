"""The functions that queries use beside SQLite's own: folding of case, and money, exactly."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from schema.values import Amount


def units_of(stored: Any) -> int | None:
    """Return the ten-thousandths of a stored sum of money."""
    return None if stored is None else int(Decimal(stored.partition(" ")[0]).scaleb(4))


def currency_of(stored: str | None) -> str | None:
    """Return the currency of a stored sum of money."""
    return None if stored is None else stored.partition(" ")[2]


_REDUCE: dict[str, Callable[[list[Decimal]], Any]] = {"sum": sum, "min": min, "max": max}


class _MoneyMeasure:
    """The sum, mean, least or greatest of sums of money, one a currency, as an SQL aggregate."""

    def __init__(self) -> None:
        self.values: dict[str, list[Decimal]] = {}
        self.op = "sum"

    def step(self, stored: str | None, op: str) -> None:
        """Take in one value."""
        self.op = op
        if stored is not None:
            value, currency = stored.split(" ")
            held = self.values.setdefault(currency, [])
            held.append(Decimal(value))
            if len(held) > 1 and op != "mean":
                held[:] = [_REDUCE[op](held)]

    def finalize(self) -> str:
        """Return the outcome as JSON: currency -> value."""
        return json.dumps({c: str(self._outcome(v)) for c, v in sorted(self.values.items())})

    def _outcome(self, values: list[Decimal]) -> Decimal:
        if self.op == "mean":
            return (sum(values, Decimal()) / len(values)).quantize(Decimal("0.0001"))
        return values[0]


def decode_measure(text: str | None) -> list[Amount]:
    """Return a measure of money for each currency there is; SQL has none at all for no rows."""
    found = json.loads(text) if text else {}
    return [Amount(Decimal(value), currency) for currency, value in found.items()]


def register_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that queries use."""
    connection.create_function(
        "casefold",
        1,
        lambda text: None if text is None else str(text).casefold(),
        deterministic=True,
    )
    connection.create_function("units", 1, units_of, deterministic=True)
    connection.create_function("currency", 1, currency_of, deterministic=True)
    connection.create_aggregate("money_measure", 2, _MoneyMeasure)  # type: ignore[arg-type]
