"""One indivisible change of a graph on Neo4j."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.model import Columns, Erasure, Judgement, Move
from graph.neo4j.customers import CustomerWriter
from graph.neo4j.erasure import erase_customer
from graph.neo4j.journal import Journal
from graph.neo4j.layout import SAYS, Layout, bound, whole
from graph.neo4j.ledger import Ledger
from graph.neo4j.nodes import NodeWriter
from graph.neo4j.reader import Neo4jReader
from graph.neo4j.relationships import Ends, RelationshipWriter
from schema.errors import NotFoundError, UsageError
from schema.kinds import Triple
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

VANISHED_AT_ONCE = 10_000  # records closed in one step, which bounds the memory it takes


class Neo4jTransaction:
    """See `graph.contract.Transaction`."""

    def __init__(self, journal: Journal, layout: Layout) -> None:
        self._journal = journal
        self._layout = layout
        self._ledger = Ledger(journal, layout)
        self._nodes = NodeWriter(journal, layout, self._ledger)
        self._relationships = RelationshipWriter(journal, layout, self._ledger)
        self._customers = CustomerWriter(journal, layout, self._ledger, self._nodes, self._relationships)
        self.reader = Neo4jReader(journal, layout)
        self.begin_run = self._ledger.begin_run
        self.resume_run = self._ledger.resume_run
        self.finish_run = self._ledger.finish_run
        self.touch_records = self._ledger.touch
        self.reject = self._ledger.reject
        self.release = self._ledger.release
        self.save_progress = self._ledger.save_progress
        self.decide = self._ledger.decide
        self.keep_setting = self._ledger.keep_setting
        self._left: dict[str, set[str]] = {}  # kind -> nodes that relationships were moved away from

    def upsert_records(self, source: str, keys: Sequence[str], digests: Sequence[int]) -> None:
        """Enter records that are new or whose row has changed, before what they contribute."""
        changed = self._ledger.upsert(source, keys, digests)
        if changed:
            self._nodes.load_stale(changed)
            self._relationships.load_stale(changed)

    def upsert_nodes(
        self, kind: str, source: str, records: Sequence[str], keys: Sequence[str], columns: Columns
    ) -> None:
        """Write what records say of nodes."""
        table = self._layout.of_kind(kind)
        if kind == CUSTOMER:
            raise UsageError(f"a {CUSTOMER} is not written", hint=f"write its {RECORD}")
        self._nodes.upsert(table, source, records, keys, columns)

    def upsert_relationships(
        self,
        triple: Triple,
        source: str,
        records: Sequence[str],
        starts: Sequence[str],
        ends: Sequence[str],
        columns: Columns,
    ) -> None:
        """Write relationships; ends that are not there yet are created with nothing but their key."""
        table = self._layout.of_triple(triple)
        if triple == RESOLVES_TO:
            raise UsageError(f"{triple} is not written", hint="assign the record to a customer")
        self._relationships.upsert(
            table,
            source,
            records,
            self._ends(triple.start, source, starts),
            self._ends(triple.end, source, ends),
            columns,
        )

    def _ends(self, kind: str, source: str, keys: Sequence[str]) -> Ends:
        """Return the nodes at one end of relationships, made where they are not there."""
        if kind != CUSTOMER:
            self._nodes.ensure(self._layout.kinds[kind], source, keys)
            return Ends(keys, keys)
        there = self._customers.find(keys)
        self._nodes.ensure(self._layout.kinds[RECORD], source, [key for key in keys if key not in there])
        return Ends(self._customers.resolve(keys), keys)

    def move_relationships(self, triple: Triple, moves: Sequence[Move]) -> int:
        """Give relationships another end; return how many there were."""
        table = self._layout.of_triple(triple)
        if CUSTOMER in (triple.start, triple.end):
            raise UsageError(f"{triple} is not moved", hint="assign the record to another customer")
        if not moves:
            return 0
        starts = self._nodes.find(self._layout.kinds[triple.start], [m.start for m in moves])
        keys = [key for m in moves for key in (m.end, m.to)]
        ends = self._nodes.find(self._layout.kinds[triple.end], keys)
        for m in moves:
            if m.to not in ends:
                raise NotFoundError(f"there is no {triple.end} {m.to!r}")
            if table.type.slot in m.properties:
                raise UsageError(f"the slot of {triple} does not change", hint="move it to another end only")
        there = [m for m in moves if m.start in starts and m.end in ends]
        self._left.setdefault(triple.end, set()).update(m.end for m in there)
        return self._relationships.redirect(table, there)

    def assign(self, judgements: Sequence[Judgement]) -> None:
        """Resolve records to customers; what hangs on the records moves along."""
        if judgements:
            self._customers.assign(judgements)

    def close_vanished(self, source: str) -> int:
        """Close what records not seen in this run contributed, drop old quarantine; count records."""
        vanished = self._ledger.vanish(source)
        for first in range(0, len(vanished), VANISHED_AT_ONCE):
            some = vanished[first : first + VANISHED_AT_ONCE]
            self._nodes.load_stale(some)
            self._relationships.load_stale(some)
            self.settle()
        self._ledger.release_old(source)
        return len(vanished)

    def erase_customer(self, key: str) -> Erasure:
        """Remove a customer for good."""
        self.settle()
        return erase_customer(self._journal, self._layout, self.reader.get(CUSTOMER, key).key)

    def settle(self) -> None:
        """Close what changed records no longer say, and what hangs on nothing any more."""
        loose, self._left = self._left, {}
        for kind, facts in self._nodes.stale.items():
            if facts:
                table = self._layout.kinds[kind]
                self._nodes.close_facts(table, [(*fact, since) for fact, (since, _) in facts.items()])
                keys = {key for key, _ in facts}
                loose.setdefault(kind, set()).update(self._nodes.refresh(table, keys))
                if kind == RECORD:
                    self._nodes.touched_records.update(keys)
        for triple, said in self._relationships.stale.items():
            if said:
                self._relationships.close(self._layout.triples[triple], [one.place for one in said.values()])
                for kind, ends in (
                    (triple.start, {start for start, *_ in said}),
                    (triple.end, {end for _, end, *_ in said}),
                ):
                    loose.setdefault(RECORD if kind == CUSTOMER else kind, set()).update(ends)
        for kind, nodes in loose.items():
            self._close_loose(kind, nodes)
        self._nodes.stale.clear()
        self._relationships.stale.clear()
        self._ledger.changed.clear()
        if self._nodes.touched_records:
            fresh = self._nodes.touched_records & self._nodes.fresh_records.keys()
            before = sorted(self._nodes.touched_records - fresh)
            touched = fresh | self._nodes.find(self._layout.kinds[RECORD], before)
            self._nodes.touched_records.clear()
            alone = self._customers.own(touched)
            self._customers.refresh_of(record for record in touched if record not in alone)

    def _close_loose(self, kind: str, nodes: Iterable[str]) -> None:
        """Close those of these nodes that no record describes and no relationship touches."""
        table = self._layout.kinds[kind]
        wanted = sorted(nodes)
        rows = self._journal.ask(
            f"MATCH (n:{table.label}) WHERE n.key IN $keys AND NOT EXISTS {{ (n)<-[:{SAYS}]-() }} "
            f"RETURN {whole('n', 'key')} AS row",
            keys=[bound(key) for key in wanted],
        )
        undescribed = set(rows)
        if not undescribed:
            return
        touched = self._touched(kind, undescribed)
        self._nodes.empty(table, undescribed & touched)
        gone = sorted(undescribed - touched)
        customers = self._customers.release(gone) if kind == RECORD else []
        self._nodes.close(table, gone)
        self._customers.refresh(customers)

    def _touched(self, kind: str, nodes: set[str]) -> set[str]:
        """Return those nodes that open relationships touch."""
        table = self._layout.kinds[kind]
        keys = [bound(key) for key in sorted(nodes)]
        types = self._layout.types([t for t in self._layout.triples if t != RESOLVES_TO])
        touched = set(
            self._journal.ask(
                f"MATCH (n:{table.label}) WHERE n.key IN $keys AND EXISTS {{ (n)-[:{types}]-() }} "
                f"RETURN {whole('n', 'key')} AS row",
                keys=keys,
            )
        )
        if kind == RECORD:
            # A record is touched by what came to its customer by it.
            touched.update(
                self._journal.ask(
                    f"MATCH (n:{table.label})-[:{RESOLVES_TO.type}]->(c) WHERE n.key IN $keys "
                    f"WITH c, {whole('n', 'key')} AS key WHERE EXISTS {{ (c)-[r:{types}]->() "
                    f"WHERE r.via_start = key }} OR EXISTS {{ (c)<-[r:{types}]-() WHERE r.via_end = key }} "
                    "RETURN key AS row",
                    keys=keys,
                )
            )
        return touched
