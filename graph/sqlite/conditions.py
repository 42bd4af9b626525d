"""Conditions as SQL, and which of them leave few nodes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.model import And, Condition, Linked, Not, Where
from graph.questions import (
    check_conditions,
    conjuncts,
    encode_value,
    encode_values,
    fold_part,
    get_ends,
    get_property,
)
from graph.sqlite.functions import units_of
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.tables import KindTable, Tables, quoted
from schema.errors import UsageError
from schema.kinds import Direction
from schema.values import Money

FEW = 500  # nodes that are found first and sorted, where a condition leaves no more of them
_OPERATORS = {"eq": "IS", "ne": "IS NOT", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_AT_ONCE = 100  # operands side by side: SQLite limits how deep they lie within each other


def sides(direction: Direction) -> tuple[str, str]:
    """Return the columns of this end and of the other, walked this way."""
    return ("start", '"end"') if direction is Direction.OUT else ('"end"', "start")


def as_keys(keys: Sequence[str]) -> str:
    """Return keys as the parameter that `IN_LIST` takes, but those that no node can have."""
    return as_list([key for key in dict.fromkeys(keys) if _can_be(key)])


def _can_be(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text))


@dataclass
class Conditions:
    """Conditions in SQL, each after AND, and their parameters in order.

    A comparison with null is null in SQL, which AND and OR take as false where only truth counts;
    `IS NOT TRUE` then makes a `Not` of it true. Columns in `unused` are kept from using an index.
    """

    tables: Tables
    unused: frozenset[tuple[str, str]] = frozenset()  # property, operator
    parameters: list[Any] = field(default_factory=list)
    _linked: int = 0

    def on(self, table: KindTable, where: Sequence[Condition], alias: str = "n") -> str:
        """Return the SQL that nodes of a kind meet all these conditions."""
        check_conditions(where)
        return "".join(f" AND {self._one(table, alias, c, f'{alias}.id')}" for c in conjuncts(where))

    def _one(self, table: KindTable, alias: str, condition: Condition, id_: str) -> str:
        if isinstance(condition, Where):
            return self._where(table, alias, condition)
        if isinstance(condition, Linked):
            return self._exists(table, condition, id_)
        if isinstance(condition, Not):
            return f"({self._one(table, alias, condition.condition, id_)}) IS NOT TRUE"
        every = isinstance(condition, And)
        inner = conjuncts(condition.conditions) if every else condition.conditions
        parts = [self._one(table, alias, c, id_) for c in inner]
        if not parts:
            return self._always(every)
        word = "AND" if every else "OR"
        while len(parts) > _AT_ONCE:
            parts = [f"({f' {word} '.join(parts[i : i + _AT_ONCE])})" for i in range(0, len(parts), _AT_ONCE)]
        return f"({f' {word} '.join(parts)})"

    def _always(self, true: bool) -> str:
        """Return what is always true, or false, as a parameter: with a constant, SQLite drops the rest."""
        self.parameters.append(int(true))
        return "?"

    def _exists(self, table: KindTable, linked: Linked, id_: str) -> str:
        other = get_other(self.tables, table, linked)
        here, there = sides(linked.direction)
        self._linked += 1
        r, n = f"r{self._linked}", f"n{self._linked}"
        # Of a node that is only walked through, the number is known from the relationship.
        met = "".join(f" AND {self._one(other, n, c, f'{r}.{there}')}" for c in conjuncts(linked.conditions))
        join = f" JOIN {other.name} {n} ON {n}.id = {r}.{there}" if f"{n}." in met else ""
        return (
            f"EXISTS (SELECT 1 FROM {self.tables.triples[linked.triple].name} {r}{join} "
            f"WHERE {r}.{here} = {id_} AND {r}.valid_to IS NULL{met})"
        )

    def _where(self, table: KindTable, alias: str, w: Where) -> str:
        get_property(table.kind, w.name)
        column = f"{alias}.{'key' if w.name == 'key' else quoted(w.name)}"
        if w.op == "starts" and w.name == "key":
            return self._between(column, fold_part(table.kind, w), alias)
        column = self._used(column, w.name, w.op, alias)
        if w.op == "is_null":
            return f"{column} IS {'NOT ' if w.value is False else ''}NULL"
        if w.op == "in":
            values = [v for v in encode_values(table.kind, w) if not (isinstance(v, str) and "\x00" in v)]
            self.parameters.append(as_list(values))
            return f"{column} {IN_LIST}"
        if w.op in ("contains", "starts"):
            self.parameters.append(fold_part(table.kind, w))
            return f"instr(casefold({column}), ?) {'> 0' if w.op == 'contains' else '= 1'}"
        return self._compare(table, column, w)

    def _compare(self, table: KindTable, column: str, w: Where) -> str:
        plain = w.op in ("eq", "ne")
        if w.value is None and not plain:
            return self._always(False)
        value = None if w.value is None else encode_value(table.kind, w.name, w.value)
        if not plain and isinstance(get_property(table.kind, w.name).value_type, Money):
            self.parameters += [w.value.currency, units_of(value)]
            return f"(currency({column}) = ? AND units({column}) {_OPERATORS[w.op]} ?)"
        self.parameters.append(value)
        return f"{column} {_OPERATORS[w.op]} ?"

    def _used(self, column: str, name: str, op: str, alias: str) -> str:
        """Return a column of the nodes asked for such that an index is used for it, or not."""
        return f"+{column}" if alias == "n" and (name, op) in self.unused else column

    def _between(self, column: str, prefix: str, alias: str) -> str:
        """Return the SQL that a key starts so, as a range, which the index finds."""
        least, bound = (self._used(column, "key", op, alias) for op in ("ge", "lt"))
        self.parameters.append(prefix)
        last = prefix.rstrip("\U0010ffff")
        if not last:
            return f"{least} >= ?"
        following = ord(last[-1]) + 1
        self.parameters.append(last[:-1] + chr(0xE000 if following == 0xD800 else following))
        return f"({least} >= ? AND {bound} < ?)"


def get_other(tables: Tables, table: KindTable, linked: Linked) -> KindTable:
    """Return the kind at the other end; `UsageError` if the triple does not lead there from here."""
    here, there = get_ends(tables.vocabulary, linked.triple, linked.direction)
    if here != table.kind.name:
        raise UsageError(f"{linked.triple} does not lead {linked.direction} from {table.kind.name}")
    return tables.kinds[there]


def find_few(
    connection: sqlite3.Connection, tables: Tables, table: KindTable, where: Sequence[Condition]
) -> list[int] | None:
    """Return the nodes that meet a condition which an index tells to leave few of them, None if none does."""
    conditions = list(conjuncts(where))
    by_name: dict[str, list[Condition]] = {}
    for c in conditions:
        if isinstance(c, Where) and _is_found(table, c):
            by_name.setdefault(c.name, []).append(c)
    for name, some in by_name.items():
        asked = Conditions(tables)
        sql = asked.on(table, some)
        rows = connection.execute(
            f"SELECT n.id FROM {table.name} n INDEXED BY {table.index(name)} "
            f"WHERE n.valid_to IS NULL{sql} LIMIT ?",
            (*asked.parameters, FEW + 1),
        ).fetchall()
        if len(rows) <= FEW:
            return [row[0] for row in rows]
    for c in conditions:
        if isinstance(c, Linked):
            near = find_few(connection, tables, get_other(tables, table, c), c.conditions)
            if near is None:
                continue
            here, there = sides(c.direction)
            rows = connection.execute(
                f"SELECT DISTINCT r.{here} FROM {tables.triples[c.triple].name} r "
                f"WHERE r.{there} {IN_LIST} AND r.valid_to IS NULL LIMIT ?",
                (as_list(near), FEW + 1),
            ).fetchall()
            if len(rows) <= FEW:
                return [row[0] for row in rows]
    return None


def _is_found(table: KindTable, w: Where) -> bool:
    """Tell whether an index finds the nodes that meet a condition."""
    p = get_property(table.kind, w.name)
    if not (p.indexed or w.name == "key") or w.value is None:
        return False
    if w.op in ("eq", "in"):
        return True
    if w.op == "starts":
        return w.name == "key" and w.value != ""
    return w.op in ("lt", "le", "gt", "ge") and not isinstance(p.value_type, Money)
