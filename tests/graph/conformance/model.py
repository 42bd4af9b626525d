"""The contract in a few lines of Python: slow, in memory, and easy to see through.

It knows records and what each says now. Everything else follows from that: which nodes there are,
what they are called, who is whose customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schema.kinds import Triple
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO, Vocabulary
from tests.graph.conformance.company import Fact, LinkFact, NodeFact, Rows

Row = tuple[str, str]  # source, record
Link = tuple[Triple, str, str, Any]  # triple, start, end, slot


class Model:
    """What a store holds open after a sequence of runs."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.ranks: dict[str, dict[str, int]] = {}  # source -> record -> rank, in order of entry
        self.says: dict[Row, list[Fact]] = {}
        self.assigned: dict[str, str] = {}

    def read(self, source: str, rows: Rows) -> None:
        """Take in some rows of a source, in one transaction."""
        ranks = self.ranks.setdefault(source, {})
        for record, said in rows.items():
            ranks.setdefault(record, len(ranks))
            self.says[source, record] = list(said)
        self._forget()

    def close_vanished(self, source: str, rows: Rows) -> int:
        """Drop what a source has no longer, given all that it has; return how many records."""
        self.ranks.setdefault(source, {})
        gone = [row for row in self.says if row[0] == source and row[1] not in rows]
        for row in gone:
            del self.says[row]
        self._forget()
        return len(gone)

    def move(self, triple: Triple, start: str, end: str, slot: Any, to: str) -> None:
        """Let all records that say of a relationship say it of another end."""
        name = self.vocabulary.relationships[triple.type].slot
        for said in self.says.values():
            for i, fact in enumerate(said):
                if not isinstance(fact, LinkFact) or fact.properties.get(name) != slot:
                    continue
                if (fact.triple, fact.start, fact.end) == (triple, start, end):
                    said[i] = LinkFact(triple, start, to, fact.properties)

    def assign(self, record: str, customer: str) -> None:
        self.assigned[record] = customer

    def _forget(self) -> None:
        """A source record that is gone is of no customer; one that comes back is its own again."""
        there = set(self._keys(RECORD))
        self.assigned = {record: to for record, to in self.assigned.items() if record in there}

    def customer_of(self, record: str) -> str:
        return self.assigned.get(record, record)

    def _in_order(self) -> Iterator[Fact]:
        """Yield what is said, by precedence; what one record says of several nodes, by their keys."""
        for source, ranks in self.ranks.items():
            for record in ranks:
                said = self.says.get((source, record), ())
                yield from sorted(said, key=lambda f: f.key if isinstance(f, NodeFact) else "")

    def _keys(self, kind: str) -> list[str]:
        """Return the nodes of a kind that are described or touched, customers as their records."""
        keys = set()
        for fact in self._in_order():
            if isinstance(fact, NodeFact):
                keys |= {fact.key} & ({fact.key} if fact.kind == kind else set())
            else:
                ends = ((fact.triple.start, fact.start), (fact.triple.end, fact.end))
                keys |= {key for end, key in ends if (RECORD if end == CUSTOMER else end) == kind}
        return sorted(keys)

    def nodes(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """Return the open nodes by kind, in order of key, with their merged properties."""
        merged: dict[tuple[str, str], dict[str, Any]] = {}
        for kind in self.vocabulary.kinds:
            for key in self._keys(kind):
                merged[kind, key] = {}
        for record in self._keys(RECORD):
            merged[CUSTOMER, self.customer_of(record)] = {}
        for fact in self._in_order():
            if isinstance(fact, NodeFact):
                refs = [(fact.kind, fact.key)]
                if fact.kind == RECORD:
                    refs.append((CUSTOMER, self.customer_of(fact.key)))
                for ref in refs:
                    said = {n: v for n, v in fact.properties.items() if v is not None}
                    merged[ref] = said | merged[ref]
        return {
            kind: found
            for kind in self.vocabulary.kinds
            if (found := [(key, merged[k, key]) for k, key in sorted(merged) if k == kind])
        }

    def relationships(self) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
        """Return the open relationships by triple, in order of start, end and slot."""
        found: dict[Link, dict[str, Any]] = {}
        for record in self._keys(RECORD):
            found[RESOLVES_TO, record, self.customer_of(record), None] = {}
        for fact in self._in_order():
            if isinstance(fact, LinkFact):
                t = fact.triple
                ends = [
                    self.customer_of(key) if kind == CUSTOMER else key
                    for kind, key in ((t.start, fact.start), (t.end, fact.end))
                ]
                slot = fact.properties.get(self.vocabulary.relationships[t.type].slot)
                said = {n: v for n, v in fact.properties.items() if v is not None}
                found.setdefault((t, ends[0], ends[1], slot), said)
        triples: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
        for (t, start, end, slot), said in sorted(
            found.items(), key=lambda e: (e[0][:3], e[0][3] is not None, e[0][3] or 0)
        ):
            assert slot is None or slot in said.values()
            triples.setdefault(str(t), []).append((start, end, said))
        return triples
