"""The nodes, edges and degrees of a network, as networkx shows those of a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from algorithms.networks.labels import Indices, Label, Labels


class _Viewed(Protocol):
    """What a view needs of a network."""

    @property
    def labels(self) -> Labels: ...
    @property
    def directed(self) -> bool: ...
    @property
    def attributes(self) -> Mapping[str, Any]: ...

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Label]: ...
    def __contains__(self, label: object) -> bool: ...
    def number_of_edges(self) -> int: ...
    def has_edge(self, start: object, end: object) -> bool: ...
    def get_position(self, label: Label) -> int: ...
    def ends(self) -> tuple[Indices, Indices]: ...
    def pairs(self) -> tuple[Indices, Indices]: ...


class _View:
    def __init__(self, network: _Viewed) -> None:
        self._network = network


class Nodes(_View):
    """The labels of the nodes."""

    def __len__(self) -> int:
        return len(self._network)

    def __iter__(self) -> Iterator[Label]:
        return iter(self._network)

    def __contains__(self, label: object) -> bool:
        return label in self._network

    def __call__(self, data: bool = False) -> Iterable[Any]:
        """Return the labels, or pairs of label and attributes (of which nodes have none)."""
        return ((label, {}) for label in self) if data else self


class Edges(_View):
    """Pairs of labels (from, to); an undirected edge comes once."""

    def __len__(self) -> int:
        return self._network.number_of_edges()

    def __iter__(self) -> Iterator[tuple[Label, Label]]:
        labels = self._network.labels.all
        for start, end in zip(*(part.tolist() for part in self._network.pairs()), strict=True):
            yield labels[start], labels[end]

    def __contains__(self, edge: object) -> bool:
        return isinstance(edge, tuple) and len(edge) == 2 and self._network.has_edge(*edge)

    def __call__(self, nbunch: Any = None, data: bool | str = False, default: Any = None) -> Iterable[Any]:
        """Return the edges, or those from some nodes, with all attributes or the one that is named."""
        if nbunch is None and data is False:
            return self
        return self._described(nbunch, data, default)

    def _described(self, nbunch: Any, data: bool | str, default: Any) -> Iterator[Any]:
        network = self._network
        start, end = network.ends()
        chosen = np.ones(len(start), np.bool_)
        if nbunch is not None:
            held = np.zeros(len(network), np.bool_)
            held[positions(network, nbunch)] = True
            chosen = held[start]
            if not network.directed:
                chosen &= ~held[end] | (start <= end)
        elif not network.directed:
            chosen = start <= end
        columns = {name: column[chosen].tolist() for name, column in network.attributes.items()}
        labels = network.labels.all
        for row, (a, b) in enumerate(zip(start[chosen].tolist(), end[chosen].tolist(), strict=True)):
            if data is False:
                yield labels[a], labels[b]
            elif data is True:
                yield labels[a], labels[b], {name: column[row] for name, column in columns.items()}
            else:
                yield labels[a], labels[b], columns[data][row] if data in columns else default


class Degrees(_View):
    """The number of edges of each node: by label, or as pairs (label, number)."""

    def __init__(self, network: _Viewed, count: Callable[[str | None], Any]) -> None:
        super().__init__(network)
        self._count = count

    def __len__(self) -> int:
        return len(self._network)

    def __iter__(self) -> Iterator[tuple[Label, Any]]:
        return zip(self._network.labels.all, self._count(None).tolist(), strict=True)

    def __getitem__(self, label: Label) -> Any:
        return self._count(None)[self._network.get_position(label)].item()

    def __call__(self, nbunch: Any = None, weight: str | None = None) -> Any:
        """Return all degrees, those of some nodes, or the number of a single one."""
        if nbunch is None and weight is None:
            return self
        found = self._count(weight)
        if nbunch is None:
            return zip(self._network.labels.all, found.tolist(), strict=True)
        if nbunch in self._network:
            return found[self._network.get_position(nbunch)].item()
        chosen = positions(self._network, nbunch)
        return zip(map(self._network.labels.at, chosen), found[chosen].tolist(), strict=True)


def positions(network: _Viewed, nbunch: Any) -> list[int]:
    """Return the positions of a label, or of those among several that are in the network."""
    if nbunch in network:
        return [network.get_position(nbunch)]
    found = (network.labels.find(label) for label in nbunch)
    return [place for place in dict.fromkeys(found) if place is not None]
