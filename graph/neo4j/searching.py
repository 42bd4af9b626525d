"""Full-text search: the index finds nodes with all words, and the texts are looked at again.

The index holds words without case and accents, as `words.py` splits them. That several words stand side
by side, where one of the question has signs within it, is seen in the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph.model import Condition, Hit, Match
from graph.neo4j.conditions import Conditions
from graph.neo4j.definitions import search_index
from graph.neo4j.layout import KindLayout, Layout
from graph.neo4j.server import Ask
from graph.neo4j.words import find_words, split_words
from graph.questions import check_limit, get_property
from schema.errors import UsageError

SNIPPET = 16  # words
_SPECIAL = str.maketrans({c: f"\\{c}" for c in '+-&|!(){}[]^"~*?:\\/'})


def search(
    ask: Ask,
    layout: Layout,
    text: str,
    kinds: Sequence[str] | None,
    limit: int,
    properties: Mapping[str, Sequence[str]] | None,
    where: Mapping[str, Sequence[Condition]],
) -> list[Hit]:
    """Return the nodes whose searchable properties hold all words, the last as a prefix."""
    check_limit(limit)
    conditions = Conditions(ask, layout)
    met = {layout.of_kind(name).label: conditions.spell(layout.kinds[name], cs) for name, cs in where.items()}
    looked = _looked_at(layout, properties)
    wanted = [layout.of_kind(name) for name in (layout.kinds if kinds is None else kinds)]
    tables = {layout.prefix + t.kind.name: t for t in wanted if looked.get(t.kind.name)}
    # Each word as people write them may be several as the index has them, side by side.
    phrases = [words for word in text.replace("\x00", " ").split() if (words := split_words(word))]
    if not tables or not phrases or not split_words(text.rsplit(maxsplit=1)[-1] if text.split() else ""):
        return []
    *whole, last = [word for phrase in phrases for word in phrase]
    query = " ".join(["+" + word.translate(_SPECIAL) for word in whole] + [f"+{last.translate(_SPECIAL)}*"])
    chosen = " OR ".join(f"n:{t.label} AND {met.get(t.label, 'true')}" for t in tables.values())
    exact = all(len(phrase) == 1 for phrase in phrases) and all(
        looked[t.kind.name] == t.searchable for t in tables.values()
    )
    hits: list[Hit] = []
    skip, some = 0, limit if exact else 10 * limit
    while len(hits) < limit:
        rows = ask(
            "CALL db.index.fulltext.queryNodes($index, $query) YIELD node AS n, score "
            f"WITH n, score WHERE {chosen} WITH n, score ORDER BY score DESC, n.key SKIP $skip LIMIT $some "
            "RETURN [labels(n)[0], n{.*, _words: null}, score] AS row",
            index=search_index(layout),
            query=query,
            skip=skip,
            some=some,
            **conditions.given,
        )
        for label, said, score in rows:
            table = tables[label]
            hit = _hit(table, looked[table.kind.name], said, score, phrases)
            if hit is not None:
                hits.append(hit)
        if len(rows) < some:
            break
        skip, some = skip + some, 4 * some
    hits.sort(key=lambda hit: (hit.rank, hit.node.kind, hit.node.key))
    return hits[:limit]


def _looked_at(layout: Layout, properties: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    """Return the properties that are looked at, by kind, in the order of declaration."""
    if properties is None:
        return {name: table.searchable for name, table in layout.kinds.items()}
    looked = {}
    for kind, names in properties.items():
        table = layout.of_kind(kind)
        for name in names:
            if not get_property(table.kind, name).searchable:
                known = ", ".join(table.searchable) or "none"
                raise UsageError(f"{kind}.{name} is not searched in", hint=f"searchable: {known}")
        looked[kind] = tuple(name for name in table.searchable if name in names)
    return looked


def _hit(
    table: KindLayout,
    looked: Sequence[str],
    properties: dict[str, Any],
    score: float,
    phrases: list[list[str]],
) -> Hit | None:
    """Return what was found, if each phrase stands in one of the texts that are looked at."""
    values = dict(zip(table.columns.names, table.read(properties), strict=True))
    texts = {name: values[name] for name in looked if values.get(name)}
    held = [split_words(text) for text in texts.values()]
    for place, phrase in enumerate(phrases):
        prefix = place == len(phrases) - 1
        if not any(_stands(words, phrase, prefix=prefix) for words in held):
            return None
    *whole, last = [word for phrase in phrases for word in phrase]
    matches, snippet = [], ""
    for name, text in texts.items():
        places = list(find_words(text))
        marked = [i for i, (word, _, _) in enumerate(places) if word in whole or word.startswith(last)]
        if marked:
            matches.append(Match(name, tuple(places[i][1:] for i in marked)))
            snippet = snippet or _snippet(text, places, marked)
    return Hit(table.node(properties), snippet, -score, tuple(matches))


def _stands(words: list[str], phrase: list[str], *, prefix: bool) -> bool:
    """Tell whether the words of a phrase stand side by side, the last as a prefix."""
    size = len(phrase)
    for first in range(len(words) - size + 1):
        if words[first : first + size - 1] == phrase[:-1]:
            last = words[first + size - 1]
            if last == phrase[-1] or (prefix and last.startswith(phrase[-1])):
                return True
    return False


def _snippet(text: str, places: Sequence[tuple[str, int, int]], marked: Sequence[int]) -> str:
    """Return the part of a text around the words that were asked for, these between « and »."""
    begin = max(0, min(marked[0] - SNIPPET // 4, len(places) - SNIPPET))
    shown = range(begin, min(begin + SNIPPET, len(places)))
    start = 0 if begin == 0 else places[begin][1]
    end = len(text) if shown.stop == len(places) else places[shown.stop - 1][2]
    found = set(marked)
    pieces, at = ["…" if start else ""], start
    for i in shown:
        if i in found:
            _, left, right = places[i]
            pieces += [text[at:left], "«", text[left:right], "»"]
            at = right
    return "".join([*pieces, text[at:end], "" if end == len(text) else "…"])
