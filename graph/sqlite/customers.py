"""Resolving source records to customers, and everything that follows from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby

from graph.model import Judgement
from graph.sqlite.ledger import IN_LIST, Ledger, as_list
from graph.sqlite.nodes import NodeWriter
from graph.sqlite.relationships import RelationshipWriter
from graph.sqlite.tables import Tables, quoted
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

IDENTITY = "identity"  # the source of judgements
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
            self.own(missing)
            known.update(self._of(missing))
        return [known[record] for record in records]

    def _of(self, records: Sequence[int]) -> dict[int, int]:
        rows = self._run(
            f'SELECT start, "end" FROM {self._links} WHERE start {IN_LIST} AND valid_to IS NULL',
            (as_list(list(records)),),
        )
        return dict(rows.fetchall())

    def own(self, records: Iterable[int]) -> set[int]:
        """Make each of these records that resolves to none a customer of its own; return those."""
        ids = list(records)
        known = self._of(ids)
        alone = {record for record in ids if record not in known}
        wanted = as_list(sorted(alone))
        names = "".join(", " + quoted(name) for name in self._customers.columns.names)
        taken = "".join(f", {quoted(n)} = excluded.{quoted(n)}" for n in self._customers.columns.names)
        self._run(
            f"INSERT INTO {self._customers.name} (key, source, run, valid_from{names}) "
            f"SELECT key, source, run, valid_from{names} FROM {self._records.name} WHERE id {IN_LIST} "
            "ORDER BY id ON CONFLICT (key) DO UPDATE SET source = excluded.source, run = excluded.run, "
            f"valid_from = excluded.valid_from, valid_to = NULL{taken}",
            (wanted,),
        )
        self._run(
            f'INSERT OR REPLACE INTO {self._links} (start, "end", slot, record, valid_from, run, '
            "probability, rule, decided_by) "
            "SELECT r.id, c.id, '', ?, ?, ?, ?, ?, ? "
            f"FROM {self._records.name} r JOIN {self._customers.name} c ON c.key = r.key "
            f"WHERE r.id {IN_LIST}",
            (
                self._link_record(),
                self._ledger.now,
                self._ledger.run,
                *(OWN.probability, OWN.rule, OWN.decided_by),
                wanted,
            ),
        )
        return alone

    def assign(self, judgements: Sequence[Judgement]) -> None:
        """Resolve records to customers; what hangs on the records moves along."""
        record_keys = [j.record for j in judgements]
        records = self._nodes.ensure(self._records, IDENTITY, record_keys)
        customers = self._nodes.ensure(self._customers, IDENTITY, [j.customer for j in judgements])
        before = self._of(records)
        now, run, source = self._ledger.now, self._ledger.run, self._link_record()
        links, dirty = [], set(customers)
        for judgement, record, customer in zip(judgements, records, customers, strict=True):
            old = before.get(record)
            if old is not None and old != customer:
                dirty.add(old)
                for column in ("start", "end"):
                    self._relationships.move(column, record, old, customer)
                self._close_links([record])
            before[record] = customer
            sure = (judgement.probability, judgement.rule, judgement.decided_by)
            if old != customer:
                links.append((record, customer, source, now, run, *sure))
        self._run_many(
            f'INSERT OR REPLACE INTO {self._links} (start, "end", slot, record, valid_from, run, '
            "probability, rule, decided_by) VALUES (?, ?, '', ?, ?, ?, ?, ?, ?)",
            links,
        )
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
        """Merge the properties of customers from their records again; close those with none."""
        gone = set(customers)
        names = self._customers.columns.names
        rows = self._run(
            f'SELECT l."end", r.source, r.run, r.valid_from{self._customers.columns.select("r")} '
            f"FROM {self._links} l JOIN {self._records.name} r ON r.id = l.start "
            f'WHERE l."end" {IN_LIST} AND l.valid_to IS NULL AND r.valid_to IS NULL '
            'ORDER BY l."end", r.source, r.id',
            (as_list(sorted(gone)),),
        )
        merged = []
        for customer, group in groupby(rows.fetchall(), key=lambda row: row[0]):
            gone.discard(customer)
            said = list(group)
            values = (
                next((v for v in column if v is not None), None)
                for column in zip(*(row[4:] for row in said), strict=True)
            )
            merged.append((*said[0][1:4], *values, customer))
        assignments = "".join(f", {quoted(name)} = ?" for name in names)
        self._run_many(
            f"UPDATE {self._customers.name} SET source = ?, run = ?, valid_from = ?, valid_to = NULL"
            f"{assignments} WHERE id = ?",
            merged,
        )
        self._nodes.empty(self._customers, gone, close=True)
