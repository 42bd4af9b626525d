"""From a store to a network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.networks.labels import ProjectedLabels
from algorithms.networks.network import Network, connect
from graph import Projection, Reader
from schema import Triple


def load_network(
    reader: Reader,
    *,
    kinds: Sequence[str] | None = None,
    triples: Sequence[Triple] | None = None,
    directed: bool = False,
) -> Network:
    """Return the open graph of a store, or these kinds and triples of it, as a network.

    Kinds bring the triples among them, triples the kinds at their ends.
    Nodes are called `(kind, key)`. Relationships are walked either way unless `directed`. All
    relationships between two nodes are one edge, whose `weight` says how many there are. A kind or
    triple that is not in the vocabulary is a `UsageError`.
    """
    if kinds is None and triples is not None:
        kinds = []  # to the store no kinds are all kinds
    return build_network(reader.project(kinds, triples), directed=directed)


def build_network(projection: Projection, *, directed: bool = False) -> Network:
    """Return a projection as a network, as `load_network` does."""
    labels = ProjectedLabels(projection.nodes)
    starts, ends = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for triple in projection.relationships:
        start, end = projection.ends(triple)
        starts.append(start + labels.starts[triple.start])
        ends.append(end + labels.starts[triple.end])
    made = connect(labels, np.concatenate(starts), np.concatenate(ends), directed=directed)
    return Network(labels, made.arcs, directed, {"weight": made.arcs.data})
