"""Projecting tables into arrays."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from graph.projection import ARROW_TYPES, MONEY, Positions, Projection
from graph.sqlite.tables import KindTable, Tables, TripleTable
from schema.kinds import Property, Triple
from schema.values import Boolean, Date, Money

ROWS_AT_ONCE = 50_000


def project(
    connection: sqlite3.Connection,
    tables: Tables,
    kinds: Sequence[str] | None,
    triples: Sequence[Triple] | None,
) -> Projection:
    """Return the open graph, or these kinds and triples and the kinds at the triples' ends."""
    if triples is None:
        triples = [t for t in tables.triples if kinds is None or (t.start in kinds and t.end in kinds)]
    wanted = list(tables.kinds if kinds is None else kinds)
    wanted += [kind for t in triples for kind in (t.start, t.end)]
    begun = not connection.in_transaction
    if begun:
        connection.execute("BEGIN")  # one state of the graph, whatever is written meanwhile
    try:
        nodes: dict[str, pa.Table] = {}
        ids: dict[str, Positions] = {}
        for name in dict.fromkeys(wanted):
            nodes[name], ids[name] = _nodes(connection, tables.of_kind(name))
        relationships = {
            t: _relationships(connection, tables.of_triple(t), ids[t.start], ids[t.end]) for t in triples
        }
    finally:
        if begun:
            connection.execute("COMMIT")
    return Projection(nodes, relationships)


def _nodes(connection: sqlite3.Connection, table: KindTable) -> tuple[pa.Table, Positions]:
    """Return the nodes in the order of their keys, and the id of each."""
    rows = connection.execute(
        f"SELECT id, key{table.columns.select('n')} FROM {table.name} n WHERE valid_to IS NULL ORDER BY key"
    )
    found = _fetch(rows, [("id", pa.int64()), ("key", pa.string())], table.columns.properties)
    return found.drop_columns(["id"]), found["id"].to_numpy()


def _relationships(
    connection: sqlite3.Connection, table: TripleTable, starts: Positions, ends: Positions
) -> pa.Table:
    """Return the relationships, ends as positions; of several contributions the first by rank."""
    rows = connection.execute(
        f'SELECT start, "end", min(c.source << 40 | c.id){table.columns.select("r")} '
        f"FROM {table.name} r JOIN record c ON c.id = r.record WHERE valid_to IS NULL "
        f'GROUP BY start, "end", slot ORDER BY start, "end", {table.by_slot("r")}'
    )
    integers = [(name, pa.int64()) for name in ("start", "end", "rank")]
    found = _fetch(rows, integers, table.columns.properties).drop_columns(["rank"])
    start = _positions(found["start"].to_numpy(), starts)
    end = _positions(found["end"].to_numpy(), ends)
    order = np.lexsort((end, start))  # stable: slots stay in order
    found = found.set_column(0, "start", pa.array(start)).set_column(1, "end", pa.array(end))
    return found.take(pa.array(order))


def _positions(wanted: Positions, ids: Positions) -> Positions:
    order = np.argsort(ids, kind="stable")
    return order[np.searchsorted(ids, wanted, sorter=order)]


def _fetch(
    rows: sqlite3.Cursor, fixed: Sequence[tuple[str, pa.DataType]], properties: Sequence[Property]
) -> pa.Table:
    """Return the rows of a cursor as a table, never holding many of them as Python objects."""
    schema = pa.schema([*fixed, *(f for p in properties for f in _fields(p))])
    batches = []
    while some := rows.fetchmany(ROWS_AT_ONCE):
        columns = list(zip(*some, strict=True))
        arrays = [pa.array(c, t) for c, (_, t) in zip(columns, fixed, strict=False)]
        for values, p in zip(columns[len(fixed) :], properties, strict=True):
            arrays += _arrays(p, values)
        batches.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema)


def _fields(p: Property) -> list[tuple[str, pa.DataType]]:
    if isinstance(p.value_type, Money):
        return [(p.name, MONEY), (f"{p.name}_currency", pa.string())]
    return [(p.name, ARROW_TYPES.get(p.type, pa.string()))]


def _arrays(p: Property, values: Sequence[Any]) -> list[pa.Array]:
    kind = p.value_type
    if isinstance(kind, Money):
        parts = [(None, None) if v is None else v.split(" ") for v in values]
        amounts = [None if amount is None else Decimal(amount) for amount, _ in parts]
        return [
            pa.array(amounts, MONEY),
            pa.array([currency for _, currency in parts], pa.string()),
        ]
    if isinstance(kind, Boolean):
        return [pa.array(values, pa.int8()).cast(pa.bool_())]
    if isinstance(kind, Date):
        return [pa.array(values, pa.string()).cast(pa.date32())]
    return [pa.array(values, ARROW_TYPES.get(p.type, pa.string()))]
