"""Nodes as they are read, and groups of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.model import Condition, Measure, Node, Relationship
from graph.questions import get_property
from graph.sqlite.conditions import Conditions, find_few
from graph.sqlite.connection import Connection
from graph.sqlite.functions import decode_measure
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.sorting import Sorting
from graph.sqlite.tables import KindTable, Tables, TripleTable, quoted
from schema.errors import UsageError
from schema.kinds import Property
from schema.values import Money

_MEASURES = ("count", "distinct", "sum", "mean", "min", "max")


def node_columns(table: KindTable) -> str:
    """Return the columns of nodes `n` that `decode_node` reads."""
    return f"n.key, n.source, n.run, n.valid_from{table.columns.select('n')}"


def decode_node(connection: Connection, table: KindTable, row: Sequence[Any]) -> Node:
    """Return a node from a row of `node_columns`."""
    key, source, run, valid_from, *values = row
    properties = table.columns.decode(values)
    caption = table.kind.caption_of(key, properties)
    name = connection.sources[source]
    return Node(table.kind.name, key, caption, properties, name, run, connection.moments[valid_from])


def relationship_columns(table: TripleTable) -> str:
    """Return the columns of a contribution `r` and its record `c` that `decode_relationship` reads."""
    return f"c.source, r.run, r.valid_from{table.columns.select('r')}"


def decode_relationship(
    connection: Connection, table: TripleTable, ends: tuple[str, str], row: Sequence[Any]
) -> Relationship:
    """Return a relationship from its ends and a row of `relationship_columns`."""
    source, run, since, *values = row
    name = connection.sources[source]
    said = table.columns.decode(values)
    return Relationship(table.triple, ends[0], ends[1], said, name, run, connection.moments[since])


def aggregate(
    connection: Connection,
    tables: Tables,
    table: KindTable,
    by: Sequence[str],
    measures: Sequence[Measure],
    where: Sequence[Condition],
) -> list[dict[str, Any]]:
    """Return one row a group, sorted by group."""
    groups = [_property_of(table, name) for name in by]
    columns = [f"n.{quoted(name)}" for name in by]
    outputs = [_measure(table, m) for m in measures]
    asked = Conditions(tables)
    sql = asked.on(table, where)
    found = table.name + " n"
    few = find_few(connection, tables, table, where)
    if few is not None:
        found += " NOT INDEXED"
        sql += f" AND n.id {IN_LIST}"
        asked.parameters.append(as_list(few))
    terms = [term for name in by for term in Sorting.of(table, name).terms]
    tail = f" GROUP BY {', '.join(columns)} ORDER BY {', '.join(terms)}" if columns else ""
    rows = connection.execute(
        f"SELECT {', '.join([*columns, *(sql for sql, _ in outputs)])} FROM {found} "
        f"WHERE n.valid_to IS NULL{sql}{tail}",
        asked.parameters,
    ).fetchall()
    decoders = [*(p.value_type.decode for p in groups), *(decode for _, decode in outputs)]
    names = [*by, *(m.name for m in measures)]
    return [
        {
            name: None if value is None and decode is not decode_measure else decode(value)
            for name, value, decode in zip(names, row, decoders, strict=True)
        }
        for row in rows
    ]


def _property_of(table: KindTable, name: str) -> Property:
    """Return a property of a kind, which a key is not: each node has its own."""
    if name == "key":
        raise UsageError("nodes are not grouped or measured by key", hint="count counts nodes")
    return get_property(table.kind, name)


def _measure(table: KindTable, measure: Measure) -> tuple[str, Any]:
    """Return the SQL of a measure, and what makes its value of what SQL returns."""
    if measure.op not in _MEASURES:
        raise UsageError(f"there is no measure {measure.op!r}", hint="one of " + ", ".join(_MEASURES))
    if measure.op == "count":
        return "count(*)", int
    p = _property_of(table, measure.of)
    column = f"n.{quoted(p.name)}"
    if measure.op == "distinct":
        return f"count(DISTINCT {column})", int
    if isinstance(p.value_type, Money):
        return f"money_measure({column}, '{measure.op}')", decode_measure
    if measure.op in ("min", "max"):
        return f"{measure.op}({column})", p.value_type.decode
    if p.type not in ("integer", "number"):
        raise UsageError(f"{measure.op} of {p.name}: a {p.type} has none", hint="use min, max or distinct")
    return f"{'avg' if measure.op == 'mean' else 'sum'}({column})", lambda value: value
