"""Full-text search: nodes that hold all words, and where these stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.model import Condition, Hit, Match
from graph.questions import check_limit, check_text, get_property
from graph.sqlite.conditions import Conditions
from graph.sqlite.connection import Connection
from graph.sqlite.ledger import IN_LIST, as_list
from graph.sqlite.queries import decode_node, node_columns
from graph.sqlite.tables import KindTable, Tables, quoted
from schema.errors import UsageError

# Around words in a text: noncharacters, which texts are not to have, with a sign that is part of no word.
_OPEN, _CLOSE = "\x02\ufdd0\ufdd1", "\x03\ufdd1\ufdd0"


def search(
    connection: Connection,
    tables: Tables,
    text: str,
    kinds: Sequence[str] | None,
    limit: int,
    properties: Mapping[str, Sequence[str]] | None,
    where: Mapping[str, Sequence[Condition]] | None,
) -> list[Hit]:
    """Return the nodes whose searchable properties hold all words, the last as a prefix."""
    check_limit(limit)
    check_text(text)
    looked_at = {
        name: _looked_at(tables.of_kind(name), None if properties is None else properties.get(name, ()))
        for name in (tables.kinds if kinds is None else kinds)
    }
    for name in properties or ():
        _looked_at(tables.of_kind(name), (properties or {})[name])
    asked = {name: Conditions(tables) for name in where or ()}
    met = {name: asked[name].on(tables.of_kind(name), some) for name, some in (where or {}).items()}
    words = ['"' + word.replace('"', '""') + '"' for word in text.replace("\x00", " ").split()]
    hits: list[Hit] = []
    for name, names in looked_at.items():
        if words and names:
            found = _Found(connection, tables.kinds[name], names, " ".join(words) + "*")
            given = asked[name].parameters if name in asked else ()
            hits += found.hits(found.ranks(met.get(name, ""), given, limit))
    hits.sort(key=lambda hit: (hit.rank, hit.node.kind, hit.node.key))
    return hits[:limit]


def _looked_at(table: KindTable, names: Sequence[str] | None) -> list[str]:
    """Return the properties that are looked at, all if none are given, in the order of their columns."""
    for name in names or ():
        if name not in table.searchable:
            get_property(table.kind, name)
            raise UsageError(
                f"{table.kind.name}.{name} is not searched",
                hint="one of " + ", ".join(table.searchable) if table.searchable else "none of the kind is",
            )
    return [name for name in table.searchable if names is None or name in names]


class _Found:
    """What the index of a kind finds by some words in some properties."""

    def __init__(self, connection: Connection, table: KindTable, names: Sequence[str], words: str) -> None:
        self._connection = connection
        self._table = table
        self._names = names
        narrowed = len(names) < len(table.searchable)
        self._query = f"{{{' '.join(map(quoted, names))}}} : ({words})" if narrowed else words

    def ranks(self, met: str, parameters: Sequence[object], limit: int) -> dict[int, float]:
        """Return the ranks of the best hits that meet conditions: only of these, texts are looked at."""
        t = self._table
        return dict(
            self._connection.execute(
                f"SELECT f.rowid, f.rank FROM {t.search} f JOIN {t.name} n ON n.id = f.rowid "
                f"WHERE {t.search} MATCH ?{met} ORDER BY f.rank, n.key LIMIT ?",
                (self._query, *parameters, limit),
            ).fetchall()
        )

    def hits(self, ranks: Mapping[int, float]) -> list[Hit]:
        """Return hits, with the words marked where they stand."""
        t = self._table
        # Outside the properties that are looked at, nothing is found, and so nothing is shown.
        marked = "".join(
            f", highlight({t.search}, {t.searchable.index(name)}, '{_OPEN}', '{_CLOSE}')"
            for name in self._names
        )
        rows = self._connection.execute(
            f"SELECT f.rowid, snippet({t.search}, -1, '«', '»', '…', 16){marked}, {node_columns(t)} "
            f"FROM {t.search} f JOIN {t.name} n ON n.id = f.rowid "
            f"WHERE {t.search} MATCH ? AND f.rowid {IN_LIST}",
            (self._query, as_list(list(ranks))),
        ).fetchall()
        hits = []
        width = 2 + len(self._names)
        for row in rows:
            node = decode_node(self._connection, t, row[width:])
            texts = zip(self._names, row[2:width], strict=True)
            matches = [Match(name, spans) for name, text in texts if text and (spans := _spans(text))]
            hits.append(Hit(node, row[1], ranks[row[0]], matches))
        return hits


def _spans(marked: str) -> list[tuple[int, int]]:
    """Return where a text has its marks, as places in the text without them."""
    spans = []
    before, *rest = marked.split(_OPEN)
    at = len(before)
    for part in rest:
        inside, _, behind = part.partition(_CLOSE)
        spans.append((at, at + len(inside)))
        at += len(inside) + len(behind)
    return spans
