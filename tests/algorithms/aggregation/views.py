"""Views of graphs made by hand, without a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from graph import Projection, Reader, Snapshots, View
from schema import Triple, Vocabulary
from tests.algorithms.graphs import make_graph

Nodes = Mapping[str, Mapping[str, Mapping[str, Any]]]  # kind -> key -> properties
Links = Mapping[Triple, Sequence[tuple[str, str]]]


class StillReader:
    """Shows one projection, which never changes; it stands in for a store."""

    def __init__(self, vocabulary: Vocabulary, projection: Projection) -> None:
        self.vocabulary, self._whole = vocabulary, projection

    def version(self) -> str:
        return "1"

    def get_many(self, kind: str, keys: Sequence[str], *, where: Any = ()) -> dict[str, Any]:
        assert not keys
        return {}

    def project(self, kinds: Sequence[str], triples: Sequence[Triple]) -> Projection:
        names = dict.fromkeys([*kinds, *(kind for t in triples for kind in (t.start, t.end))])
        return Projection(
            {name: self._whole.nodes[name] for name in names},
            {t: self._whole.relationships[t] for t in triples},
        )


def project(vocabulary: Vocabulary, nodes: Nodes, links: Links) -> Projection:
    """Return a projection of nodes and links by their keys; what is not given is empty."""
    columns: dict[str, dict[str, list[Any]]] = {}
    places: dict[tuple[str, str], int] = {}
    for kind in vocabulary.kinds.values():
        given = dict(sorted(nodes.get(kind.name, {}).items()))
        places |= {(kind.name, key): place for place, key in enumerate(given)}
        made: dict[str, list[Any]] = {"key": list(given)}
        columns[kind.name] = made
        for p in kind.properties.values():
            values = [said.get(p.name) for said in given.values()]
            if p.type == "money":
                made[f"{p.name}_currency"] = [None if v is None else v.currency for v in values]
                values = [None if v is None else v.value for v in values]
            made[p.name] = values
    pairs = {
        t: sorted({(places[t.start, start], places[t.end, end]) for start, end in links.get(t, ())})
        for t in vocabulary.triples
    }
    return make_graph(vocabulary, columns, pairs)


def make_view(vocabulary: Vocabulary, nodes: Nodes, links: Links) -> View:
    """Return a view of nodes and links by their keys."""
    reader = StillReader(vocabulary, project(vocabulary, nodes, links))
    return Snapshots().view(cast(Reader, reader))
