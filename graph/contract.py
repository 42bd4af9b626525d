"""The store contract: what every store does, in operations, never in query text.

A `Store` hands out one `Writer` and any number of `Reader`s. What holds for each:

- **Identity.** A node is known by kind and key (a text); a relationship by its triple, both ends
  and, for types that have one, its slot. Writing the same again changes nothing.
- **Provenance.** Everything is contributed by a *record*: one row of a source, by its key. A node's
  properties are merged from the open contributions of all records, property by property: the first
  source wins, within it the first record. A source ranks from the first kept transaction that names
  it, a record from its first entry. A relationship has the properties of the contribution that
  ranks first. `source`, `run` and `valid_from` are those of the contribution that ranks first.
- **Validity.** A contribution is open from the start of the run that brought it until the start of
  the run in which its record says otherwise (superseded) or is gone (closed). Nothing is
  overwritten. A node is open while a record describes it or an open relationship, other than
  `RESOLVES_TO`, touches it; one that is only touched has a key and no properties.
- **Customers.** Records describe a `SourceRecord`; each resolves to exactly one `Customer`, whose
  properties are merged from all that is said of its records, by the same precedence and then by
  the key of the source record. A relationship end that is a customer is given by the key of the
  *source record*; it moves along when the record is assigned to another customer. A judgement ends
  when its source record closes; a customer without records closes.
- **Decisions.** What people decide on a topic is kept in order and never changed. A relationship that a
  decision moves to another end is contributed there by the same records as before, from the start of
  the run on; when such a record is written again, what it says then counts.
- **Order.** Keys sort by code point, other values by their type, nulls first. Neighbours come by
  triple in the order of declaration, OUT before IN, then key, then slot. Times are UTC, in
  microseconds. Money compares within its currency, and sorts by currency first. An order turned round
  turns all of it, so that a cursor leads either way.
- **Conditions.** A condition is true or false, never unknown: comparisons with null are false, and so
  `Not` of one is true. Several that are given together must all be true. Null is never `in` a list.
- **Aggregates.** Nulls are left out. Over nothing, counts are 0, money is [] and others are None.
- **Errors.** A kind, property, triple, operator, value, cursor or limit that cannot be is a `UsageError`,
  and so is writing without a run; a node that is not there is a `NotFoundError`.
- **Transactions.** All of a transaction is kept, or nothing; readers never see half of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from graph.archive import Archive
from graph.model import (
    Arrivals,
    Branch,
    Columns,
    Condition,
    Contribution,
    Decision,
    Erasure,
    Hit,
    Judgement,
    KnownRecord,
    Measure,
    Move,
    Neighbour,
    Node,
    Order,
    Page,
    Problem,
    Progress,
    Ref,
    RejectedRow,
    Relationship,
    Run,
    Totals,
    Walk,
)
from graph.projection import Projection
from schema.kinds import Direction, Triple
from schema.vocabulary import Vocabulary


class Reader(Protocol):
    """Answers questions. Not to be shared between threads; take one a thread."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the store holds."""
        ...

    def get(self, kind: str, key: str, *, at: datetime | None = None) -> Node:
        """Return a node, as it is or as it was at a moment; `NotFoundError` if there is none."""
        ...

    def find(self, kind: str, key: str, *, at: datetime | None = None) -> Node | None:
        """Return a node, as it is or as it was at a moment, or None."""
        ...

    def get_many(self, kind: str, keys: Sequence[str], *, where: Sequence[Condition] = ()) -> dict[str, Node]:
        """Return those of these nodes that are there and meet the conditions, by key."""
        ...

    def history(self, kind: str, key: str) -> list[Contribution]:
        """Return all contributions to a node, open and closed, oldest first."""
        ...

    def lookup(self, kind: str, property_: str, values: Sequence[Any]) -> dict[Any, list[str]]:
        """Return the keys of the open nodes that have one of these values, per value, sorted."""
        ...

    def customers_of(self, records: Sequence[str]) -> dict[str, str]:
        """Return the customer that each of these source records resolves to, where known."""
        ...

    def records_of(self, customers: Sequence[str]) -> dict[str, list[str]]:
        """Return the source records that resolve to each of these customers, sorted."""
        ...

    def expand(self, kind: str, key: str) -> list[Branch]:
        """Return how many relationships a node has of each triple and direction."""
        ...

    def neighbours(
        self,
        kind: str,
        key: str,
        *,
        types: Sequence[str] | None = None,
        direction: Direction | None = None,
        limit: int = 100,
    ) -> list[Neighbour]:
        """Return relationships of a node with their other ends, by triple, direction, key, slot."""
        ...

    def follow(
        self,
        triple: Triple,
        direction: Direction,
        keys: Sequence[str],
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> dict[str, list[Neighbour]]:
        """Return the neighbours of many nodes by one triple, `limit` of each that has any.

        Conditions and order are on the neighbours, then key and slot decide, the same way. `after` is the
        `cursor` of the neighbour behind which to go on, of whichever node.
        """
        ...

    def follow_all(self, walks: Sequence[Walk]) -> list[dict[str, list[Neighbour]]]:
        """Return what `follow` returns for each of these walks, asked at once and of one state."""
        ...

    def degrees(
        self, triple: Triple, direction: Direction, keys: Sequence[str], *, where: Sequence[Condition] = ()
    ) -> dict[str, int]:
        """Return how many neighbours each of these nodes has that `follow` would list, if any."""
        ...

    def between(self, refs: Sequence[Ref], *, limit: int = 10_000) -> list[Relationship]:
        """Return the relationships whose ends are both among these nodes, by triple, start, end, slot."""
        ...

    def shortest_path(
        self, start: Ref, end: Ref, *, types: Sequence[str] | None = None, longest: int = 6
    ) -> list[Relationship] | None:
        """Return a shortest path, relationships walked either way; None where none is short enough."""
        ...

    def shortest_paths(
        self,
        start: Ref,
        end: Ref,
        *,
        types: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        longest: int = 6,
        limit: int = 10,
    ) -> list[list[Relationship]]:
        """Return shortest paths, all of one length, between their ends through nodes of these kinds only.

        Paths differ in their nodes or triples; of relationships that differ in the slot, it is the first.
        """
        ...

    def search(
        self,
        text: str,
        *,
        kinds: Sequence[str] | None = None,
        limit: int = 20,
        properties: Mapping[str, Sequence[str]] | None = None,
        where: Mapping[str, Sequence[Condition]] | None = None,
    ) -> list[Hit]:
        """Return the nodes whose searchable properties hold all words (the last as a prefix).

        By kind, `properties` are those looked at and shown (all, if none are given; a kind that is left out
        is not searched), and `where` what its nodes must meet.
        """
        ...

    def page(
        self,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 100,
        where: Sequence[Condition] = (),
        order: Order | None = None,
    ) -> Page:
        """Return nodes in order (of their keys, if none is given), from behind the cursor `after`."""
        ...

    def aggregate(
        self,
        kind: str,
        *,
        by: Sequence[str] = (),
        measures: Sequence[Measure] = (Measure("count"),),
        where: Sequence[Condition] = (),
    ) -> list[dict[str, Any]]:
        """Return one row a group, sorted by group: its values of `by`, then each measure by name."""
        ...

    def arrivals(self, kind: str, *, after: str | None = None, limit: int = 100) -> Arrivals:
        """Return the open nodes that became so since a mark; without one, none and the mark of now."""
        ...

    def version(self) -> str:
        """Return a text that is another one whenever something was kept since, the same for all readers."""
        ...

    def interrupt(self) -> None:
        """End what this reader does, if anything, with an `OvertimeError`; for any thread, not for good."""
        ...

    def close(self) -> None:
        """Let go of what the reader holds."""
        ...

    def totals(self) -> Totals:
        """Return how much the graph holds (kinds and types with none are left out)."""
        ...

    def project(
        self, kinds: Sequence[str] | None = None, triples: Sequence[Triple] | None = None
    ) -> Projection:
        """Return the open graph, or a part of it, as arrays."""
        ...

    def latest_run(self) -> Run | None:
        """Return the newest run, finished or not."""
        ...

    def progress(self, run: int, source: str) -> Progress | None:
        """Return how far a run has read a source."""
        ...

    def known_records(self, source: str, keys: Sequence[str]) -> dict[str, KnownRecord]:
        """Return what is known of these records of a source."""
        ...

    def rejected_rows(self, *, source: str | None = None) -> Iterator[RejectedRow]:
        """Yield the quarantine, by source and order of entry."""
        ...

    def setting(self, name: str) -> Any:
        """Return what `Transaction.keep_setting` kept under a name, or None."""
        ...

    def decisions(self, topic: str) -> list[Decision]:
        """Return what was decided on a topic, oldest first; subjects in the order given."""
        ...

    def check(self) -> list[Problem]:
        """Return what is wrong with the store; empty where all is well."""
        ...


class Transaction(Protocol):
    """One indivisible change. `records` and keys run parallel to the columns."""

    @property
    def reader(self) -> Reader:
        """Answers from inside the transaction."""
        ...

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        ...

    def begin_run(self, fingerprint: str) -> Run:
        """Begin a run; what is written from now on is valid from its start."""
        ...

    def resume_run(self, run: Run) -> None:
        """Go on with a run that was not finished."""
        ...

    def finish_run(self) -> None:
        """Mark the run as finished."""
        ...

    def upsert_records(self, source: str, keys: Sequence[str], digests: Sequence[int]) -> None:
        """Enter records that are new or whose row has changed, before what they contribute.

        What a changed record contributed before, and is not written again in this transaction, is
        closed at its end.
        """
        ...

    def touch_records(self, source: str, keys: Sequence[str]) -> None:
        """Note that these known records were seen in this run, unchanged."""
        ...

    def upsert_nodes(
        self, kind: str, source: str, records: Sequence[str], keys: Sequence[str], columns: Columns
    ) -> None:
        """Write what records say of nodes. `Customer` is not written: write its `SourceRecord`."""
        ...

    def upsert_relationships(
        self,
        triple: Triple,
        source: str,
        records: Sequence[str],
        starts: Sequence[str],
        ends: Sequence[str],
        columns: Columns,
    ) -> None:
        """Write relationships; ends that are not there yet are created with nothing but their key."""
        ...

    def move_relationships(self, triple: Triple, moves: Sequence[Move]) -> int:
        """Give open relationships another end, which is there; return how many there were to move.

        Not for customers, who are moved by `assign`, nor for what records entered in this
        transaction say.
        """
        ...

    def decide(self, decision: Decision) -> Decision:
        """Keep a decision, and return it with its number, greater than all before."""
        ...

    def assign(self, judgements: Sequence[Judgement]) -> None:
        """Resolve records to customers; what hangs on the records moves along."""
        ...

    def reject(self, rows: Sequence[RejectedRow]) -> None:
        """Put rows into quarantine; the same position of a source is kept once."""
        ...

    def release(self, source: str, positions: Sequence[str]) -> None:
        """Take rows out of quarantine."""
        ...

    def save_progress(self, source: str, progress: Progress) -> None:
        """Keep how far the run has read a source."""
        ...

    def close_vanished(self, source: str) -> int:
        """Close what records not seen in this run contributed, drop old quarantine; count records."""
        ...

    def erase_customer(self, key: str) -> Erasure:
        """Remove for good a customer, their history, records and quarantine, and what only they had."""
        ...


class Store(Protocol):
    """A place where a graph is kept."""

    is_embedded: bool  # whether its work is done in this process, rather than waited for

    @property
    def url(self) -> str:
        """What `open_store` opens it by."""
        ...

    def reader(self) -> Reader:
        """Return a reader for this thread."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a change; it is kept when the block ends well, undone when it raises."""
        ...

    def declare(self, vocabulary: Vocabulary) -> None:
        """Make room for a vocabulary; what the store holds already stays."""
        ...

    def backup(self, path: Path) -> None:
        """Write a consistent copy, while others read and write."""
        ...

    def archive(self) -> Archive:
        """Return what reads and writes all that is kept, for copies and exports."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
