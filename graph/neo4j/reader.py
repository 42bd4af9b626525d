"""Reading: each operation of the contract, and the module that answers it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from graph.model import (
    Arrivals,
    Branch,
    Condition,
    Contribution,
    Decision,
    Hit,
    KnownRecord,
    Measure,
    Neighbour,
    Node,
    Order,
    Page,
    Problem,
    Progress,
    Ref,
    RejectedRow,
    Relationship,
    Run,
    Totals,
    Walk,
)
from graph.neo4j import entries, neighbourhoods, pages, past, paths, projector, queries, searching, walks
from graph.neo4j.conditions import Conditions
from graph.neo4j.definitions import find_missing
from graph.neo4j.gaps import Gaps
from graph.neo4j.interruption import Interruption, interruptible
from graph.neo4j.layout import Layout, bound, whole
from graph.projection import Projection
from graph.questions import get_property
from schema.errors import NotFoundError
from schema.kinds import Direction, Triple
from schema.values import Time
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO, Vocabulary

_TIME = Time()


class Source(Protocol):
    """What answers queries: the server, or a transaction that is under way."""

    def ask(self, query: str, /, **parameters: Any) -> list[Any]:
        """Return the values of a query that returns one, named `row`."""
        ...

    def read(self, work: Any) -> Any:
        """Return the outcome of work that asks for many rows."""
        ...

    def version(self) -> str:
        """Return a text that is another one whenever something was kept since."""
        ...


@interruptible
class Neo4jReader:
    """See `graph.contract.Reader`."""

    def __init__(
        self,
        source: Source,
        layout: Layout,
        interruption: Interruption | None = None,
        gaps: Gaps | None = None,
    ) -> None:
        self._source = source
        self._layout = layout
        self._interruption = interruption or Interruption()
        self._gaps = gaps

    def _ask(self, query: str, /, **parameters: Any) -> list[Any]:
        self._interruption.check()
        return self._source.ask(query, **parameters)

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
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: str, keys: Sequence[str], *, where: Sequence[Condition] = ()) -> dict[str, Node]:
        """Return those of these nodes that are there and meet the conditions, by key."""
        return pages.get_many(self._ask, self._layout, kind, keys, where)

    def history(self, kind: str, key: str) -> list[Contribution]:
        """Return all contributions to a node, open and closed, oldest first."""
        return past.history(self._ask, self._layout, self._layout.of_kind(kind), key)

    def lookup(self, kind: str, property_: str, values: Sequence[Any]) -> dict[Any, list[str]]:
        """Return the keys of the open nodes that have one of these values."""
        table = self._layout.of_kind(kind)
        p = get_property(table.kind, property_)
        stored = {p.value_type.encode(value): value for value in values}
        shortened = property_ == "key" or property_ in table.bounded
        rows = self._ask(
            f"MATCH (n:{table.label}) WHERE n.`{property_}` IN $values "
            f"RETURN [{table.value('n', property_)}, {whole('n', 'key')}] AS row",
            values=[bound(str(v)) for v in stored] if shortened else list(stored),
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

    def follow(
        self,
        triple: Triple,
        direction: Direction,
        keys: Sequence[str],
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> dict[str, list[Neighbour]]:
        """Return the neighbours of many nodes by one triple, `limit` of each that has any."""
        return self.follow_all([Walk(triple, direction, keys, after, limit, where, order)])[0]

    def follow_all(self, walks: Sequence[Walk]) -> list[dict[str, list[Neighbour]]]:
        """Return the neighbours by several walks, asked in one question."""
        return neighbourhoods.follow(self._ask, self._layout, walks)

    def degrees(
        self, triple: Triple, direction: Direction, keys: Sequence[str], *, where: Sequence[Condition] = ()
    ) -> dict[str, int]:
        """Return how many neighbours by a triple each of these nodes has that meet the conditions."""
        conditions = Conditions(self._ask, self._layout)
        step = neighbourhoods.step_by(conditions, self._layout, triple, direction, where)
        return neighbourhoods.degrees(self._ask, step, keys)

    def between(self, refs: Sequence[Ref], *, limit: int = 10_000) -> list[Relationship]:
        """Return the relationships whose ends are both among these nodes."""
        return neighbourhoods.between(self._ask, self._layout, refs, limit)

    def shortest_path(
        self, start: Ref, end: Ref, *, types: Sequence[str] | None = None, longest: int = 6
    ) -> list[Relationship] | None:
        """Return a shortest path, relationships walked either way."""
        return paths.shortest_path(self._ask, self._layout, start, end, types, longest)

    def shortest_paths(
        self,
        start: Ref,
        end: Ref,
        *,
        types: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        longest: int = 6,
        limit: int = 10,
    ) -> list[list[Relationship]]:
        """Return shortest paths, all of one length."""
        return paths.shortest_paths(self._ask, self._layout, start, end, types, kinds, longest, limit)

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[str] | None = None,
        limit: int = 20,
        properties: Mapping[str, Sequence[str]] | None = None,
        where: Mapping[str, Sequence[Condition]] | None = None,
    ) -> list[Hit]:
        """Return the nodes whose searchable properties hold all words."""
        return searching.search(self._ask, self._layout, text, kinds, limit, properties, where or {})

    def page(
        self,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> Page:
        """Return nodes in order."""
        return pages.page(self._ask, self._layout, kind, after, limit, where, order, self._gaps)

    def aggregate(
        self,
        kind: str,
        *,
        by: Sequence[str] = (),
        measures: Sequence[Measure] = (Measure("count"),),
        where: Sequence[Condition] = (),
    ) -> list[dict[str, Any]]:
        """Return one row a group."""
        return queries.aggregate(self._ask, self._layout, kind, by, measures, where)

    def arrivals(self, kind: str, *, after: str | None = None, limit: int = 100) -> Arrivals:
        """Return the nodes that came into the graph since a mark."""
        return pages.arrivals(self._ask, self._layout, kind, after, limit)

    def version(self) -> str:
        """Return a text that is another one whenever something was kept since."""
        return self._source.version()

    def interrupt(self) -> None:
        """End what this reader is doing; inside a transaction, before the next query."""
        self._interruption.interrupt()

    def close(self) -> None:
        """Let go of what the reader holds: no connection is held between two questions."""

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
        return entries.latest_run(self._ask, self._layout)

    def progress(self, run: int, source: str) -> Progress | None:
        """Return how far a run has read a source."""
        return entries.progress(self._ask, self._layout, run, source)

    def known_records(self, source: str, keys: Sequence[str]) -> dict[str, KnownRecord]:
        """Return what is known of these records of a source."""
        return entries.known_records(self._ask, self._layout, source, keys)

    def rejected_rows(self, *, source: str | None = None) -> Iterator[RejectedRow]:
        """Yield the quarantine."""
        return entries.rejected_rows(self._ask, self._layout, source)

    def setting(self, name: str) -> Any:
        """Return what was kept under a name, or None."""
        return entries.setting(self._ask, self._layout, name)

    def decisions(self, topic: str) -> list[Decision]:
        """Return what was decided on a topic, oldest first."""
        return entries.decisions(self._ask, self._layout, topic)

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
