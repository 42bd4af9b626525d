"""Orders of nodes as Cypher, and places in them.

Nulls come first in the contract and last in Cypher: whether there is a value is sorted by before the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph.model import Order
from graph.neo4j.conditions import Conditions, currency, units, units_of
from graph.neo4j.layout import KindLayout, bound
from graph.questions import get_property
from schema.kinds import Property


@dataclass(frozen=True)
class Ordering:
    """An order of the nodes of a kind, by a property and then by the key."""

    table: KindLayout
    order: Order | None

    def __post_init__(self) -> None:
        get_property(self.table.kind, self.name)

    @property
    def name(self) -> str:
        """The property's name, or `key`."""
        return self.order.name if self.order else "key"

    @property
    def descending(self) -> bool:
        """Whether it is turned round."""
        return self.order is not None and self.order.descending

    @property
    def by_key(self) -> bool:
        """Whether it is the order of keys."""
        return self.name == "key"

    @property
    def indexed(self) -> bool:
        """Whether an index has this order, but for texts that are shortened in it."""
        return self.by_key or (self._property.indexed and self._property.type != "money")

    @property
    def _property(self) -> Property:
        return get_property(self.table.kind, self.name)

    def value(self, variable: str) -> str:
        """Return the Cypher of the stored value by which a node has its place."""
        return "null" if self.by_key else self.table.value(variable, self.name)

    def terms(self, variable: str) -> list[str]:
        """Return what nodes with a value are sorted by, before the key."""
        value = self.value(variable)
        if self.by_key:
            return []
        if self._property.type == "money":
            return [currency(value), units(value)]
        return [f"{value} + 0.0"] if self._property.type == "number" else [value]  # -0.0 + 0.0 is 0.0

    def sort(self, variable: str, *more: str) -> str:
        """Return ORDER BY in this order, and then by more."""
        terms = [f"{self.value(variable)} IS NOT NULL"] if not self.by_key else []
        return self.spell([*terms, *self.terms(variable), f"{variable}.key", *more])

    def spell(self, terms: list[str]) -> str:
        """Return ORDER BY some terms, all turned round where the order is."""
        turned = " DESC" if self.descending else ""
        return "ORDER BY " + ", ".join(f"{term}{turned}" for term in terms)

    def behind(self, variable: str, place: list[Any], conditions: Conditions, *more: tuple[str, Any]) -> str:
        """Return the Cypher of what comes behind a place (value, key, then the value of each of more).

        Not for texts that are high: `is_behind` compares them.
        """
        then = "false"
        for term, reached in reversed(more):
            then = self._pass(term, reached, then, conditions)
        value, key = place[:2]
        at = conditions.give(bound(key))
        then = f"({variable}.key {self.past} {at} OR {variable}.key = {at} AND {then})"
        if self.by_key:
            return then
        if value is None:
            return self._pass(self.value(variable), None, then, conditions)
        reached = [value]
        if self._property.type == "money":
            reached = [value.partition(" ")[2], units_of(value)]
        for term, one in reversed(list(zip(self.terms(variable), reached, strict=True))):
            then = self._pass(term, one, then, conditions)
        return then

    def is_behind(self, found: list[Any], place: list[Any]) -> bool:
        """Tell whether a place comes behind another."""
        here, there = self._ranks(found), self._ranks(place)
        return here < there if self.descending else here > there

    def _ranks(self, place: list[Any]) -> list[Any]:
        ranks: list[Any] = [(value is not None, value) for value in place]
        if place[0] is not None and self._property.type == "money":
            ranks[0] = (True, place[0].partition(" ")[2], units_of(place[0]))
        return ranks

    @property
    def past(self) -> str:
        """The operator of what comes behind a value."""
        return "<" if self.descending else ">"

    def _pass(self, term: str, reached: Any, then: str, conditions: Conditions) -> str:
        """Return the Cypher of a term that is past a value, or at it, and what is to hold then."""
        if reached is None:
            return f"({term} IS NULL AND {then})" if self.descending else f"({term} IS NOT NULL OR {then})"
        at = conditions.give(reached)
        nulls = f" OR {term} IS NULL" if self.descending else ""
        return f"({term} {self.past} {at}{nulls} OR {term} = {at} AND {then})"
