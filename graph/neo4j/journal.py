"""One transaction on the server, which is played again where the server drops it.

The first thing it does is to lock the graph, so that one writer is at work at a time and none waits for
another with anything in its hands: there are no deadlocks among writers. What it did is noted, each
question with a digest of its answer. Where the server drops the transaction (a deadlock with somebody
else's, a new leader of the cluster, a connection that breaks), it is begun and played again after a
while, and goes on if every answer is as before, and nobody has taken the numbers that it gave. Whether a
commit that broke off was kept is seen by the mark that it leaves.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any

from neo4j import Transaction
from neo4j.exceptions import DriverError, Neo4jError

from graph.neo4j.server import Server, Stream
from schema.errors import StoreError

ATTEMPTS = 6  # to play it again, within some 15 seconds
WRITE_SECONDS = 3600.0  # after which the server drops a transaction whose client has vanished
ROWS_AT_ONCE = 10_000


class Journal:
    """Runs the statements of one transaction."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._graph = server.address.graph
        self._played: list[tuple[str, dict[str, Any], bytes]] = []
        self._attempts = 0
        self._changes = 0
        self._state = 0
        self._mark = self._in_doubt = ""
        self._session = server.session(writing=True)
        self._transaction: Transaction | None = None
        self.graph: dict[str, Any] = {}
        self._persist(self._begin)
        self._found = self._numbers()

    def _begin(self) -> None:
        """Begin the transaction, alone: lock the graph, and read what it says of itself."""
        self._abandon()
        self._mark = uuid.uuid4().hex
        self._transaction = self._session.begin_transaction(timeout=WRITE_SECONDS)
        found = self._transaction.run(
            "MATCH (m:_Motivo {graph: $graph}) SET m.tx = $mark WITH m "
            "MATCH (g:_Gate {graph: $graph}) RETURN properties(m), g.state",
            graph=self._graph,
            mark=self._mark,
        ).single()
        if found is None:
            raise StoreError(
                f"{self._server.address.url}: the graph is not there any more",
                hint="open it again",
            )
        self.graph, self._state = found[0], found[1]

    def _numbers(self) -> dict[str, Any]:
        """Return what the graph says of itself, from which numbers are given, as it is now."""
        return {
            name: tuple(said) if isinstance(said, list) else said
            for name, said in self.graph.items()
            if name != "tx"
        }

    @property
    def _open(self) -> Transaction:
        if self._transaction is None:
            raise StoreError(f"{self._server.address.url}: the transaction has ended", hint="begin another")
        return self._transaction

    def _abandon(self) -> None:
        if self._transaction is not None:
            self._transaction.close()
            self._transaction = None

    def ask(self, query: str, /, **parameters: Any) -> list[Any]:
        """Return the values of a query that returns one, named `row`."""
        try:
            rows = self._send(query, parameters)
        except (DriverError, Neo4jError) as error:
            rows = self._persist(lambda: self._send(query, parameters), error)
        self._played.append((query, parameters, _digest(rows)))
        return rows

    def write(self, statement: str, /, **parameters: Any) -> list[Any]:
        """Run a statement that changes something."""
        self._changes += 1
        return self.ask(statement, **parameters)

    def write_rows(self, statement: str, rows: Iterable[Any], /, **parameters: Any) -> None:
        """Run a statement that changes something for each of `$rows`, some at a time."""
        left = iter(rows)
        while some := list(islice(left, ROWS_AT_ONCE)):
            self.write(f"UNWIND $rows AS row {statement}", rows=some, **parameters)

    def retype(self, rows: Sequence[tuple[str, str, str, dict[str, Any]]], type_: str, valid_to: int) -> None:
        """Close relationships, given as (where it lies, start, end, properties): give them another type.

        In three steps: to copy properties from one relationship to another and delete the first in one
        statement makes Neo4j 5.26 fail at times (Index 32 out of bounds for length 32).
        """
        if not rows:
            return
        places = [row[0] for row in rows]
        self.write("MATCH ()-[r]->() WHERE elementId(r) IN $places DELETE r", places=places)
        self.write_rows(
            "MATCH (a) WHERE elementId(a) = row.a MATCH (b) WHERE elementId(b) = row.b "
            f"CREATE (a)-[w:{type_}]->(b) SET w = row.r",
            [{"a": a, "b": b, "r": {**said, "valid_to": valid_to}} for _, a, b, said in rows],
        )

    def _send(self, query: str, parameters: dict[str, Any]) -> list[Any]:
        return self._open.run(query, parameters).value()

    def _persist(self, act: Callable[[], Any], error: DriverError | Neo4jError | None = None) -> Any:
        """Act; where the server fails for the moment, begin and play all again before it."""
        while True:
            if error is not None:
                if not error.is_retryable() or self._attempts >= ATTEMPTS:
                    raise error
                self._attempts += 1
                time.sleep(random.uniform(0.5, 1) * min(0.1 * 2**self._attempts, 5))  # noqa: S311  no secret
            try:
                if error is not None and act != self._begin:
                    if self._in_doubt and self._find_mark() == self._in_doubt:
                        return None  # the commit was kept, only its receipt was lost
                    self._replay()
                return act()
            except (DriverError, Neo4jError) as next_error:
                error = next_error

    def _replay(self) -> None:
        self._begin()
        same = self._numbers() == self._found and all(
            _digest(self._send(query, parameters)) == digest for query, parameters, digest in self._played
        )
        if not same:
            raise StoreError(
                f"{self._server.address.url}: the transaction was dropped, and another came before it",
                hint="run it again; nothing of it was kept",
            )

    def _find_mark(self) -> str:
        found = self._server.change("MATCH (m:_Motivo {graph: $graph}) RETURN m.tx", graph=self._graph)
        return str(found[0][0]) if found else ""

    def commit(self) -> None:
        """Keep what was changed."""
        if not self._changes:
            return
        try:
            self._persist(self._commit)
        finally:
            self._open_gate(self._state + 1)

    def _commit(self) -> None:
        self._state += 1 + self._state % 2
        self._open_gate(self._state)
        self._in_doubt = self._mark
        self._open.commit()

    def _open_gate(self, state: int) -> None:
        """Tell readers that a commit begins (odd) or has ended (even)."""
        self._server.change(
            "MATCH (g:_Gate {graph: $graph}) SET g.state = $state", graph=self._graph, state=state
        )

    def read(self, work: Callable[[Stream], Any]) -> Any:
        """Return the outcome of work that asks for many rows."""
        return work(Stream(self._open))

    def version(self) -> str:
        """Return a text that is another one whenever something was changed in this transaction."""
        return f"{self._state}.{self._changes}"

    def close(self) -> None:
        """Undo what was not kept."""
        try:
            self._abandon()
        finally:
            self._session.close()


def _digest(rows: list[Any]) -> bytes:
    return blake2b(repr(rows).encode("utf-8", "replace"), digest_size=16).digest() if rows else b""
