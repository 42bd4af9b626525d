"""Figures of many nodes: groups, totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from graph.model import Condition, Measure, Totals
from graph.neo4j.conditions import Conditions
from graph.neo4j.layout import KindLayout, Layout
from graph.neo4j.narrowing import choose_all, choose_linked
from graph.neo4j.server import Ask
from graph.questions import get_property
from schema.errors import UsageError
from schema.kinds import Property
from schema.values import Amount, Money


def aggregate(
    ask: Ask,
    layout: Layout,
    kind: str,
    by: Sequence[str],
    measures: Sequence[Measure],
    where: Sequence[Condition],
) -> list[dict[str, Any]]:
    """Return one row a group, sorted by group."""
    table, conditions = layout.of_kind(kind), Conditions(ask, layout)
    groups = [get_property(table.kind, name) for name in by]
    columns = [table.value("n", name) for name in by]
    outputs = [_measure(table, m) for m in measures]
    chosen = choose_linked(layout, conditions, table, where) or choose_all(conditions, table, where)
    named = [f"{column} AS g{i}" for i, column in enumerate(columns)]
    computed = [f"{cypher} AS m{i}" for i, (cypher, _) in enumerate(outputs)]
    parts = [*(f"g{i}" for i in range(len(named))), *(f"m{i}" for i in range(len(computed)))]
    rows = ask(
        f"{chosen.cypher} WITH {', '.join([*named, *computed])} RETURN [{', '.join(parts)}] AS row",
        **conditions.given,
    )
    width = len(columns)
    rows.sort(key=lambda row: [(value is not None, value) for value in row[:width]])
    decoders = [*(_decode(p) for p in groups), *(decode for _, decode in outputs)]
    names = [*by, *(m.name for m in measures)]
    return [
        {name: decode(value) for name, value, decode in zip(names, row, decoders, strict=True)}
        for row in rows
    ]


def _decode(p: Property) -> Callable[[Any], Any]:
    decode = p.value_type.decode
    return lambda value: None if value is None else decode(value)


def _measure(table: KindLayout, measure: Measure) -> tuple[str, Callable[[Any], Any]]:
    """Return the Cypher of a measure, and what makes its value of what that returns."""
    if measure.op == "count":
        return "count(*)", int
    p = get_property(table.kind, measure.of)
    column = table.value("n", measure.of)
    if measure.op == "distinct":
        return f"count(DISTINCT {column})", int
    if isinstance(p.value_type, Money):
        return f"collect({column})", lambda values: _measure_money(values, measure.op)
    if measure.op in ("min", "max"):
        return f"{measure.op}({column})", _decode(p)
    if p.type not in ("integer", "number"):
        raise UsageError(f"{measure.op} of {p.name}: a {p.type} has none", hint="use min, max or distinct")
    cypher = f"{'avg' if measure.op == 'mean' else 'sum'}({column})"
    return f"CASE WHEN count({column}) = 0 THEN null ELSE {cypher} END", lambda value: value


def _measure_money(stored: Sequence[str], op: str) -> list[Amount]:
    """Return the sum, mean, least or greatest of sums of money, exactly, for each currency."""
    values: dict[str, list[Decimal]] = {}
    for text in stored:
        value, currency = text.split(" ")
        values.setdefault(currency, []).append(Decimal(value))
    reduce: dict[str, Callable[[list[Decimal]], Decimal]] = {
        "sum": lambda held: sum(held, Decimal()),
        "mean": lambda held: (sum(held, Decimal()) / len(held)).quantize(Decimal("0.0001")),
        "min": min,
        "max": max,
    }
    return [Amount(reduce[op](held), currency) for currency, held in sorted(values.items())]


def totals(ask: Ask, layout: Layout) -> Totals:
    """Return how much the graph holds."""
    parts = [
        f"MATCH (n:{kind.label}) RETURN ['{name}', count(n)] AS row" for name, kind in layout.kinds.items()
    ]
    nodes = {name: count for name, count in ask(" UNION ALL ".join(parts)) if count}
    # Several records may say of one relationship: it counts once.
    parts = [
        f"MATCH (a:{t.start}) CALL (a) {{ MATCH (a)-[r:{t.open}]->(b:{t.end}) "
        f"RETURN count(DISTINCT {'[b, r.slot]' if t.type.slot else 'b'}) AS many }} "
        f"RETURN ['{t.triple.type}', sum(many)] AS row"
        for t in layout.triples.values()
        if t.triple.start in nodes and t.triple.end in nodes
    ]
    relationships: dict[str, int] = {}
    for name, count in ask(" UNION ALL ".join(parts)) if parts else ():
        if count:
            relationships[name] = relationships.get(name, 0) + count
    return Totals(nodes, relationships)
