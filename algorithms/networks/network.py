"""A network: labelled nodes and their arcs in a CSR array, read as networkx reads a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from algorithms.networks.labels import Indices, Label, Labels
from algorithms.networks.views import Degrees, Edges, Nodes
from schema import NotFoundError

Numbers = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Network:
    """A simple graph on arrays, which cannot be changed.

    `arcs` is a CSR array of shape (n, n), indices sorted, without duplicates; its data counts what
    was collapsed into each arc. In an undirected network each edge lies in it both ways, a self-loop
    once. `attributes` are numbers of the arcs, in the order of `arcs.data`. networkx hands calls on
    it to the backend `motivo`.
    """

    labels: Labels
    arcs: csr_array
    directed: bool
    attributes: Mapping[str, Numbers]

    __networkx_backend__: ClassVar[str] = "motivo"

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels.all)

    def __contains__(self, label: object) -> bool:
        try:
            return self.labels.find(label) is not None
        except TypeError:
            return False

    def __getitem__(self, label: Label) -> dict[Label, dict[str, Any]]:
        """Return the neighbours of a node (directed: its successors), each with the edge's attributes."""
        row = slice(*self.arcs.indptr[(place := self.get_position(label)) : place + 2])
        found = self.arcs.indices[row].tolist()
        values = {name: column[row].tolist() for name, column in self.attributes.items()}
        return {
            self.labels.at(target): {name: column[i] for name, column in values.items()}
            for i, target in enumerate(found)
        }

    def __repr__(self) -> str:
        kind = "directed" if self.directed else "undirected"
        return f"<Network, {kind}: {len(self)} nodes, {self.number_of_edges()} edges>"

    def get_position(self, label: Label) -> int:
        """Return the position of a node; `NotFoundError` where there is none of this label."""
        try:
            place = self.labels.find(label)
        except TypeError:
            place = None
        if place is None:
            raise NotFoundError(f"no node {label!r} is in the network")
        return place

    # What networkx asks of every graph.
    def is_directed(self) -> bool:
        """Tell whether edges have a direction."""
        return self.directed

    def is_multigraph(self) -> bool:
        """Return False: parallel edges are collapsed."""
        return False

    def number_of_nodes(self) -> int:
        """Return the number of nodes."""
        return len(self)

    order = number_of_nodes

    def number_of_edges(self) -> int:
        """Return the number of edges, self-loops among them."""
        return int(self.arcs.nnz if self.directed else (self.arcs.nnz + self.loops.sum()) // 2)

    def size(self, weight: str | None = None) -> float:
        """Return the number of edges, or the sum of their weights."""
        if weight is None:
            return self.number_of_edges()
        total = self.degrees(weight).sum()
        return float(total / 2)

    def has_node(self, label: object) -> bool:
        """Tell whether there is a node of this label."""
        return label in self

    def has_edge(self, start: object, end: object) -> bool:
        """Tell whether there is an edge from one to the other."""
        if start not in self or end not in self:
            return False
        row = slice(*self.arcs.indptr[(place := self.get_position(start)) : place + 2])
        targets = self.arcs.indices[row]
        target = self.get_position(end)
        found = np.searchsorted(targets, target)
        return bool(found < len(targets) and targets[found] == target)

    def neighbors(self, label: Label) -> Iterator[Label]:
        """Yield the neighbours of a node (directed: its successors)."""
        place = self.get_position(label)
        targets = self.arcs.indices[self.arcs.indptr[place] : self.arcs.indptr[place + 1]]
        return map(self.labels.at, targets.tolist())

    successors = neighbors

    def predecessors(self, label: Label) -> Iterator[Label]:
        """Yield the nodes that have an edge to this one."""
        return self.reverse().neighbors(label) if self.directed else self.neighbors(label)

    @property
    def nodes(self) -> Nodes:
        """The labels."""
        return Nodes(self)

    @property
    def edges(self) -> Edges:
        """Pairs of labels; an undirected edge comes once."""
        return Edges(self)

    @property
    def degree(self) -> Degrees:
        """Edges of each node; a self-loop counts twice."""
        return Degrees(self, self.degrees)

    @property
    def in_degree(self) -> Degrees:
        """Edges to each node."""
        return Degrees(self, self.in_degrees)

    @property
    def out_degree(self) -> Degrees:
        """Edges from each node."""
        return Degrees(self, self.out_degrees)

    def reverse(self, copy: bool = True) -> Network:  # noqa: ARG002
        """Return the network with every direction turned round (networkx's `copy` changes nothing here)."""
        return self._reversed

    def to_undirected(self) -> Network:
        """Return the network without directions; opposite edges become one, their weights added up."""
        if not self.directed:
            return self
        start, end = self.ends()
        return connect(self.labels, start, end, self.arcs.data, directed=False, attributes=self.attributes)

    # The arrays behind it.
    def ends(self) -> tuple[Indices, Indices]:
        """Return two arrays (from, to), one entry an arc, in the order of `arcs.data`."""
        sources = np.repeat(np.arange(len(self)), np.diff(self.arcs.indptr))
        return sources, self.arcs.indices.astype(np.int64)

    def pairs(self) -> tuple[Indices, Indices]:
        """Return the ends of each edge, an undirected one once, lower position first."""
        start, end = self.ends()
        return (start, end) if self.directed else (start[start <= end], end[start <= end])

    def weights(self, name: str | None) -> Floats:
        """Return a number an arc; 1 where the edges have no attribute of this name."""
        column = self.attributes.get(name) if name is not None else None
        return np.ones(self.arcs.nnz) if column is None else column.astype(np.float64)

    def matrix(self, weight: str | None = None) -> csr_array:
        """Return the adjacency as floats, shape (n, n), sharing the indices of `arcs`."""
        if weight is None or weight not in self.attributes:
            return self._pattern
        parts = (self.weights(weight), self.arcs.indices, self.arcs.indptr)
        return csr_array(parts, shape=self.arcs.shape)

    def out_degrees(self, weight: str | None = None) -> Numbers:
        """Return the (weighted) number of arcs from each node, shape (n,)."""
        if weight is None:
            return self._out
        sources, _ = self.ends()
        return np.bincount(sources, self.weights(weight), len(self))

    def in_degrees(self, weight: str | None = None) -> Numbers:
        """Return the (weighted) number of arcs to each node, shape (n,)."""
        if weight is None:
            return self._into
        return np.bincount(self.arcs.indices, self.weights(weight), len(self))

    def degrees(self, weight: str | None = None) -> Numbers:
        """Return the (weighted) number of edges of each node, a self-loop twice, shape (n,)."""
        if weight is None:
            return self._both
        found = self.out_degrees(weight)
        if self.directed:
            return found + self.in_degrees(weight)
        sources, targets = self.ends()
        own = sources == targets
        return found + np.bincount(sources[own], self.weights(weight)[own], len(self))

    @cached_property
    def loops(self) -> npt.NDArray[np.bool_]:
        """Which nodes have an edge to themselves, shape (n,)."""
        return np.asarray(self.arcs.diagonal() != 0)

    @cached_property
    def _out(self) -> Indices:
        return np.asarray(np.diff(self.arcs.indptr), np.int64)

    @cached_property
    def _into(self) -> Indices:
        return np.bincount(self.arcs.indices, minlength=len(self))

    @cached_property
    def _both(self) -> Indices:
        return self._out + (self._into if self.directed else self.loops)

    @cached_property
    def _pattern(self) -> csr_array:
        parts = (np.ones(self.arcs.nnz), self.arcs.indices, self.arcs.indptr)
        return csr_array(parts, shape=self.arcs.shape)

    @cached_property
    def _reversed(self) -> Network:
        if not self.directed:
            return self
        start, end = self.ends()
        return connect(self.labels, end, start, self.arcs.data, directed=True, attributes=self.attributes)


def connect(
    labels: Labels,
    start: Indices,
    end: Indices,
    counts: Numbers | None = None,
    *,
    directed: bool,
    attributes: Mapping[str, Numbers] | None = None,
) -> Network:
    """Return the network of these edges, given by the positions of their ends, shape (m,) each.

    Parallel edges become one, and so do opposite ones of an undirected network; counts (1 each unless
    given) and attributes are added up.
    """
    shape = (len(labels), len(labels))
    counts = np.ones(len(start), np.int32) if counts is None else counts
    start, end = start.astype(np.int32, copy=False), end.astype(np.int32, copy=False)
    arcs = csr_array((counts, (start, end)), shape=shape)
    columns, places = dict(attributes or {}), (start, end)
    if not directed:
        other = start != end
        back = arcs if other.all() else csr_array((counts[other], (start[other], end[other])), shape=shape)
        arcs = arcs + back.T  # faster than a matrix of all arcs, but leaves out what adds up to 0
        columns = {name: np.concatenate([c, c[other]]) for name, c in columns.items()}
        if columns:
            places = (np.concatenate([start, end[other]]), np.concatenate([end, start[other]]))
    found = {name: csr_array((column, places), shape=shape).data for name, column in columns.items()}
    return Network(labels, arcs, directed, found)
