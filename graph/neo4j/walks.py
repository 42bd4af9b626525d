"""Walking from a node to all that is around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graph.model import Branch, Neighbour, Ref
from graph.neo4j.layout import Layout, TripleLayout, bound, whole
from graph.neo4j.server import Ask
from graph.questions import check_limit
from schema.errors import NotFoundError
from schema.kinds import Direction

MANY = 1_000  # relationships that make a hub, of which only those asked for are read
Step = tuple[TripleLayout, Direction]


def _steps(
    layout: Layout, kind: str, types: Sequence[str] | None, direction: Direction | None = None
) -> Iterator[Step]:
    for name in types or ():
        layout.vocabulary.get_relationship(name)
    for triple, way in layout.vocabulary.steps(kind):
        if (types is None or triple.type in types) and direction in (None, way):
            yield layout.triples[triple], way


def _around(
    layout: Layout, kind: str, steps: Sequence[Step], told: str, grouped: str = "", *, limit: str = ""
) -> str:
    """Return a query of what is around a node, both ways; one row of None where there is nothing."""
    parts = []
    for way, pattern in ((Direction.OUT, "(n)-[r:{}]->(o)"), (Direction.IN, "(n)<-[r:{}]-(o)")):
        triples = [t.triple for t, w in steps if w is way]
        if triples:
            match = pattern.format(layout.types(triples))
            parts.append(f"MATCH {match} RETURN '{way}' AS way, r, o {limit}")
    label = layout.of_kind(kind).label
    if not parts:
        return f"MATCH (n:{label} {{key: $key}}) RETURN [null] AS row"
    return (
        f"MATCH (n:{label} {{key: $key}}) "
        f"OPTIONAL CALL (n) {{ {' UNION ALL '.join(parts)} }} WITH way, r, o, type(r) AS name, "
        f"labels(o)[0] AS label, coalesce(r.slot, '') AS slot "
        f"{f'WITH {grouped} ' if grouped else ''}RETURN {told} AS row"
    )


def _answer(ask: Ask, ref: Ref, query: str) -> list[Any]:
    rows = ask(query, key=bound(ref[1]))
    if not rows:
        raise NotFoundError(f"there is no {ref[0]} {ref[1]!r}")
    return [row for row in rows if row[0] is not None]


def expand(ask: Ask, layout: Layout, ref: Ref) -> list[Branch]:
    """Return how many relationships a node has of each triple and direction, where it has any."""
    steps = list(_steps(layout, ref[0], None))
    grouped = "way, name, label, count(DISTINCT [o, slot]) AS many"
    counts = {
        (way, type_, layout.kind_of(label)): count
        for way, type_, label, count in _answer(
            ask, ref, _around(layout, ref[0], steps, "[way, name, label, many]", grouped)
        )
    }
    branches = []
    for t, way in steps:
        other = t.triple.end if way is Direction.OUT else t.triple.start
        if count := counts.get((str(way), t.triple.type, other)):
            branches.append(Branch(t.triple, way, count))
    return branches


def neighbours(
    ask: Ask,
    layout: Layout,
    ref: Ref,
    types: Sequence[str] | None,
    direction: Direction | None,
    limit: int,
) -> list[Neighbour]:
    """Return relationships of a node with their other ends, by triple, direction, key, slot."""
    check_limit(limit)
    steps = list(_steps(layout, ref[0], types, direction))
    told, limit_each = "[way, name, label, properties(r), o{.*, _words: null}]", f"LIMIT {MANY + 1}"
    rows = _answer(ask, ref, _around(layout, ref[0], steps, told, limit=limit_each))
    ways = [row[0] for row in rows]
    crowded = {way for way in set(ways) if ways.count(way) > MANY}
    places: dict[tuple[str, str, str], list[tuple[Any, Any]]] = {}
    for way, type_, label, said, node in rows:
        places.setdefault((way, type_, layout.kind_of(label)), []).append((said, node))
    found: list[Neighbour] = []
    for t, way in steps:
        kind = t.triple.end if way is Direction.OUT else t.triple.start
        if str(way) in crowded:
            near = _first_by_key(ask, ref, t, way, limit - len(found))
        else:
            near = places.get((str(way), t.triple.type, kind), [])
        found += _in_order(layout, ref, t, way, near)[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def _in_order(
    layout: Layout, ref: Ref, t: TripleLayout, way: Direction, near: Sequence[tuple[Any, Any]]
) -> list[Neighbour]:
    """Return each relationship once, by the contribution that ranks first."""
    other = layout.kinds[t.triple.end if way is Direction.OUT else t.triple.start]
    ranked = [(node.get("_long_key") or node["key"], said, node) for said, node in near]
    ranked.sort(key=lambda r: (r[0], t.by_slot(r[1]), r[1]["record"]))
    found: list[Neighbour] = []
    last: tuple[str, str] | None = None
    for key, said, node in ranked:
        if (key, said.get("slot", "")) == last:
            continue
        last = (key, said.get("slot", ""))
        ends = (ref[1], key) if way is Direction.OUT else (key, ref[1])
        found.append(Neighbour(t.relationship(ends[0], ends[1], said), way, other.node(node)))
    return found


def _first_by_key(ask: Ask, ref: Ref, t: TripleLayout, way: Direction, limit: int) -> list[tuple[Any, Any]]:
    """Return the relationships of a hub with those neighbours that come first by key."""
    out = way is Direction.OUT
    here, there = (t.start, t.end) if out else (t.end, t.start)
    pattern = f"(n)-[r:{t.open}]->(o:{there})" if out else f"(n)<-[r:{t.open}]-(o:{there})"
    rows: list[tuple[Any, Any]] = ask(
        f"MATCH (n:{here} {{key: $key}}) MATCH {pattern.replace('[r:', '[:')} "
        f"WITH DISTINCT n, o ORDER BY {whole('o', 'key')} LIMIT {limit} "
        f"MATCH {pattern.replace(f'(o:{there})', '(o)')} "
        "RETURN [properties(r), o{.*, _words: null}] AS row",
        key=bound(ref[1]),
    )
    return rows
