"""Writing nodes: contributions, and the merged node that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import Any

import orjson

from graph.contributions import adds, spell_facts
from graph.model import Columns
from graph.neo4j.journal import Journal
from graph.neo4j.layout import ARRIVAL, SAID, SAYS, KindLayout, Layout, bound, whole
from graph.neo4j.ledger import Ledger
from schema.vocabulary import RECORD

Fact = tuple[str, int]  # key of the node, record


class NodeWriter:
    """Writes nodes; part of one transaction."""

    def __init__(self, journal: Journal, layout: Layout, ledger: Ledger) -> None:
        self._journal = journal
        self._layout = layout
        self._ledger = ledger
        # kind -> keys of nodes met in this transaction, all open: rows name the same ones often
        self._met: dict[str, set[str]] = {}
        self._said: dict[str, set[Fact]] = {}  # what was said in this transaction, by kind
        # kind -> what changed records contribute, until they say it again -> valid_from, data
        self.stale: dict[str, dict[Fact, tuple[int, str]]] = {}
        self.touched_records: set[str] = set()
        # properties of source records made in this transaction, of which customers are made
        self.fresh_records: dict[str, tuple[tuple[str, int, int], dict[str, Any]]] = {}
        self._any_closed: bool | None = None

    def load_stale(self, records: Iterable[int]) -> None:
        """Note what changed records contribute so far."""
        rows = self._journal.ask(
            f"MATCH (c:{self._layout.ledger})-[f:{SAYS}]->(n) WHERE c.ref IN $refs "
            f"RETURN [labels(n)[0], {whole('n', 'key')}, c.id, f.valid_from, f.data] AS row",
            refs=[self._ledger.ref(record) for record in records],
        )
        for label, key, record, since, data in rows:
            self.stale.setdefault(self._layout.kind_of(label), {})[key, record] = (since, data)

    def upsert(
        self, table: KindLayout, source: str, records: Sequence[str], keys: Sequence[str], columns: Columns
    ) -> None:
        """Write what records say of nodes."""
        kind = table.kind.name
        stored = table.columns.encode(columns, len(keys))
        names = table.columns.names
        rows = zip(*stored, strict=True) if stored else repeat((), len(keys))
        told, rank = self._ledger.told(source), self._ledger.source(source)
        stale, changed = self.stale.get(kind, {}), self._ledger.changed
        spelled = spell_facts([(n, c) for n, c in zip(names, stored, strict=True) if n in columns], len(keys))
        said_before = self._said.setdefault(kind, set())
        held = self._find_held(table, keys, rank, told)
        last = self._ledger.is_last(source)
        ids = self._ledger.ids(source, records)
        fresh: dict[Fact, dict[str, Any]] = {}
        facts: dict[Fact, str] = {}
        again: dict[Fact, str] = {}
        superseded, merge = [], set()
        for key, record, row, data in zip(keys, ids, rows, spelled, strict=True):
            fact = (key, record)
            if key in held:
                if record in changed or fact in said_before or adds(row, held[key], last=last):
                    merge.add(key)
            else:
                held[key] = row
                fresh[fact] = dict(zip(names, row, strict=True))
            repeated = fact in said_before
            said_before.add(fact)
            if stale:
                since, before = stale.pop(fact, (0, ""))
                if before == data:
                    continue
                if before and since == told[2]:
                    repeated = True
                elif before:
                    superseded.append((*fact, since))
            (again if repeated and fact not in facts else facts)[fact] = data
        self._create(table, told, fresh, facts)
        self._change_facts(table, again)
        self.close_facts(table, superseded)
        self._met.setdefault(kind, set()).update(held)
        if kind == RECORD:
            self.touched_records.update(held)
            self.fresh_records.update((key, (told, said)) for (key, _), said in fresh.items())
        self.refresh(table, merge)

    def _create(
        self,
        table: KindLayout,
        told: tuple[str, int, int],
        fresh: dict[Fact, dict[str, Any]],
        facts: dict[Fact, str],
    ) -> None:
        """Make new nodes with their first contribution, then enter the other contributions."""
        says = f"CREATE (c)-[:{SAYS} {{run: $run, valid_from: $now, data: row.d}}]->(n)"
        _, run, now = told
        refs = self._ledger.ref
        made = self._ledger.arrive([table.write(key, told, said) for (key, _), said in fresh.items()])
        self._journal.write_rows(
            f"MATCH (c:{self._layout.ledger} {{ref: row.c}}) CREATE (n:{table.label}) SET n = row.n {says}",
            [
                {"c": refs(fact[1]), "n": properties, "d": facts.pop(fact)}
                for fact, properties in zip(fresh, made, strict=True)
            ],
            run=run,
            now=now,
        )
        self._journal.write_rows(
            f"MATCH (c:{self._layout.ledger} {{ref: row.c}}) MATCH (n:{table.label} {{key: row.n}}) {says}",
            [{"c": refs(record), "n": bound(key), "d": data} for (key, record), data in facts.items()],
            run=run,
            now=now,
        )

    def _change_facts(self, table: KindLayout, facts: dict[Fact, str]) -> None:
        """Change what records said earlier in this run."""
        self._journal.write_rows(
            f"MATCH (c:{self._layout.ledger} {{ref: row[0]}}) MATCH (n:{table.label} {{key: row[1]}}) "
            f"MATCH (c)-[f:{SAYS}]->(n) SET f.data = row[2]",
            [(self._ledger.ref(record), bound(key), data) for (key, record), data in facts.items()],
        )

    def _find_held(
        self, table: KindLayout, keys: Sequence[str], rank: int, told: tuple[str, int, int]
    ) -> dict[str, tuple[Any, ...] | None]:
        """Return the values of the nodes that there are, by key; those that were are opened again.

        No values where the next contribution of a source of this rank is to be merged in any case.
        """
        wanted = list(dict.fromkeys(keys))
        rows = self._journal.ask(
            f"MATCH (n:{table.label}) WHERE n.key IN $keys "
            f"RETURN [n{{.*, _words: null}}, EXISTS {{ (n)<-[:{SAYS}]-() }}] AS row",
            keys=[bound(key) for key in wanted],
        )
        held: dict[str, tuple[Any, ...] | None] = {}
        ranks = {name: place for place, name in enumerate(self._ledger.sources, 1)}
        for properties, described in rows:
            key = properties.get("_long_key") or properties["key"]
            stands = described and ranks[properties["source"]] <= rank
            held[key] = tuple(table.read(properties)) if stands else None
        held.update(dict.fromkeys(self.reopen(table, [k for k in wanted if k not in held], told)))
        return held

    def reopen(self, table: KindLayout, keys: Sequence[str], told: tuple[str, int, int]) -> list[str]:
        """Open those of these nodes that are closed, without properties; return them."""
        if self._any_closed is None:
            found = self._journal.ask(f"MATCH (n:{self._layout.closed}) RETURN count(n) AS row")
            self._any_closed = found[0] > 0
        if not self._any_closed or not keys:
            return []
        rows: list[str] = self._journal.ask(
            f"MATCH (n:{self._layout.closed}) WHERE n.ref IN $refs RETURN {whole('n', 'key')} AS row",
            refs=[self._layout.was(table.kind.name, key) for key in keys],
        )
        opened = self._ledger.arrive([table.write(key, told, {}) for key in rows])
        self._journal.write_rows(
            f"MATCH (n:{self._layout.closed} {{ref: row[0]}}) "
            f"REMOVE n:{self._layout.closed} SET n:{table.label}, n = row[1]",
            [(self._layout.was(table.kind.name, key), n) for key, n in zip(rows, opened, strict=True)],
        )
        return rows

    def find(self, table: KindLayout, keys: Sequence[str]) -> set[str]:
        """Return those keys whose nodes are there."""
        if not keys:
            return set()
        known = {bound(key): key for key in keys}
        rows = self._journal.ask(
            f"MATCH (n:{table.label}) WHERE n.key IN $keys RETURN n.key AS row", keys=list(known)
        )
        return {known[row] for row in rows}

    def ensure(self, table: KindLayout, source: str, keys: Sequence[str]) -> None:
        """Make nodes, or open them again, where they are not there."""
        told = self._ledger.told(source)
        met = self._met.setdefault(table.kind.name, set())
        wanted = [key for key in dict.fromkeys(keys) if key not in met]
        if not wanted:
            return
        there = self.find(table, wanted)
        missing = [key for key in wanted if key not in there]
        opened = set(self.reopen(table, missing, told))
        fresh = [key for key in missing if key not in opened]
        self._journal.write_rows(
            f"CREATE (n:{table.label}) SET n = row",
            self._ledger.arrive([table.write(key, told, {}) for key in fresh]),
        )
        met.update(wanted)
        if table.kind.name == RECORD:
            self.touched_records.update(missing)
            self.fresh_records.update((key, (told, {})) for key in fresh)

    def refresh(self, table: KindLayout, nodes: Iterable[str]) -> set[str]:
        """Merge the open contributions to nodes again; return the nodes that have none."""
        wanted = set(nodes)
        if not wanted:
            return set()
        rows = self._journal.ask(
            f"MATCH (n:{table.label})<-[f:{SAYS}]-(c) WHERE n.key IN $keys "
            f"RETURN [{whole('n', 'key')}, c.id, f.run, f.valid_from, f.data] AS row",
            keys=[bound(key) for key in sorted(wanted)],
        )
        return wanted - self.merge(table, sorted(rows, key=lambda row: (row[0], row[1])))

    def merge(self, table: KindLayout, facts: Iterable[Sequence[Any]]) -> set[str]:
        """Write nodes merged from (node, record, run, valid_from, data), by node and rank; return them."""
        merged = {}
        for key, group in groupby(facts, key=lambda row: row[0]):
            said = list(group)
            values: dict[str, Any] = {}
            for row in said:
                values = {**orjson.loads(row[4]), **values}
            _, record, run, since, _ = said[0][:5]
            known = {name: values.get(name) for name in table.columns.names}
            merged[key] = table.write(key, (self._ledger.source_of(record), run, since), known)
            self.fresh_records.pop(key, None)
        match = f"MATCH (n:{table.label} {{key: row.key}})"
        self._journal.write_rows(f"{match} {table.replace}", merged.values())
        return set(merged)

    def empty(self, table: KindLayout, nodes: Iterable[str]) -> None:
        """Take the properties off nodes that no record describes any more."""
        self._journal.write_rows(
            f"MATCH (n:{table.label} {{key: row}}) SET n = {{key: n.key, _long_key: n._long_key, "
            f"source: n.source, run: n.run, valid_from: n.valid_from, {ARRIVAL}: n.{ARRIVAL}}}",
            [bound(key) for key in nodes],
        )

    def close(self, table: KindLayout, nodes: Iterable[str]) -> None:
        """Close nodes that no record describes and nothing touches any more."""
        gone = list(nodes)
        if not gone:
            return
        self._met.pop(table.kind.name, None)
        self._any_closed = True
        self._journal.write_rows(
            f"MATCH (n:{table.label} {{key: row.key}}) REMOVE n:{table.label} SET n:{self._layout.closed}, "
            "n = {key: n.key, _long_key: n._long_key, source: n.source, run: n.run, "
            "valid_from: n.valid_from, valid_to: $now, kind: $kind, ref: row.ref}",
            [{"key": bound(key), "ref": self._layout.was(table.kind.name, key)} for key in gone],
            now=self._ledger.now,
            kind=table.kind.name,
        )
        for key in gone:
            self.fresh_records.pop(key, None)

    def close_facts(self, table: KindLayout, facts: Iterable[tuple[str, int, int]]) -> None:
        """Close contributions, given as (node, record, valid_from)."""
        said = [(self._ledger.ref(record), bound(key), since) for key, record, since in facts]
        if not said:
            return
        rows = self._journal.ask(
            f"UNWIND $said AS row MATCH (c:{self._layout.ledger} {{ref: row[0]}}) "
            f"MATCH (n:{table.label} {{key: row[1]}}) "
            f"MATCH (c)-[f:{SAYS}]->(n) WHERE f.valid_from = row[2] "
            "RETURN [elementId(f), elementId(c), elementId(n), properties(f)] AS row",
            said=said,
        )
        self._journal.retype(rows, SAID, self._ledger.now)
