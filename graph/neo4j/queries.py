"""Reading many nodes of a kind: pages, groups, totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from graph.model import Measure, Node, Page, Totals, Where
from graph.neo4j.layout import KindLayout, Layout, bound
from graph.neo4j.server import Ask
from schema.errors import UsageError
from schema.kinds import Property
from schema.values import Amount, Money

_OPERATORS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_KEY = Property("name", "text")  # how a key is stored and compared


def property_of(table: KindLayout, name: str) -> Property:
    """Return a property of a kind; `UsageError` if there is no such property."""
    found = table.kind.properties.get(name)
    if found is None:
        raise UsageError(
            f"{table.kind.name} has no property {name!r}",
            hint="one of " + ", ".join(table.columns.names),
        )
    return found


def _units(column: str) -> str:
    """Return the Cypher of the ten-thousandths of a stored sum of money."""
    number = f"split({column}, ' ')[0]"
    places = f"size(split({number}, '.')[1])"
    return f"toInteger(replace({number}, '.', '')) * [100, 10, 1][{places} - 2]"


def conditions(
    ask: Ask, table: KindLayout, where: Sequence[Where], after: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Return Cypher conditions on nodes `n`, with WHERE, and their parameters."""
    parts: list[str] = []
    given: dict[str, Any] = {}
    if after is not None:
        parts.append("n.key > $after")
        given["after"] = bound(after)
    for number, w in enumerate(where):
        p = _KEY if w.name == "key" else property_of(table, w.name)
        column, encode = _compared(table, p, w)
        name = f"v{number}"
        if w.op == "is_null":
            parts.append(f"{column} IS {'NOT ' if w.value is False else ''}NULL")
        elif w.op == "in":
            parts.append(f"{column} IN ${name}")
            given[name] = [encode(v) for v in w.value]
        elif w.op == "contains":
            parts.append(f"n.key IN ${name}")
            given[name] = _containing(ask, table, column, str(w.value).casefold())
        elif w.op not in _OPERATORS:
            raise UsageError(f"there is no condition {w.op!r}", hint=", ".join((*_OPERATORS, "in")))
        elif w.value is None:
            if w.op in ("eq", "ne"):
                parts.append(f"{column} IS {'NOT ' if w.op == 'ne' else ''}NULL")
            else:
                parts.append("false")
        elif isinstance(p.value_type, Money) and w.op not in ("eq", "ne"):
            parts.append(
                f"split({column}, ' ')[1] = ${name}.currency "
                f"AND {_units(column)} {_OPERATORS[w.op]} ${name}.units"
            )
            units = int(Decimal(str(encode(w.value)).partition(" ")[0]).scaleb(4))
            given[name] = {"currency": w.value.currency, "units": units}
        elif w.op == "ne":
            parts.append(f"({column} <> ${name} OR {column} IS NULL)")
            given[name] = encode(w.value)
        else:
            parts.append(f"{column} {_OPERATORS[w.op]} ${name}")
            given[name] = encode(w.value)
    return ("WHERE " + " AND ".join(parts) if parts else ""), given


def _compared(table: KindLayout, p: Property, w: Where) -> tuple[str, Callable[[Any], Any]]:
    """Return the Cypher that a condition compares, and what makes a value comparable with it."""
    if w.op in ("eq", "in") and w.value is not None and (w.name == "key" or w.name in table.bounded):
        return f"n.`{w.name}`", bound  # as it stands in the index
    return table.value("n", w.name), p.value_type.encode


def _containing(ask: Ask, table: KindLayout, column: str, wanted: str) -> list[str]:
    """Return the keys, as they stand in the index, of nodes with a text that contains another.

    Cases fold otherwise in Cypher (straße, STRASSE), so the texts are compared here.
    """
    rows = ask(f"MATCH (n:{table.label}) WHERE {column} IS NOT NULL RETURN [n.key, {column}] AS row")
    return [key for key, text in rows if wanted in str(text).casefold()]


def page(ask: Ask, table: KindLayout, after: str | None, limit: int, where: Sequence[Where]) -> Page:
    """Return nodes in the order of their keys, from behind `after`."""
    if limit < 1:
        raise UsageError("a page has at least one node")
    condition, given = conditions(ask, table, where, after)
    rows = ask(
        f"MATCH (n:{table.label}) {condition} WITH n ORDER BY n.key LIMIT $limit "
        "RETURN n{.*, _words: null} AS row",
        limit=limit + 1,
        **given,
    )
    nodes: list[Node] = [table.node(row) for row in rows[:limit]]
    return Page(nodes, nodes[-1].key if len(rows) > limit else None)


def aggregate(
    ask: Ask, table: KindLayout, by: Sequence[str], measures: Sequence[Measure], where: Sequence[Where]
) -> list[dict[str, Any]]:
    """Return one row a group, sorted by group."""
    groups = [property_of(table, name) for name in by]
    columns = [table.value("n", p.name) for p in groups]
    outputs = [_measure(table, m) for m in measures]
    condition, given = conditions(ask, table, where)
    named = [f"{column} AS g{i}" for i, column in enumerate(columns)]
    computed = [f"{cypher} AS m{i}" for i, (cypher, _) in enumerate(outputs)]
    parts = [*(f"g{i}" for i in range(len(named))), *(f"m{i}" for i in range(len(computed)))]
    rows = ask(
        f"MATCH (n:{table.label}) {condition} WITH {', '.join([*named, *computed])} "
        f"RETURN [{', '.join(parts)}] AS row",
        **given,
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
    p = property_of(table, measure.of)
    column = table.value("n", p.name)
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
