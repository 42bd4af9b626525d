"""The Neo4j store: the graph on a server, its definitions, its vocabulary."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graph.neo4j.address import parse_address
from graph.neo4j.archive import Neo4jArchive
from graph.neo4j.definitions import (
    SHOW,
    define,
    define_search,
    find_missing,
    search_index,
    searchable_labels,
)
from graph.neo4j.failures import store_errors
from graph.neo4j.gaps import Gaps
from graph.neo4j.interruption import Interruption
from graph.neo4j.journal import Journal
from graph.neo4j.layout import FORMAT, KindLayout, Layout, quoted
from graph.neo4j.reader import Neo4jReader
from graph.neo4j.server import Server, Stream
from graph.neo4j.transaction import Neo4jTransaction
from schema.errors import StoreError, UsageError
from schema.vocabulary import Vocabulary, core_vocabulary

AWAIT_SECONDS = 3600  # how long an index over what is there already may take


class Neo4jStore:
    """A graph on a Neo4j server: one writer at a time, any number of readers."""

    is_embedded = False

    def __init__(
        self, url: str, vocabulary: Vocabulary | None = None, *, create: bool = True, password: str = ""
    ) -> None:
        address = parse_address(url, password)
        self.url = parse_address(url).full_url
        self._shown = address.url
        self._graph = address.graph
        self._lock = threading.RLock()
        self._writing = False  # whether a thread that has the lock is in a transaction
        with store_errors(self._shown):
            self._server = Server(address)
        self._gaps = Gaps(self._server)
        try:
            with store_errors(self._shown):
                self._server.greet()
                held = self._held()
                if held is None and not create:
                    raise StoreError(
                        f"there is no graph at {self._shown}",
                        hint="make one with 'motivo ingest', or name another at the end of the URL (?graph=)",
                    )
                self._layout = Layout(held or core_vocabulary(), self._graph)
                self._check(create=create, there=held is not None)
            self.declare(vocabulary or Vocabulary())
        except BaseException:
            self._server.close()
            raise

    def _held(self) -> Vocabulary | None:
        """Return the vocabulary of the graph, None where there is no graph yet."""
        rows = self._server.ask(
            "MATCH (m:_Motivo {graph: $graph}) RETURN [m.format, m.vocabulary] AS row", graph=self._graph
        )
        if not rows:
            return None
        format_, vocabulary = rows[0]
        if format_ > FORMAT:
            raise StoreError(
                f"{self._shown} was written by a newer Motivo (format {format_})", hint="update Motivo"
            )
        return Vocabulary().extend(json.loads(vocabulary))

    def _check(self, *, create: bool, there: bool) -> None:
        """See that the graph has its constraints and indexes; with `create`, make what is missing."""
        missing = find_missing(self._server.read, self._layout)
        if missing and not create:
            raise StoreError(
                f"{self._shown}: {missing[0]} is missing",
                hint="run 'motivo ingest' again, which makes it",
            )
        if missing or not there:
            self._define(self._layout)
        if not there:
            self._server.change(
                "MERGE (m:_Motivo {graph: $graph}) "
                "ON CREATE SET m.format = $format, m.vocabulary = $vocabulary "
                "MERGE (g:_Gate {graph: $graph}) ON CREATE SET g.state = 0",
                graph=self._graph,
                format=FORMAT,
                vocabulary=json.dumps(self._layout.vocabulary.to_dict()),
            )

    def _define(self, layout: Layout) -> None:
        """Make the constraints and indexes of a vocabulary, where they are not there."""
        change = self._server.change
        shown = {name: (state, on) for name, state, on in change(SHOW)}
        for definition in define(layout):
            if definition.name not in shown:
                change(definition.statement)
        held = set(shown.get(search_index(layout), ("", ()))[1] or ())
        labels = searchable_labels(layout)
        if labels and not held.issuperset(labels):
            if held:
                change(f"DROP INDEX {quoted(search_index(layout))} IF EXISTS")
            change(define_search(layout, sorted({*held, *labels})).statement)
        change(f"CALL db.awaitIndexes({AWAIT_SECONDS})")

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the store holds."""
        return self._layout.vocabulary

    def declare(self, vocabulary: Vocabulary) -> None:
        """Make room for a vocabulary; what the store holds already stays."""
        with store_errors(self._shown), self._lock:
            held = self._held() or self._layout.vocabulary
            layout = self._extended(held, vocabulary)
            if layout.vocabulary == held:
                self._layout = layout
                return
            self._define(layout)
            journal = Journal(self._server)
            try:
                held = Vocabulary().extend(json.loads(journal.graph["vocabulary"]))
                layout = self._extended(held, vocabulary)
                _spell_again(journal, Layout(held, self._graph), layout)
                journal.write(
                    "MATCH (m:_Motivo {graph: $graph}) SET m.vocabulary = $vocabulary",
                    graph=self._graph,
                    vocabulary=json.dumps(layout.vocabulary.to_dict()),
                )
                journal.commit()
            finally:
                journal.close()
            self._layout = layout

    def _extended(self, held: Vocabulary, vocabulary: Vocabulary) -> Layout:
        try:
            return Layout(held.extend(vocabulary.to_dict()), self._graph)
        except ValueError as error:
            raise UsageError(f"{self._shown} holds a different vocabulary: {error}") from None

    def reader(self) -> Neo4jReader:
        """Return a reader for this thread."""
        interruption = Interruption(self._server.end)
        return Neo4jReader(self._server.line(interruption), self._layout, interruption, self._gaps)

    @contextmanager
    def transaction(self) -> Iterator[Neo4jTransaction]:
        """Begin a change; it is kept when the block ends well, undone when it raises."""
        with self._lock, store_errors(self._shown):
            journal = Journal(self._server)
            self._writing = True
            try:
                transaction = Neo4jTransaction(journal, self._layout)
                yield transaction
                transaction.settle()
                journal.commit()
            finally:
                self._writing = False
                journal.close()

    def backup(self, path: Path) -> None:
        """Write a consistent copy, an SQLite store, while others read; who writes waits."""
        if path.exists():
            raise UsageError(f"{path} exists already", hint="name a new file")
        from graph.copying import copy_store
        from graph.sqlite.store import SqliteStore

        target = SqliteStore(path, self.vocabulary)
        try:
            copy_store(self, target)
        finally:
            target.close()

    def archive(self) -> Neo4jArchive:
        """Return what reads and writes all that is kept."""
        return Neo4jArchive(self._read_all, self._load, self._layout)

    @contextmanager
    def _read_all(self) -> Iterator[Stream]:
        with store_errors(self._shown), self._server.alone(locked=self._writing) as stream:
            yield stream

    @contextmanager
    def _load(self) -> Iterator[Journal]:
        with self._lock, store_errors(self._shown):
            journal = Journal(self._server)
            try:
                yield journal
                journal.commit()
            finally:
                journal.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()


def _spell_again(journal: Journal, old: Layout, new: Layout) -> None:
    """Write nodes anew whose properties are to be kept otherwise: searchable, or in an index."""
    for name, table in old.kinds.items():
        into = new.kinds[name]
        if (table.searchable, table.bounded) == (into.searchable, into.bounded):
            continue
        rows = journal.ask(f"MATCH (n:{table.label}) RETURN properties(n) AS row")
        journal.write_rows(
            f"MATCH (n:{table.label} {{key: row.key}}) {into.replace}",
            (_write_again(table, into, row) for row in rows),
        )


def _write_again(table: KindLayout, into: KindLayout, row: dict[str, Any]) -> dict[str, Any]:
    values = dict(zip(table.columns.names, table.read(row), strict=True))
    told = (row["source"], row["run"], row["valid_from"])
    return into.write(row.get("_long_key") or row["key"], told, values)


def open_neo4j(url: str, vocabulary: Vocabulary | None, *, create: bool, password: str) -> Neo4jStore:
    """Open the graph on a server; with `create`, make it where it is not there."""
    return Neo4jStore(url, vocabulary, create=create, password=password)
