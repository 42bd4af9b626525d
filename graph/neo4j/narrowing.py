"""Nodes that are linked to some which an index finds, looked for from there.

The server looks at EXISTS node by node, of all there are, where a customer would lead to ten complaints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.model import Condition, Linked, Where
from graph.neo4j.conditions import Conditions, is_high
from graph.neo4j.layout import KindLayout, Layout
from graph.neo4j.server import Ask
from graph.questions import check_conditions, conjuncts, get_ends, get_property

FEW = 4_000  # nodes that are sorted where others would be passed one by one in the order of an index


@dataclass(frozen=True)
class Chosen:
    """The Cypher that finds nodes `n`, and of the conditions on them."""

    match: str
    condition: str

    @property
    def cypher(self) -> str:
        """Both."""
        return f"{self.match} WHERE {self.condition}"


def choose_all(conditions: Conditions, table: KindLayout, where: Sequence[Condition]) -> Chosen:
    """Choose among all nodes of a kind."""
    return Chosen(f"MATCH (n:{table.label})", conditions.spell(table, where))


def choose_linked(
    layout: Layout, conditions: Conditions, table: KindLayout, where: Sequence[Condition]
) -> Chosen | None:
    """Choose from the far end of a link, None where there is no link with an end that an index finds."""
    chain = _find_chain(layout, conditions, table, where)
    return None if chain is None else chain.follow()


def choose_few(
    ask: Ask,
    layout: Layout,
    conditions: Conditions,
    table: KindLayout,
    where: Sequence[Condition],
    limit: int,
) -> Chosen | None:
    """Choose from the far end of a link where it leads to so few nodes that it is quicker to sort them.

    In the order of an index, so many nodes are passed for each that is wanted as are not linked so.
    """
    chain = _find_chain(layout, conditions, table, where)
    if chain is None:
        return None
    query = ""
    for i, step in enumerate(chain.steps):
        known, before = "", ""
        if i:
            known = f"UNWIND CASE WHEN size(s{i - 1}) <= {FEW} THEN s{i - 1} END AS {step.before} "
            before = f"s{i - 1}, "
        query += (
            f"WITH {before}COLLECT {{ {known}MATCH {step.pattern} WHERE {step.condition} "
            f"RETURN DISTINCT {step.variable} LIMIT {FEW + 1} }} AS s{i} "
            f"{f'WHERE size(s{i - 1}) <= {FEW} ' if i else ''}"
        )
    rows = ask(
        f"{query} WITH size(s{len(chain.steps) - 1}) AS few WHERE few <= {FEW} "
        f"CALL () {{ MATCH (n:{table.label}) RETURN count(n) AS all }} RETURN [few, all] AS row",
        **conditions.given,
    )
    return chain.follow() if rows and rows[0][0] ** 2 <= limit * rows[0][1] else None


@dataclass(frozen=True)
class _Step:
    """Nodes of a variable, found from those of the variable before."""

    variable: str
    before: str
    pattern: str
    condition: str


@dataclass(frozen=True)
class _Chain:
    """Steps to nodes of a kind, and the other conditions on these, `n`."""

    steps: Sequence[_Step]
    rest: str

    def follow(self) -> Chosen:
        """Return the Cypher of the nodes at its end."""
        match = "".join(
            f"MATCH {step.pattern} WHERE {step.condition} WITH DISTINCT {step.variable} "
            for step in self.steps
        )
        return Chosen(f"{match}WITH {self.steps[-1].variable} AS n", self.rest)


def _find_chain(
    layout: Layout, conditions: Conditions, table: KindLayout, where: Sequence[Condition]
) -> _Chain | None:
    """Return the steps from an end that an index finds; the first link at each node is taken."""
    check_conditions(where)
    links: list[
        tuple[Linked, KindLayout, list[Condition]]
    ] = []  # from where, and what else is to be met there
    at, beside = table, list(conjuncts(where))
    while not (links and any(isinstance(c, Where) and _is_found(at, c) for c in beside)):
        linked = next((c for c in beside if isinstance(c, Linked)), None)
        if linked is None:
            return None
        here, there = get_ends(layout.vocabulary, linked.triple, linked.direction)
        if here != at.kind.name:
            return None  # `Conditions` says so
        links.append((linked, at, [c for c in beside if c is not linked]))
        at, beside = layout.kinds[there], list(conjuncts(linked.conditions))
    variable = f"x{len(links)}"
    steps = [_Step(variable, "", f"({variable}:{at.label})", conditions.spell(at, beside, variable))]
    for place in range(len(links) - 1, -1, -1):
        linked, kind, others = links[place]
        before, variable = variable, f"x{place}"
        pattern = layout.triples[linked.triple].pattern(
            linked.direction, f"{variable}:{kind.label}", "", before, label=False
        )
        condition = conditions.spell(kind, others, variable) if place else "true"
        steps.append(_Step(variable, before, pattern, condition))
    return _Chain(steps, conditions.spell(table, links[0][2]))


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
