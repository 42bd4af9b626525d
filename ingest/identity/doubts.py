"""Records that meet by a key and are of several customers all the same: for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph import Projection, Reader
from ingest.identity.exact import SHARED_BY_TOO_MANY
from ingest.identity.judgements import Identities, load_identities
from schema import CUSTOMER, RECORD, RESOLVES_TO


@dataclass(frozen=True)
class Doubt:
    """Records with equal values of some properties, and the customers that they are of."""

    properties: tuple[str, ...]
    records: tuple[str, ...]
    customers: tuple[str, ...]


def find_doubts(reader: Reader, identity: Sequence[Sequence[str]], *, limit: int = 100) -> list[Doubt]:
    """Return where customers meet by a key of `identity`, strongest key first, and nobody has judged yet.

    Mostly their tax numbers differ, which keeps them apart. What more records share than a person has
    is no doubt.
    """
    judged = load_identities(reader)
    graph = reader.project([RECORD, CUSTOMER], [RESOLVES_TO])
    records, customers = graph.ends(RESOLVES_TO)
    customer_of = np.full(graph.nodes[RECORD].num_rows, -1)
    customer_of[records] = customers
    found: dict[tuple[str, ...], Doubt] = {}
    for names in identity:
        for rows in _meet(graph.nodes[RECORD], names):
            told = _describe(graph, names, rows, customer_of)
            if len(told.customers) > 1 and told.customers not in found and not _is_judged(told, judged):
                found[told.customers] = told
                if len(found) == limit:
                    return list(found.values())
    return list(found.values())


def _meet(table: pa.Table, names: Sequence[str]) -> list[list[int]]:
    """Return the rows that have equal values of all these properties."""
    if any(name not in table.column_names for name in names):
        return []
    some = table.select(list(names)).append_column("row", pa.array(np.arange(table.num_rows)))
    groups = some.drop_null().group_by(list(names)).aggregate([("row", "list")])["row_list"].to_pylist()
    return sorted(sorted(rows) for rows in groups if 1 < len(rows) <= SHARED_BY_TOO_MANY)


def _describe(graph: Projection, names: Sequence[str], rows: list[int], customer_of: np.ndarray) -> Doubt:
    owners = sorted({int(customer_of[row]) for row in rows} - {-1})
    keys, named = graph.nodes[RECORD]["key"], graph.nodes[CUSTOMER]["key"]
    return Doubt(
        tuple(names),
        tuple(keys[row].as_py() for row in rows),
        tuple(named[owner].as_py() for owner in owners),
    )


def _is_judged(told: Doubt, judged: Identities) -> bool:
    """Tell whether a person kept any two of these records apart."""
    sides: dict[int, set[int]] = {}
    for record in told.records:
        for number, side in judged.sides.get(record, {}).items():
            sides.setdefault(number, set()).add(side)
    return any(len(both) > 1 for both in sides.values())
