"""What came into the graph since a mark.

New nodes have greater numbers than all before, so that the greatest is a mark. A node that was closed
keeps its number when it comes again: the ledger has those, each with the greatest number of that moment.
"""

from __future__ import annotations

import re

from graph.model import Arrivals
from graph.questions import check_limit
from graph.sqlite.connection import Connection
from graph.sqlite.queries import decode_node, node_columns
from graph.sqlite.tables import KindTable
from schema.errors import UsageError

_MARK = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)  # newest node, newest entry of those come again


def arrivals(connection: Connection, table: KindTable, after: str | None, limit: int) -> Arrivals:
    """Return the open nodes that came since a mark, in order; without one, none and the mark of now."""
    check_limit(limit)
    if after is None:
        row = connection.execute(
            f"SELECT (SELECT coalesce(max(id), 0) FROM {table.name}), "
            "(SELECT coalesce(max(id), 0) FROM reopened_node)"
        ).fetchone()
        return Arrivals([], "{}.{}".format(*row))
    mark = _MARK.fullmatch(after)
    if mark is None:
        raise UsageError(f"{after!r} is no mark", hint="pass one that came with an answer")
    new, again = int(mark[1]), int(mark[2])
    columns = node_columns(table)
    rows = connection.execute(
        f"SELECT * FROM (SELECT n.id, 0 AS entry, {columns} FROM {table.name} n "
        "WHERE n.id > :new AND n.valid_to IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM reopened_node b WHERE b.kind = :kind AND b.node = n.id) ORDER BY n.id LIMIT :limit) "
        f"UNION ALL SELECT * FROM (SELECT b.latest, b.id, {columns} FROM reopened_node b "
        f"JOIN {table.name} n ON n.id = b.node WHERE b.id > :again AND b.kind = :kind "
        "AND n.valid_to IS NULL ORDER BY b.id LIMIT :limit) ORDER BY 1, 2 LIMIT :limit",
        {"new": new, "again": again, "kind": table.kind.name, "limit": limit},
    ).fetchall()
    for number, entry, *_ in rows:
        new, again = (new, entry) if entry else (number, again)
    return Arrivals([decode_node(connection, table, row[2:]) for row in rows], f"{new}.{again}")
