"""What is around many nodes at once: their neighbours by one triple, how many, and what joins them.

Several records may say of one relationship: it is one by its ends and its slot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graph.model import Condition, Neighbour, Node, Order, Ref, Relationship, Walk
from graph.neo4j.conditions import Conditions, is_high
from graph.neo4j.layout import KindLayout, Layout, TripleLayout, bound, quoted, whole
from graph.neo4j.ordering import Ordering
from graph.neo4j.pages import is_long, parts_of, union
from graph.neo4j.server import Ask
from graph.questions import check_limit, get_ends, read_cursor, write_cursor
from schema.kinds import Direction, Triple

MANY = 1_000  # relationships that make a hub
EVERY = 2**62
PAIRS = 10_000  # of nodes that are looked at one by one, without counting first what is cheaper
Row = list[Any]


@dataclass(frozen=True)
class Step:
    """A triple, walked from nodes `h` to their neighbours `n` that meet a condition."""

    t: TripleLayout
    way: Direction
    here: KindLayout
    there: KindLayout
    conditions: Conditions
    condition: str

    @property
    def slot(self) -> str:
        """The Cypher of the slot of a contribution `r`."""
        return f"r.{quoted(self.t.type.slot)}" if self.t.type.slot else "null"

    def match(self, variable: str = "r", *, label: bool = True) -> str:
        """Return the pattern from a node `h` to a neighbour `n`."""
        return self.t.pattern(self.way, "h", variable, "n", label=label)


def step_by(
    conditions: Conditions, layout: Layout, triple: Triple, way: Direction, where: Sequence[Condition]
) -> Step:
    """Return a step by a triple to neighbours that meet some conditions, beside those of a query."""
    here, there = (layout.kinds[kind] for kind in get_ends(layout.vocabulary, triple, way))
    return Step(layout.triples[triple], way, here, there, conditions, conditions.spell(there, where))


def degrees(ask: Ask, step: Step, keys: Sequence[str]) -> dict[str, int]:
    """Return how many neighbours each of these nodes has, if any."""
    one = f"[n, {step.slot}]" if step.t.type.slot else "n"
    known = {bound(key): key for key in keys}
    rows = ask(
        f"UNWIND $keys AS key MATCH (h:{step.here.label} {{key: key}}) "
        f"CALL (h) {{ MATCH {step.match()} WHERE {step.condition} RETURN count(DISTINCT {one}) AS many }} "
        "WITH key, many WHERE many > 0 RETURN [key, many] AS row",
        keys=list(known),
        **step.conditions.given,
    )
    return {known[key]: many for key, many in rows}


@dataclass(frozen=True)
class Following:
    """Neighbours that come first in an order, from behind a place (value, key, slot) on.

    number: of the walk, among those that are asked at once.
    """

    number: int
    ask: Ask
    step: Step
    ordering: Ordering
    place: list[Any] | None
    limit: int

    @property
    def _here(self) -> bool:
        """Whether places are compared here, and not on the server."""
        return self.place is not None and any(map(is_high, self.place))

    @property
    def _chosen(self) -> str:
        """The Cypher that chooses among contributions `r` to neighbours `n`."""
        sort = self.ordering.sort("n", "slot IS NOT NULL", "slot")
        limit = "" if self._here else f"LIMIT $limit{self.number}"
        return f"WITH n, {self.step.slot} AS slot, collect(r) AS said {sort} {limit} RETURN n, slot, said"

    @property
    def _shown(self) -> str:
        said = f"[r IN said | {self.step.t.listed('r')}]"
        return f"{self.ordering.value('n')}, slot, {said}, {self.step.there.listed('n')}"

    @property
    def _behind(self) -> str:
        if self.place is None or self._here:
            return "true"
        more = [(self.step.slot, self.place[2])] if self.step.t.type.slot else []
        return self.ordering.behind("n", self.place, self.step.conditions, *more)

    def question(self, keys: Iterable[str]) -> tuple[str, dict[str, Any]]:
        """Return the Cypher of the neighbours of these nodes, of hubs that they are; its parameters.

        Hubs are nodes with more relationships than the parameter `many`.
        """
        step, behind, i = self.step, self._behind, self.number
        count = f"COUNT {{ {step.match('', label=False).replace('(n)', '()')} }}"
        return (
            f"UNWIND $keys{i} AS key MATCH (h:{step.here.label} {{key: key}}) WITH key, h, {count} AS degree "
            f"OPTIONAL CALL (h, degree) {{ MATCH {step.match()} WHERE degree <= $many AND {step.condition} "
            f"AND {behind} {self._chosen} }} WITH key, degree, n, slot, said "
            "WHERE degree > $many OR n IS NOT NULL "
            f"RETURN CASE WHEN n IS NULL THEN [{i}, key, degree] "
            f"ELSE [{i}, key, null, {self._shown}] END AS row",
            {f"keys{i}": list(keys), f"limit{i}": self.limit},
        )

    def near(self, keys: Iterable[str], many: int = MANY) -> tuple[dict[str, list[Row]], dict[str, int]]:
        """Return the neighbours of these nodes; of hubs, only how many they have."""
        text, given = self.question(keys)
        return self.read(self.ask(text, many=many, **given, **self.step.conditions.given), many)

    def read(self, answer: Iterable[Row], many: int) -> tuple[dict[str, list[Row]], dict[str, int]]:
        """Return the same, given the answer to a question."""
        rows = [row for _, *row in answer]
        hubs = {key: degree for key, degree, *_ in rows if degree is not None and degree > many}
        return self._sort(((key, row) for key, _, *row in rows if row)), hubs

    def _sort(self, rows: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
        """Return what was found by node."""
        found: dict[str, list[Row]] = {}
        for key, row in rows:
            value, slot, _, node = row
            if self._here and not self.ordering.is_behind([value, node[0], slot], self.place or []):
                continue
            rows_of = found.setdefault(key, [])
            if len(rows_of) < self.limit:
                rows_of.append(row)
        return found

    def near_hubs(self, hubs: dict[str, int]) -> dict[str, list[Row]]:
        """Return the neighbours of hubs, by walking along the index of the order where that is quicker.

        If neighbours are spread evenly, the walk finds enough of them soon. Where it has passed as many
        nodes as there are neighbours, and has not, these are sorted instead.
        """
        found: dict[str, list[Row]] = {}
        if self.ordering.indexed and not self._here and not (self.place and is_long(self.place[0])):
            [nodes] = self.ask(f"MATCH (n:{self.step.there.label}) RETURN count(n) AS row")
            quick = {key: d for key, d in hubs.items() if self.limit * nodes < d * d}
            found = self._walk(quick) if quick else {}
        enough = {
            key: rows
            for key, rows in found.items()
            if len(rows) == self.limit and not any(is_long(row[0]) for row in rows)
        }
        left = [key for key in hubs if key not in enough]
        return {**enough, **(self.near(left, EVERY)[0] if left else {})}

    def _walk(self, hubs: dict[str, int]) -> dict[str, list[Row]]:
        step = self.step
        parts = parts_of(self.ordering, self.place, step.conditions, at=True)
        behind = self._behind
        hub = step.match("").replace("(h)", f"(:{step.here.label} {{key: key}})")
        rows = self.ask(
            f"UNWIND $keys AS key CALL (key) {{ {union(step.there, 'true', parts, '$most')} "
            f"WHERE EXISTS {{ MATCH {hub} }} AND {step.condition} WITH key, n LIMIT $some "
            f"MATCH (h:{step.here.label} {{key: key}}) MATCH {step.match(label=False)} WHERE {behind} "
            f"{self._chosen} }} RETURN [key, {self._shown}] AS row",
            keys=list(hubs),
            most=max(hubs.values()),
            some=self.limit + 1,  # all slots of the first may be passed already
            **{f"limit{self.number}": self.limit},
            **step.conditions.given,
        )
        return self._sort((key, row) for key, *row in rows)


def follow(ask: Ask, layout: Layout, walks: Sequence[Walk]) -> list[dict[str, list[Neighbour]]]:
    """Return the neighbours of many nodes by each of some walks, `limit` of each node that has any."""
    conditions = Conditions(ask, layout)
    asked = [_open(ask, conditions, layout, number, walk) for number, walk in enumerate(walks)]
    known = [{bound(key): key for key in walk.keys} for walk in walks]
    questions = [f.question(keys) for f, keys in zip(asked, known, strict=True) if keys]
    rows: dict[int, list[Row]] = {}
    if questions:
        given = {name: value for _, some in questions for name, value in some.items()}
        texts = " UNION ALL ".join(text for text, _ in questions)
        for row in ask(texts, many=MANY, **given, **conditions.given):
            rows.setdefault(row[0], []).append(row)
    answers = []
    for following, keys, walk in zip(asked, known, walks, strict=True):
        found, hubs = following.read(rows.get(following.number, ()), MANY)
        if hubs:
            found |= following.near_hubs(hubs)
        answers.append(_tell(following.step, keys, found, walk.order))
    return answers


def _open(ask: Ask, conditions: Conditions, layout: Layout, number: int, walk: Walk) -> Following:
    step = step_by(conditions, layout, walk.triple, walk.direction, walk.where)
    check_limit(walk.limit)
    ordering = Ordering(step.there, walk.order)
    place = None if walk.after is None else read_cursor(step.there.kind, walk.order, walk.after, 3)
    return Following(number, ask, step, ordering, place, walk.limit)


def _tell(
    step: Step, known: dict[str, str], found: dict[str, list[Row]], order: Order | None
) -> dict[str, list[Neighbour]]:
    """Return what was found, by key as it was given."""
    t, way, there = step.t, step.way, step.there
    nodes: dict[str, Node] = {}  # many have the same neighbours: products, causes, regions
    answer: dict[str, list[Neighbour]] = {}
    for short, key in known.items():
        for value, slot, said, row in found.get(short, ()):
            node = nodes.get(row[0]) or nodes.setdefault(row[0], there.node_of(row))
            ends = (key, node.key) if way is Direction.OUT else (node.key, key)
            cursor = write_cursor(order, value, node.key, slot)
            relationship = t.relationship_of(*ends, said)
            answer.setdefault(key, []).append(Neighbour(relationship, way, node, cursor))
    return answer


def between(ask: Ask, layout: Layout, refs: Sequence[Ref], limit: int) -> list[Relationship]:
    """Return the relationships whose ends are both among these nodes, by triple, start, end, slot."""
    check_limit(limit)
    keys: dict[str, set[str]] = {}
    for kind, key in refs:
        keys.setdefault(layout.of_kind(kind).kind.name, set()).add(bound(key))
    triples = [t for t in layout.triples.values() if t.triple.start in keys and t.triple.end in keys]
    if not triples:
        return []
    given = {f"k{place}": sorted(some) for place, some in enumerate(keys.values())}
    names = {kind: f"$k{place}" for place, kind in enumerate(keys)}
    parts = []
    for number, (t, begin) in enumerate(zip(triples, _cheapest(ask, triples, keys, given), strict=True)):
        starts, ends = names[t.triple.start], names[t.triple.end]
        slot = f"r.{quoted(t.type.slot)}" if t.type.slot else "null"
        parts.append(
            f"{_joined(t, starts, ends, begin)} WITH a, b, {slot} AS slot, collect(r) AS said "
            "ORDER BY a.key, b.key, slot IS NOT NULL, slot LIMIT $limit "
            f"RETURN [{number}, {whole('a', 'key')}, {whole('b', 'key')}, slot, "
            f"[r IN said | {t.listed('r')}]] AS row"
        )
    rows = ask(" UNION ALL ".join(parts), limit=limit, **given)
    rows.sort(key=lambda row: (*row[:3], row[3] is not None, row[3]))
    return [triples[number].relationship_of(a, b, said) for number, a, b, _, said in rows[:limit]]


def _joined(t: TripleLayout, starts: str, ends: str, begin: str) -> str:
    """Return the Cypher of what joins nodes with some keys, found from one end or pair by pair."""
    a, b = f"(a:{t.start}) WHERE a.key IN {starts}", f"(b:{t.end}) WHERE b.key IN {ends}"
    if begin == "start":
        return f"MATCH {a} WITH a MATCH (a)-[r:{t.open}]->{b}"
    if begin == "end":
        return f"MATCH {b} WITH b MATCH (b)<-[r:{t.open}]-{a}"
    return (
        f"MATCH {a} WITH collect(a) AS some MATCH {b} WITH some, collect(b) AS others "
        f"UNWIND some AS a UNWIND others AS b MATCH (a)-[r:{t.open}]->(b)"
    )


def _cheapest(
    ask: Ask, triples: Sequence[TripleLayout], keys: dict[str, set[str]], given: dict[str, list[str]]
) -> list[str]:
    """Return where to begin, for each triple, such that least is looked at: hubs have many others."""
    pairs = [len(keys[t.triple.start]) * len(keys[t.triple.end]) for t in triples]
    if max(pairs) <= PAIRS:
        return ["pair"] * len(triples)
    names = {kind: f"$k{place}" for place, kind in enumerate(keys)}
    counts = [
        f"COLLECT {{ MATCH (x:{label}) WHERE x.key IN {names[kind]} RETURN sum(COUNT {{ {pattern} }}) }}[0]"
        for t in triples
        for label, kind, pattern in (
            (t.start, t.triple.start, f"(x)-[:{t.open}]->()"),
            (t.end, t.triple.end, f"(x)<-[:{t.open}]-()"),
        )
    ]
    [found] = ask(f"RETURN [{', '.join(counts)}] AS row", **given)
    return [
        min((found[2 * i], "start"), (found[2 * i + 1], "end"), (pairs[i], "pair"))[1]
        for i in range(len(triples))
    ]
