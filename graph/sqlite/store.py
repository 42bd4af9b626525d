"""The SQLite store: the file, its connections, its vocabulary."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.sqlite.archive import SqliteArchive
from graph.sqlite.queries import register_functions
from graph.sqlite.reader import SqliteReader
from graph.sqlite.tables import APPLICATION_ID, FORMAT, LEDGER, TRIGGERS, Tables, column, quoted
from graph.sqlite.transaction import SqliteTransaction
from schema.errors import StoreError, UsageError
from schema.vocabulary import Vocabulary, core_vocabulary

BUSY_SECONDS = 30


@contextmanager
def store_errors(url: str) -> Iterator[None]:
    """Turn what SQLite says of its file into a `StoreError` that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        hints = {
            "locked": "another process is writing; try again when it has ended",
            "full": "make room on the disk and run it again; nothing kept so far is lost",
            "unable to open": "check that the folder exists and may be written",
            "readonly": "check that the file and its folder may be written",
        }
        hint = next((h for word, h in hints.items() if word in str(error)), "motivo doctor tells more")
        raise StoreError(f"{url}: {error}", hint=hint) from error
    except OSError as error:
        raise StoreError(
            f"{url}: {error.strerror}", hint="check that the folder exists and may be written"
        ) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{url}: {error}",
            hint="the file is no store or is damaged; name another, or restore a backup",
        ) from error


class SqliteStore:
    """A graph in one SQLite file (WAL): one writer, a reader a thread."""

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

    def _connect(self, *, writing: bool) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=not writing
        )
        register_functions(connection)
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA temp_store = MEMORY")
        if writing:
            connection.execute("PRAGMA synchronous = FULL")
        else:
            connection.execute("PRAGMA query_only = ON")
        return connection

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
                f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; "
                f"PRAGMA user_version = {FORMAT}; {LEDGER} COMMIT"
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
            if row and merged == held:
                return
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                self._make_tables()
                self._writer.execute(
                    "INSERT OR REPLACE INTO setting VALUES ('vocabulary', ?)",
                    (json.dumps(merged.to_dict()),),
                )
                self._writer.execute("COMMIT")
            except BaseException:
                self._writer.execute("ROLLBACK")
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
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                transaction = SqliteTransaction(self._writer, self._tables)
                yield transaction
                transaction.settle()
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
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
        with self._lock, store_errors(self.url):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()


def open_sqlite(path: str, vocabulary: Vocabulary | None, *, create: bool) -> SqliteStore:
    """Open the store in a file; with `create`, make it where it is not there."""
    if not path:
        raise UsageError("the store's URL names no file", hint="such as sqlite:///motivo.db")
    return SqliteStore(Path(path), vocabulary, create=create)
