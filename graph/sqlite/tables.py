"""How a vocabulary lies in SQLite: one table a kind, one a triple, and the ledger.

- `"Order"`: one row a node as it stands, a column a property: what a person expects to find.
- `"Order_fact"`: what each record says or said of a node, for provenance, merging and history.
- `"Customer_FILED_Complaint"`: one row a contribution to a relationship, ends as integers. An end
  that is a customer keeps beside it (`via_start`, `via_end`) the source record that it came by.
- `"Complaint_search"`: the full-text index of a kind's searchable properties, kept by triggers.
- `reopened_node`: nodes that were closed and are open again, and the newest node of the kind at that
  moment: between which others they arrived. A trigger writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph.columns import PropertyColumns
from schema.kinds import NodeKind, Property, RelationshipType, Triple
from schema.vocabulary import CUSTOMER, RESOLVES_TO, Vocabulary

TRIGGERS = ("enter", "leave", "before", "after")
FORMAT = 3  # of the file; raise it when a table changes in a way that older files lack
APPLICATION_ID = 0x4D4F5456  # "MOTV"

LEDGER = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY, started INTEGER NOT NULL, fingerprint TEXT NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, key TEXT NOT NULL, digest INTEGER,
    run INTEGER NOT NULL, UNIQUE (source, key)) STRICT;
CREATE TABLE IF NOT EXISTS progress (
    run INTEGER NOT NULL, source INTEGER NOT NULL, cursor TEXT NOT NULL, read INTEGER NOT NULL,
    written INTEGER NOT NULL, unchanged INTEGER NOT NULL, quarantined INTEGER NOT NULL,
    done INTEGER NOT NULL, PRIMARY KEY (run, source)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejected (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, position TEXT NOT NULL, key TEXT,
    run INTEGER NOT NULL, row TEXT NOT NULL, errors TEXT NOT NULL, UNIQUE (source, position)) STRICT;
CREATE TABLE IF NOT EXISTS decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, action TEXT NOT NULL, by TEXT NOT NULL,
    at INTEGER NOT NULL, why TEXT NOT NULL, said TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS subject (
    decision INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    detail TEXT NOT NULL, PRIMARY KEY (decision, place)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS subject_node ON subject (kind, key);
CREATE TABLE IF NOT EXISTS reopened_node (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, node INTEGER NOT NULL,
    latest INTEGER NOT NULL, UNIQUE (kind, node)) STRICT;
"""
LEDGER_TABLES = re.findall(r"EXISTS (\w+)", LEDGER)  # names differ in more than case


def quoted(name: str) -> str:
    """Return a name as an SQL identifier (names come from the vocabulary only)."""
    return '"' + name.replace('"', '""') + '"'


_SQL_TYPES = {"text": "TEXT", "integer": "INTEGER", "real": "REAL"}


def column(p: Property) -> str:
    """Return the declaration of a property's column."""
    return f"{quoted(p.name)} {_SQL_TYPES[p.value_type.storage]}"


def _declare(properties: Sequence[Property]) -> str:
    return "".join(f", {column(p)}" for p in properties)


@dataclass(frozen=True)
class SqlColumns(PropertyColumns):
    """The properties of a kind or type, as columns of a table."""

    def select(self, table: str) -> str:
        """Return the columns as part of a SELECT, each after a comma."""
        return "".join(f", {table}.{quoted(name)}" for name in self.names)


@dataclass(frozen=True)
class KindTable:
    """The tables of a kind of node."""

    kind: NodeKind

    @cached_property
    def bare_name(self) -> str:
        """The name of the table of nodes, without quotes."""
        name = self.kind.name
        return f"{name}_" if name.lower() in LEDGER_TABLES else name

    @cached_property
    def name(self) -> str:
        """The table of nodes as they stand."""
        return quoted(self.bare_name)

    def index(self, name: str) -> str:
        """Return the index that finds open nodes by a property that is `indexed`, or by key, in order."""
        return quoted(
            f"sqlite_autoindex_{self.bare_name}_1" if name == "key" else f"{self.kind.name}.{name}.order"
        )

    @cached_property
    def facts(self) -> str:
        """The table of contributions."""
        return quoted(f"{self.kind.name}_fact")

    @cached_property
    def search(self) -> str:
        """The full-text index."""
        return quoted(f"{self.kind.name}_search")

    @cached_property
    def columns(self) -> SqlColumns:
        """The properties as columns."""
        return SqlColumns(self.kind.name, tuple(self.kind.properties.values()))

    @cached_property
    def searchable(self) -> tuple[str, ...]:
        """The properties in the full-text index."""
        return tuple(p.name for p in self.columns.properties if p.searchable)

    def ddl(self) -> Iterator[str]:
        """Yield the statements that make the tables, where they are not there."""
        yield (
            f"CREATE TABLE IF NOT EXISTS {self.name} (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, "
            "source INTEGER NOT NULL, run INTEGER NOT NULL, valid_from INTEGER NOT NULL, "
            f"valid_to INTEGER{_declare(self.columns.properties)}) STRICT"
        )
        yield (
            f"CREATE TABLE IF NOT EXISTS {self.facts} (node INTEGER NOT NULL, record INTEGER NOT NULL, "
            "valid_from INTEGER NOT NULL, valid_to INTEGER, run INTEGER NOT NULL, data TEXT NOT NULL, "
            "PRIMARY KEY (node, record, valid_from)) STRICT, WITHOUT ROWID"
        )
        index = quoted(f"{self.kind.name}_fact.record")
        yield f"CREATE INDEX IF NOT EXISTS {index} ON {self.facts} (record)"
        for p in self.columns.properties:
            if p.indexed:
                # With valid_to, open nodes are counted by a property in the index alone.
                yield (
                    f"CREATE INDEX IF NOT EXISTS {self.index(p.name)} ON {self.name} "
                    f"({quoted(p.name)}, key, valid_to) WHERE valid_to IS NULL"
                )
                yield f"DROP INDEX IF EXISTS {quoted(f'{self.kind.name}.{p.name}')}"  # of older files
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {quoted(f'{self.kind.name}_reopened')} "
            f"AFTER UPDATE OF valid_to ON {self.name} WHEN old.valid_to IS NOT NULL AND new.valid_to IS NULL "
            f"BEGIN DELETE FROM reopened_node WHERE kind = '{self.kind.name}' AND node = new.id; "
            "INSERT INTO reopened_node (kind, node, latest) "
            f"VALUES ('{self.kind.name}', new.id, (SELECT max(id) FROM {self.name})); END"
        )

    def search_ddl(self) -> Iterator[str]:
        """Yield the statements that make the full-text index and keep it true."""
        names = ", ".join(map(quoted, self.searchable))
        old, new = (", ".join(f"{row}.{quoted(n)}" for n in self.searchable) for row in ("old", "new"))
        remove = f"({self.search}, rowid, {names}) VALUES ('delete', old.id, {old})"
        enter = f"(rowid, {names}) VALUES (new.id, {new})"
        yield (
            f"CREATE VIRTUAL TABLE {self.search} USING fts5 ({names}, content={self.name}, "
            "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
        )
        changed = f"UPDATE OF valid_to, {names}"
        for name, moment, row, words in (
            ("enter", "AFTER INSERT", "new", enter),
            ("leave", "AFTER DELETE", "old", remove),
            ("before", f"BEFORE {changed}", "old", remove),
            ("after", f"AFTER {changed}", "new", enter),
        ):
            yield (
                f"CREATE TRIGGER {self.trigger(name)} {moment} ON {self.name} "
                f"WHEN {row}.valid_to IS NULL BEGIN INSERT INTO {self.search} {words}; END"
            )

    def trigger(self, name: str) -> str:
        """Return the name of a trigger of the full-text index: one of TRIGGERS."""
        return quoted(f"{self.kind.name}_search_{name}")


@dataclass(frozen=True)
class TripleTable:
    """The table of a triple."""

    triple: Triple
    type: RelationshipType

    @cached_property
    def bare_name(self) -> str:
        """The name without quotes."""
        return f"{self.triple.start}_{self.triple.type}_{self.triple.end}"

    @cached_property
    def name(self) -> str:
        """The name of the table."""
        return quoted(self.bare_name)

    @cached_property
    def columns(self) -> SqlColumns:
        """The properties as columns."""
        return SqlColumns(self.triple.type, tuple(self.type.properties.values()))

    def by_slot(self, row: str) -> str:
        """Return what sorts relationships between the same nodes, by the value of their slot."""
        return f"{row}.{quoted(self.type.slot)}" if self.type.slot else f"{row}.slot"

    @cached_property
    def via(self) -> tuple[str, ...]:
        """The columns that keep the source record by which a customer end came."""
        if self.triple == RESOLVES_TO:
            return ()
        ends = (("start", self.triple.start), ("end", self.triple.end))
        return tuple(f"via_{column}" for column, kind in ends if kind == CUSTOMER)

    def ddl(self) -> Iterator[str]:
        """Yield the statements that make the table, where it is not there."""
        via = "".join(f", {name} INTEGER NOT NULL" for name in self.via)
        key = ", ".join(('start, "end", slot, record, valid_from', *self.via))
        yield (
            f'CREATE TABLE IF NOT EXISTS {self.name} (start INTEGER NOT NULL, "end" INTEGER NOT NULL, '
            f"slot TEXT NOT NULL, record INTEGER NOT NULL, valid_from INTEGER NOT NULL{via}, "
            f"valid_to INTEGER, run INTEGER NOT NULL{_declare(self.columns.properties)}, "
            f"PRIMARY KEY ({key})) STRICT, WITHOUT ROWID"
        )
        # With valid_to, a hub's open relationships are found and counted in the index alone.
        for suffix, column in (("reverse", '"end", valid_to'), ("record", "record")):
            name = quoted(f"{self.bare_name}.{suffix}")
            yield f"CREATE INDEX IF NOT EXISTS {name} ON {self.name} ({column})"


@dataclass(frozen=True)
class Tables:
    """All tables of a vocabulary."""

    vocabulary: Vocabulary

    @cached_property
    def kinds(self) -> dict[str, KindTable]:
        """The tables by kind."""
        return {name: KindTable(kind) for name, kind in self.vocabulary.kinds.items()}

    @cached_property
    def triples(self) -> dict[Triple, TripleTable]:
        """The tables by triple."""
        return {t: TripleTable(t, self.vocabulary.relationships[t.type]) for t in self.vocabulary.triples}

    def of_kind(self, name: str) -> KindTable:
        """Return the tables of a kind; `UsageError` if there is no such kind."""
        self.vocabulary.get_kind(name)
        return self.kinds[name]

    def of_triple(self, triple: Triple) -> TripleTable:
        """Return the table of a triple; `UsageError` if there is no such triple."""
        return self.triples[self.vocabulary.get_triple(triple.start, triple.type, triple.end)]

    def ddl(self) -> Iterator[str]:
        """Yield the statements that make all tables but the full-text indexes."""
        for table in self.all():
            yield from table.ddl()

    def all(self) -> list[KindTable | TripleTable]:
        """Return the tables of all kinds and triples."""
        return [*self.kinds.values(), *self.triples.values()]
