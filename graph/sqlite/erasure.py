"""Erasing a customer for good: history, full text and quarantine included."""

from __future__ import annotations

import sqlite3
from collections import Counter

import orjson

from graph.model import Erasure
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.tables import Tables
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

Doomed = dict[str, set[int]]


def erase_customer(connection: sqlite3.Connection, tables: Tables, key: str) -> Erasure:
    """Erase a customer with its source records and what is of this customer only.

    A node is of this customer only if it is joined to no other customer or, where it is joined to
    none itself, to nothing that stays. Shared kinds (products, regions...) stay in any case.
    """
    connection.execute("PRAGMA secure_delete = ON")
    doomed = _identity(connection, tables, key)
    _spread(connection, tables, doomed)
    rejected = _erase_rejected(connection, tables, doomed[RECORD])
    _anonymise_ledger(connection, tables, doomed)
    _erase_subjects(connection, tables, doomed)
    relationships = _erase_relationships(connection, tables, doomed)
    nodes: dict[str, int] = {}
    for kind, ids in doomed.items():
        table = tables.kinds[kind]
        wanted = as_list(sorted(ids))
        connection.execute(f"DELETE FROM {table.facts} WHERE node {IN_LIST}", (wanted,))
        connection.execute(f"DELETE FROM reopened_node WHERE kind = ? AND node {IN_LIST}", (kind, wanted))
        newest = connection.execute(f"SELECT max(id) FROM {table.name}").fetchone()[0]
        rows = connection.execute(
            f"DELETE FROM {table.name} WHERE id {IN_LIST} RETURNING valid_to", (wanted,)
        )
        if count := sum(valid_to is None for (valid_to,) in rows.fetchall()):
            nodes[kind] = count
        if newest in ids:  # its number is not given again: those who ask what arrived have seen it
            connection.execute(
                f"INSERT INTO {table.name} (id, key, source, run, valid_from, valid_to) "
                "VALUES (?, 'erased:' || hex(randomblob(8)), 0, 0, 0, 0)",
                (newest,),
            )
        if table.searchable:  # the index keeps deleted words until it is written anew
            connection.execute(f"INSERT INTO {table.search} ({table.search}) VALUES ('optimize')")
    connection.execute("PRAGMA secure_delete = OFF")
    return Erasure(key, nodes, relationships, rejected)


def _identity(connection: sqlite3.Connection, tables: Tables, key: str) -> Doomed:
    """Return the customer, its records, those gone included, and what they resolved to before."""
    run = connection.execute
    customers, links = tables.kinds[CUSTOMER].name, tables.triples[RESOLVES_TO].name
    customer = run(f"SELECT id FROM {customers} WHERE key = ?", (key,)).fetchone()[0]
    records = run(
        f'SELECT start FROM {links} WHERE "end" = ? AND start NOT IN '
        f'(SELECT start FROM {links} WHERE "end" <> ? AND valid_to IS NULL)',
        (customer, customer),
    )
    doomed = {CUSTOMER: {customer}, RECORD: {row[0] for row in records}}
    former = run(
        f'SELECT l."end" FROM {links} l JOIN {customers} c ON c.id = l."end" '
        f"WHERE l.start {IN_LIST} AND c.valid_to IS NOT NULL",
        (as_list(sorted(doomed[RECORD])),),
    )
    doomed[CUSTOMER].update(row[0] for row in former)
    return doomed


def _erase_relationships(connection: sqlite3.Connection, tables: Tables, doomed: Doomed) -> dict[str, int]:
    """Erase what joins the doomed to anything; return how many were open, by type."""
    counts: Counter[str] = Counter()
    for triple, table in tables.triples.items():
        gone: set[tuple[int, int, str]] = set()
        for column, kind in (("start", triple.start), ('"end"', triple.end)):
            rows = connection.execute(
                f'DELETE FROM {table.name} WHERE {column} {IN_LIST} RETURNING start, "end", slot, valid_to',
                (as_list(sorted(doomed.get(kind, ()))),),
            )
            gone.update(row[:3] for row in rows.fetchall() if row[3] is None)
        counts[triple.type] += len(gone)
    return {name: count for name, count in counts.items() if count}


def _spread(connection: sqlite3.Connection, tables: Tables, doomed: Doomed) -> None:
    """Add to the doomed what is of them only."""
    newly = {kind: set(nodes) for kind, nodes in doomed.items()}
    while newly:
        candidates: Doomed = {}
        for kind, nodes in newly.items():
            for other, node in _joined(connection, tables, kind, nodes):
                of_one = other not in (CUSTOMER, RECORD) and not tables.kinds[other].kind.shared
                if of_one and node not in doomed.get(other, ()):
                    candidates.setdefault(other, set()).add(node)
        newly = {}
        for kind, nodes in candidates.items():
            only = {node for node in nodes if _is_only_of(connection, tables, kind, node, doomed)}
            if only:
                newly[kind] = only
        for kind, nodes in newly.items():
            doomed.setdefault(kind, set()).update(nodes)


def _is_only_of(connection: sqlite3.Connection, tables: Tables, kind: str, node: int, doomed: Doomed) -> bool:
    joined = list(_joined(connection, tables, kind, {node}))
    deciding = [other for other in joined if other[0] == CUSTOMER] or [
        other for other in joined if not tables.kinds[other[0]].kind.shared
    ]
    return all(node in doomed.get(kind, ()) for kind, node in deciding)


def _joined(
    connection: sqlite3.Connection, tables: Tables, kind: str, nodes: set[int]
) -> set[tuple[str, int]]:
    """Return what relationships, open or closed, join to nodes."""
    wanted = as_list(sorted(nodes))
    found: set[tuple[str, int]] = set()
    for triple, table in tables.triples.items():
        for here, there, own, other in (
            ("start", '"end"', triple.start, triple.end),
            ('"end"', "start", triple.end, triple.start),
        ):
            if own == kind:
                rows = connection.execute(
                    f"SELECT DISTINCT {there} FROM {table.name} WHERE {here} {IN_LIST}", (wanted,)
                )
                found.update((other, row[0]) for row in rows)
    return found


def _erase_rejected(connection: sqlite3.Connection, tables: Tables, records: set[int]) -> int:
    """Erase the quarantined rows that hold one of the records' own ids, names or addresses."""
    table = tables.kinds[RECORD]
    facts = connection.execute(
        f"SELECT n.key, f.data FROM {table.name} n LEFT JOIN {table.facts} f ON f.node = n.id "
        f"WHERE n.id {IN_LIST}",
        (as_list(sorted(records)),),
    )
    words = set()
    for key, data in facts.fetchall():
        words.add(key.partition(":")[2])
        said = orjson.loads(data) if data else {}
        words.update(said[name] for name in ("name", "email", "external_id") if name in said)
    erased = 0
    for word in words - {""}:
        # The row is JSON: the word stands in it as a whole value, whatever its case.
        erased += connection.execute(
            "DELETE FROM rejected WHERE instr(lower(row), lower(?)) > 0 OR key = ?",
            (orjson.dumps(word).decode(), word),
        ).rowcount
    return erased


def _anonymise_ledger(connection: sqlite3.Connection, tables: Tables, doomed: Doomed) -> None:
    """Take the keys off the records of the doomed; the next run closes what else they said."""
    for kind, nodes in doomed.items():
        connection.execute(
            "UPDATE record SET key = 'erased:' || id, digest = 0 WHERE id IN "
            f"(SELECT record FROM {tables.kinds[kind].facts} WHERE node {IN_LIST})",
            (as_list(sorted(nodes)),),
        )


def _erase_subjects(connection: sqlite3.Connection, tables: Tables, doomed: Doomed) -> None:
    """Take the doomed out of what decisions are about."""
    for kind, nodes in doomed.items():
        connection.execute(
            f"DELETE FROM subject WHERE kind = ? AND key IN "
            f"(SELECT key FROM {tables.kinds[kind].name} WHERE id {IN_LIST})",
            (kind, as_list(sorted(nodes))),
        )
