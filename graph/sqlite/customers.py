"""Resolving source records to customers, and everything that follows from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from graph.contributions import IDENTITY
from graph.model import Judgement
from graph.sqlite.ledger import IN_LIST, Ledger, as_list
from graph.sqlite.nodes import NodeWriter
from graph.sqlite.relationships import RelationshipWriter
from graph.sqlite.tables import Tables, quoted
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

OWN = Judgement("", "")  # a record that matches no other is a customer of its own


class CustomerWriter:
    """Keeps records resolved to customers; part of one transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        tables: Tables,
        ledger: Ledger,
        nodes: NodeWriter,
        relationships: RelationshipWriter,
    ) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany
        self._ledger = ledger
        self._nodes = nodes
        self._relationships = relationships
        self._customers = tables.kinds[CUSTOMER]
        self._records = tables.kinds[RECORD]
        self._links = tables.triples[RESOLVES_TO].name
        self._judgement_record: int | None = None

    def _link_record(self) -> int:
        """Return the ledger's record of all judgements."""
        if self._judgement_record is None:
            self._ledger.upsert(IDENTITY, ["judgements"], [0])
            self._judgement_record = self._ledger.ids(IDENTITY, ["judgements"])[0]
        return self._judgement_record

    def resolve(self, records: Sequence[int]) -> list[int]:
        """Return the customers of these records; a record without one becomes its own."""
        known = self._of(records)
        missing = [record for record in dict.fromkeys(records) if record not in known]
        if missing:
            known.update(self.own(missing))
            # Made of their records as they are now: no need to merge them again at the end.
            self._nodes.touched_records.difference_update(missing)
        return [known[record] for record in records]

    def _of(self, records: Sequence[int]) -> dict[int, int]:
        rows = self._run(
            f'SELECT start, "end" FROM {self._links} WHERE start {IN_LIST} AND valid_to IS NULL',
            (as_list(list(records)),),
        )
        return dict(rows.fetchall())

    def own(self, records: Iterable[int]) -> dict[int, int]:
        """Make each of these records that resolves to none a customer of its own; return those."""
        ids = list(records)
        known = self._of(ids)
        alone = as_list(sorted(record for record in ids if record not in known))
        latest = self._run(f"SELECT coalesce(max(id), 0) FROM {self._customers.name}").fetchone()[0]
        names = "".join(", " + quoted(name) for name in self._customers.columns.names)
        taken = "".join(f", {quoted(n)} = excluded.{quoted(n)}" for n in self._customers.columns.names)
        self._run(
            f"INSERT INTO {self._customers.name} (key, source, run, valid_from{names}) "
            f"SELECT key, source, run, valid_from{names} FROM {self._records.name} WHERE id {IN_LIST} "
            "ORDER BY id ON CONFLICT (key) DO UPDATE SET source = excluded.source, run = excluded.run, "
            f"valid_from = excluded.valid_from, valid_to = NULL{taken}",
            (alone,),
        )
        owners = dict(
            self._run(
                f"SELECT r.id, c.id FROM {self._records.name} r "
                f"JOIN {self._customers.name} c ON c.key = r.key WHERE r.id {IN_LIST}",
                (alone,),
            ).fetchall()
        )
        self._link((record, customer, OWN) for record, customer in owners.items())
        self.refresh(customer for customer in owners.values() if customer <= latest)
        return owners

    def _link(self, links: Iterable[tuple[int, int, Judgement]]) -> None:
        """Enter what records resolve to."""
        told = (self._link_record(), self._ledger.now, self._ledger.run)
        self._run_many(
            f'INSERT OR REPLACE INTO {self._links} (start, "end", slot, record, valid_from, run, '
            "probability, rule, decided_by) VALUES (?, ?, '', ?, ?, ?, ?, ?, ?)",
            [(*ends, *told, j.probability, j.rule, j.decided_by) for *ends, j in links],
        )

    def assign(self, judgements: Sequence[Judgement]) -> None:
        """Resolve records to customers; what hangs on the records moves along."""
        record_keys = [j.record for j in judgements]
        records = self._nodes.ensure(self._records, IDENTITY, record_keys)
        customers = self._nodes.ensure(self._customers, IDENTITY, [j.customer for j in judgements])
        before = self._of(records)
        links, dirty = [], set(customers)
        for judgement, record, customer in zip(judgements, records, customers, strict=True):
            old = before.get(record)
            if old is not None and old != customer:
                dirty.add(old)
                for column in ("start", "end"):
                    self._relationships.move(column, record, old, customer)
                self._close_links([record])
            before[record] = customer
            if old != customer:
                links.append((record, customer, judgement))
        self._link(links)
        self.refresh(dirty)

    def _close_links(self, records: Sequence[int]) -> list[int]:
        rows = self._run(
            f"UPDATE {self._links} SET valid_to = ? WHERE start {IN_LIST} AND valid_to IS NULL "
            'RETURNING "end"',
            (self._ledger.now, as_list(list(records))),
        )
        return [row[0] for row in rows.fetchall()]

    def release(self, records: Sequence[int]) -> None:
        """Let go of records that are gone; a customer with none left goes too."""
        self.refresh(self._close_links(records))

    def refresh_of(self, records: Iterable[int]) -> None:
        """Merge the customers of these records again."""
        self.refresh(self._of(list(records)).values())

    def refresh(self, customers: Iterable[int]) -> None:
        """Merge customers from what is said of their records again; close those that have none."""
        dirty = set(customers)
        wanted = as_list(sorted(dirty))
        open_links = f'l."end" {IN_LIST} AND l.valid_to IS NULL'
        rows = self._run(
            'SELECT l."end", c.source, f.run, f.valid_from, f.data '
            f"FROM {self._links} l JOIN {self._records.facts} f ON f.node = l.start AND f.valid_to IS NULL "
            f"JOIN record c ON c.id = f.record JOIN {self._records.name} r ON r.id = l.start "
            f'WHERE {open_links} ORDER BY l."end", c.source, c.id, r.key',
            (wanted,),
        )
        undescribed = dirty - self._nodes.merge(self._customers, rows.fetchall())
        rows = self._run(
            f'SELECT l."end" FROM {self._links} l JOIN {self._records.name} r ON r.id = l.start '
            f"WHERE {open_links} AND r.valid_to IS NULL",
            (wanted,),
        )
        held = {row[0] for row in rows}
        self._nodes.empty(self._customers, undescribed & held, close=False)
        self._nodes.empty(self._customers, undescribed - held, close=True)
