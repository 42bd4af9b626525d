"""Graphs as arrays, made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from graph import Projection
from graph.projection import ARROW_TYPES
from schema import Triple, Vocabulary


def make_graph(
    vocabulary: Vocabulary,
    nodes: Mapping[str, Mapping[str, Sequence[Any]]],
    links: Mapping[Triple, Sequence[tuple[int, int]]],
) -> Projection:
    """Return a projection; of each kind `key`, and any properties (money in EUR)."""
    tables = {}
    for kind, columns in nodes.items():
        size = len(columns["key"])
        made: dict[str, Any] = {"key": pa.array(columns["key"], pa.string())}
        for p in vocabulary.get_kind(kind).properties.values():
            type_ = ARROW_TYPES.get(p.type, pa.string())
            made[p.name] = pa.array(columns.get(p.name, [None] * size), type_)
            if p.type == "money":
                currency = columns.get(f"{p.name}_currency", ["EUR"] * size)
                made[f"{p.name}_currency"] = pa.array(currency, pa.string())
        tables[kind] = pa.table(made)
    relationships = {}
    for triple, pairs in links.items():
        ordered = sorted(pairs)
        relationships[triple] = pa.table(
            {
                "start": pa.array([start for start, _ in ordered], pa.int64()),
                "end": pa.array([end for _, end in ordered], pa.int64()),
            }
        )
    return Projection(tables, relationships)
