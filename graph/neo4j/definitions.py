"""Constraints and indexes, as they follow from a vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph.neo4j.layout import ARRIVAL, Layout, quoted


@dataclass(frozen=True)
class Definition:
    """A constraint or an index: its name in the database, and the statement that makes it."""

    name: str
    what: str
    statement: str


def define(layout: Layout) -> Iterator[Definition]:
    """Yield the constraints and indexes of a graph but the full-text index."""
    for label, key in (("_Motivo", "graph"), ("_Gate", "graph")):
        yield _unique(label, key)
    for label in ("_Ledger", "_Closed"):
        yield _unique(layout.prefix + label, "ref")
    for name, kind in layout.kinds.items():
        label = layout.prefix + name
        yield _unique(label, "key")
        yield _index(label, ARRIVAL, f"the index of {name} by arrival")
        for p in kind.columns.properties:
            if p.indexed:
                yield _index(label, p.name, f"the index of {name}.{p.name}")
    for type_ in layout.vocabulary.relationships:
        yield Definition(
            f"{type_}_record",
            f"the index of {type_} by record",
            f"CREATE INDEX {quoted(f'{type_}_record')} IF NOT EXISTS "
            f"FOR ()-[r:{quoted(type_)}]-() ON (r.record)",
        )


def _index(label: str, name: str, what: str) -> Definition:
    return Definition(
        f"{label}_{name}",
        what,
        f"CREATE INDEX {quoted(f'{label}_{name}')} IF NOT EXISTS "
        f"FOR (n:{quoted(label)}) ON (n.{quoted(name)})",
    )


def _unique(label: str, key: str) -> Definition:
    return Definition(
        f"{label}_{key}",
        f"the constraint that {label}.{key} is unique",
        f"CREATE CONSTRAINT {quoted(f'{label}_{key}')} IF NOT EXISTS "
        f"FOR (n:{quoted(label)}) REQUIRE n.{quoted(key)} IS UNIQUE",
    )


def search_index(layout: Layout) -> str:
    """Return the name of the full-text index."""
    return f"{layout.prefix}_search"


def searchable_labels(layout: Layout) -> list[str]:
    """Return the labels of the kinds that the full-text index holds."""
    return [layout.prefix + name for name, kind in layout.kinds.items() if kind.searchable]


def define_search(layout: Layout, labels: list[str]) -> Definition:
    """Return the full-text index over the words of nodes with these labels."""
    name = search_index(layout)
    return Definition(
        name,
        "the full-text index",
        f"CREATE FULLTEXT INDEX {quoted(name)} IF NOT EXISTS FOR (n:{'|'.join(map(quoted, labels))}) "
        "ON EACH [n.`_words`] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', "
        "`fulltext.eventually_consistent`: false}}",
    )


def find_missing(read: Callable[[Any], Any], layout: Layout) -> list[str]:
    """Return the constraints and indexes that are not there or do not work, in words."""
    return read(lambda stream: _find_missing(list(stream(SHOW)), layout))  # type: ignore[no-any-return]


SHOW = "SHOW INDEXES YIELD name, state, labelsOrTypes RETURN name, state, labelsOrTypes"


def _find_missing(shown: Sequence[tuple[str, str, list[str] | None]], layout: Layout) -> list[str]:
    there = {name: state for name, state, _ in shown}
    missing = [d.what for d in define(layout) if there.get(d.name) in (None, "FAILED")]
    labels = searchable_labels(layout)
    if labels:
        held = next((set(on or ()) for name, _, on in shown if name == search_index(layout)), set())
        if not held.issuperset(labels):
            missing.append("the full-text index")
    return missing
