"""Pages of nodes, in any order, and many nodes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.model import Condition, Node, Order, Page, Where
from graph.questions import check_limit, check_text, conjuncts, read_cursor, write_cursor
from graph.sqlite.conditions import Conditions, as_keys, find_few
from graph.sqlite.connection import Connection
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.queries import decode_node, node_columns
from graph.sqlite.sorting import Sorting
from graph.sqlite.tables import KindTable, Tables


def get_many(
    connection: Connection, tables: Tables, table: KindTable, keys: Sequence[str], where: Sequence[Condition]
) -> dict[str, Node]:
    """Return those of these nodes that are there and meet the conditions, by key."""
    asked = Conditions(tables)
    sql = asked.on(table, where)
    rows = connection.execute(
        f"SELECT {node_columns(table)} FROM {table.name} n INDEXED BY {table.index('key')} "
        f"WHERE n.key {IN_LIST} AND n.valid_to IS NULL{sql}",
        (as_keys(keys), *asked.parameters),
    ).fetchall()
    return {row[0]: decode_node(connection, table, row) for row in rows}


def page(
    connection: Connection,
    tables: Tables,
    table: KindTable,
    after: str | None,
    limit: int,
    where: Sequence[Condition],
    order: Order | None,
) -> Page:
    """Return nodes in order, from behind the cursor `after`."""
    check_limit(limit)
    sorting = Sorting.of(table, order)
    place = None if after is None else read_place(sorting, after)
    wanted, unused = sorting.beside(where, place)
    asked = Conditions(tables, unused)
    met = asked.on(table, wanted)
    few = find_few(connection, tables, table, where)
    if few is not None:
        met += f" AND n.id {IN_LIST}"
        asked.parameters.append(as_list(few))
    columns = f"{'NULL' if sorting.by_key else sorting.column}, {node_columns(table)}"
    rows: list[Any] = []
    for behind, parameters in sorting.behind(place):
        rows += connection.execute(
            f"SELECT {columns} FROM {table.name} n {_walked(sorting, where, few)} "
            f"WHERE n.valid_to IS NULL{met}{behind} ORDER BY {sorting.sql} LIMIT ?",
            (*asked.parameters, *parameters, limit + 1 - len(rows)),
        ).fetchall()
        if len(rows) > limit:
            break
    nodes = [decode_node(connection, table, row[1:]) for row in rows[:limit]]
    if sorting.by_key:
        cursors = [node.key for node in nodes]
    else:
        cursors = [write_cursor(order, row[0], row[1]) for row in rows[:limit]]
    return Page(nodes, cursors[-1] if len(rows) > limit else None, cursors)


def read_place(sorting: Sorting, after: str) -> tuple[Any, str]:
    """Return the place of a cursor: the stored value and the key."""
    if sorting.by_key:
        check_text(after)
        return None, after
    value, key = read_cursor(sorting.table.kind, sorting.order, after, 2)
    return value, key


def _walked(sorting: Sorting, where: Sequence[Condition], few: Sequence[int] | None) -> str:
    """Return which index is walked: without statistics, SQLite may sort a million rows for a hundred."""
    if few is not None:
        return "NOT INDEXED"
    if not sorting.is_indexed:
        return ""
    name = sorting.order.name
    if sorting.by_key:  # an index of values has those that are equal in the order of keys
        properties = sorting.table.kind.properties
        equal = (c for c in conjuncts(where) if isinstance(c, Where) and c.op == "eq" and c.name != "key")
        name = next((c.name for c in equal if properties[c.name].indexed), "key")
    return f"INDEXED BY {sorting.table.index(name)}"
