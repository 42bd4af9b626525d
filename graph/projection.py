"""The graph as arrays: Arrow tables of nodes and relationships, and CSR adjacency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_array

from schema.kinds import Direction, Triple

Positions = npt.NDArray[np.int64]
MONEY = pa.decimal128(18, 4)
# The column type of each value type; the others are texts. Money has a second column, its currency.
ARROW_TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us", tz="UTC"),
    "money": MONEY,
}


@dataclass(frozen=True)
class Projection:
    """The open graph, or a part of it, as arrays.

    `nodes[kind]` is a table with `key` and a column for each property, one row a node, in the order
    of keys; a row's number is the node's *position*. Money becomes two columns, the value as
    decimal128(18, 4) and `<name>_currency`.
    `relationships[triple]` is a table with `start` and `end`, the positions of the ends (int64), and
    a column for each property, in the order of start, end and slot.
    """

    nodes: Mapping[str, pa.Table]
    relationships: Mapping[Triple, pa.Table]

    def ends(self, triple: Triple, direction: Direction = Direction.OUT) -> tuple[Positions, Positions]:
        """Return two arrays (from, to) of shape (m,), one entry a relationship."""
        table = self.relationships[triple]
        start, end = (table[name].to_numpy() for name in ("start", "end"))
        return (start, end) if direction is Direction.OUT else (end, start)

    def csr(self, triple: Triple, direction: Direction = Direction.OUT) -> csr_array:
        """Return the adjacency, shape (nodes from, nodes to), each entry a count of relationships."""
        start, end = self.ends(triple, direction)
        kinds = (triple.start, triple.end) if direction is Direction.OUT else (triple.end, triple.start)
        shape = tuple(self.nodes[kind].num_rows for kind in kinds)
        return csr_array((np.ones(len(start), np.int32), (start, end)), shape=shape)
