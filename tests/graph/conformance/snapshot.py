"""All that a store holds open, as plain values that compare."""

from __future__ import annotations

from typing import Any

from graph import Reader
from schema.kinds import Direction


def snapshot(reader: Reader) -> dict[str, Any]:
    """Return nodes by kind and relationships by triple, each in the store's own order."""
    nodes: dict[str, Any] = {}
    relationships: dict[str, Any] = {}
    for kind in reader.vocabulary.kinds:
        found = reader.page(kind, limit=10_000).nodes
        if found:
            nodes[kind] = [(n.key, dict(n.properties)) for n in found]
        for n in found:
            for out in reader.neighbours(kind, n.key, direction=Direction.OUT, limit=10_000):
                r = out.relationship
                relationships.setdefault(str(r.triple), []).append((r.start, r.end, dict(r.properties)))
    return {"nodes": nodes, "relationships": relationships}
