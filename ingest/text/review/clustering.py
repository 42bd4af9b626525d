"""Clusters of quotes that may state one cause: average linkage on cosines, deterministic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from ingest.text.review.likeness import Vectors, cosines

MOST = 4000  # quotes that are clustered; linkage takes memory by the square, the rest joins


def cluster(vectors: Vectors, together: float) -> list[list[int]]:
    """Return clusters of rows whose mean cosine is `together` or more, in the order of their first row.

    Beyond MOST rows, each further one joins the cluster that it is most like, if it is like enough.
    Who calls puts the rows that count most first.
    """
    rows = vectors.shape[0]
    if rows == 0:
        return []
    first = vectors[: min(rows, MOST)]
    distances = np.clip(1 - cosines(first, first), 0, 2)
    np.fill_diagonal(distances, 0)
    if len(distances) == 1:
        return [[0]]
    tree = linkage(squareform(distances, checks=False), "average")
    labels = fcluster(tree, 1 - together, "distance")
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        groups.setdefault(int(label), []).append(row)
    found = list(groups.values())
    for start in range(MOST, rows, MOST):
        _join(vectors, found, start, min(start + MOST, rows), together)
    return found


def _join(vectors: Vectors, groups: list[list[int]], start: int, stop: int, together: float) -> None:
    """Let the rows from start to stop join the cluster of the first rows that they are most like."""
    alike = cosines(vectors[start:stop], vectors[:MOST])
    means = np.stack([alike[:, [row for row in group if row < MOST]].mean(axis=1) for group in groups])
    for place, best in enumerate(means.argmax(axis=0)):
        if means[best, place] >= together:
            groups[int(best)].append(start + place)


def find_medoid(vectors: Vectors, weights: Sequence[int]) -> int:
    """Return the row that is most like all others, counted by their weights; the first of equals."""
    likeness: NDArray[np.float64] = cosines(vectors, vectors) @ np.asarray(weights, dtype=float)
    return int(np.round(likeness, 6).argmax())
