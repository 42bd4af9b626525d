"""What a node was, and who said what of it."""

from __future__ import annotations

from typing import Any

import orjson

from graph.model import Contribution, Node
from graph.neo4j.layout import SAID, SAYS, KindLayout, Layout, bound, whole
from graph.neo4j.server import Ask
from schema.values import Time
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

_TIME = Time()


def _anchor(layout: Layout, table: KindLayout) -> str:
    """Return the Cypher that finds a node `n`, open or closed, by its key `$key`."""
    return (
        f"CALL () {{ MATCH (n:{table.label} {{key: $key}}) RETURN n "
        f"UNION MATCH (n:{layout.closed} {{ref: $was}}) RETURN n }} "
    )


def _facts(ask: Ask, layout: Layout, table: KindLayout, key: str) -> list[list[Any]]:
    """Return (record, source, key of the record, run, valid_from, valid_to, data) by precedence."""
    given = {"key": bound(key), "was": layout.was(table.kind.name, key), "graph": layout.graph}
    told = "[c.id, sources[c.id / 1099511627776 - 1], c.key, f.run, f.valid_from, f.valid_to, f.data"
    begin = f"{_anchor(layout, table)} MATCH (m:_Motivo {{graph: $graph}}) WITH n, m.sources AS sources "
    if table.kind.name != CUSTOMER:
        rows = ask(f"{begin} MATCH (n)<-[f:{SAYS}|{SAID}]-(c) RETURN {told}] AS row", **given)
        return sorted(rows, key=lambda row: (row[0], row[4]))
    # What is known of a customer is what its records say, while they are of this customer.
    link = f"{RESOLVES_TO.type}|{RESOLVES_TO.type}_closed"
    rows = ask(
        f"{begin} MATCH (n)<-[l:{link}]-(r)<-[f:{SAYS}|{SAID}]-(c) "
        "WHERE (f.valid_to IS NULL OR f.valid_to > l.valid_from) "
        "AND (l.valid_to IS NULL OR l.valid_to > f.valid_from) "
        f"RETURN {told}, l.valid_from, l.valid_to, {whole('r', 'key')}] AS row",
        **given,
    )
    facts = []
    for *fact, since, until, record in rows:
        fact[4] = max(fact[4], since)
        fact[5] = min((t for t in (fact[5], until) if t is not None), default=None)
        facts.append((fact, record))
    return [fact for fact, _ in sorted(facts, key=lambda f: (f[0][0], f[1], f[0][4]))]


def history(ask: Ask, layout: Layout, table: KindLayout, key: str) -> list[Contribution]:
    """Return all contributions to a node, open and closed, oldest first."""
    names = table.columns.names
    return [
        Contribution(
            source,
            record,
            run,
            _TIME.decode(since),
            None if until is None else _TIME.decode(until),
            table.columns.decode([said.get(name) for name in names]),
        )
        for _, source, record, run, since, until, data in sorted(
            _facts(ask, layout, table, key), key=lambda f: f[4]
        )
        if (said := orjson.loads(data)) is not None
    ]


def find_at(ask: Ask, layout: Layout, table: KindLayout, key: str, at: int) -> Node | None:
    """Return a node as it was at a moment, or None."""
    facts = [f for f in _facts(ask, layout, table, key) if f[4] <= at and (f[5] is None or f[5] > at)]
    values: dict[str, Any] = {}
    if facts:
        for *_, data in facts:
            values = {**orjson.loads(data), **values}
        _, source, _, run, since, until, _ = facts[0]
    else:
        touched = _touched_at(ask, layout, table, key, at)
        if touched is None:
            return None
        source, run, since, until = touched
    properties = table.columns.decode([values.get(name) for name in table.columns.names])
    caption = table.kind.caption_of(key, properties)
    times = (_TIME.decode(since), None if until is None else _TIME.decode(until))
    return Node(table.kind.name, key, caption, properties, source, run, *times)


def _touched_at(
    ask: Ask, layout: Layout, table: KindLayout, key: str, at: int
) -> tuple[str, int, int, int | None] | None:
    """Return (source, run, valid_from, valid_to) of a relationship that touched a node at a moment."""
    kind = table.kind.name
    triples = [t for t in layout.triples if kind in (t.start, t.end)]
    if kind == CUSTOMER:
        triples = [RESOLVES_TO]  # what hangs on a customer was moved along, its past with it
    elif kind == RECORD:
        triples = [t for t in triples if t != RESOLVES_TO]
    then = "r.valid_from <= $at AND (r.valid_to IS NULL OR r.valid_to > $at)"
    told = "RETURN [r.source, r.run, r.valid_from, r.valid_to, type(r)] AS row"
    given = {"key": bound(key), "was": layout.was(kind, key), "at": at}
    rows = []
    if triples:
        types = layout.types(triples, closed=True)
        rows += ask(f"{_anchor(layout, table)} MATCH (n)-[r:{types}]-() WHERE {then} {told}", **given)
    if kind == RECORD:
        # A record is touched by what came to any of its customers by it.
        link = f"{RESOLVES_TO.type}|{RESOLVES_TO.type}_closed"
        all_types = layout.types(closed=True)
        for pattern, via in ((f"(c)-[r:{all_types}]->()", "start"), (f"(c)<-[r:{all_types}]-()", "end")):
            rows += ask(
                f"{_anchor(layout, table)} MATCH (n)-[:{link}]->(c) WITH DISTINCT c MATCH {pattern} "
                f"WHERE r.via_{via} = $record AND {then} {told}",
                record=key,
                **given,
            )
    order = {name: place for place, name in enumerate(layout.vocabulary.relationships)}
    rows.sort(key=lambda row: (order[row[4].removesuffix("_closed")], row[2]))
    return tuple(rows[0][:4]) if rows else None
