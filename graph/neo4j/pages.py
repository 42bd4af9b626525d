"""Nodes of a kind, page by page, in the order of an index where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.model import Arrivals, Condition, Node, Order, Page
from graph.neo4j.conditions import Conditions, is_high
from graph.neo4j.gaps import Gaps
from graph.neo4j.layout import ARRIVAL, LONGEST, KindLayout, Layout, bound, quoted, whole
from graph.neo4j.narrowing import choose_all, choose_few
from graph.neo4j.ordering import Ordering
from graph.neo4j.server import Ask
from graph.questions import check_limit, check_text, read_cursor, write_cursor
from schema.errors import UsageError

# Begins a query that finds nothing in a state, and does not look.
OTHERWISE = "MATCH (g:_Gate {graph: $graph}) WHERE g.state <>"


def get_many(
    ask: Ask, layout: Layout, kind: str, keys: Sequence[str], where: Sequence[Condition]
) -> dict[str, Node]:
    """Return those of these nodes that are there and meet the conditions, by key."""
    table, conditions = layout.of_kind(kind), Conditions(ask, layout)
    condition = conditions.spell(table, where)
    rows = ask(
        f"MATCH (n:{table.label}) WHERE n.key IN $keys AND {condition} RETURN {table.listed('n')} AS row",
        keys=[bound(key) for key in keys],
        **conditions.given,
    )
    found = {row[0]: table.node_of(row) for row in rows}
    return {key: found[key] for key in keys if key in found}


def page(
    ask: Ask,
    layout: Layout,
    kind: str,
    after: str | None,
    limit: int,
    where: Sequence[Condition],
    order: Order | None,
    gaps: Gaps | None = None,
) -> Page:
    """Return nodes in order, from behind `after`."""
    table = layout.of_kind(kind)
    ordering = Ordering(table, order)
    place = _place(ordering, after)
    check_limit(limit)
    conditions = Conditions(ask, layout)
    few = choose_few(ask, layout, conditions, table, where, limit)
    chosen = few or choose_all(conditions, table, where)
    shown = f"RETURN [{ordering.value('n')}, {table.listed('n')}] AS row"
    rows: list[Any] | None = None
    if ordering.indexed and not few and not (place and is_long(place[0])):
        parts = parts_of(ordering, place, conditions)
        if gaps and parts[0].nulls and place is None:
            full = gaps.state_without(ask, table, ordering.name)
            parts[0] = replace(parts[0], begin=f"{OTHERWISE} {conditions.give(full)} WITH g LIMIT 1")
        rows = ask(f"{union(table, chosen.condition, parts)} {shown}", limit=limit + 1, **conditions.given)
    if rows is None or any(is_long(value) for value, _ in rows):
        # No index has this order, or few nodes are left: all that are left are looked at, once.
        if place and any(map(is_high, place)):
            rows = _behind(
                ask, ordering, f"{chosen.cypher} WITH n {ordering.sort('n')}", place, conditions.given
            )
            nodes = get_many(ask, layout, kind, [key for _, key in rows[: limit + 1]], ())
            return _page(ordering, [(value, nodes[key]) for value, key in rows if key in nodes], limit)
        behind = ordering.behind("n", place, conditions) if place else "true"
        rows = ask(
            f"{chosen.cypher} AND {behind} WITH n {ordering.sort('n')} LIMIT $limit {shown}",
            limit=limit + 1,
            **conditions.given,
        )
    return _page(ordering, [(value, table.node_of(row)) for value, row in rows], limit)


def _page(ordering: Ordering, found: Sequence[tuple[Any, Node]], limit: int) -> Page:
    nodes = [node for _, node in found[:limit]]
    cursors = [
        node.key if ordering.by_key else write_cursor(ordering.order, value, node.key)
        for value, node in found[:limit]
    ]
    return Page(nodes, cursors[-1] if len(found) > limit else None, cursors)


def is_long(value: Any) -> bool:
    """Tell whether this is a text that is shortened in an index, where it has not its place then."""
    return isinstance(value, str) and len(value) > LONGEST


def _behind(
    ask: Ask, ordering: Ordering, sorted_: str, place: list[Any], given: dict[str, Any]
) -> list[tuple[Any, str]]:
    """Return the values and keys of all nodes behind a place."""
    rows = ask(f"{sorted_} RETURN [{ordering.value('n')}, {whole('n', 'key')}] AS row", **given)
    return [(value, key) for value, key in rows if ordering.is_behind([value, key], place)]


def _place(ordering: Ordering, after: str | None) -> list[Any] | None:
    """Return the place that a cursor holds: a stored value, and a key."""
    if after is None:
        return None
    if ordering.by_key:
        check_text(after)
        return [None, after]
    return read_cursor(ordering.table.kind, ordering.order, after, 2)


@dataclass(frozen=True)
class Part:
    """Nodes `n` that an index has in order: a condition, ORDER BY, and the index that is to be used."""

    condition: str
    order: str
    index: str = ""
    nulls: bool = False
    begin: str = ""  # Cypher that is to come before it

    def hint(self, table: KindLayout) -> str:
        """Return the Cypher that has the index used, if one is named."""
        return f"USING INDEX SEEK n:{table.label}({quoted(self.index)})" if self.index else ""


def parts_of(
    ordering: Ordering, place: Sequence[Any] | None, conditions: Conditions, *, at: bool = False
) -> list[Part]:
    """Return parts that an index has in order, whose nodes one after the other are all in order.

    They begin behind a place or, with `at`, at it.
    """
    by_key, past = ordering.spell(["n.key"]), ordering.past
    behind = "n.key IS NOT NULL"  # or no index of keys is used
    hints = ["", ""]
    if place is not None:
        behind = f"n.key {past}{'=' if at else ''} {conditions.give(bound(place[1]))}"
        hints = [
            name if is_high(text) else "" for name, text in zip((ordering.name, "key"), place, strict=False)
        ]
    if ordering.by_key:
        return [Part(behind, by_key, hints[1])]
    column = f"n.{quoted(ordering.name)}"
    in_order = ordering.spell([column, "n.key"])
    rest = [Part(f"{column} IS NOT NULL", in_order)]
    nulls = [Part(f"{column} IS NULL AND n.key IS NOT NULL", by_key, nulls=True)]
    if place is not None and place[0] is None:
        nulls = [Part(f"{column} IS NULL AND {behind}", by_key, hints[1])]
        return nulls if ordering.descending else [*nulls, *rest]
    if place is not None:
        reached = conditions.give(place[0])
        rest = [
            Part(f"{column} = {reached} AND {behind}", by_key, hints[1]),
            Part(f"{column} {past} {reached}", in_order, hints[0]),
        ]
        return [*rest, *nulls] if ordering.descending else rest
    return [*rest, *nulls] if ordering.descending else [*nulls, *rest]


def union(table: KindLayout, condition: str, parts: Sequence[Part], limit: str = "$limit") -> str:
    """Return the Cypher of the first nodes `n` of some parts; a later one is read only where it is needed."""
    matches = [
        f"{p.begin} MATCH (n:{table.label}) {p.hint(table)} WHERE {p.condition} AND {condition} "
        f"WITH n {p.order} LIMIT {limit}"
        for p in parts
    ]
    if len(matches) == 1:
        return matches[0]
    return f"CALL () {{ {' RETURN n UNION ALL '.join(matches)} RETURN n }} WITH n LIMIT {limit}"


def arrivals(ask: Ask, layout: Layout, kind: str, after: str | None, limit: int) -> Arrivals:
    """Return the nodes that came since a mark; without one, none and the mark of now."""
    table = layout.of_kind(kind)
    check_limit(limit)
    if after is None:
        latest = ask(
            "MATCH (m:_Motivo {graph: $graph}) RETURN coalesce(m.arrivals, 0) AS row", graph=layout.graph
        )
        return Arrivals((), str(latest[0]))
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise UsageError(f"{after!r} is no mark of arrivals", hint="pass one that came with an answer")
    rows = ask(
        f"MATCH (n:{table.label}) WHERE n.{ARRIVAL} > $after WITH n ORDER BY n.{ARRIVAL} LIMIT $limit "
        f"RETURN [n.{ARRIVAL}, {table.listed('n')}] AS row",
        after=int(after),
        limit=limit,
    )
    return Arrivals([table.node_of(row) for _, row in rows], str(rows[-1][0]) if rows else after)
