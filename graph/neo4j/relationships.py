"""Writing relationships: contributions between nodes, found or made by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from graph.contributions import spell_slot
from graph.model import Columns, Move
from graph.neo4j.journal import Journal
from graph.neo4j.layout import Layout, TripleLayout, bound, whole
from graph.neo4j.ledger import Ledger
from schema.kinds import Triple
from schema.vocabulary import CUSTOMER

# A contribution: start, end (source records where they are customers), slot, record
Contribution = tuple[str, str, str, int]


class Said(NamedTuple):
    """What a changed record contributes: since when, the stored values, and where it lies."""

    since: int
    values: tuple[Any, ...]
    place: str


class Ends(NamedTuple):
    """The nodes at one end of some relationships, and these nodes as they were given."""

    nodes: Sequence[str]
    given: Sequence[str]


class RelationshipWriter:
    """Writes relationships; part of one transaction."""

    def __init__(self, journal: Journal, layout: Layout, ledger: Ledger) -> None:
        self._journal = journal
        self._layout = layout
        self._ledger = ledger
        self.stale: dict[Triple, dict[Contribution, Said]] = {}
        self._written: dict[Triple, set[Contribution]] = {}  # in this transaction

    def load_stale(self, records: Iterable[int]) -> None:
        """Note what changed records contribute so far."""
        ids = list(records)
        triples = [t for t in self._layout.triples.values() if t.triple.type in self._types_in_use()]
        if not triples:
            return
        parts = (
            f"MATCH (a:{t.start})-[r:{t.open}]->(b:{t.end}) USING INDEX r:{t.open}(record) "
            f"WHERE r.record IN $ids RETURN [{place}, coalesce(r.via_start, {whole('a', 'key')}), "
            f"coalesce(r.via_end, {whole('b', 'key')}), properties(r), elementId(r)] AS row"
            for place, t in enumerate(triples)
        )
        for place, start, end, properties, where in self._journal.ask(" UNION ALL ".join(parts), ids=ids):
            t = triples[place]
            said = Said(properties["valid_from"], t.values(properties), where)
            which = (start, end, properties.get("slot", ""), properties["record"])
            self.stale.setdefault(t.triple, {})[which] = said

    def _types_in_use(self) -> set[str]:
        counts = " UNION ALL ".join(
            f"MATCH ()-[r:`{name}`]->() RETURN ['{name}', count(r)] AS row"
            for name in self._layout.vocabulary.relationships
        )
        return {name for name, count in self._journal.ask(counts) if count}

    def upsert(
        self,
        table: TripleLayout,
        source: str,
        records: Sequence[str],
        starts: Ends,
        ends: Ends,
        columns: Columns,
    ) -> None:
        """Write relationships."""
        ids = self._ledger.ids(source, records)
        names = table.columns.names
        stored = table.columns.encode(columns, len(ids))
        slots: Sequence[str] = [""] * len(ids)
        if table.type.slot:
            slots = [spell_slot(value) for value in stored[names.index(table.type.slot)]]
        values = zip(*stored, strict=True) if stored else repeat((), len(ids))
        stale = self.stale.get(table.triple, {})
        written = self._written.setdefault(table.triple, set())
        fresh: dict[Contribution, dict[str, Any]] = {}
        replaced: list[Contribution] = []
        wrong: list[str] = []
        for start, end, first, last, slot, record, row in zip(
            starts.nodes, ends.nodes, starts.given, ends.given, slots, ids, values, strict=True
        ):
            which = (first, last, slot, record)
            if before := stale.get(which):
                if before.values == row:
                    del stale[which]
                    continue
                if before.since == self._ledger.now:  # said otherwise in this very run
                    wrong.append(stale.pop(which).place)
            if which in written:
                replaced.append(which)
            properties = dict(zip(names, row, strict=True))
            fresh[which] = self._row(table, source, which, (start, end), properties)
        self._delete(wrong)
        self._replace(table, replaced)
        written.update(fresh)
        self._create(table, fresh.values())

    def _row(
        self,
        table: TripleLayout,
        source: str,
        which: Contribution,
        ends: tuple[str, str],
        values: dict[str, Any],
    ) -> dict[str, Any]:
        """Return a contribution as it is created: both ends, and the properties."""
        start, end, slot, record = which
        _, run, now = self._ledger.told(source)
        values |= {"record": record, "source": source, "run": run, "valid_from": now}
        if table.type.slot:
            values["slot"] = slot
        for name in table.via:
            values[name] = start if name == "via_start" else end
        return {"a": bound(ends[0]), "b": bound(ends[1]), "r": values}

    def _create(self, table: TripleLayout, rows: Iterable[dict[str, Any]], type_: str = "") -> None:
        self._journal.write_rows(
            f"MATCH (a:{table.start} {{key: row.a}}) MATCH (b:{table.end} {{key: row.b}}) "
            f"CREATE (a)-[r:{type_ or table.open}]->(b) SET r = row.r",
            rows,
        )

    def _replace(self, table: TripleLayout, which: Sequence[Contribution]) -> None:
        """Delete what was written in this transaction and is to be written otherwise."""
        self._journal.write_rows(
            f"MATCH (a:{table.start})-[r:{table.open}]->(b:{table.end}) USING INDEX r:{table.open}(record) "
            "WHERE r.record = row[3] AND r.valid_from = $now AND coalesce(r.slot, '') = row[2] "
            f"AND coalesce(r.via_start, {whole('a', 'key')}) = row[0] "
            f"AND coalesce(r.via_end, {whole('b', 'key')}) = row[1] DELETE r",
            list(dict.fromkeys(which)),
            now=self._ledger.now,
        )

    def _delete(self, places: Sequence[str]) -> None:
        if places:
            self._journal.write("MATCH ()-[r]->() WHERE elementId(r) IN $places DELETE r", places=places)

    def close(self, table: TripleLayout, places: Sequence[str]) -> None:
        """Close contributions, given by where they lie."""
        if not places:
            return
        rows = self._journal.ask(
            "MATCH (a)-[r]->(b) WHERE elementId(r) IN $places "
            "RETURN [elementId(r), elementId(a), elementId(b), properties(r)] AS row",
            places=places,
        )
        self._journal.retype(rows, table.closed, self._ledger.now)

    def redirect(self, table: TripleLayout, moves: Sequence[Move]) -> int:
        """Give open relationships another end; count them."""
        moved = 0
        names, now = table.columns.names, self._ledger.now
        for move in moves:
            slot = ""
            if table.type.slot:
                stored = table.columns.encode({table.type.slot: [move.slot]}, 1)
                slot = spell_slot(stored[names.index(table.type.slot)][0])
            given = {name: [value] for name, value in move.properties.items()}
            told = dict(zip(names, (c[0] for c in table.columns.encode(given, 1)), strict=True))
            rows = self._journal.ask(
                f"MATCH (a:{table.start} {{key: $start}})-[r:{table.open}]->(b:{table.end} {{key: $end}}) "
                "WHERE coalesce(r.slot, '') = $slot RETURN [elementId(r), properties(r)] AS row",
                start=bound(move.start),
                end=bound(move.end),
                slot=slot,
            )
            self._delete([place for place, said in rows if said["valid_from"] == now])
            self.close(table, [place for place, said in rows if said["valid_from"] != now])
            fresh = []
            for _, said in rows:
                which = (move.start, move.to, slot, said["record"])
                kept = {n: told[n] if n in move.properties else said.get(n) for n in names}
                self._replace(table, [which])
                fresh.append(self._row(table, said["source"], which, (move.start, move.to), kept))
            self._create(table, fresh)
            moved += bool(rows)
        return moved

    def move(self, moves: Sequence[tuple[str, str, str]]) -> None:
        """Give customer ends that came by source records, as (record, old, new), to other customers."""
        rows = [(record, bound(old), bound(new)) for record, old, new in moves]
        customer = f"`{self._layout.prefix}{CUSTOMER}`"
        for table in self._layout.triples.values():
            for column, pattern, made in (
                ("via_start", "(c)-[r:{}]->(o)", "(d)-[q:{}]->(o)"),
                ("via_end", "(o)-[r:{}]->(c)", "(o)-[q:{}]->(d)"),
            ):
                if column not in table.via:
                    continue
                for type_ in (table.open, table.closed):
                    self._journal.write_rows(
                        f"MATCH (c:{customer} {{key: row[1]}}) MATCH (d:{customer} {{key: row[2]}}) "
                        f"MATCH {pattern.format(type_)} WHERE r.{column} = row[0] AND "
                        f"o:{table.end if column == 'via_start' else table.start}|{self._layout.closed} "
                        f"CREATE {made.format(type_)} SET q = properties(r) DELETE r",
                        rows,
                    )
