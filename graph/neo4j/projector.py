"""Streaming the graph into arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.arrays import ROWS_AT_ONCE, fetch
from graph.neo4j.layout import KindLayout, Layout, TripleLayout
from graph.neo4j.server import Stream
from graph.projection import Positions, Projection
from schema.kinds import Triple

Wanted = tuple[list[KindLayout], list[TripleLayout]]


def choose(layout: Layout, kinds: Sequence[str] | None, triples: Sequence[Triple] | None) -> Wanted:
    """Return these kinds and triples and the kinds at the triples' ends; without any, all."""
    if triples is None:
        triples = [t for t in layout.triples if kinds is None or (t.start in kinds and t.end in kinds)]
    wanted = list(layout.kinds if kinds is None else kinds)
    wanted += [kind for t in triples for kind in (t.start, t.end)]
    return [layout.of_kind(k) for k in dict.fromkeys(wanted)], [layout.of_triple(t) for t in triples]


def project(stream: Stream, kinds: Sequence[KindLayout], triples: Sequence[TripleLayout]) -> Projection:
    """Return what was chosen as arrays."""
    nodes: dict[str, pa.Table] = {}
    ids: dict[str, Positions] = {}
    for kind in kinds:
        nodes[kind.kind.name], ids[kind.kind.name] = _nodes(stream, kind)
    relationships = {
        t.triple: _relationships(stream, t, ids[t.triple.start], ids[t.triple.end]) for t in triples
    }
    return Projection(nodes, relationships)


def _nodes(stream: Stream, table: KindLayout) -> tuple[pa.Table, Positions]:
    """Return the nodes in the order of their keys, and the id of each."""
    columns = [table.value("n", name) for name in table.columns.names]
    rows = stream(f"MATCH (n:{table.label}) RETURN {', '.join(['id(n)', table.value('n', 'key'), *columns])}")
    found = fetch(_some(rows), [("id", pa.int64()), ("key", pa.string())], table.columns.properties)
    found = found.take(pc.sort_indices(found["key"])) if found.num_rows else found
    return found.drop_columns(["id"]), found["id"].to_numpy()


def _relationships(stream: Stream, t: TripleLayout, starts: Positions, ends: Positions) -> pa.Table:
    """Return the relationships, ends as positions; of several contributions the first by rank."""
    columns = [f"r.`{name}`" for name in t.columns.names]
    if not len(starts) or not len(ends):
        rows: Iterable[tuple[Any, ...]] = ()
    else:
        rows = stream(
            f"MATCH (a:{t.start})-[r:{t.open}]->(b:{t.end}) "
            f"RETURN {', '.join(['id(a)', 'id(b)', 'r.record', *columns])}"
        )
    integers = [("start", pa.int64()), ("end", pa.int64()), ("rank", pa.int64())]
    found = fetch(_some(rows), integers, t.columns.properties)
    found = found.set_column(0, "start", pa.array(_positions(found["start"].to_numpy(), starts)))
    found = found.set_column(1, "end", pa.array(_positions(found["end"].to_numpy(), ends)))
    order = ["start", "end"]
    if t.type.slot:
        order.append(t.type.slot)
    found = _sort(found, [*order, "rank"])
    if found.num_rows > 1:
        found = found.filter(pa.array(_is_first(found, order)))
    return found.drop_columns(["rank"])


def _sort(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return a table sorted by columns, nulls first."""
    if table.num_rows < 2:
        return table
    return table.take(pa.array(np.lexsort([_codes(table[name]) for name in reversed(names)])))


def _is_first(table: pa.Table, names: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return which rows differ from the one before in one of these columns."""
    first = np.zeros(table.num_rows, bool)
    first[0] = True
    for name in names:
        values = _codes(table[name])
        first[1:] |= values[1:] != values[:-1]
    return first


def _codes(column: pa.ChunkedArray) -> Positions:
    """Return integers that are in the order of a column's values, nulls first."""
    if pa.types.is_integer(column.type) and not column.null_count:
        return column.to_numpy()  # type: ignore[no-any-return]
    distinct = pc.drop_null(pc.unique(column))
    ordered = distinct.take(pc.sort_indices(distinct))
    return pc.fill_null(pc.index_in(column, value_set=ordered), -1).to_numpy()  # type: ignore[no-any-return]


def _positions(wanted: Positions, ids: Positions) -> Positions:
    order = np.argsort(ids, kind="stable")
    return order[np.searchsorted(ids, wanted, sorter=order)] if len(wanted) else wanted


def _some(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows some at a time."""
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        yield some
