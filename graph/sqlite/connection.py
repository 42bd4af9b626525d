"""A connection as the store uses it: with the functions of queries, and such that its tasks can be ended."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from graph.sqlite.functions import register_functions
from schema.errors import OvertimeError, StoreError, UsageError
from schema.values import Time

BUSY_SECONDS = 30
P = ParamSpec("P")
T = TypeVar("T")
_HINTS = {
    "locked": "another process is writing; try again when it has ended",
    "full": "make room on the disk and run it again; nothing kept so far is lost",
    "unable to open": "check that the folder exists and may be written",
    "readonly": "check that the file and its folder may be written",
    "closed database": "open the store again",
}


@contextmanager
def store_errors(url: str) -> Iterator[None]:
    """Turn what SQLite says of its file into a `StoreError` that says what to do."""
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
        hint = next((h for word, h in _HINTS.items() if word in str(error)), "motivo doctor tells more")
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


class Connection(sqlite3.Connection):
    """One connection: its own thread asks, any thread may stop what is asked.

    SQLite itself ends the statement that runs. A task may be several, so that none begins after it was
    stopped; where there is no task, there is nothing to stop.
    """

    url = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lock = threading.Lock()
        self._tasks = 0  # that are under way, one within the other
        self.stopped = False
        self.sources = _Sources(self)
        self.moments = _Moments()

    def execute(self, *args: Any) -> sqlite3.Cursor:
        """Run a statement, unless the task was stopped."""
        if self.stopped:
            raise sqlite3.OperationalError("interrupted")
        return super().execute(*args)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Read of one state throughout; of that of the transaction, inside one."""
        if self.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self.rollback()

    def begin_task(self) -> None:
        """Begin a task, which can be stopped from now on."""
        with self._lock:
            self._tasks += 1

    def end_task(self) -> None:
        """End a task; what stopped it is over with the outermost."""
        with self._lock:
            self._tasks -= 1
            if not self._tasks:
                self.stopped = False

    def stop_task(self) -> None:
        """Stop the task that is under way, if one is."""
        with self._lock:
            if self._tasks:
                self.stopped = True
                self.interrupt()


class _Sources(dict[int, str]):
    """The names of sources by number, read when one is not known yet: they never change."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, number: int) -> str:
        self.update(self._connection.execute("SELECT id, name FROM source").fetchall())
        return self[number] if number in self else str(number)


class _Moments(dict[int, datetime]):
    """Times as they are stored: there are few beginnings of runs, on very many nodes."""

    def __missing__(self, stored: int) -> datetime:
        if len(self) > 10_000:
            self.clear()
        self[stored] = moment = Time().decode(stored)
        return moment


def connect(path: Path, url: str, *, writing: bool) -> Connection:
    """Open a connection to a store's file."""
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Connection
    )
    connection.url = url
    register_functions(connection)
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA temp_store = MEMORY")
    if writing:
        connection.execute("PRAGMA synchronous = FULL")
    else:
        connection.execute("PRAGMA query_only = ON")
    return connection


def answers(reader: type[T]) -> type[T]:
    """Make each question to a reader a task of its `_connection`, with errors of the family."""
    for name, method in list(vars(reader).items()):
        if callable(method) and not name.startswith("_") and name not in ("interrupt", "close"):
            setattr(reader, name, _as_task(method))
    return reader


def _as_task(method: Callable[P, T]) -> Callable[P, T]:
    @wraps(method)
    def ask(*args: P.args, **options: P.kwargs) -> T:
        connection: Connection = args[0]._connection  # type: ignore[attr-defined]
        connection.begin_task()
        try:
            return method(*args, **options)
        except sqlite3.Error as error:
            if connection.stopped:
                raise OvertimeError(
                    "the answer takes too long, and was given up", hint="ask for less, or allow more time"
                ) from None
            with store_errors(connection.url):
                raise error
        except UnicodeEncodeError as error:
            raise UsageError(f"{error.object!r} is no valid text") from None
        finally:
            connection.end_task()

    return ask
