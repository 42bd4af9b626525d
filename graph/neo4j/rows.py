"""The rows of an archive as the properties that they have on Neo4j."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.archive import Row
from graph.neo4j.layout import SOURCE_BITS, KindLayout, Layout, TripleLayout, reference

LABELS = {
    "setting": "_Setting",
    "run": "_Run",
    "record": "_Record",
    "progress": "_Progress",
    "rejected": "_Rejected",
    "decision": "_Decision",
    "subject": "_Subject",
}
COLUMNS = {
    "setting": ("name", "value"),
    "run": ("id", "started", "fingerprint", "finished"),
    "record": ("id", "source", "key", "digest", "run"),
    "progress": ("run", "source", "cursor", "counts", "done"),
    "rejected": ("id", "source", "position", "key", "run", "row", "errors"),
    "decision": ("id", "topic", "action", "by", "at", "why", "said"),
    "subject": ("decision", "place", "kind", "key", "detail"),
}


def entry(sort: str, row: Row, sources: Sequence[str]) -> dict[str, Any]:
    """Return the properties of something in the ledger, given its row and the names of all sources."""
    kept = dict(zip(COLUMNS[sort], row, strict=True))
    if sort == "record":
        kept["ref"] = reference("record", row[1], row[2])
        kept["id"] = (row[1] << SOURCE_BITS) + row[0]
    elif sort == "rejected":
        kept["ref"] = reference("rejected", row[1], row[2])
    elif sort in ("setting", "run", "decision"):
        kept["ref"] = reference(sort, row[0])
    elif sort == "progress":
        kept["ref"] = reference("progress", row[0], sources[row[1] - 1])
    else:
        kept["ref"] = reference("subject", row[0], row[1])
    return kept


def node_properties(layout: Layout, table: KindLayout, row: Row) -> dict[str, Any]:
    """Return the properties of a node, open or closed, given its row."""
    key, source, run, since, until, values = row
    properties = table.write(key, (source, run, since), values)
    if until is not None:
        properties.pop("_words", None)
        properties |= {"valid_to": until, "kind": table.kind.name, "ref": layout.was(table.kind.name, key)}
    return properties


def link_properties(t: TripleLayout, sources: Sequence[str], row: Row) -> dict[str, Any]:
    """Return the properties of a contribution to a relationship, given its row."""
    _, _, slot, rank, number, since, until, run, via_start, via_end, values = row
    properties = {
        **values,
        "record": (rank << SOURCE_BITS) + number,
        "source": sources[rank - 1],
        "run": run,
        "valid_from": since,
        "valid_to": until,
        "via_start": via_start,
        "via_end": via_end,
        "slot": slot if t.type.slot else None,
    }
    return {name: value for name, value in properties.items() if value is not None}
