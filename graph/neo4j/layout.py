"""How a vocabulary lies in Neo4j: labels, types, properties.

- `(:Order {key, source, run, valid_from, ...})`: a node as it stands, what a person expects to find. One
  that is closed has the label `_Closed` instead of its kind's.
- `(:_Record)-[:_SAYS {data}]->(:Order)`: what a row of a source says of a node; what it said is `_SAID`.
- `(:Customer)-[:FILED {record, source, run, valid_from}]->(:Complaint)`: one relationship a contribution;
  a closed one has the type `FILED_closed`. An end that is a customer keeps in `via_start` or `via_end` the
  key of the source record that it came by.
- `(:_Motivo)` is the graph itself, `(:_Gate)` the number of its state, `(:_Ledger)` what the ledger keeps.

Several graphs may lie in one database, each with its name before its labels: `(:shop_Order)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

from graph.columns import PropertyColumns
from graph.model import Node, Relationship
from graph.neo4j.words import spell_words
from schema.kinds import Direction, NodeKind, RelationshipType, Triple
from schema.values import Time
from schema.vocabulary import CUSTOMER, RESOLVES_TO, Vocabulary

FORMAT = 1  # of the layout; raise it when older graphs lack something
LONGEST = 1000  # letters of a text in an index, whose entries have 8 kB at most
SAYS, SAID = "_SAYS", "_SAID"
ARRIVAL = "_arrival"  # the property that numbers open nodes as they come
SOURCE_BITS = 40  # a record's number is that of its source, then its own: the order of precedence
_NAME = re.compile(r"[A-Za-z0-9_]+")
_TIME = Time()


def quoted(name: str) -> str:
    """Return a name as a Cypher identifier (names come from the vocabulary only)."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a vocabulary")
    return f"`{name}`"


def bound(text: str) -> str:
    """Return a text as it stands in an index: itself, or its beginning and a digest of all of it."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}…{blake2b(text.encode(), digest_size=16).hexdigest()}"


def whole(variable: str, name: str) -> str:
    """Return the Cypher of a text that is kept by `bound`, as it was.

    To look for a property that is not there, the server reads all that a node has: only for long ones.
    """
    short = f"{variable}.{quoted(name)}"
    long = f"coalesce({variable}.{quoted('_long_' + name)}, {short})"
    return f"CASE WHEN size({short}) > {LONGEST} THEN {long} ELSE {short} END"


def put_bound(properties: dict[str, Any], name: str, text: str) -> None:
    """Put a text among properties such that it can be in an index."""
    properties[name] = bound(text)
    if len(text) > LONGEST:
        properties["_long_" + name] = text


def reference(name: str, *parts: Any) -> str:
    """Return the reference of one thing in the ledger, the last part of which may be any text."""
    return ":".join((name, *map(str, parts[:-1]), bound(str(parts[-1]))))


@dataclass(frozen=True)
class KindLayout:
    """How nodes of a kind lie."""

    kind: NodeKind
    prefix: str

    @cached_property
    def label(self) -> str:
        """The label of open nodes."""
        return quoted(self.prefix + self.kind.name)

    @cached_property
    def columns(self) -> PropertyColumns:
        """The properties as columns."""
        return PropertyColumns(self.kind.name, tuple(self.kind.properties.values()))

    @cached_property
    def searchable(self) -> tuple[str, ...]:
        """The properties in the full-text index."""
        return tuple(p.name for p in self.columns.properties if p.searchable)

    @cached_property
    def bounded(self) -> frozenset[str]:
        """The properties that are in an index and may be long."""
        return frozenset(p.name for p in self.columns.properties if p.indexed and p.type == "text")

    def value(self, variable: str, name: str) -> str:
        """Return the Cypher of a property's value, or of the key."""
        if name == "key" or name in self.bounded:
            return whole(variable, name)
        return f"{variable}.{quoted(name)}"

    @property
    def replace(self) -> str:
        """The Cypher that gives a node `n` the properties `row`, and leaves its number of arrival."""
        return f"WITH n, row, n.{ARRIVAL} AS came SET n = row, n.{ARRIVAL} = came"

    def write(self, key: str, told: tuple[str, int, int], values: Mapping[str, Any]) -> dict[str, Any]:
        """Return all properties of an open node; told: source, run, valid_from; values as stored."""
        source, run, valid_from = told
        properties: dict[str, Any] = {"source": source, "run": run, "valid_from": valid_from}
        put_bound(properties, "key", key)
        for name, value in values.items():
            if value is None:
                continue
            if name in self.bounded:
                put_bound(properties, name, value)
            else:
                properties[name] = value
        if self.searchable:
            words = spell_words(values.get(name) for name in self.searchable)
            if words:
                properties["_words"] = words
        return properties

    def read(self, properties: Mapping[str, Any]) -> list[Any]:
        """Return the stored values of a node's properties, in the order of the columns."""
        get = properties.get
        return [
            get("_long_" + name, get(name)) if name in self.bounded else get(name)
            for name in self.columns.names
        ]

    def node(self, properties: Mapping[str, Any]) -> Node:
        """Return an open node, given its properties."""
        key = properties.get("_long_key") or properties["key"]
        told = (properties["source"], properties["run"], properties["valid_from"])
        return self._node(key, told, self.read(properties))

    def listed(self, variable: str) -> str:
        """Return the Cypher of an open node as a list, which costs half of what its properties by name do."""
        told = (f"{variable}.{name}" for name in ("source", "run", "valid_from"))
        values = (self.value(variable, name) for name in self.columns.names)
        return f"[{', '.join((whole(variable, 'key'), *told, *values))}]"

    def node_of(self, row: Sequence[Any]) -> Node:
        """Return an open node, given what `listed` returns."""
        return self._node(row[0], row[1:4], row[4:])

    def _node(self, key: str, told: Sequence[Any], stored: Sequence[Any]) -> Node:
        source, run, valid_from = told
        values = self.columns.decode(stored)
        caption = self.kind.caption_of(key, values)
        return Node(self.kind.name, key, caption, values, source, run, _TIME.decode(valid_from))


@dataclass(frozen=True)
class TripleLayout:
    """How relationships of a triple lie."""

    triple: Triple
    type: RelationshipType
    prefix: str

    @cached_property
    def open(self) -> str:
        """The type of open contributions."""
        return quoted(self.triple.type)

    @cached_property
    def closed(self) -> str:
        """The type of closed ones."""
        return quoted(self.triple.type + "_closed")

    @cached_property
    def start(self) -> str:
        """The label of the start."""
        return quoted(self.prefix + self.triple.start)

    @cached_property
    def end(self) -> str:
        """The label of the end."""
        return quoted(self.prefix + self.triple.end)

    @cached_property
    def columns(self) -> PropertyColumns:
        """The properties as columns."""
        return PropertyColumns(self.triple.type, tuple(self.type.properties.values()))

    @cached_property
    def via(self) -> tuple[str, ...]:
        """The properties that keep the source record by which a customer end came."""
        if self.triple == RESOLVES_TO:
            return ()
        ends = (("start", self.triple.start), ("end", self.triple.end))
        return tuple(f"via_{column}" for column, kind in ends if kind == CUSTOMER)

    def values(self, properties: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the stored values of a relationship's properties, in the order of the columns."""
        return tuple(map(properties.get, self.columns.names))

    def by_slot(self, properties: Mapping[str, Any]) -> tuple[bool, Any]:
        """Return what sorts relationships between the same nodes: the slot's value, nulls first."""
        slot = properties.get(self.type.slot) if self.type.slot else None
        return (slot is not None, slot)

    def relationship(self, start: str, end: str, properties: Mapping[str, Any]) -> Relationship:
        """Return an open relationship, given the properties of the contribution that ranks first."""
        told = (properties["source"], properties["run"], properties["valid_from"])
        return self._relationship(start, end, told, self.values(properties))

    def listed(self, variable: str) -> str:
        """Return the Cypher of an open contribution as a list."""
        names = ("record", "source", "run", "valid_from", *map(quoted, self.columns.names))
        return f"[{', '.join(f'{variable}.{name}' for name in names)}]"

    def relationship_of(self, start: str, end: str, said: Sequence[Sequence[Any]]) -> Relationship:
        """Return an open relationship, given what `listed` returns of each contribution to it."""
        first = min(said, key=lambda row: row[0])
        return self._relationship(start, end, first[1:4], first[4:])

    def _relationship(self, start: str, end: str, told: Sequence[Any], stored: Sequence[Any]) -> Relationship:
        source, run, valid_from = told
        return Relationship(
            self.triple, start, end, self.columns.decode(stored), source, run, _TIME.decode(valid_from)
        )

    def pattern(self, way: Direction, here: str, variable: str, there: str, *, label: bool = True) -> str:
        """Return the pattern of this triple, walked this way from a node that is known to another.

        `variable` is that of the relationship, and may be empty; `label`: the other's label is asked for.
        """
        out = way is Direction.OUT
        other = f"({there}:{self.end if out else self.start})" if label else f"({there})"
        arrow = f"[{variable}:{self.open}]"
        return f"({here})-{arrow}->{other}" if out else f"({here})<-{arrow}-{other}"

    def kinds_along(self, way: Direction) -> tuple[str, str]:
        """Return the kinds from which, and to which, this triple leads this way."""
        ends = (self.triple.start, self.triple.end)
        return ends if way is Direction.OUT else (ends[1], ends[0])


@dataclass(frozen=True)
class Layout:
    """All labels and types of a vocabulary, in the graph of a name."""

    vocabulary: Vocabulary
    graph: str = ""

    @cached_property
    def prefix(self) -> str:
        """What stands before every label."""
        return f"{self.graph}_" if self.graph else ""

    @cached_property
    def ledger(self) -> str:
        """The label of all that the ledger keeps."""
        return quoted(f"{self.prefix}_Ledger")

    @cached_property
    def closed(self) -> str:
        """The label of closed nodes."""
        return quoted(f"{self.prefix}_Closed")

    def of_ledger(self, name: str) -> str:
        """Return the label of one sort of what the ledger keeps, such as `_Record`."""
        return quoted(f"{self.prefix}_{name}")

    @cached_property
    def kinds(self) -> dict[str, KindLayout]:
        """The layouts by kind."""
        return {name: KindLayout(kind, self.prefix) for name, kind in self.vocabulary.kinds.items()}

    @cached_property
    def triples(self) -> dict[Triple, TripleLayout]:
        """The layouts by triple."""
        types = self.vocabulary.relationships
        return {t: TripleLayout(t, types[t.type], self.prefix) for t in self.vocabulary.triples}

    def of_kind(self, name: str) -> KindLayout:
        """Return the layout of a kind; `UsageError` if there is no such kind."""
        self.vocabulary.get_kind(name)
        return self.kinds[name]

    def of_triple(self, triple: Triple) -> TripleLayout:
        """Return the layout of a triple; `UsageError` if there is no such triple."""
        return self.triples[self.vocabulary.get_triple(triple.start, triple.type, triple.end)]

    def kind_of(self, label: str) -> str:
        """Return the kind of an open node, given its label."""
        return label.removeprefix(self.prefix)

    def was(self, kind: str, key: str) -> str:
        """Return the reference of a closed node."""
        return f"{kind}:{bound(key)}"

    def types(self, triples: Sequence[Triple] | None = None, *, closed: bool = False) -> str:
        """Return types as a pattern takes them: those of open relationships, or of all."""
        names = dict.fromkeys(t.type for t in (self.triples if triples is None else triples))
        return "|".join(
            quoted(name + end) for name in names for end in (("", "_closed") if closed else ("",))
        )
