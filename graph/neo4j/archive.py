"""All that a graph on Neo4j keeps, row by row, for copies, backups and exports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Any

from graph.archive import COPY, ROWS_AT_ONCE, Part, Row
from graph.neo4j.journal import Journal
from graph.neo4j.layout import (
    SAID,
    SAYS,
    SOURCE_BITS,
    KindLayout,
    Layout,
    TripleLayout,
    bound,
    reference,
    whole,
)
from graph.neo4j.rows import COLUMNS, LABELS, entry, link_properties, node_properties
from graph.neo4j.server import Stream

NUMBER = 2**SOURCE_BITS - 1  # the part of a record's number that is its own


class Neo4jArchive:
    """See `graph.archive.Archive`."""

    def __init__(
        self,
        stream: Callable[[], AbstractContextManager[Stream]],
        write: Callable[[], AbstractContextManager[Journal]],
        layout: Layout,
    ) -> None:
        self._begin = stream
        self._write = write
        self._layout = layout
        self._stream: Stream | None = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep what is read at one state, while the block runs."""
        with self._begin() as stream:
            self._stream = stream
            try:
                yield
            finally:
                self._stream = None

    def rows(self, part: Part) -> Iterator[list[Row]]:
        """Yield the rows of a part, some at a time."""
        if self._stream is None:
            with self.reading():
                yield from self.rows(part)
            return
        found = self._rows(self._stream, part)
        while some := list(islice(found, ROWS_AT_ONCE)):
            yield some

    def _rows(self, stream: Stream, part: Part) -> Iterator[Row]:
        if part.sort == "node":
            yield from self._nodes(stream, self._layout.kinds[part.of])
        elif part.sort == "fact":
            yield from self._facts(stream, self._layout.kinds[part.of])
        elif part.sort == "link":
            yield from self._links(stream, self._triple(part))
        elif part.sort == "source":
            for [sources] in stream(
                "MATCH (m:_Motivo {graph: $graph}) RETURN coalesce(m.sources, [])", graph=self._layout.graph
            ):
                yield from ([rank, name] for rank, name in enumerate(sources, 1))
        else:
            label = self._layout.of_ledger(LABELS[part.sort])
            names = [f"l.{name}" for name in COLUMNS[part.sort]]
            if part.sort == "record":
                names[0] = f"l.id % {NUMBER + 1}"
            yield from map(list, stream(f"MATCH (l:{label}) RETURN {', '.join(names)}"))

    def _triple(self, part: Part) -> TripleLayout:
        return next(table for triple, table in self._layout.triples.items() if str(triple) == part.of)

    def _nodes(self, stream: Stream, table: KindLayout) -> Iterator[Row]:
        for match in (f"(n:{table.label})", f"(n:{self._layout.closed} {{kind: $kind}})"):
            for (n,) in stream(f"MATCH {match} RETURN n{{.*, _words: null}}", kind=table.kind.name):
                values = zip(table.columns.names, table.read(n), strict=True)
                said = {name: value for name, value in values if value is not None}
                key = n.get("_long_key") or n["key"]
                yield [key, n["source"], n["run"], n["valid_from"], n.get("valid_to"), said]

    def _facts(self, stream: Stream, table: KindLayout) -> Iterator[Row]:
        for label, condition in (
            (table.label, "true"),
            (self._layout.closed, "n.kind = $kind"),
        ):
            yield from map(
                list,
                stream(
                    f"MATCH (n:{label}) USING SCAN n:{label} WHERE {condition} "
                    f"MATCH (n)<-[f:{SAYS}|{SAID}]-(c) RETURN {whole('n', 'key')}, c.source, "
                    f"c.id % {NUMBER + 1}, c.key, f.valid_from, f.valid_to, f.run, f.data",
                    kind=table.kind.name,
                ),
            )

    def _links(self, stream: Stream, t: TripleLayout) -> Iterator[Row]:
        for (start_label, start), (end_label, end) in (
            (one, other) for one in self._ends(t, t.start) for other in self._ends(t, t.end)
        ):
            types = t.open if (start_label, end_label) == (t.start, t.end) else ""
            rows = stream(
                f"MATCH (a:{start_label}) USING SCAN a:{start_label} WHERE {start.format('a')} "
                f"MATCH (a)-[r:{types}{'|' if types else ''}{t.closed}]->(b:{end_label}) "
                f"WHERE {end.format('b')} RETURN {whole('a', 'key')}, {whole('b', 'key')}, properties(r)",
                first=t.triple.start,
                last=t.triple.end,
            )
            for first, last, r in rows:
                values = zip(t.columns.names, t.values(r), strict=True)
                said = {name: value for name, value in values if value is not None}
                rank, number = r["record"] >> SOURCE_BITS, r["record"] & NUMBER
                told = [r.get(name) for name in ("valid_from", "valid_to", "run", "via_start", "via_end")]
                yield [first, last, r.get("slot", ""), rank, number, *told, said]

    def _ends(self, t: TripleLayout, label: str) -> list[tuple[str, str]]:
        """Return where an end may lie, open or closed: label and condition."""
        given = "$first" if label is t.start else "$last"
        return [(label, "true"), (self._layout.closed, f"{{}}.kind = {given}")]

    def load(self, part: Part, rows: Sequence[Row], progress: Any) -> None:
        """Write rows of a part, and keep the setting `copy` with them, in one transaction."""
        with self._write() as journal:
            if part.sort == "node":
                self._load_nodes(journal, self._layout.kinds[part.of], rows)
            elif part.sort == "fact":
                self._load_facts(journal, self._layout.kinds[part.of], rows)
            elif part.sort == "link":
                self._load_links(journal, self._triple(part), rows)
            elif part.sort == "source":
                journal.graph.setdefault("sources", []).extend(name for _, name in rows)
                self._note(journal, sources=journal.graph["sources"])
            else:
                self._load_ledger(journal, part, rows)
            kept = {"ref": reference("setting", COPY), "name": COPY, "value": json.dumps(progress)}
            journal.write(
                f"MERGE (l:{self._layout.ledger} {{ref: $row.ref}}) "
                f"SET l = $row, l:{self._layout.of_ledger('_Setting')}",
                row=kept,
            )

    def _note(self, journal: Journal, **values: Any) -> None:
        journal.write(
            "MATCH (m:_Motivo {graph: $graph}) SET m += $values", graph=self._layout.graph, values=values
        )

    def _load_ledger(self, journal: Journal, part: Part, rows: Sequence[Row]) -> None:
        made = [entry(part.sort, row, journal.graph.get("sources", ())) for row in rows]
        label = f"{self._layout.ledger}:{self._layout.of_ledger(LABELS[part.sort])}"
        journal.write_rows(f"CREATE (l:{label}) SET l = row", made)
        latest = {"record": "records", "rejected": "rejected", "decision": "decisions", "run": "runs"}
        if part.sort in latest:
            highest = max(row[0] for row in rows)
            self._note(journal, **{latest[part.sort]: max(highest, journal.graph.get(latest[part.sort], 0))})
        if part.sort == "run":
            self._note(journal, started=max(row[1] for row in rows))

    def _load_nodes(self, journal: Journal, table: KindLayout, rows: Sequence[Row]) -> None:
        made = [(node_properties(self._layout, table, row), row[4] is None) for row in rows]
        for label, is_open in ((table.label, True), (self._layout.closed, False)):
            journal.write_rows(f"CREATE (n:{label}) SET n = row", [n for n, o in made if o is is_open])

    def _load_facts(self, journal: Journal, table: KindLayout, rows: Sequence[Row]) -> None:
        kind = table.kind.name
        made: list[dict[str, Any]] = [
            {
                "c": reference("record", rank, record),
                "n": bound(key),
                "w": self._layout.was(kind, key),
                "f": {"valid_from": since, "valid_to": until, "run": run, "data": data},
            }
            for key, rank, _, record, since, until, run, data in rows
        ]
        match = f"MATCH (c:{self._layout.ledger} {{ref: row.c}})"
        journal.write_rows(
            f"{match} MATCH (n:{table.label} {{key: row.n}}) CREATE (c)-[f:{SAYS}]->(n) SET f = row.f",
            [row for row in made if row["f"]["valid_to"] is None],
        )
        journal.write_rows(
            f"{match} {self._either('n', table.label, 'row.n', 'row.w')} "
            f"CREATE (c)-[f:{SAID}]->(n) SET f = row.f",
            [row for row in made if row["f"]["valid_to"] is not None],
        )

    def _either(self, name: str, label: str, key: str, was: str) -> str:
        """Return the Cypher that finds a node, be it open or closed."""
        return (
            f"CALL (row) {{ MATCH ({name}:{label} {{key: {key}}}) RETURN {name} "
            f"UNION MATCH ({name}:{self._layout.closed} {{ref: {was}}}) RETURN {name} }}"
        )

    def _load_links(self, journal: Journal, t: TripleLayout, rows: Sequence[Row]) -> None:
        sources = journal.graph["sources"]
        made: list[dict[str, Any]] = [
            {
                "a": bound(row[0]),
                "b": bound(row[1]),
                "x": self._layout.was(t.triple.start, row[0]),
                "y": self._layout.was(t.triple.end, row[1]),
                "r": link_properties(t, sources, row),
            }
            for row in rows
        ]
        journal.write_rows(
            f"MATCH (a:{t.start} {{key: row.a}}) MATCH (b:{t.end} {{key: row.b}}) "
            f"CREATE (a)-[r:{t.open}]->(b) SET r = row.r",
            [row for row in made if row["r"].get("valid_to") is None],
        )
        journal.write_rows(
            f"{self._either('a', t.start, 'row.a', 'row.x')} {self._either('b', t.end, 'row.b', 'row.y')} "
            f"CREATE (a)-[r:{t.closed}]->(b) SET r = row.r",
            [row for row in made if row["r"].get("valid_to") is not None],
        )
