"""A small company's vocabulary, and a short way to write what its systems say.

    ingest(store, crm={"1": [node("SourceRecord", "crm:ana", name="Ana")]})

is one run in which the source `crm` has one record, `1`, that describes one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from graph import Columns, Reader, Run, Store, Transaction
from schema.kinds import Triple
from schema.vocabulary import core_vocabulary

VOCABULARY = core_vocabulary().extend(
    {
        "kinds": {
            "Parcel": {
                "about": "One property of every type.",
                "properties": {
                    "label": {"type": "text", "searchable": True},
                    "carrier": {"type": "text", "indexed": True},
                    "pieces": "integer",
                    "weight": "number",
                    "fragile": "boolean",
                    "sent_on": "date",
                    "lost_at": "time",
                    "fee": "money",
                    "notify": "email",
                    "call": "phone",
                    "customs": "tax_number",
                },
                "caption": "label",
            },
            "Agent": {"properties": {"name": {"type": "text", "searchable": True}}},
        },
        "relationships": {
            "SENT": {"ends": "Customer -> Parcel", "properties": {"paid": "money", "note": "text"}},
            "NEXT": {"ends": "Parcel -> Parcel", "properties": {"note": "text"}},
            "REFERRED": {"ends": "Customer -> Customer"},
            "KEPT_BY": {"ends": "SourceRecord -> Agent"},
            "PASSED": {
                "ends": ["Parcel -> Region", "Parcel -> Agent"],
                "slot": "scan",
                "properties": {"scan": "integer", "note": "text"},
            },
            "TAGGED": {"ends": "Parcel -> Cause", "slot": "word", "properties": {"word": "text"}},
        },
    }
)

SENT = Triple("Customer", "SENT", "Parcel")
NEXT = Triple("Parcel", "NEXT", "Parcel")
REFERRED = Triple("Customer", "REFERRED", "Customer")
KEPT_BY = Triple("SourceRecord", "KEPT_BY", "Agent")
PASSED = Triple("Parcel", "PASSED", "Region")
HANDLED = Triple("Parcel", "PASSED", "Agent")
TAGGED = Triple("Parcel", "TAGGED", "Cause")
SAME_AS = Triple("SourceRecord", "SAME_AS", "SourceRecord")
FILED = Triple("Customer", "FILED", "Complaint")
ABOUT = Triple("Complaint", "ABOUT", "Product")
ATTRIBUTED_TO = Triple("Complaint", "ATTRIBUTED_TO", "Cause")

BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NodeFact:
    """What a record says of a node."""

    kind: str
    key: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class LinkFact:
    """What a record says of a relationship."""

    triple: Triple
    start: str
    end: str
    properties: Mapping[str, Any]


Fact = NodeFact | LinkFact
Rows = Mapping[str, Sequence[Fact]]  # record -> what it says


def node(kind: str, key: str, **properties: Any) -> Fact:
    return NodeFact(kind, key, properties)


def link(triple: Triple, start: str, end: str, **properties: Any) -> Fact:
    return LinkFact(triple, start, end, properties)


def digest(said: Sequence[Fact]) -> int:
    return int.from_bytes(blake2b(repr(said).encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


@dataclass
class _Batch:
    records: list[str] = field(default_factory=list)
    ends: list[tuple[str, ...]] = field(default_factory=list)
    properties: list[Mapping[str, Any]] = field(default_factory=list)

    def add(self, record: str, *ends: str, fact: Fact) -> None:
        self.records.append(record)
        self.ends.append(ends)
        self.properties.append(fact.properties)

    def columns(self) -> Columns:
        names = dict.fromkeys(name for row in self.properties for name in row)
        return {name: [row.get(name) for row in self.properties] for name in names}


def write(transaction: Transaction, source: str, rows: Rows) -> None:
    """Write new or changed records and all that they say, kind by kind, then triple by triple."""
    transaction.upsert_records(source, list(rows), [digest(said) for said in rows.values()])
    nodes: dict[str, _Batch] = {}
    links: dict[Triple, _Batch] = {}
    for record, said in rows.items():
        for fact in said:
            if isinstance(fact, NodeFact):
                nodes.setdefault(fact.kind, _Batch()).add(record, fact.key, fact=fact)
            else:
                links.setdefault(fact.triple, _Batch()).add(record, fact.start, fact.end, fact=fact)
    for kind, b in nodes.items():
        transaction.upsert_nodes(kind, source, b.records, [key for (key,) in b.ends], b.columns())
    for triple, b in links.items():
        starts, ends_ = ([pair[i] for pair in b.ends] for i in (0, 1))
        transaction.upsert_relationships(triple, source, b.records, starts, ends_, b.columns())


def read_source(transaction: Transaction, source: str, rows: Rows) -> int:
    """Write the rows that are new or changed, touch the others; return how many were written."""
    known = transaction.reader.known_records(source, list(rows))
    changed = {
        record: said
        for record, said in rows.items()
        if record not in known or known[record].digest != digest(said)
    }
    transaction.touch_records(source, [record for record in rows if record not in changed])
    if changed:
        write(transaction, source, changed)
    return len(changed)


def append(store: Store, **sources: Rows) -> Run:
    """Read a part of these sources in one run: what they do not hold this time stays."""
    return _read(store, sources, whole=False)


def ingest(store: Store, **sources: Rows) -> Run:
    """Read the whole of these sources in one run: what they hold no longer is closed."""
    return _read(store, sources, whole=True)


def _read(store: Store, sources: Mapping[str, Rows], *, whole: bool) -> Run:
    with store.transaction() as transaction:
        run = transaction.begin_run("the same project")
        for source, rows in sources.items():
            read_source(transaction, source, rows)
            if whole:
                transaction.close_vanished(source)
        transaction.finish_run()
    return run


def keys_of(reader: Reader, kind: str) -> list[str]:
    return [n.key for n in reader.page(kind, limit=1000).nodes]


def properties_of(reader: Reader, kind: str, key: str) -> dict[str, Any]:
    return dict(reader.get(kind, key).properties)


def linked(reader: Reader, kind: str, key: str, types: Iterable[str] | None = None) -> list[str]:
    """Return a node's relationships as texts, in the order of `neighbours`."""
    found = reader.neighbours(kind, key, types=None if types is None else list(types), limit=1000)
    return [f"{n.relationship.start}-{n.relationship.triple.type}->{n.relationship.end}" for n in found]


def customer(key: str, **properties: Any) -> Fact:
    """Return a fact of a customer: of the source record of that key."""
    return node("SourceRecord", key, **properties)
