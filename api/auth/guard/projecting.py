"""The graph as arrays, as a caller may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from api.auth.policy import Owner, Policy
from api.auth.pseudonyms import Pseudonyms
from api.auth.scope import Scope
from graph import And, Condition, Linked, Not, Or, Positions, Projection, Where
from schema import Direction, Triple, UsageError

Chosen = npt.NDArray[np.bool_]


def list_triples(conditions: Iterable[Condition]) -> Iterator[Triple]:
    """Yield the triples that conditions speak of."""
    for condition in conditions:
        match condition:
            case And(inner) | Or(inner):
                yield from list_triples(inner)
            case Not(one):
                yield from list_triples((one,))
            case Linked(triple, _, inner):
                yield triple
                yield from list_triples(inner)


class View:
    """Cuts projections down to what a caller may see: rows by scope, columns and keys by policy.

    Columns that are hidden stay, filled with nulls, so that what is computed of arrays runs all the same.
    """

    def __init__(self, policy: Policy, scope: Scope, pseudonyms: Pseudonyms) -> None:
        self._policy = policy
        self._scope = scope
        self._pseudonyms = pseudonyms

    def needs(self, kinds: Iterable[str]) -> list[Triple]:
        """Return the triples by which it is told which nodes of these kinds are seen."""
        return list(
            dict.fromkeys(
                triple
                for kind in kinds
                if self._scope.admits(kind)
                for triple in list_triples(self._scope.get_conditions(kind))
            )
        )

    def cut(self, whole: Projection, kinds: Iterable[str], triples: Iterable[Triple]) -> Projection:
        """Return these kinds and triples of a projection, which has those that are needed, too."""
        nodes, places = {}, {}
        for kind in kinds:
            rows = self._find_rows(whole, kind)
            table = whole.nodes[kind]
            cut = table.take(pa.array(rows))
            if kind in self._policy.pseudonymous:
                # In the order of what is shown: that of the keys would tell something of them.
                keys = pa.array([self._pseudonyms.hide(kind, key) for key in cut["key"].to_pylist()])
                order = pc.sort_indices(keys)
                cut = cut.set_column(cut.column_names.index("key"), "key", keys.cast(pa.string())).take(order)
                rows = rows[np.asarray(order)]
            nodes[kind] = self._blank(cut, self._policy.vocabulary.get_kind(kind), ("key",))
            places[kind] = np.full(table.num_rows, -1, np.int64)
            places[kind][rows] = np.arange(len(rows))
        relationships = {
            triple: self._cut_relationships(
                whole.relationships[triple], triple, places[triple.start], places[triple.end]
            )
            for triple in triples
        }
        return Projection(nodes, relationships)

    def _find_rows(self, whole: Projection, kind: str) -> Positions:
        """Return the positions of the nodes that are seen."""
        if not self._scope.admits(kind):
            return np.zeros(0, np.int64)
        return np.flatnonzero(_meet(whole, kind, self._scope.get_conditions(kind)))

    def _cut_relationships(
        self, table: pa.Table, triple: Triple, starts: Positions, ends: Positions
    ) -> pa.Table:
        start, end = starts[table["start"].to_numpy()], ends[table["end"].to_numpy()]
        kept = np.flatnonzero((start >= 0) & (end >= 0))
        kept = kept[np.lexsort((end[kept], start[kept]))]  # stable: slots stay in order
        cut = table.take(pa.array(kept))
        for name, positions in (("start", start), ("end", end)):
            cut = cut.set_column(cut.column_names.index(name), name, pa.array(positions[kept]))
        type_ = self._policy.vocabulary.get_relationship(triple.type)
        return self._blank(cut, type_, ("start", "end"))

    def _blank(self, table: pa.Table, owner: Owner, kept: Sequence[str]) -> pa.Table:
        """Fill every column with nulls that is not known to be seen."""
        seen = {*kept}
        for p in owner.properties.values():
            if self._policy.asks(owner, p.name):
                seen |= {p.name, f"{p.name}_currency"} if p.type == "money" else {p.name}
        for place, field in enumerate(table.schema):
            if field.name not in seen:
                table = table.set_column(place, field, pa.nulls(table.num_rows, field.type))
        return table


def _meet(whole: Projection, kind: str, conditions: Sequence[Condition]) -> Chosen:
    """Return which nodes of a kind meet all conditions, of those that a scope is made of."""
    found = np.ones(whole.nodes[kind].num_rows, np.bool_)
    for condition in conditions:
        found &= _meet_one(whole, kind, condition)
    return found


def _meet_one(whole: Projection, kind: str, condition: Condition) -> Chosen:
    size = whole.nodes[kind].num_rows
    match condition:
        case And(inner):
            return _meet(whole, kind, inner)
        case Or(inner):
            found = np.zeros(size, np.bool_)
            for one in inner:
                found |= _meet_one(whole, kind, one)
            return found
        case Not(one):
            return ~_meet_one(whole, kind, one)
        case Linked(triple, direction, inner):
            if triple not in whole.relationships:
                raise UsageError(f"to tell what may be seen of {kind}, the projection has to have {triple}")
            here, there = whole.ends(triple, direction)
            far = triple.end if direction is Direction.OUT else triple.start
            found = np.zeros(size, np.bool_)
            found[here[_meet(whole, far, inner)[there]]] = True
            return found
        case Where("key", op, value) if op in ("eq", "in"):
            wanted = [value] if op == "eq" else list(value)
            keys = whole.nodes[kind]["key"]
            chosen: Chosen = np.asarray(pc.is_in(keys, pa.array(wanted, pa.string())).to_numpy())
            return chosen
    raise UsageError(f"no array tells whether {condition} is met")
