"""Projecting tables into arrays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from graph.arrays import ROWS_AT_ONCE, fetch
from graph.projection import Positions, Projection
from graph.sqlite.tables import KindTable, Tables, TripleTable
from schema.kinds import Triple


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
            connection.commit()
    return Projection(nodes, relationships)


def _nodes(connection: sqlite3.Connection, table: KindTable) -> tuple[pa.Table, Positions]:
    """Return the nodes in the order of their keys, and the id of each."""
    rows = connection.execute(
        f"SELECT id, key{table.columns.select('n')} FROM {table.name} n WHERE valid_to IS NULL ORDER BY key"
    )
    found = fetch(_some(rows), [("id", pa.int64()), ("key", pa.string())], table.columns.properties)
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
    found = fetch(_some(rows), integers, table.columns.properties).drop_columns(["rank"])
    start = _positions(found["start"].to_numpy(), starts)
    end = _positions(found["end"].to_numpy(), ends)
    order = np.lexsort((end, start))  # stable: slots stay in order
    found = found.set_column(0, "start", pa.array(start)).set_column(1, "end", pa.array(end))
    return found.take(pa.array(order))


def _positions(wanted: Positions, ids: Positions) -> Positions:
    order = np.argsort(ids, kind="stable")
    return order[np.searchsorted(ids, wanted, sorter=order)]


def _some(rows: sqlite3.Cursor) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a cursor, some at a time."""
    while some := rows.fetchmany(ROWS_AT_ONCE):
        yield some
