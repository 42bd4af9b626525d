"""Nodes of a kind as tables, page by page: any number of them, in memory for one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from algorithms.aggregation.arrays import read_path
from algorithms.aggregation.wording import name_end, name_kind, name_property, say
from algorithms.exports.headers import Named, make_schema
from graph import Condition, Node, Order, Page, Reader, Where
from graph.projection import ARROW_TYPES, MONEY
from schema import NodeKind, Property, RefusedError, UsageError, Vocabulary
from schema.paths import Path

PAGE = 2_000  # nodes
SEVERAL = 100  # values at the end of a path that are spelled out
MORE = "…"
_OWN = ("key", "caption")


def export_rows(
    reader: Reader,
    kind: str,
    where: Sequence[Condition] = (),
    order: Order | None = None,
    columns: Sequence[str] | None = None,
    language: str = "en",
) -> Iterator[pa.RecordBatch]:
    """Yield the nodes of a kind that meet all conditions, a batch a page, and an empty one if there are none.

    `columns`: `key`, `caption`, names of properties, and paths from the kind to a property or a node, of
    which the values are spelled out one behind the other (the first hundred); by default the key and all
    properties that the reader shows. Money is two columns, the amount and its currency. Headers are in the
    language. A node that comes or goes meanwhile may be there or not; none is there twice. What cannot be
    asked is a `UsageError`, what may not be a `RefusedError`, both raised by the call itself.
    """
    vocabulary = reader.vocabulary
    declared = vocabulary.get_kind(kind)
    names = _list_shown(reader, declared) if columns is None else list(dict.fromkeys(columns))
    if not names:
        raise UsageError("there is no column to export", hint="name one at least")
    read = [_read_column(name, declared, vocabulary, language) for name in names]
    for column in read:
        if column.property is not None:
            reader.get_many(column.kind.name, (), where=[Where(column.property.name, "is_null")])
    schema = make_schema(named for column in read for named in column.named)
    first = reader.page(declared.name, limit=PAGE, where=where, order=order)
    pages = _read_pages(reader, first, declared.name, where, order)
    return (_fill(reader, page.nodes, read, schema) for page in pages)


def _list_shown(reader: Reader, kind: NodeKind) -> list[str]:
    """Return the key and the properties by which one may ask, which are those that are shown."""
    shown = ["key"]
    for name in kind.properties:
        try:
            reader.get_many(kind.name, (), where=[Where(name, "is_null")])
        except RefusedError:
            continue
        shown.append(name)
    return shown


@dataclass(frozen=True)
class _Column:
    """What stands in a column, or in the two of a sum of money: of the node itself, or where `path` leads.

    `kind`: of that node, called as in the `language`.
    """

    name: str
    kind: NodeKind
    language: str
    named: tuple[Named, ...]
    property: Property | None = None
    path: Path | None = None

    def call(self, node: Node) -> str:
        """Return the short name of a node."""
        return self.kind.caption_of(node.key, node.properties, self.language)

    def spell(self, node: Node) -> str | None:
        """Return the value that a node has here, as people read it."""
        if self.property is None:
            return self.call(node)
        value = node.properties.get(self.property.name)
        return None if value is None else self.property.value_type.caption(value)

    def fill(self, nodes: Sequence[Node], ends: Mapping[str, list[Node]] | None) -> list[pa.Array]:
        """Return the arrays of these nodes; `ends`: what the path leads to, by key."""
        ((_, _, type_), *rest) = self.named
        if ends is not None:
            return [pa.array([self._join(ends.get(node.key, [])) for node in nodes], type_)]
        if self.property is None:
            return [pa.array([node.key if self.name == "key" else self.call(node) for node in nodes], type_)]
        values = [node.properties.get(self.property.name) for node in nodes]
        if not rest:
            return [pa.array(values, type_)]
        amounts = [None if value is None else value.value for value in values]
        return [pa.array(amounts, type_), pa.array([v and v.currency for v in values], pa.string())]

    def _join(self, ends: Sequence[Node]) -> str | None:
        spelled = [text for end in ends[:SEVERAL] if (text := self.spell(end)) is not None]
        texts = [*dict.fromkeys(spelled), *([MORE] if len(ends) > SEVERAL else [])]
        return "; ".join(texts) if texts else None


def _read_column(name: str, kind: NodeKind, vocabulary: Vocabulary, language: str) -> _Column:
    if name in _OWN:
        label = name_kind(kind, language)
        header = say("key", language, kind=label) if name == "key" else label
        return _Column(name, kind, language, ((name, header, pa.string()),))
    path = read_path(name, kind.name, vocabulary)
    if path.fold:
        raise UsageError(f"{name!r}: a column of a list has no fold", hint="aggregate instead")
    end = vocabulary.get_kind(path.kind)
    p = end.properties.get(path.name)
    if path.steps:
        header = name_end(path, vocabulary, language)
        return _Column(name, end, language, ((name, header, pa.string()),), p, path)
    if p is None:
        raise UsageError(f"{name!r} is each node itself", hint="name `key` or `caption`")
    header = name_property(p, language)
    named: tuple[Named, ...] = ((p.name, header, ARROW_TYPES.get(p.type, pa.string())),)
    if p.type == "money":
        currency = (f"{p.name}_currency", say("currency", language, of=header), pa.string())
        named = ((p.name, header, MONEY), currency)
    return _Column(name, kind, language, named, p)


def _read_pages(
    reader: Reader, page: Page, kind: str, where: Sequence[Condition], order: Order | None
) -> Iterator[Page]:
    """Yield a page and all that come behind it."""
    yield page
    while page.next is not None:
        page = reader.page(kind, after=page.next, limit=PAGE, where=where, order=order)
        yield page


def _fill(
    reader: Reader, nodes: Sequence[Node], columns: Sequence[_Column], schema: pa.Schema
) -> pa.RecordBatch:
    """Return nodes as a batch."""
    arrays = [a for column in columns for a in column.fill(nodes, _follow(reader, column.path, nodes))]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _follow(reader: Reader, path: Path | None, nodes: Sequence[Node]) -> dict[str, list[Node]] | None:
    """Return the nodes that a path leads to from each node, one more than are spelled out at most."""
    if path is None:
        return None
    found = {node.key: {node.key: node} for node in nodes}
    for step in path.steps:
        keys = list({key for ends in found.values() for key in ends})
        near = reader.follow(step.triple, step.direction, keys, limit=SEVERAL + 1) if keys else {}
        found = {
            key: {each.node.key: each.node for end in ends for each in near.get(end, ())}
            for key, ends in found.items()
        }
    return {key: list(ends.values())[: SEVERAL + 1] for key, ends in found.items()}
