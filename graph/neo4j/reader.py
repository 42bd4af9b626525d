"""Reading one node and what is around it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import orjson

from graph.model import (
    Branch,
    Contribution,
    Decision,
    Hit,
    KnownRecord,
    Measure,
    Neighbour,
    Node,
    Page,
    Problem,
    Progress,
    Ref,
    RejectedRow,
    Relationship,
    Run,
    Subject,
    Totals,
    Where,
)
from graph.neo4j import past, projector, queries, searching, walks
from graph.neo4j.definitions import find_missing
from graph.neo4j.layout import Layout, bound, reference, whole
from graph.neo4j.ledger import decode_progress, decode_rejected, decode_run
from graph.projection import Projection
from schema.errors import NotFoundError
from schema.kinds import Direction, Triple
from schema.values import Time
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO, Vocabulary

_TIME = Time()
ROWS_AT_ONCE = 1_000  # of the quarantine
T = TypeVar("T")


class Source(Protocol):
    """What answers queries: the server, or a transaction that is under way."""

    def ask(self, query: str, /, **parameters: Any) -> list[Any]:
        """Return the values of a query that returns one, named `row`."""
        ...

    def read(self, work: Any) -> Any:
        """Return the outcome of work that asks for many rows."""
        ...


class Neo4jReader:
    """See `graph.contract.Reader`."""

    def __init__(self, source: Source, layout: Layout) -> None:
        self._source = source
        self._ask = source.ask
        self._layout = layout

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the store holds."""
        return self._layout.vocabulary

    def get(self, kind: str, key: str, *, at: datetime | None = None) -> Node:
        """Return a node; `NotFoundError` if there is none."""
        node = self.find(kind, key, at=at)
        if node is None:
            raise NotFoundError(f"there is no {kind} {key!r}" + (f" at {at}" if at else ""))
        return node

    def find(self, kind: str, key: str, *, at: datetime | None = None) -> Node | None:
        """Return a node, or None."""
        table = self._layout.of_kind(kind)
        if at is not None:
            return past.find_at(self._ask, self._layout, table, key, _TIME.encode(at))
        rows = self._ask(
            f"MATCH (n:{table.label} {{key: $key}}) RETURN n{{.*, _words: null}} AS row", key=bound(key)
        )
        return table.node(rows[0]) if rows else None

    def history(self, kind: str, key: str) -> list[Contribution]:
        """Return all contributions to a node, open and closed, oldest first."""
        return past.history(self._ask, self._layout, self._layout.of_kind(kind), key)

    def lookup(self, kind: str, property_: str, values: Sequence[Any]) -> dict[Any, list[str]]:
        """Return the keys of the open nodes that have one of these values."""
        table = self._layout.of_kind(kind)
        p = queries.property_of(table, property_)
        stored = {p.value_type.encode(value): value for value in values}
        given = [bound(str(v)) for v in stored] if p.name in table.bounded else list(stored)
        rows = self._ask(
            f"MATCH (n:{table.label}) WHERE n.`{p.name}` IN $values "
            f"RETURN [{table.value('n', p.name)}, {whole('n', 'key')}] AS row",
            values=given,
        )
        found: dict[Any, list[str]] = {}
        for value, key in sorted(rows, key=lambda row: row[1]):
            found.setdefault(stored[value], []).append(key)
        return found

    def customers_of(self, records: Sequence[str]) -> dict[str, str]:
        """Return the customer of each of these records, where known."""
        return dict(self._links("r", records))

    def records_of(self, customers: Sequence[str]) -> dict[str, list[str]]:
        """Return the records of each of these customers."""
        found: dict[str, list[str]] = {}
        for record, customer in self._links("c", customers):
            found.setdefault(customer, []).append(record)
        return found

    def _links(self, given: str, keys: Sequence[str]) -> list[tuple[str, str]]:
        record, customer = self._layout.kinds[RECORD].label, self._layout.kinds[CUSTOMER].label
        rows = self._ask(
            f"MATCH (r:{record})-[:{RESOLVES_TO.type}]->(c:{customer}) WHERE {given}.key IN $keys "
            f"RETURN [{whole('r', 'key')}, {whole('c', 'key')}] AS row",
            keys=[bound(key) for key in keys],
        )
        return sorted(map(tuple, rows))

    def expand(self, kind: str, key: str) -> list[Branch]:
        """Return how many relationships a node has of each triple and direction."""
        return walks.expand(self._ask, self._layout, (kind, key))

    def neighbours(
        self,
        kind: str,
        key: str,
        *,
        types: Sequence[str] | None = None,
        direction: Direction | None = None,
        limit: int = 100,
    ) -> list[Neighbour]:
        """Return relationships of a node with their other ends."""
        return walks.neighbours(self._ask, self._layout, (kind, key), types, direction, limit)

    def shortest_path(
        self, start: Ref, end: Ref, *, types: Sequence[str] | None = None, longest: int = 6
    ) -> list[Relationship] | None:
        """Return a shortest path, relationships walked either way."""
        for ref in (start, end):
            self.get(*ref)
        return walks.shortest_path(self._ask, self._layout, start, end, types, longest)

    def search(self, text: str, *, kinds: Sequence[str] | None = None, limit: int = 20) -> list[Hit]:
        """Return the nodes whose searchable properties hold all words."""
        return searching.search(self._ask, self._layout, text, kinds, limit)

    def page(
        self, kind: str, *, after: str | None = None, limit: int = 100, where: Sequence[Where] = ()
    ) -> Page:
        """Return nodes in the order of their keys."""
        return queries.page(self._ask, self._layout.of_kind(kind), after, limit, where)

    def aggregate(
        self,
        kind: str,
        *,
        by: Sequence[str] = (),
        measures: Sequence[Measure] = (Measure("count"),),
        where: Sequence[Where] = (),
    ) -> list[dict[str, Any]]:
        """Return one row a group."""
        return queries.aggregate(self._ask, self._layout.of_kind(kind), by, measures, where)

    def totals(self) -> Totals:
        """Return how much the graph holds."""
        return queries.totals(self._ask, self._layout)

    def project(
        self, kinds: Sequence[str] | None = None, triples: Sequence[Triple] | None = None
    ) -> Projection:
        """Return the open graph, or a part of it, as arrays."""
        wanted = projector.choose(self._layout, kinds, triples)
        found: Projection = self._source.read(lambda stream: projector.project(stream, *wanted))
        return found

    def latest_run(self) -> Run | None:
        """Return the newest run."""
        rows = self._ask(
            f"MATCH (m:_Motivo {{graph: $graph}}) MATCH (r:{self._layout.ledger} {{ref: 'run:' + m.runs}}) "
            "RETURN properties(r) AS row",
            graph=self._layout.graph,
        )
        return decode_run(rows[0]) if rows else None

    def progress(self, run: int, source: str) -> Progress | None:
        """Return how far a run has read a source."""
        rows = self._of_ledger([reference("progress", run, source)])
        return decode_progress(rows[0]) if rows else None

    def _of_ledger(self, refs: Sequence[str]) -> list[dict[str, Any]]:
        return self._ask(
            f"MATCH (l:{self._layout.ledger}) WHERE l.ref IN $refs RETURN properties(l) AS row", refs=refs
        )

    def _sources(self) -> list[str]:
        rows = self._ask(
            "MATCH (m:_Motivo {graph: $graph}) RETURN coalesce(m.sources, []) AS row",
            graph=self._layout.graph,
        )
        return list(rows[0]) if rows else []

    def known_records(self, source: str, keys: Sequence[str]) -> dict[str, KnownRecord]:
        """Return what is known of these records of a source."""
        sources = self._sources()
        if source not in sources:
            return {}
        rank = sources.index(source) + 1
        rows = self._ask(
            f"MATCH (c:{self._layout.ledger}) WHERE c.ref IN $refs AND c.digest IS NOT NULL "
            "RETURN [c.key, c.digest, c.run] AS row",
            refs=[reference("record", rank, key) for key in keys],
        )
        return {key: KnownRecord(digest, run) for key, digest, run in rows}

    def rejected_rows(self, *, source: str | None = None) -> Iterator[RejectedRow]:
        """Yield the quarantine."""
        sources = self._sources()
        ranks = [i for i, name in enumerate(sources, 1) if source in (None, name)]
        for rank in ranks:
            behind = 0
            while True:
                rows = self._ask(
                    f"MATCH (q:{self._layout.of_ledger('_Rejected')}) "
                    "WHERE q.source = $rank AND q.id > $behind "
                    f"RETURN properties(q) AS row ORDER BY q.id LIMIT {ROWS_AT_ONCE}",
                    rank=rank,
                    behind=behind,
                )
                yield from (decode_rejected(row, sources[rank - 1]) for row in rows)
                if len(rows) < ROWS_AT_ONCE:
                    break
                behind = rows[-1]["id"]

    def setting(self, name: str) -> Any:
        """Return what was kept under a name, or None."""
        rows = self._of_ledger([reference("setting", name)])
        return json.loads(rows[0]["value"]) if rows else None

    def decisions(self, topic: str) -> list[Decision]:
        """Return what was decided on a topic, oldest first."""
        label, subject = (self._layout.of_ledger(name) for name in ("_Decision", "_Subject"))
        rows = self._ask(
            f"MATCH (d:{label}) WHERE d.topic = $topic "
            f"RETURN [properties(d), COLLECT {{ MATCH (s:{subject}) WHERE s.decision = d.id "
            "RETURN properties(s) ORDER BY s.place }] AS row ORDER BY d.id",
            topic=topic,
        )
        return [_decision(d, subjects) for d, subjects in rows]

    def check(self) -> list[Problem]:
        """Return what is wrong with the store."""
        problems = [
            Problem(f"{what} is missing", "run 'motivo ingest' again, which makes it")
            for what in find_missing(self._source.read, self._layout)
        ]
        run = self.latest_run()
        if run is not None and not run.finished:
            problems.append(Problem(f"run {run.id} was not finished", "run the same 'motivo ingest' again"))
        return problems


def _decision(d: dict[str, Any], subjects: Sequence[dict[str, Any]]) -> Decision:
    about = [Subject(s["kind"], s["key"], orjson.loads(s["detail"])) for s in subjects]
    at, said = _TIME.decode(d["at"]), orjson.loads(d["said"])
    return Decision(d["topic"], d["action"], d["by"], at, d["why"], said, about, d["id"])
