"""Resolving source records to customers, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from graph.contributions import IDENTITY
from graph.model import Judgement
from graph.neo4j.journal import Journal
from graph.neo4j.layout import SAYS, Layout, bound, whole
from graph.neo4j.ledger import Ledger
from graph.neo4j.nodes import NodeWriter
from graph.neo4j.relationships import RelationshipWriter
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

OWN = Judgement("", "")  # a record that matches no other is a customer of its own


class CustomerWriter:
    """Keeps records resolved to customers; part of one transaction."""

    def __init__(
        self,
        journal: Journal,
        layout: Layout,
        ledger: Ledger,
        nodes: NodeWriter,
        relationships: RelationshipWriter,
    ) -> None:
        self._journal = journal
        self._layout = layout
        self._ledger = ledger
        self._nodes = nodes
        self._relationships = relationships
        self._customers = layout.kinds[CUSTOMER]
        self._records = layout.kinds[RECORD]
        self._links = layout.triples[RESOLVES_TO]
        self._judgement_record: int | None = None
        self._linked: dict[str, str] = {}  # what records resolve to, as far as this transaction has met them

    def _link_record(self) -> int:
        """Return the ledger's record of all judgements."""
        if self._judgement_record is None:
            self._ledger.upsert(IDENTITY, ["judgements"], [0])
            self._judgement_record = self._ledger.ids(IDENTITY, ["judgements"])[0]
        return self._judgement_record

    def resolve(self, records: Sequence[str]) -> list[str]:
        """Return the customers of these records; a record without one becomes its own."""
        known = self.find(records)
        missing = [record for record in dict.fromkeys(records) if record not in known]
        if missing:
            self._own(missing)
            known.update(zip(missing, missing, strict=True))
            # Made of their records as they are now: no need to merge them again at the end.
            self._nodes.touched_records.difference_update(missing)
        return [known[record] for record in records]

    def find(self, records: Iterable[str]) -> dict[str, str]:
        """Return the customers of records; what this transaction has met or made is known."""
        known, left = {}, []
        for record in dict.fromkeys(records):
            if record in self._linked:
                known[record] = self._linked[record]
            elif record not in self._nodes.fresh_records:
                left.append(bound(record))
        if left:
            rows = self._journal.ask(
                f"MATCH (r:{self._records.label})-[:{self._links.open}]->(c:{self._customers.label}) "
                f"WHERE r.key IN $keys RETURN [{whole('r', 'key')}, {whole('c', 'key')}] AS row",
                keys=left,
            )
            known.update(rows)
            self._linked.update(rows)
        return known

    def own(self, records: Iterable[str]) -> set[str]:
        """Make each of these records that resolves to none a customer of its own; return those."""
        wanted = sorted(records)
        known = self.find(wanted)
        alone = [record for record in wanted if record not in known]
        self._own(alone)
        return set(alone)

    def _own(self, alone: Sequence[str]) -> None:
        """Make records that resolve to none customers of their own."""
        if not alone:
            return
        told = self._ledger.told(IDENTITY)
        there = self._nodes.find(self._customers, alone)
        there.update(self._nodes.reopen(self._customers, [key for key in alone if key not in there], told))
        made = {key: self._customer(key, *said) for key, said in self._said(alone).items()}
        self._journal.write_rows(
            f"MATCH (n:{self._customers.label} {{key: row.key}}) {self._customers.replace}",
            [made[key] for key in there],
        )
        self._link([(key, key, OWN) for key in alone if key in there])
        self._journal.write_rows(
            f"MATCH (r:{self._records.label} {{key: row.n.key}}) CREATE (c:{self._customers.label}) "
            f"SET c = row.n CREATE (r)-[l:{self._links.open}]->(c) SET l = row.l",
            [
                {"n": n, "l": self._judged(OWN)}
                for n in self._ledger.arrive([made[key] for key in alone if key not in there])
            ],
        )
        self._linked.update((key, key) for key in alone)
        self.refresh(there)

    def _said(self, records: Sequence[str]) -> dict[str, tuple[tuple[str, int, int], dict[str, Any]]]:
        """Return of source records: source, run and valid_from, and their stored values."""
        fresh = self._nodes.fresh_records
        said = {key: fresh[key] for key in records if key in fresh}
        left = [bound(key) for key in records if key not in said]
        names = self._records.columns.names
        match = f"MATCH (r:{self._records.label}) WHERE r.key IN $keys"
        for row in self._journal.ask(f"{match} RETURN properties(r) AS row", keys=left) if left else ():
            told = (row["source"], row["run"], row["valid_from"])
            values = dict(zip(names, self._records.read(row), strict=True))
            said[row.get("_long_key") or row["key"]] = (told, values)
        return said

    def _customer(self, key: str, told: tuple[str, int, int], said: dict[str, Any]) -> dict[str, Any]:
        names = self._customers.columns.names
        return self._customers.write(key, told, {name: said.get(name) for name in names})

    def _judged(self, judgement: Judgement) -> dict[str, Any]:
        """Return the properties of what a record resolves to."""
        record = self._link_record()
        source, run, now = self._ledger.told(IDENTITY)
        return {
            "record": record,
            "source": source,
            "run": run,
            "valid_from": now,
            "probability": judgement.probability,
            "rule": judgement.rule,
            "decided_by": judgement.decided_by,
        }

    def _link(self, links: Sequence[tuple[str, str, Judgement]]) -> None:
        """Enter what records resolve to."""
        rows = [{"r": bound(r), "c": bound(c), "l": self._judged(j)} for r, c, j in links]
        self._linked.update((record, customer) for record, customer, _ in links)
        ends = (
            f"MATCH (r:{self._records.label} {{key: row.r}}) MATCH (c:{self._customers.label} {{key: row.c}})"
        )
        if not rows:
            return
        # What was judged and taken back in this very run is judged again.
        self._journal.write_rows(
            f"{ends} MATCH (r)-[w:{self._links.closed}]->(c) WHERE w.valid_from = row.l.valid_from DELETE w",
            rows,
        )
        self._journal.write_rows(f"{ends} CREATE (r)-[l:{self._links.open}]->(c) SET l = row.l", rows)

    def assign(self, judgements: Sequence[Judgement]) -> None:
        """Resolve records to customers; what hangs on the records moves along."""
        self._nodes.ensure(self._records, IDENTITY, [j.record for j in judgements])
        self._nodes.ensure(self._customers, IDENTITY, [j.customer for j in judgements])
        before = self.find(j.record for j in judgements)
        dirty = {j.customer for j in judgements}
        links: dict[str, tuple[str, str, Judgement]] = {}
        moves: list[tuple[str, str, str]] = []
        for judgement in judgements:
            record, customer = judgement.record, judgement.customer
            old = before.get(record)
            if old == customer:
                continue
            if record in links:  # told twice: the first is done before the second
                self._settle(links, moves)
                links, moves = {}, []
            if old is not None:
                dirty.add(old)
                moves.append((record, old, customer))
            before[record] = customer
            links[record] = (record, customer, judgement)
        self._settle(links, moves)
        self.refresh(dirty)

    def _settle(
        self, links: dict[str, tuple[str, str, Judgement]], moves: Sequence[tuple[str, str, str]]
    ) -> None:
        if moves:
            self._relationships.move(moves)
            self._close_links([record for record, _, _ in moves])
        self._link(list(links.values()))

    def _close_links(self, records: Sequence[str]) -> list[str]:
        """End what these records resolve to; return those customers."""
        for record in records:
            self._linked.pop(record, None)
        rows = self._journal.ask(
            f"MATCH (r:{self._records.label})-[l:{self._links.open}]->(c) WHERE r.key IN $keys "
            f"RETURN [elementId(l), elementId(r), elementId(c), properties(l), {whole('c', 'key')}] AS row",
            keys=[bound(record) for record in records],
        )
        self._journal.retype([row[:4] for row in rows], self._links.closed, self._ledger.now)
        return [row[4] for row in rows]

    def release(self, records: Sequence[str]) -> list[str]:
        """Let go of records that go; return their customers, to be refreshed when these have gone."""
        return self._close_links(records) if records else []

    def refresh_of(self, records: Iterable[str]) -> None:
        """Merge the customers of these records again."""
        self.refresh(self.find(records).values())

    def refresh(self, customers: Iterable[str]) -> None:
        """Merge customers from what is said of their records again; close those that have none."""
        dirty = sorted(set(customers))
        if not dirty:
            return
        keys = [bound(customer) for customer in dirty]
        linked = f"MATCH (c:{self._customers.label})<-[:{self._links.open}]-(r:{self._records.label})"
        rows = self._journal.ask(
            f"{linked}<-[f:{SAYS}]-(x) WHERE c.key IN $keys "
            f"RETURN [{whole('c', 'key')}, x.id, f.run, f.valid_from, f.data, {whole('r', 'key')}] AS row",
            keys=keys,
        )
        ordered = sorted(rows, key=lambda row: (row[0], row[1], row[5]))
        undescribed = set(dirty) - self._nodes.merge(self._customers, ordered)
        if undescribed:
            held = set(
                self._journal.ask(
                    f"{linked} WHERE c.key IN $keys RETURN DISTINCT {whole('c', 'key')} AS row", keys=keys
                )
            )
            self._nodes.empty(self._customers, undescribed & held)
            self._nodes.close(self._customers, undescribed - held)
