"""Features of units from the graph: what stands at the ends of typed paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from algorithms.builder import Builder, allowed
from algorithms.considered import Considered, consider
from algorithms.reach import Chosen, Indices
from algorithms.rootcauses import Feature, FeatureKind
from algorithms.ways import History, Ways
from graph import Projection
from schema import Triple, Vocabulary
from schema.paths import Path, walk


@dataclass(frozen=True)
class Built:
    """The features of all units of a kind, and what was considered.

    `known`: of which units anything is known but that they complained.
    """

    pairs: tuple[tuple[Path, Feature], ...]
    considered: tuple[Considered, ...]
    known: Chosen

    def __iter__(self) -> Iterator[tuple[Path, Feature]]:
        return iter(self.pairs)

    def without_dates(self) -> Built:
        """Return it without the features that are dates."""
        dates = {str(path) for path, feature in self.pairs if feature.kind is FeatureKind.DATE}
        pairs = tuple(pair for pair in self.pairs if str(pair[0]) not in dates)
        told = (consider(c.path, "period") if c.path in dates else c for c in self.considered)
        return replace(self, pairs=pairs, considered=tuple(told))


def triples_for(
    vocabulary: Vocabulary,
    unit: str,
    depth: int,
    exclude: Sequence[str],
    declared: Sequence[Path] = (),
    *,
    discover: bool = True,
) -> set[Triple]:
    """Return the triples that features of a unit may need."""
    found = walk(vocabulary, unit, depth if discover else 0, lambda step: allowed(step, exclude))
    return {step.triple for path in (*found, *declared) for step in path.every_step}


def build_features(  # noqa: PLR0913
    vocabulary: Vocabulary,
    projection: Projection,
    unit: str,
    *,
    depth: int = 3,
    exclude: Sequence[str] = (),
    declared: Sequence[Path] = (),
    discover: bool = True,
    history: History | None = None,
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Return the features of all units of a kind, in the order of `projection.nodes[unit]`.

    Looked at: properties of the unit and of what it reaches, which nodes it reaches, how many, and folds
    of their properties; and the `declared` paths, alone where `discover` is false. Personal properties
    are not. `exclude` names kinds, `Kind.property`s or whole paths; what is declared is used even so.
    With a `history`, nothing is used that became known after a unit's first complaint, or after a
    comparable moment of another unit. `progress` is called with each path before it is looked at.
    """
    ways = Ways(vocabulary, projection, unit, depth - 1, history)
    builder = Builder(ways, exclude, progress)
    if discover:
        builder.discover(depth)
    for path in declared:
        builder.declare(path)
    return Built(tuple(builder.pairs.values()), tuple(builder.considered.values()), builder.known)


def restrict(feature: Feature, rows: Indices) -> Feature:
    """Return the feature of some of the units."""
    if feature.indptr is None:
        return replace(feature, values=feature.values[rows])
    sizes = np.diff(feature.indptr)
    held = np.zeros(len(sizes), np.bool_)
    held[rows] = True
    values = feature.values[np.repeat(held, sizes)]
    return replace(feature, values=values, indptr=np.r_[0, np.cumsum(sizes[rows])])
