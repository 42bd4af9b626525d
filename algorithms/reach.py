"""Which nodes units reach by typed paths, since when, and where a hub ends the way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph import Projection
from schema import Vocabulary
from schema.paths import Step, find_dates

Indices = npt.NDArray[np.int64]
Chosen = npt.NDArray[np.bool_]

WIDEST = 50  # nodes a unit reaches on average by a path; beyond, a hub lies on it
MOST_PAIRS = 20_000_000  # of units and nodes that a path may have, unless the graph holds as many links
HUBS = 0.5  # of the units that go on; where more of them meet a hub, the path tells of the hub only
ATTRIBUTE = 0.9  # of nodes that have one of a kind, and none several; then it is a part of what they are

ALWAYS = np.int64(np.iinfo(np.int64).min)  # a moment before all others
DAY, HOUR = 86_400_000_000, 3_600_000_000  # in microseconds


@dataclass(frozen=True)
class Reach:
    """Which nodes each unit reaches by a path: pairs (unit, node), by unit and node, each pair once.

    `since`: the moment (microseconds since 1970) from which a pair is known, None where it always was.
    `hubs`: positions of the units whose way meets a hub; they have no pairs.
    """

    units: Indices
    nodes: Indices
    size: int
    since: Indices | None = None
    hubs: Indices | None = None

    @property
    def single(self) -> bool:
        """Whether no unit reaches more than one node."""
        return not bool(np.any(self.units[1:] == self.units[:-1]))

    @property
    def several(self) -> float:
        """The share of the units that reach any node that reach more than one."""
        counts = np.bincount(self.units)
        return float((counts > 1).sum()) / max(int((counts > 0).sum()), 1)

    def step(self, projection: Projection, step: Step, since: Indices | None = None) -> Reach:
        """Return what is reached by one step more; `since` is when each node there came to be."""
        source, target = projection.ends(step.triple, step.direction)
        order = np.argsort(source, kind="stable")
        source, target = source[order], target[order]
        first = np.searchsorted(source, self.nodes, "left")
        count = np.searchsorted(source, self.nodes, "right") - first
        offsets = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        nodes = target[np.repeat(first, count) + offsets]
        known = None if self.since is None else np.repeat(self.since, count)
        if since is not None and not self._is_attribute(source):
            known = since[nodes] if known is None else np.maximum(known, since[nodes])
        return _pairs(np.repeat(self.units, count), nodes, self.size, known, self.hubs)

    def _is_attribute(self, source: Indices) -> bool:
        """Return whether what comes next is one each: it was there before whatever happened later."""
        here = np.unique(self.nodes)
        degrees = np.bincount(source, minlength=int(here.max(initial=-1)) + 1)[here]
        return bool(len(here)) and int(degrees.max()) == 1 and float(degrees.mean()) >= ATTRIBUTE

    def narrow(self, projection: Projection, step: Step) -> Reach | None:
        """Return this reach without the units that meet a hub at a step, where it is too wide for all.

        Hubs are what more than `WIDEST` nodes lie behind, if a unit would reach more than that on
        average, and more than there are links. None where most units meet one.
        """
        source, _ = projection.ends(step.triple, step.direction)
        degrees = np.bincount(source, minlength=int(self.nodes.max(initial=-1)) + 1)[self.nodes]
        total = int(degrees.sum())
        if total <= max(len(source), min(WIDEST * self.size, MOST_PAIRS)):
            return self
        widths = np.bincount(self.units, degrees, minlength=self.size)
        wide = widths > WIDEST
        if wide.sum() > HUBS * (widths > 0).sum() or widths[~wide].sum() > MOST_PAIRS:
            return None
        kept, found = ~wide[self.units], np.flatnonzero(wide)
        return replace(
            self,
            units=self.units[kept],
            nodes=self.nodes[kept],
            since=None if self.since is None else self.since[kept],
            hubs=found if self.hubs is None else np.union1d(self.hubs, found),
        )

    def before(self, moments: Indices, of: Chosen | None = None) -> Reach:
        """Return what was known before each unit's moment; `of`: only of these units, all of the others."""
        if self.since is None:
            return self
        kept = self.since <= moments[self.units]
        if of is not None:
            kept |= ~of[self.units]
        return replace(self, units=self.units[kept], nodes=self.nodes[kept], since=self.since[kept])

    def indptr(self) -> Indices:
        """Return where the nodes of each unit begin."""
        return np.searchsorted(self.units, np.arange(self.size + 1))


def _pairs(
    units: Indices, nodes: Indices, size: int, since: Indices | None = None, hubs: Indices | None = None
) -> Reach:
    """Return the distinct pairs of units and nodes, by unit and node, each since it is first known."""
    span = max(int(nodes.max(initial=-1)) + 1, 1)
    pairs = units * span + nodes  # one integer a pair: many times faster than rows
    if since is None:
        pairs = np.sort(pairs)  # np.unique looks numbers up in a table of hashes: many times slower
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=pairs[:1] - 1))]
    else:
        order = np.argsort(pairs, kind="stable")
        pairs = pairs[order]
        begin = np.flatnonzero(np.r_[True, pairs[1:] != pairs[:-1]]) if len(pairs) else order
        pairs, since = pairs[begin], np.minimum.reduceat(since[order], begin) if len(pairs) else since
    return Reach(pairs // span, pairs % span, size, since, hubs)


def recode(reach: Reach, codes: Indices) -> Reach:
    """Return a reach in which nodes are replaced by the codes of their values, each pair once."""
    return _pairs(reach.units, codes, reach.size, None, reach.hubs)


def start(size: int) -> Reach:
    """Return the reach of no step: each unit itself."""
    every = np.arange(size, dtype=np.int64)
    return Reach(every, every, size)


def find_since(vocabulary: Vocabulary, projection: Projection, kind: str) -> Indices | None:
    """Return since when each node of a kind is known: the earliest of its dates, None if it has none.

    A node without any date was there always, as far as can be told. What is dated by the day is known
    when the day is over, what has a time an hour later: a call comes just before the complaint that
    is taken down in it.
    """
    table = projection.nodes[kind]
    earliest: Indices | None = None
    for p in find_dates(vocabulary.get_kind(kind)):
        if table[p.name].null_count < table.num_rows:
            moments = read_moments(table[p.name])
            there = moments != ALWAYS
            moments = moments + np.where(there, DAY if p.type == "date" else HOUR, 0)
            if earliest is None:
                earliest = moments
            else:
                both = there & (earliest != ALWAYS)
                either = np.where(there, moments, earliest)
                earliest = np.where(both, np.minimum(moments, earliest), either)
    return earliest


def read_moments(column: pa.ChunkedArray) -> Indices:
    """Return dates or times as microseconds since 1970, `ALWAYS` where there is none."""
    values = column.cast(pa.timestamp("us")).combine_chunks().to_numpy(zero_copy_only=False)
    # NaT is the smallest integer, which is ALWAYS.
    found: Indices = values.astype("datetime64[us]").astype(np.int64)
    return found
