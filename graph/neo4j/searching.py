"""Full-text search: the index finds nodes with all words, and the texts are looked at again.

The index holds words without case and accents, as `words.py` splits them. That several words stand side
by side, where one of the question has signs within it, is seen in the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.model import Hit
from graph.neo4j.definitions import search_index
from graph.neo4j.layout import KindLayout, Layout
from graph.neo4j.server import Ask
from graph.neo4j.words import find_words, split_words

SNIPPET = 16  # words
_SPECIAL = str.maketrans({c: f"\\{c}" for c in '+-&|!(){}[]^"~*?:\\/'})


def search(ask: Ask, layout: Layout, text: str, kinds: Sequence[str] | None, limit: int) -> list[Hit]:
    """Return the nodes whose searchable properties hold all words, the last as a prefix."""
    wanted = [layout.of_kind(name) for name in (layout.kinds if kinds is None else kinds)]
    tables = {layout.prefix + t.kind.name: t for t in wanted if t.searchable}
    # Each word as people write them may be several as the index has them, side by side.
    phrases = [words for word in text.replace("\x00", " ").split() if (words := split_words(word))]
    if not tables or not phrases or not split_words(text.rsplit(maxsplit=1)[-1] if text.split() else ""):
        return []
    *whole, last = [word for phrase in phrases for word in phrase]
    query = " ".join(["+" + word.translate(_SPECIAL) for word in whole] + [f"+{last.translate(_SPECIAL)}*"])
    strict = any(len(phrase) > 1 for phrase in phrases)
    hits: list[Hit] = []
    skip, some = 0, limit if not strict else 10 * limit
    while len(hits) < limit:
        rows = ask(
            "CALL db.index.fulltext.queryNodes($index, $query) YIELD node AS n, score "
            "WITH n, score WHERE any(label IN labels(n) WHERE label IN $labels) "
            "WITH n, score ORDER BY score DESC, n.key SKIP $skip LIMIT $some "
            "RETURN [labels(n)[0], n{.*, _words: null}, score] AS row",
            index=search_index(layout),
            query=query,
            labels=list(tables),
            skip=skip,
            some=some,
        )
        for label, properties, score in rows:
            hit = _hit(tables[label], properties, score, phrases)
            if hit is not None:
                hits.append(hit)
        if len(rows) < some:
            break
        skip += some
    hits.sort(key=lambda hit: (hit.rank, hit.node.kind, hit.node.key))
    return hits[:limit]


def _hit(table: KindLayout, properties: dict[str, Any], score: float, phrases: list[list[str]]) -> Hit | None:
    """Return what was found, if each phrase stands in one of its texts."""
    values = dict(zip(table.columns.names, table.read(properties), strict=True))
    texts = [values[name] for name in table.searchable if values.get(name)]
    held = [split_words(text) for text in texts]
    for place, phrase in enumerate(phrases):
        prefix = place == len(phrases) - 1
        if len(phrase) > 1 and not any(_stands(words, phrase, prefix=prefix) for words in held):
            return None
    return Hit(table.node(properties), _snippet(texts, phrases), -score)


def _stands(words: list[str], phrase: list[str], *, prefix: bool) -> bool:
    """Tell whether the words of a phrase stand side by side, the last as a prefix."""
    size = len(phrase)
    for first in range(len(words) - size + 1):
        if words[first : first + size - 1] == phrase[:-1]:
            last = words[first + size - 1]
            if last == phrase[-1] or (prefix and last.startswith(phrase[-1])):
                return True
    return False


def _snippet(texts: Sequence[str], phrases: list[list[str]]) -> str:
    """Return the part of a text around the words that were asked for, these between « and »."""
    *whole, last = [word for phrase in phrases for word in phrase]
    exact = {*whole, last}
    best = ""
    for text in texts:
        places = list(find_words(text))
        marked = [i for i, (word, _, _) in enumerate(places) if word in exact or word.startswith(last)]
        if not marked:
            continue
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
        best = "".join([*pieces, text[at:end], "" if end == len(text) else "…"])
        break
    return best
