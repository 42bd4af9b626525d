"""Many groupings at once over the same nodes, as an interface shows them beside its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from algorithms.aggregation.arrays import Arrays, Needs, choose_rows, get_owner, take
from algorithms.aggregation.cells import Cells, lay_out
from algorithms.aggregation.coding import code
from algorithms.aggregation.conditions import meet
from algorithms.aggregation.grouping import Group, Grouping
from algorithms.aggregation.suppression import Guard
from algorithms.reach import Chosen, Indices
from graph import Condition, Linked, Not, View, Where
from graph.questions import conjuncts
from schema import UsageError
from schema.paths import Path, Step


@dataclass(frozen=True)
class Bucket:
    """A group, how many nodes are in it, and how many customers have any, where that was asked for."""

    group: Group
    count: int
    customers: int | None = None


@dataclass(frozen=True)
class Facet:
    """The greatest groups of a grouping, and what is in the others.

    `total`: nodes that meet the conditions, each once, without the facet's own where these are skipped; None
    if it is withheld. `others`: how many groups more there are, `other_count` how many nodes are in any of
    these. `withheld`: how many of the others are small, and never shown (see `suppression`). `overlapping`:
    whether a node may be in several groups.
    """

    grouping: Grouping
    buckets: tuple[Bucket, ...]
    total: int | None
    others: int
    other_count: int | None
    withheld: int
    overlapping: bool
    as_of: datetime


def count_facets(
    view: View,
    kind: str,
    facets: Sequence[Grouping | str],
    *,
    where: Sequence[Condition] = (),
    top: int = 10,
    skip_own: bool = True,
    customers: bool = False,
    suppress_below: int = 0,
) -> list[Facet]:
    """Return how many nodes of a kind are in the groups of each facet, the `top` greatest of each by itself.

    With `skip_own`, a facet counts as if conditions on what it groups by were off, so that a person sees what
    another choice would bring. Errors are those of `aggregate`.
    """
    vocabulary = view.vocabulary
    kind = vocabulary.get_kind(kind).name
    if top < 1:
        raise UsageError("a facet has at least one group")
    groupings = [each if isinstance(each, Grouping) else Grouping(each) for each in facets]
    paths = [each.read(kind, vocabulary) for each in groupings]
    needs = Needs()
    needs.add(*paths, get_owner(vocabulary, kind) if customers else None)
    guard = Guard(vocabulary, kind, suppress_below, needs)
    arrays = take(view, needs, {kind: where})
    parts = [(find_subject(each, kind), meet(arrays, kind, each)) for each in conjuncts(where)]
    every = _choose(arrays, kind, [met for _, met in parts])
    counting = _Counting(arrays, guard, top, customers)
    found = []
    for grouping, path in zip(groupings, paths, strict=True):
        own = skip_own and any(subject == path for subject, _ in parts)
        rows = _choose(arrays, kind, [met for s, met in parts if s != path]) if own else every
        found.append(counting.count(grouping, path, rows))
    return found


@dataclass(frozen=True, eq=False)
class _Counting:
    """How the groups of facets are counted and shown."""

    arrays: Arrays
    guard: Guard
    top: int
    customers: bool

    def count(self, grouping: Grouping, path: Path, rows: Indices) -> Facet:
        held = code(self.arrays, grouping, path)
        layout = lay_out(rows, [held])
        cells, counts = layout.cells, layout.cells.count()
        there = np.flatnonzero(counts)
        shown = self.guard.find_shown(self.arrays, cells, there, layout.codes(there))
        total = bool(shown.any()) or self.guard.admits(self.arrays, rows)
        customers = self.guard.count(self.arrays, cells) if self.customers else None
        places = there[shown]
        places = places[np.argsort(-counts[places], kind="stable")][: self.top]
        (codes,) = layout.codes(places)
        buckets = [
            Bucket(
                held.axis.group(int(code_)),
                int(counts[place]),
                int(customers[place]) if customers is not None else None,
            )
            for place, code_ in zip(places, codes, strict=True)
        ]
        others = counts > 0
        others[places] = False
        return Facet(
            grouping,
            tuple(buckets),
            len(rows) if total else None,
            len(there) - len(places),
            self._count_nodes(cells, others) if total else None,
            int((~shown).sum()),
            held.begin is not None,
            self.arrays.snapshot.as_of,
        )

    def _count_nodes(self, cells: Cells, of: Chosen) -> int:
        """Return how many nodes are in any of these cells."""
        seen = np.zeros(int(cells.nodes.max(initial=-1)) + 1, np.bool_)
        seen[cells.nodes[of[cells.cells]]] = True
        return int(seen.sum())


def _choose(arrays: Arrays, kind: str, met: Sequence[Chosen]) -> Indices:
    return choose_rows(np.logical_and.reduce(met) if met else None, arrays.size(kind))


def find_subject(condition: Condition, kind: str) -> Path | None:
    """Return the path from a kind to what a condition is on, None where that is not one thing."""
    if isinstance(condition, Where):
        return Path(kind, name="" if condition.name == "key" else condition.name)
    if isinstance(condition, Not):
        return find_subject(condition.condition, kind)
    step = Step(condition.triple, condition.direction) if isinstance(condition, Linked) else None
    there = kind if step is None else step.to
    found = {find_subject(each, there) for each in condition.conditions} or ({Path(there)} if step else set())
    subject = found.pop() if len(found) == 1 else None
    if subject is None or step is None:
        return subject
    return replace(subject, unit=kind, steps=(step, *subject.steps))
