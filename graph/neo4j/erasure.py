"""Erasing a customer for good: history, full text and quarantine included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import orjson

from graph.model import Erasure
from graph.neo4j.journal import Journal
from graph.neo4j.layout import SAID, SAYS, Layout, bound, reference, whole
from schema.vocabulary import CUSTOMER, RECORD, RESOLVES_TO

Doomed = dict[str, set[str]]  # kind -> where its nodes lie, open and closed ones
LINKS = f"{RESOLVES_TO.type}|{RESOLVES_TO.type}_closed"


def erase_customer(journal: Journal, layout: Layout, key: str) -> Erasure:
    """Erase a customer with its source records and what is of this customer only.

    A node is of this customer only if it is joined to no other customer or, where it is joined to
    none itself, to nothing that stays. Shared kinds (products, regions...) stay in any case.
    """
    doomed = _identity(journal, layout, key)
    _spread(journal, layout, doomed)
    rejected = _erase_rejected(journal, layout, doomed[RECORD])
    everything = [place for places in doomed.values() for place in sorted(places)]
    _anonymise_ledger(journal, layout, everything)
    _erase_subjects(journal, layout, doomed)
    relationships = _count_relationships(journal, layout, everything)
    nodes: dict[str, int] = {}
    for kind, places in doomed.items():
        [count] = journal.write(
            "MATCH (n) WHERE elementId(n) IN $places WITH collect(n) AS gone, "
            f"count(CASE WHEN n:{layout.kinds[kind].label} THEN 1 END) AS many "
            "FOREACH (n IN gone | DETACH DELETE n) RETURN many AS row",
            places=sorted(places),
        )
        if count:
            nodes[kind] = count
    return Erasure(key, nodes, relationships, rejected)


def _identity(journal: Journal, layout: Layout, key: str) -> Doomed:
    """Return the customer, its records, those gone included, and what they resolved to before."""
    label = layout.kinds[CUSTOMER].label
    [customer] = journal.ask(f"MATCH (c:{label} {{key: $key}}) RETURN elementId(c) AS row", key=bound(key))
    records = journal.ask(
        f"MATCH (c)<-[:{LINKS}]-(r) WHERE elementId(c) = $customer AND NOT EXISTS {{ "
        f"(r)-[:{RESOLVES_TO.type}]->(o) WHERE elementId(o) <> $customer }} "
        "RETURN DISTINCT elementId(r) AS row",
        customer=customer,
    )
    former = journal.ask(
        f"MATCH (r)-[:{LINKS}]->(c:{layout.closed}) WHERE elementId(r) IN $records "
        "RETURN DISTINCT elementId(c) AS row",
        records=records,
    )
    return {CUSTOMER: {customer, *former}, RECORD: set(records)}


def _spread(journal: Journal, layout: Layout, doomed: Doomed) -> None:
    """Add to the doomed what is of them only."""
    newly = {place for places in doomed.values() for place in places}
    all_doomed = set(newly)
    while newly:
        candidates: dict[str, str] = {}
        for _, kind, place in _joined(journal, layout, newly):
            of_one = kind not in (CUSTOMER, RECORD) and not layout.kinds[kind].kind.shared
            if of_one and place not in all_doomed:
                candidates[place] = kind
        around: dict[str, list[tuple[str, str]]] = {}
        for place, kind, other in _joined(journal, layout, candidates):
            around.setdefault(place, []).append((kind, other))
        newly = set()
        for place, joined in around.items():
            deciding = [other for kind, other in joined if kind == CUSTOMER] or [
                other for kind, other in joined if not layout.kinds[kind].kind.shared
            ]
            if all(other in all_doomed for other in deciding):
                newly.add(place)
        for place in newly:
            doomed.setdefault(candidates[place], set()).add(place)
        all_doomed |= newly


def _joined(journal: Journal, layout: Layout, places: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return what relationships, open or closed, join to nodes: (node, kind of the other, other)."""
    rows = journal.ask(
        f"MATCH (n)-[:{layout.types(closed=True)}]-(o) WHERE elementId(n) IN $places "
        "RETURN DISTINCT [elementId(n), labels(o)[0], o.kind, elementId(o)] AS row",
        places=list(places),
    )
    closed = layout.closed.strip("`")
    return [
        (place, kind if label == closed else layout.kind_of(label), other)
        for place, label, kind, other in rows
    ]


def _count_relationships(journal: Journal, layout: Layout, places: list[str]) -> dict[str, int]:
    """Return how many open relationships join the doomed to anything, by type."""
    rows = journal.ask(
        f"MATCH (n)-[r:{layout.types()}]-() WHERE elementId(n) IN $places "
        "RETURN DISTINCT [type(r), elementId(startNode(r)), elementId(endNode(r)), "
        "coalesce(r.slot, '')] AS row",
        places=places,
    )
    counts = Counter(row[0] for row in rows)
    return {name: counts[name] for name in layout.vocabulary.relationships if counts[name]}


def _erase_rejected(journal: Journal, layout: Layout, records: set[str]) -> int:
    """Erase the quarantined rows that hold one of the records' own ids, names or addresses."""
    rows = journal.ask(
        f"MATCH (n) WHERE elementId(n) IN $records OPTIONAL MATCH (n)<-[f:{SAYS}|{SAID}]-() "
        f"RETURN [{whole('n', 'key')}, f.data] AS row",
        records=sorted(records),
    )
    words = set()
    for key, data in rows:
        words.add(key.partition(":")[2])
        said = orjson.loads(data) if data else {}
        words.update(said[name] for name in ("name", "email", "external_id") if name in said)
    words.discard("")
    # The row is JSON: the word stands in it as a whole value, whatever its case.
    spelled = [orjson.dumps(word).decode().lower() for word in words]
    [count] = journal.write(
        f"MATCH (q:{layout.of_ledger('_Rejected')}) WHERE q.key IN $words "
        "OR any(word IN $spelled WHERE toLower(q.row) CONTAINS word) "
        "WITH collect(q) AS gone FOREACH (q IN gone | DELETE q) RETURN size(gone) AS row",
        words=sorted(words),
        spelled=spelled,
    )
    return int(count)


def _anonymise_ledger(journal: Journal, layout: Layout, places: list[str]) -> None:
    """Take the keys off the records of the doomed; the next run closes what else they said."""
    rows = journal.ask(
        f"MATCH (n)<-[:{SAYS}|{SAID}]-(c) WHERE elementId(n) IN $places "
        "RETURN DISTINCT [c.ref, c.id, c.source] AS row",
        places=places,
    )
    journal.write_rows(
        f"MATCH (c:{layout.ledger} {{ref: row[0]}}) SET c.ref = row[1], c.key = row[2], c.digest = 0",
        [
            (ref, reference("record", rank, f"erased:{number}"), f"erased:{number}")
            for ref, number, rank in rows
        ],
    )


def _erase_subjects(journal: Journal, layout: Layout, doomed: Doomed) -> None:
    """Take the doomed out of what decisions are about."""
    for kind, places in doomed.items():
        keys = journal.ask(
            f"MATCH (n) WHERE elementId(n) IN $places RETURN {whole('n', 'key')} AS row",
            places=sorted(places),
        )
        journal.write(
            f"MATCH (s:{layout.of_ledger('_Subject')}) WHERE s.kind = $kind AND s.key IN $keys DELETE s",
            kind=kind,
            keys=keys,
        )
