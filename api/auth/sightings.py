"""Whom the answer to a request shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

MANY = 1000  # nodes of a kind that are noted by their keys; of more, how many times more


class Sightings:
    """Which nodes of customers went out, and which of their personal fields; keys as they were shown.

    `nodes`: kind -> keys, the first `MANY`, in order. `more`: kind -> how often a node went out beyond
    these (one that went out twice counts twice). `rows`: kind -> rows that went out as arrays.
    `fields`: coordinates (`Customer.email`).
    """

    def __init__(self) -> None:
        self.nodes: dict[str, dict[str, None]] = {}
        self.more: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.fields: set[str] = set()

    def note(self, kind: str, key: str) -> None:
        """Note a node."""
        noted = self.nodes.get(kind)
        if noted is None:
            noted = self.nodes[kind] = {}
        if key in noted:
            return
        if len(noted) < MANY:
            noted[key] = None
        else:
            self.more[kind] += 1

    def note_rows(self, kind: str, rows: int) -> None:
        """Note nodes that went out as rows of an array, without their keys one by one."""
        if rows:
            self.rows[kind] += rows

    def note_fields(self, owner: str, names: Iterable[str]) -> None:
        """Note fields of a kind or type."""
        self.fields.update(f"{owner}.{name}" for name in names)

    def __bool__(self) -> bool:
        """Tell whether anybody was seen."""
        return bool(self.nodes or self.rows or self.fields)
