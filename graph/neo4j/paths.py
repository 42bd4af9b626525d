"""Shortest paths, which the server finds from both ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.model import Ref, Relationship
from graph.neo4j.layout import Layout, bound, whole
from graph.neo4j.server import Ask
from graph.questions import check_limit
from schema.errors import NotFoundError
from schema.kinds import Triple


def shortest_path(
    ask: Ask, layout: Layout, start: Ref, end: Ref, types: Sequence[str] | None, longest: int
) -> list[Relationship] | None:
    """Return a shortest path, relationships walked either way."""
    found = _Ways(layout, start, end, types, None, longest).find(ask, "shortestPath", 1)
    return found[0] if found else None


def shortest_paths(
    ask: Ask,
    layout: Layout,
    start: Ref,
    end: Ref,
    types: Sequence[str] | None,
    kinds: Sequence[str] | None,
    longest: int,
    limit: int,
) -> list[list[Relationship]]:
    """Return shortest paths, all of one length, between their ends through nodes of these kinds only."""
    check_limit(limit)
    return _Ways(layout, start, end, types, kinds, longest).find(ask, "allShortestPaths", limit)


@dataclass(frozen=True)
class _Ways:
    """Ways from a node to another."""

    layout: Layout
    start: Ref
    end: Ref
    types: Sequence[str] | None
    kinds: Sequence[str] | None
    longest: int

    def find(self, ask: Ask, search: str, limit: int) -> list[list[Relationship]]:
        """Return the shortest of them."""
        layout = self.layout
        for name in self.types or ():
            layout.vocabulary.get_relationship(name)
        through = [layout.of_kind(kind).label for kind in self.kinds or ()]
        labels = [layout.of_kind(kind).label for kind, _ in (self.start, self.end)]
        given = {"start": bound(self.start[1]), "end": bound(self.end[1])}
        _check_there(ask, labels, (self.start, self.end), given)
        triples = [t for t in layout.triples if self.types is None or t.type in self.types]
        if self.start == self.end:
            return [[]]
        if self.longest < 1 or not triples:
            return []
        # The server looks at such a condition at each step, not only at the paths that it has found.
        either = " OR ".join(("x = a", "x = b", *([f"x:{'|'.join(through)}"] if through else [])))
        narrowed = "" if self.kinds is None else f"WHERE all(x IN nodes(p) WHERE {either}) "
        rows = ask(
            f"MATCH (a:{labels[0]} {{key: $start}}), (b:{labels[1]} {{key: $end}}) "
            f"MATCH p = {search}((a)-[:{layout.types(triples)}*..{self.longest:d}]-(b)) {narrowed}"
            "WITH DISTINCT [r IN relationships(p) | [type(r), id(startNode(r)), id(endNode(r))]] AS steps "
            "LIMIT $limit WITH collect(steps) AS paths UNWIND range(0, size(paths) - 1) AS number "
            "UNWIND range(0, size(paths[number]) - 1) AS place "
            "WITH number, place, paths[number][place] AS step "
            "MATCH (s)-[r]->(e) WHERE id(s) = step[1] AND id(e) = step[2] AND type(r) = step[0] "
            "RETURN [number, place, step[0], labels(s)[0], labels(e)[0], "
            f"{whole('s', 'key')}, {whole('e', 'key')}, properties(r)] AS row",
            limit=limit,
            **given,
        )
        paths: list[dict[int, list[Any]]] = []
        for number, place, *step in rows:
            paths += ({} for _ in range(number + 1 - len(paths)))
            paths[number].setdefault(place, []).append(step)
        return [[_first(layout, steps[place]) for place in sorted(steps)] for steps in paths]


def _check_there(ask: Ask, labels: Sequence[str], refs: Sequence[Ref], given: dict[str, str]) -> None:
    """Raise `NotFoundError` for an end that is not there."""
    [there] = ask(
        f"RETURN [EXISTS {{ MATCH (:{labels[0]} {{key: $start}}) }}, "
        f"EXISTS {{ MATCH (:{labels[1]} {{key: $end}}) }}] AS row",
        **given,
    )
    for (kind, key), is_there in zip(refs, there, strict=True):
        if not is_there:
            raise NotFoundError(f"there is no {kind} {key!r}")


def _first(layout: Layout, said: Sequence[Any]) -> Relationship:
    """Return the relationship between two nodes whose slot and contribution come first."""
    name, start, end, first, last, _ = said[0]
    t = layout.triples[Triple(layout.kind_of(start), name, layout.kind_of(end))]
    best = min((one[5] for one in said), key=lambda p: (t.by_slot(p), p["record"]))
    return t.relationship(first, last, best)
