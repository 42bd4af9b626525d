"""The arrays that a question needs of a graph, and what is read off them again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import eye_array

from algorithms.aggregation.reached import Reached, as_matrix, hold
from algorithms.reach import MOST_PAIRS, Chosen, Indices
from graph import And, Condition, Linked, Not, Or, Snapshot, View, Where
from graph.questions import check_conditions, get_property
from schema import CUSTOMER, LimitError, Triple, UsageError, Vocabulary
from schema.paths import Path, Step, parse_path, walk

MOST_TEXT = 2**31 - 1  # bytes in an array of Arrow's string
FARTHEST = 4  # steps from a kind to the customer whose it is


@dataclass
class Needs:
    """The kinds and triples that a question needs, and the properties (by kind) that it asks by."""

    kinds: dict[str, None] = field(default_factory=dict)
    triples: dict[Triple, None] = field(default_factory=dict)
    properties: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, *paths: Path | None) -> None:
        """Add what lies on paths, those that there are."""
        for path in paths:
            for each in () if path is None else path.ends or (path,):
                self.kinds |= dict.fromkeys(each.kinds)
                self.triples |= dict.fromkeys(step.triple for step in each.steps)
                if each.name:
                    self.properties.setdefault(each.kind, {})[each.name] = None

    def add_conditions(self, conditions: Iterable[Condition]) -> None:
        """Add what nodes are linked to that conditions are on."""
        for condition in conditions:
            if isinstance(condition, And | Or | Linked):
                self.add_conditions(condition.conditions)
            elif isinstance(condition, Not):
                self.add_conditions([condition.condition])
            if isinstance(condition, Linked):
                self.triples[condition.triple] = None


@dataclass(frozen=True, eq=False)
class Arrays:
    """Parts of a graph, all of one version. What is read off them once is kept for all who share them."""

    vocabulary: Vocabulary
    snapshot: Snapshot

    def size(self, kind: str) -> int:
        """Return how many nodes of a kind there are."""
        return int(self.snapshot.projection.nodes[kind].num_rows)

    def column(self, kind: str, name: str) -> pa.Array:
        """Return the values of a property (`key`, too), a node each; `UsageError` if there is none."""
        get_property(self.vocabulary.get_kind(kind), name)
        return combine(self.snapshot.projection.nodes[kind][name])

    def currency(self, kind: str, name: str) -> pa.Array:
        """Return the currencies of a property that is sums of money, a node each."""
        return combine(self.snapshot.projection.nodes[kind][f"{name}_currency"])

    def ends(self, step: Step) -> tuple[Indices, Indices]:
        """Return the ends (from, to) of the relationships that a step walks."""
        return self.snapshot.projection.ends(step.triple, step.direction)

    def reach(self, path: Path) -> Reached:
        """Return which nodes each unit reaches; `LimitError` where these are too many."""
        walked = path.walked
        return self.snapshot.keep(("reach", walked), lambda: self._walk(walked))

    def _walk(self, path: Path) -> Reached:
        if not path.steps:
            return hold(eye_array(self.size(path.unit), dtype=np.int32, format="csr"))
        step = path.steps[-1]
        onwards = self.snapshot.projection.csr(step.triple, step.direction)
        if len(path.steps) == 1:
            return hold(onwards)
        before = self.reach(Path(path.unit, path.steps[:-1]))
        if int(np.diff(onwards.indptr)[before.nodes].sum()) > max(MOST_PAIRS, onwards.nnz):
            raise LimitError(f"{path} leads to too many nodes", hint="ask for something nearer")
        return hold(as_matrix(before) @ onwards)


def take(view: View, needs: Needs, where: Mapping[str, Sequence[Condition]]) -> Arrays:
    """Return the arrays that a question needs, on nodes of some kinds that meet conditions.

    `RefusedError` where the reader does not let who asks ask by one of the properties.
    """
    for kind, conditions in where.items():
        check_conditions(conditions)
        needs.add_conditions(conditions)
        # Of no nodes, and so at no cost: a reader that guards refuses as it does wherever it is asked.
        view.reader.get_many(kind, (), where=conditions)
    for triple in needs.triples:
        view.vocabulary.get_triple(triple.start, triple.type, triple.end)
    for kind, names in needs.properties.items():
        view.reader.get_many(kind, (), where=[Where(name, "is_null") for name in names])
    return Arrays(view.vocabulary, view.take((*where, *needs.kinds), needs.triples))


def combine(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece, as a snapshot has it already, but for more than 2 GB of texts."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_string(column.type) and column.nbytes > MOST_TEXT:
        column = column.cast(pa.large_string())
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def as_chosen(met: pa.Array) -> Chosen:
    """Return which are true; null is not."""
    found: Chosen = pc.fill_null(met, False).to_numpy(zero_copy_only=False)
    return found


def read_path(text: str, kind: str, vocabulary: Vocabulary) -> Path:
    """Return the path from a kind that a text names; the name of a property alone is one, too."""
    properties = vocabulary.get_kind(kind).properties
    path = Path(kind, name=text) if text in properties else parse_path(text, vocabulary)
    if path.unit != kind:
        raise UsageError(f"{text!r} begins with {path.unit}", hint=f"begin with {kind}")
    return path


def find_owner(vocabulary: Vocabulary, kind: str) -> Path | None:
    """Return the path from a kind to the customer whose its nodes are; None of what is shared.

    It is the shortest one that passes no shared kind, among several the one declared first.
    """
    if kind == CUSTOMER:
        return Path(kind)
    if vocabulary.get_kind(kind).shared:
        return None

    def allowed(step: Step) -> bool:
        return step.to == CUSTOMER or not vocabulary.kinds[step.to].shared

    return next((p for p in walk(vocabulary, kind, FARTHEST, allowed) if p.kind == CUSTOMER), None)


def get_owner(vocabulary: Vocabulary, kind: str) -> Path:
    """Return the path from a kind to its customer; `UsageError` of what is of none."""
    path = find_owner(vocabulary, kind)
    if path is None:
        raise UsageError(f"a {kind} is of no single customer", hint="count something else")
    return path


def choose_rows(chosen: Chosen | None, size: int) -> Indices:
    """Return the positions of what is chosen, all where nothing is."""
    found: Sequence[int] | Indices = np.arange(size) if chosen is None else np.flatnonzero(chosen)
    return np.asarray(found, np.int64)
