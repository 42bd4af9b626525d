"""The server of a graph: reads that see one state of it.

Neo4j lets a reader see a part of what is just being committed. Therefore a writer, which is alone, makes
the state's number in `_Gate` odd before it commits and even again behind it. A reader takes the number with
its answer: where it is the even one that was seen before the question, nothing was committed meanwhile,
and otherwise the question is asked again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Auth,
    GraphDatabase,
    ManagedTransaction,
    NotificationMinimumSeverity,
    Query,
    Record,
    Session,
    basic_auth,
    unit_of_work,
)
from neo4j.exceptions import DriverError, Neo4jError

from graph.neo4j.address import Address
from graph.neo4j.failures import check_version, store_errors
from graph.neo4j.interruption import Interruption
from schema.errors import StoreError

CONNECT_SECONDS = 5.0
RETRY_SECONDS = 10.0  # how long a read that fails for the moment is tried again
READ_SECONDS = 120.0  # how long an answer may take
STREAM_SECONDS = 3600.0  # how long all of a graph may take
PATIENCE = 20.0  # seconds that a commit may take; behind them, its writer is taken for dead
FETCH = 5_000  # rows that come at a time

# The driver also says on stderr what it raises, unless the program has a say in it.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

Ask = Callable[..., list[Any]]
T = TypeVar("T")


class Stream:
    """Asks for many rows, inside one read transaction."""

    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction

    def __call__(self, query: str, /, **parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query as they come."""
        for record in self._transaction.run(query, parameters):
            yield tuple(record.values())


class Server:
    """The database that an address names, as a store uses it."""

    def __init__(self, address: Address) -> None:
        self.address = address
        auth: Auth | None = basic_auth(address.user, address.password) if address.user else None
        self.driver = GraphDatabase.driver(
            address.uri,
            auth=auth,
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=2 * CONNECT_SECONDS,
            max_transaction_retry_time=RETRY_SECONDS,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            user_agent="motivo",
        )
        self._bookmarks = GraphDatabase.bookmark_manager()
        self.seen: int | None = None  # the last even state
        self._abandoned: int | None = None  # the odd state that a dead writer left behind

    def greet(self) -> None:
        """Check that the server is there, lets us in, and is new enough."""
        info = self.driver.get_server_info()
        check_version(self.address.url, info.agent)

    def session(self, *, writing: bool = False) -> Session:
        """Return a session, which sees all that this store wrote."""
        return self.driver.session(
            database=self.address.database or None,
            default_access_mode=WRITE_ACCESS if writing else READ_ACCESS,
            bookmark_manager=self._bookmarks,
            fetch_size=FETCH,
        )

    def change(self, statement: str, /, **parameters: Any) -> list[Any]:
        """Run a statement by itself: of the schema, or of the gate."""

        def work(transaction: ManagedTransaction) -> list[Any]:
            return transaction.run(statement, parameters).values()

        with self.session(writing=True) as session:
            return session.execute_write(work)

    def line(self, interruption: Interruption) -> Line:
        """Return what one reader asks by."""
        return Line(self, interruption)

    def end(self, mark: str) -> None:
        """End the transactions that bear a mark, of whichever session of this server."""
        with store_errors(self.address.url), self.session() as session:
            session.run(
                "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.work = $mark "
                "TERMINATE TRANSACTIONS id YIELD message RETURN message",
                mark=mark,
            ).consume()

    def version(self) -> str:
        """Return the number of the state, as it is when the commit under way has ended."""
        query = "OPTIONAL MATCH (g:_Gate {graph: $graph}) RETURN coalesce(g.state, 0)"
        with store_errors(self.address.url), self.session() as session:
            [state] = self._ask_once(session, query, {"graph": self.address.graph}, Interruption())
        return str(state + state % 2)

    def ask(self, query: str, /, **parameters: Any) -> list[Any]:
        """Return the rows of a query, which returns one value named `row`, all of one state."""
        return self.line(Interruption()).ask(query, **parameters)

    def read(self, work: Callable[[Stream], T]) -> T:
        """Return the outcome of some work that asks several times, all of one state."""
        return self.line(Interruption()).read(work)

    def _ask(self, query: str, parameters: dict[str, Any], interruption: Interruption) -> list[Any]:
        text = (
            f"CALL () {{ {query} }} WITH collect(row) AS rows "
            "OPTIONAL MATCH (g:_Gate {graph: $graph}) RETURN rows, g.state"
        )
        parameters["graph"] = self.address.graph

        with store_errors(self.address.url), self.session() as session:

            def attempt() -> tuple[list[Any], int]:
                record = self._ask_once(session, text, parameters, interruption)
                return record[0], record[1] or 0

            return self._settle(attempt)

    def _ask_once(
        self, session: Session, text: str, parameters: dict[str, Any], interruption: Interruption
    ) -> Record:
        """Return the one record of a query; where the server fails for the moment, ask again for a while."""
        metadata = {"work": interruption.mark}

        def work(transaction: ManagedTransaction) -> Record:
            interruption.check()
            return transaction.run(text, parameters).single(strict=True)

        interruption.check()
        try:  # a transaction that is begun and committed goes there and back twice more
            query = Query(text, metadata, READ_SECONDS)
            return session.run(query, parameters).single(strict=True)
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable():
                raise
        return session.execute_read(unit_of_work(metadata, READ_SECONDS)(work))

    def _read(self, work: Callable[[Stream], T], interruption: Interruption) -> T:
        metadata = {"work": interruption.mark}

        @unit_of_work(timeout=STREAM_SECONDS, metadata=metadata)
        def unit(transaction: ManagedTransaction) -> tuple[T | Exception, int]:
            interruption.check()
            try:
                outcome: T | Exception = work(Stream(transaction))
            except (DriverError, Neo4jError):
                raise
            except Exception as error:  # of what was read of two states, perhaps
                outcome = error
            return outcome, self._state(transaction)

        with store_errors(self.address.url), self.session() as session:
            session.execute_read(lambda t: self._note(self._state(t)))
            try:
                outcome = self._settle(lambda: session.execute_read(unit), attempts=3)
            except StoreError:
                return self._read_alone(work, metadata)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

    def _state(self, transaction: ManagedTransaction) -> int:
        found = transaction.run("MATCH (g:_Gate {graph: $graph}) RETURN g.state", graph=self.address.graph)
        record = found.single()
        return record[0] if record else 0

    def _note(self, state: int) -> None:
        if state % 2 == 0:
            self.seen = state

    def _settle(self, attempt: Callable[[], tuple[T, int]], attempts: int | None = None) -> T:
        """Ask until nothing was committed meanwhile; `StoreError` after that many attempts."""
        waited_until: float | None = None
        while attempts is None or attempts > 0:
            seen = self.seen
            outcome, state = attempt()
            if state in (seen, self._abandoned):
                return outcome
            if state % 2 == 0:
                self.seen = state
                attempts = None if attempts is None else attempts - 1
                continue
            waited_until = waited_until or time.monotonic() + PATIENCE
            if time.monotonic() > waited_until:
                self._abandoned = state
            time.sleep(0.005)
        raise StoreError(f"{self.address.url}: others write all the time", hint="try again later")

    def _read_alone(self, work: Callable[[Stream], T], metadata: dict[str, str]) -> T:
        """Do some work while writers wait: they commit too often to get between them."""
        with self.alone(metadata=metadata) as stream:
            return work(stream)

    @contextmanager
    def alone(self, *, locked: bool = False, metadata: dict[str, str] | None = None) -> Iterator[Stream]:
        """Read while writers wait; `locked`: this thread keeps them waiting already."""
        with (
            self.session(writing=True) as session,
            session.begin_transaction(metadata, STREAM_SECONDS) as alone,
        ):
            if not locked:
                alone.run("MATCH (m:_Motivo {graph: $graph}) SET m.tx = 'read'", graph=self.address.graph)
            yield Stream(alone)  # and nothing is committed

    def close(self) -> None:
        """Let go of the connections."""
        self.driver.close()


class Line:
    """What one reader asks by: its questions can be ended."""

    def __init__(self, server: Server, interruption: Interruption) -> None:
        self._server = server
        self._interruption = interruption
        self.version = server.version

    def ask(self, query: str, /, **parameters: Any) -> list[Any]:
        """Return the values of a query that returns one, named `row`."""
        return self._server._ask(query, parameters, self._interruption)

    def read(self, work: Callable[[Stream], T]) -> T:
        """Return the outcome of work that asks for many rows."""
        return self._server._read(work, self._interruption)
