"""Nodes in order, and from behind a place in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graph.model import Condition, Order, Where
from graph.questions import conjuncts, get_property
from graph.sqlite.functions import currency_of, units_of
from graph.sqlite.tables import KindTable, quoted
from schema.values import Money

Segment = tuple[str, list[Any]]  # conditions in SQL, each after AND, and their parameters


@dataclass(frozen=True)
class Sorting:
    """An order of nodes `n` of a kind."""

    table: KindTable
    order: Order

    @classmethod
    def of(cls, table: KindTable, order: Order | str | None) -> Sorting:
        """Return an order, of keys if none is given; `UsageError` if there is no such property."""
        found = order if isinstance(order, Order) else Order(order or "key")
        get_property(table.kind, found.name)
        return cls(table, found)

    @property
    def by_key(self) -> bool:
        """Whether keys alone decide."""
        return self.order.name == "key"

    @property
    def column(self) -> str:
        """The column that decides."""
        return "n.key" if self.by_key else f"n.{quoted(self.order.name)}"

    @cached_property
    def _is_money(self) -> bool:
        return isinstance(get_property(self.table.kind, self.order.name).value_type, Money)

    @cached_property
    def terms(self) -> list[str]:
        """What sorts before the key, in SQL."""
        if self.by_key:
            return []
        return (
            [f"{name}({self.column})" for name in ("currency", "units")] if self._is_money else [self.column]
        )

    @property
    def sql(self) -> str:
        """The order for ORDER BY."""
        way = " DESC" if self.order.descending else ""
        return ", ".join(f"{term}{way}" for term in (*self.terms, "n.key"))

    @property
    def is_indexed(self) -> bool:
        """Whether an index has nodes in this order."""
        return self.by_key or (self.table.kind.properties[self.order.name].indexed and not self._is_money)

    def rank(self, stored: Any) -> tuple[Any, ...]:
        """Return what compares stored values as SQL sorts them."""
        if stored is None:
            return ()
        return (currency_of(stored), units_of(stored)) if self._is_money else (stored,)

    def behind(self, place: tuple[Any, str] | None, *, at: bool = False) -> list[Segment]:
        """Return the parts, in order, of what lies behind a place (stored value, key), or `at` it too.

        Two, where nulls are on this side of the place or beyond it: SQL has no one comparison for both.
        """
        if place is None:
            return [("", [])]
        value, key = place
        descending = self.order.descending
        compare = ("<" if descending else ">") + ("=" if at else "")
        if self.by_key:
            return [(f" AND n.key {compare} ?", [key])]
        nulls = f" AND {self.column} IS NULL"
        if value is None:
            here: Segment = (f"{nulls} AND n.key {compare} ?", [key])
            return [here] if descending else [here, (f" AND {self.column} IS NOT NULL", [])]
        values = [*self.rank(value), key]
        marks = ", ".join("?" * len(values))
        here = (f" AND ({', '.join((*self.terms, 'n.key'))}) {compare} ({marks})", values)
        return [here, (nulls, [])] if descending else [here]

    def beside(
        self, where: Sequence[Condition], place: tuple[Any, str] | None
    ) -> tuple[list[Condition], frozenset[tuple[str, str]]]:
        """Return conditions, and which of them must not use the index, so that the place does.

        Otherwise a range is walked from its own beginning up to the place, on every page again.
        """
        name, descending = self.order.name, self.order.descending
        if place is None:
            return list(where), frozenset()
        bound = "ge" if descending else "le"
        ends = [
            Where(name, bound, c.value)  # type: ignore[arg-type]
            for c in conjuncts(where)
            if isinstance(c, Where) and (c.name, c.op) == (name, "eq") and c.value is not None
        ]
        near = ("lt", "le") if descending else ("gt", "ge")
        return [*where, *ends], frozenset((name, op) for op in ("eq", "in", *near))
