"""The SQLite store: the file, its connections, its vocabulary."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.sqlite.archive import SqliteArchive
from graph.sqlite.connection import Connection, connect, store_errors
from graph.sqlite.reader import SqliteReader
from graph.sqlite.tables import APPLICATION_ID, FORMAT, LEDGER, TRIGGERS, Tables, column, quoted
from graph.sqlite.transaction import SqliteTransaction
from schema.errors import StoreError, UsageError
from schema.vocabulary import Vocabulary, core_vocabulary


class SqliteStore:
    """A graph in one SQLite file (WAL): one writer, a reader a thread."""

    is_embedded = True

    def __init__(self, path: Path, vocabulary: Vocabulary | None = None, *, create: bool = True) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        self._lock = threading.Lock()
        if not create and not path.exists():
            raise StoreError(
                f"there is no store at {path}",
                hint="make one with 'motivo ingest' or 'motivo demo'",
            )
        with store_errors(self.url):
            if not path.exists() and path.parent.is_dir():
                path.touch(mode=0o600)  # it will hold personal data: for its owner only
            self._writer = self._connect(writing=True)
            self._prepare()
        self.declare(vocabulary or Vocabulary())

    def _connect(self, *, writing: bool) -> Connection:
        return connect(self.path, self.url, writing=writing)

    def _prepare(self) -> None:
        run = self._writer.execute
        application = run("PRAGMA application_id").fetchone()[0]
        found = run("PRAGMA user_version").fetchone()[0]
        if application not in (0, APPLICATION_ID) or (
            application == 0 and run("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        ):
            raise StoreError(f"{self.path} is an SQLite file, but no Motivo store", hint="name another file")
        if found > FORMAT:
            raise StoreError(
                f"{self.path} was written by a newer Motivo (format {found})", hint="update Motivo"
            )
        run("PRAGMA journal_mode = WAL")
        if found < FORMAT:  # a new file, or one that lacks tables of the ledger
            self._writer.executescript(
                f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; {LEDGER} COMMIT"
            )

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the store holds."""
        return self._tables.vocabulary

    def declare(self, vocabulary: Vocabulary) -> None:
        """Make room for a vocabulary; what the store holds already stays."""
        with store_errors(self.url), self._lock:
            row = self._writer.execute("SELECT value FROM setting WHERE name = 'vocabulary'").fetchone()
            held = Vocabulary().extend(json.loads(row[0])) if row else core_vocabulary()
            try:
                merged = held.extend(vocabulary.to_dict())
            except ValueError as error:
                raise UsageError(f"{self.url} holds a different vocabulary: {error}") from None
            self._tables = Tables(merged)
            current = self._writer.execute("PRAGMA user_version").fetchone()[0] == FORMAT
            if row and merged == held and current:
                return
            with self._keeping() as writer:
                self._make_tables()
                writer.execute(
                    "INSERT OR REPLACE INTO setting VALUES ('vocabulary', ?)",
                    (json.dumps(merged.to_dict()),),
                )
                writer.execute(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _keeping(self) -> Iterator[Connection]:
        """Keep what the block changes, under another version, or nothing if it raises."""
        writer = self._writer
        writer.execute("BEGIN IMMEDIATE")
        before = writer.total_changes
        try:
            yield writer
            if writer.total_changes != before:
                writer.execute("INSERT OR REPLACE INTO setting VALUES ('version', hex(randomblob(8)))")
            writer.execute("COMMIT")
        except BaseException:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
            writer.sources.clear()
            raise

    def _make_tables(self) -> None:
        run = self._writer.execute
        for statement in self._tables.ddl():
            run(statement)
        for table in self._tables.all():
            there = {row[1] for row in run(f"PRAGMA table_info({table.name})")}
            for p in table.columns.properties:
                if p.name not in there:
                    run(f"ALTER TABLE {table.name} ADD COLUMN {column(p)}")
        for kind in self._tables.kinds.values():
            there = {row[1] for row in run(f"PRAGMA table_info({kind.search})")}
            if there == set(kind.searchable):
                continue
            if there:
                run(f"DROP TABLE {kind.search}")
                for name in TRIGGERS:
                    run(f"DROP TRIGGER {kind.trigger(name)}")
            if kind.searchable:
                for statement in kind.search_ddl():
                    run(statement)
                names = ", ".join(map(quoted, kind.searchable))
                run(
                    f"INSERT INTO {kind.search} (rowid, {names}) "
                    f"SELECT id, {names} FROM {kind.name} WHERE valid_to IS NULL"
                )

    def reader(self) -> SqliteReader:
        """Return a reader for this thread."""
        with store_errors(self.url):
            return SqliteReader(self._connect(writing=False), self._tables)

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Begin a change; it is kept when the block ends well, undone when it raises."""
        with self._lock, store_errors(self.url):
            with self._keeping() as writer:
                transaction = SqliteTransaction(writer, self._tables)
                yield transaction
                transaction.settle()
            if transaction.erased:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def backup(self, path: Path) -> None:
        """Write a consistent copy, while others read and write."""
        if path.exists():
            raise UsageError(f"{path} exists already", hint="name a new file")
        with store_errors(str(path)):
            target = sqlite3.connect(path)
            source = self._connect(writing=False)
            try:
                source.backup(target)
            finally:
                source.close()
                target.close()

    def archive(self) -> SqliteArchive:
        """Return what reads and writes all that is kept."""
        return SqliteArchive(lambda: self._connect(writing=False), self._load, self._tables)

    @contextmanager
    def _load(self) -> Iterator[sqlite3.Connection]:
        with self._lock, store_errors(self.url), self._keeping() as writer:
            yield writer

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()


def open_sqlite(path: str, vocabulary: Vocabulary | None, *, create: bool) -> SqliteStore:
    """Open the store in a file; with `create`, make it where it is not there."""
    if not path:
        raise UsageError("the store's URL names no file", hint="such as sqlite:///motivo.db")
    return SqliteStore(Path(path), vocabulary, create=create)
