"""Reading many nodes of a kind: pages, groups, full-text search."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from graph.model import Hit, Measure, Node, Page, Where
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.tables import KindTable, Tables, quoted
from schema.errors import UsageError
from schema.kinds import Property
from schema.values import Amount, Money, Time

_TIME = Time()
_OPERATORS = {"eq": "IS", "ne": "IS NOT", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_KEY = Property("name", "text")  # how a key is stored and compared


def select_nodes(table: KindTable, condition: str = "") -> str:
    """Return the start of a SELECT of nodes `n` that `decode_node` reads."""
    return (
        f"SELECT n.key, s.name, n.run, n.valid_from{table.columns.select('n')} "
        f"FROM {table.name} n JOIN source s ON s.id = n.source{condition}"
    )


def decode_node(table: KindTable, row: Sequence[Any]) -> Node:
    """Return a node from a row of `select_nodes`."""
    key, source, run, valid_from, *values = row
    properties = table.columns.decode(values)
    caption = table.kind.caption_of(key, properties)
    return Node(table.kind.name, key, caption, properties, source, run, _TIME.decode(valid_from))


def property_of(table: KindTable, name: str) -> Property:
    """Return a property of a kind; `UsageError` if there is no such property."""
    found = table.kind.properties.get(name)
    if found is None:
        raise UsageError(
            f"{table.kind.name} has no property {name!r}",
            hint="one of " + ", ".join(table.columns.names),
        )
    return found


def conditions(table: KindTable, where: Sequence[Where]) -> tuple[str, list[Any]]:
    """Return SQL conditions on nodes `n`, each after AND, and their parameters."""
    sql = ""
    parameters: list[Any] = []
    for w in where:
        p = _KEY if w.name == "key" else property_of(table, w.name)
        column = "n.key" if w.name == "key" else f"n.{quoted(w.name)}"
        encode = p.value_type.encode
        if w.op == "is_null":
            sql += f" AND {column} IS {'NOT ' if w.value is False else ''}NULL"
        elif w.op == "in":
            sql += f" AND {column} {IN_LIST}"
            parameters.append(as_list([encode(v) for v in w.value]))
        elif w.op == "contains":
            sql += f" AND instr(casefold({column}), ?) > 0"
            parameters.append(str(w.value).casefold())
        elif w.op in _OPERATORS:
            value = None if w.value is None else encode(w.value)
            if isinstance(p.value_type, Money) and w.op not in ("eq", "ne"):
                sql += f" AND currency({column}) = ? AND units({column}) {_OPERATORS[w.op]} ?"
                parameters += [w.value.currency, _units(value)]
            else:
                sql += f" AND {column} {_OPERATORS[w.op]} ?"
                parameters.append(value)
        else:
            raise UsageError(f"there is no condition {w.op!r}", hint=", ".join((*_OPERATORS, "in")))
    return sql, parameters


def _units(stored: Any) -> int | None:
    """Return the ten-thousandths of a stored sum of money."""
    return None if stored is None else int(Decimal(stored.partition(" ")[0]).scaleb(4))


def _currency(stored: str | None) -> str | None:
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


def register_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that queries use."""
    connection.create_function(
        "casefold",
        1,
        lambda text: None if text is None else str(text).casefold(),
        deterministic=True,
    )
    connection.create_function("units", 1, _units, deterministic=True)
    connection.create_function("currency", 1, _currency, deterministic=True)
    connection.create_aggregate("money_measure", 2, _MoneyMeasure)  # type: ignore[arg-type]


def page(
    connection: sqlite3.Connection,
    table: KindTable,
    after: str | None,
    limit: int,
    where: Sequence[Where],
) -> Page:
    """Return nodes in the order of their keys, from behind `after`."""
    if limit < 1:
        raise UsageError("a page has at least one node")
    sql, parameters = conditions(table, where)
    if after is not None:
        sql += " AND n.key > ?"
        parameters.append(after)
    rows = connection.execute(
        f"{select_nodes(table)} WHERE n.valid_to IS NULL{sql} ORDER BY n.key LIMIT ?",
        (*parameters, limit + 1),
    ).fetchall()
    nodes = [decode_node(table, row) for row in rows[:limit]]
    return Page(nodes, nodes[-1].key if len(rows) > limit else None)


def aggregate(
    connection: sqlite3.Connection,
    table: KindTable,
    by: Sequence[str],
    measures: Sequence[Measure],
    where: Sequence[Where],
) -> list[dict[str, Any]]:
    """Return one row a group, sorted by group."""
    groups = [property_of(table, name) for name in by]
    columns = [f"n.{quoted(p.name)}" for p in groups]
    outputs = [_measure(table, m) for m in measures]
    sql, parameters = conditions(table, where)
    tail = f" GROUP BY {', '.join(columns)} ORDER BY {', '.join(columns)}" if columns else ""
    rows = connection.execute(
        f"SELECT {', '.join([*columns, *(sql for sql, _ in outputs)])} FROM {table.name} n "
        f"WHERE n.valid_to IS NULL{sql}{tail}",
        parameters,
    )
    decoders = [*(p.value_type.decode for p in groups), *(decode for _, decode in outputs)]
    names = [*by, *(m.name for m in measures)]
    return [
        {
            name: None if value is None and decode is not _decode_money else decode(value)
            for name, value, decode in zip(names, row, decoders, strict=True)
        }
        for row in rows
    ]


def _measure(table: KindTable, measure: Measure) -> tuple[str, Any]:
    """Return the SQL of a measure, and what makes its value of what SQL returns."""
    if measure.op == "count":
        return "count(*)", int
    p = property_of(table, measure.of)
    column = f"n.{quoted(p.name)}"
    if measure.op == "distinct":
        return f"count(DISTINCT {column})", int
    if isinstance(p.value_type, Money):
        return f"money_measure({column}, '{measure.op}')", _decode_money
    if measure.op in ("min", "max"):
        return f"{measure.op}({column})", p.value_type.decode
    if p.type not in ("integer", "number"):
        raise UsageError(f"{measure.op} of {p.name}: a {p.type} has none", hint="use min, max or distinct")
    return f"{'avg' if measure.op == 'mean' else 'sum'}({column})", lambda value: value


def _decode_money(text: str | None) -> list[Amount]:
    """Return a sum of money for each currency there is; SQL has none at all for no rows."""
    found = json.loads(text) if text else {}
    return [Amount(Decimal(value), currency) for currency, value in found.items()]


def search(
    connection: sqlite3.Connection,
    tables: Tables,
    text: str,
    kinds: Sequence[str] | None,
    limit: int,
) -> list[Hit]:
    """Return the nodes whose searchable properties hold all words, the last as a prefix."""
    words = ['"' + word.replace('"', '""') + '"' for word in text.replace("\x00", " ").split()]
    hits: list[Hit] = []
    for name in tables.kinds if kinds is None else kinds:
        table = tables.of_kind(name)
        if not words or not table.searchable:
            continue
        rows = connection.execute(
            f"SELECT f.rank, snippet({table.search}, -1, '«', '»', '…', 16), n.key, s.name, n.run, "
            f"n.valid_from{table.columns.select('n')} FROM {table.search} f "
            f"JOIN {table.name} n ON n.id = f.rowid JOIN source s ON s.id = n.source "
            f"WHERE {table.search} MATCH ? ORDER BY f.rank, n.key LIMIT ?",
            (" ".join(words) + "*", limit),
        )
        hits += [Hit(decode_node(table, row[2:]), row[1], row[0]) for row in rows]
    hits.sort(key=lambda hit: (hit.rank, hit.node.kind, hit.node.key))
    return hits[:limit]
