"""Nodes that meet a condition which leaves few of them, found from its far end.

The server looks at EXISTS node by node, of all there are, where one customer would lead to ten complaints.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.model import Condition, Linked, Where
from graph.neo4j.conditions import Conditions, is_high
from graph.neo4j.layout import KindLayout, Layout
from graph.neo4j.server import Ask
from graph.questions import conjuncts, get_ends, get_property

FEW = 500  # nodes that are found first and sorted, where a condition leaves no more of them


def narrow(
    ask: Ask, layout: Layout, conditions: Conditions, table: KindLayout, where: Sequence[Condition]
) -> tuple[str, bool]:
    """Return the Cypher of conditions on nodes `n` of a kind, and whether they leave few."""
    condition = conditions.spell(table, where)
    for linked in conjuncts(where):
        if isinstance(linked, Linked):
            few = _find_few(ask, layout, linked)
            if few is not None:
                return f"n.key IN {conditions.give(few)} AND {condition}", True
    return condition, False


def _find_few(ask: Ask, layout: Layout, linked: Linked) -> list[str] | None:
    """Return the keys of the nodes that are linked so, if they are few; None where they are not.

    Of each of the steps from the far end, no more than few nodes are read.
    """
    steps = [linked]
    while True:
        _, kind = get_ends(layout.vocabulary, steps[-1].triple, steps[-1].direction)
        inner = list(conjuncts(steps[-1].conditions))
        end = layout.kinds[kind]
        found = [c for c in inner if isinstance(c, Where) and _is_found(end, c)]
        if found:
            break
        further = [c for c in inner if isinstance(c, Linked)]
        if not further:
            return None
        steps.append(further[0])
    conditions = Conditions(ask, layout)
    met = conditions.spell(end, found, "x0")
    some = f"LIMIT {FEW + 1}"
    query = f"WITH COLLECT {{ MATCH (x0:{end.label}) WHERE {met} RETURN x0 {some} }} AS s0 "
    for i, step in enumerate(reversed(steps)):
        t = layout.triples[step.triple]
        label = layout.kinds[get_ends(layout.vocabulary, step.triple, step.direction)[0]].label
        pattern = t.pattern(step.direction, f"x{i + 1}:{label}", "", f"x{i}", label=False)
        query += (
            f"WITH s{i}, COLLECT {{ UNWIND CASE WHEN size(s{i}) <= {FEW} THEN s{i} END AS x{i} "
            f"MATCH {pattern} RETURN DISTINCT x{i + 1} {some} }} AS s{i + 1} "
            f"WHERE size(s{i}) <= {FEW} "
        )
    rows = ask(
        f"{query} WITH s{len(steps)} AS few WHERE size(few) <= {FEW} RETURN [x IN few | x.key] AS row",
        **conditions.given,
    )
    return list(rows[0]) if rows else None


def _is_found(table: KindLayout, w: Where) -> bool:
    """Tell whether an index finds the nodes that meet a condition."""
    p = get_property(table.kind, w.name)
    if not (p.indexed or w.name == "key") or not w.value:
        return False
    if w.op in ("eq", "in"):
        return True
    if w.op == "starts":
        return w.name == "key"
    return w.op in ("lt", "le", "gt", "ge") and p.type != "money" and not is_high(w.value)
