"""Many groupings at once over the same nodes, as an interface shows them beside its filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from algorithms.aggregation.aggregate import count_customers
from algorithms.aggregation.arrays import Arrays, Needs, choose_rows, find_owner, take
from algorithms.aggregation.cells import Cells, lay_out
from algorithms.aggregation.coding import code
from algorithms.aggregation.conditions import meet
from algorithms.aggregation.grouping import Group, Grouping
from algorithms.aggregation.suppression import find_shown
from algorithms.reach import Chosen, Indices
from graph import And, Condition, Linked, Not, View, Where
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
    owner = find_owner(vocabulary, kind) if customers or suppress_below > 1 else None
    needs = Needs({kind: None})
    needs.add(*paths, owner)
    needs.add_conditions(where)
    arrays = take(view, needs)
    parts = [(find_subject(each, kind), meet(arrays, kind, each)) for each in flatten(where)]
    every = _choose(arrays, kind, [met for _, met in parts])
    counting = _Counting(arrays, kind, top, customers, suppress_below if owner else 0)
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
    kind: str
    top: int
    customers: bool
    suppress_below: int

    def count(self, grouping: Grouping, path: Path, rows: Indices) -> Facet:
        held = code(self.arrays, grouping, path)
        cells, (codes,) = lay_out(rows, [held])
        counts, shown, total = cells.count(), np.ones(cells.size, np.bool_), True
        customers = None
        if self.customers or self.suppress_below > 1:
            customers = count_customers(self.arrays, self.kind, cells)
        if customers is not None and self.suppress_below > 1:
            shown = find_shown([codes], customers, self.suppress_below)
            total = bool(shown.any()) or self._is_large(rows)
        places = np.flatnonzero(shown)
        places = places[np.argsort(-counts[places], kind="stable")][: self.top]
        buckets = [
            Bucket(
                held.axis.group(int(codes[place])),
                int(counts[place]),
                int(customers[place]) if customers is not None and self.customers else None,
            )
            for place in places
        ]
        others = np.ones(cells.size, np.bool_)
        others[places] = False
        return Facet(
            grouping,
            tuple(buckets),
            len(rows) if total else None,
            int(others.sum()),
            self._count_nodes(cells, others) if total else None,
            int((~shown).sum()),
            held.begin is not None,
            self.arrays.snapshot.as_of,
        )

    def _count_nodes(self, cells: Cells, of: Chosen) -> int:
        """Return how many nodes are in any of these cells."""
        return len(np.unique(cells.nodes[of[cells.cells]])) if of.any() else 0

    def _is_large(self, rows: Indices) -> bool:
        """Return whether nodes are of so many customers that they may be told of."""
        whole = Cells(rows, np.zeros(len(rows), np.int64), 1)
        return not len(rows) or bool(count_customers(self.arrays, self.kind, whole)[0] >= self.suppress_below)


def _choose(arrays: Arrays, kind: str, met: Sequence[Chosen]) -> Indices:
    return choose_rows(np.logical_and.reduce(met) if met else None, arrays.size(kind))


def flatten(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Yield the conditions that must all be met, those of `And` one by one."""
    for condition in conditions:
        if isinstance(condition, And):
            yield from flatten(condition.conditions)
        else:
            yield condition


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
