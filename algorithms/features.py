"""Features of units from the graph: what stands at the ends of typed paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.rootcauses import Feature, FeatureKind
from graph import Projection
from schema import (
    CAUSE,
    COMPLAINT,
    RECORD,
    RESOLVES_TO,
    Property,
    Sensitivity,
    Triple,
    Vocabulary,
)
from schema.paths import Path, Step, walk

# What exists only because somebody complained, or is written by us, explains nothing.
NEVER = frozenset((COMPLAINT, CAUSE, RECORD, "Action", "RootCause"))
WIDEST = 50  # nodes a unit reaches on average by a path; beyond, a hub lies on it and says nothing
SHARED_BY = 2  # units that share a value on average; below, it is as good as a name

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reach:
    """Which nodes each unit reaches by a path: pairs (unit, node), by unit, each pair once."""

    units: Indices
    nodes: Indices
    size: int

    @property
    def single(self) -> bool:
        """Whether no unit reaches more than one node."""
        return len(np.unique(self.units)) == len(self.units)

    def width(self, projection: Projection, step: Step) -> float:
        """Return how many nodes one step more reaches from a unit on average, at most."""
        source, _ = projection.ends(step.triple, step.direction)
        degrees = np.bincount(source, minlength=int(self.nodes.max(initial=-1)) + 1)
        return float(degrees[self.nodes].sum()) / max(self.size, 1)

    def step(self, projection: Projection, step: Step) -> Reach:
        """Return what is reached by one step more."""
        source, target = projection.ends(step.triple, step.direction)
        order = np.argsort(source, kind="stable")
        source, target = source[order], target[order]
        first = np.searchsorted(source, self.nodes, "left")
        count = np.searchsorted(source, self.nodes, "right") - first
        units = np.repeat(self.units, count)
        offsets = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        nodes = target[np.repeat(first, count) + offsets]
        return _pairs(units, nodes, self.size)

    def indptr(self) -> Indices:
        """Return where the nodes of each unit begin."""
        return np.searchsorted(self.units, np.arange(self.size + 1))


def _pairs(units: Indices, nodes: Indices, size: int) -> Reach:
    """Return the distinct pairs of units and nodes, by unit and node."""
    span = int(nodes.max(initial=-1)) + 1
    pairs = np.unique(units * span + nodes)  # one integer a pair: many times faster than rows
    return Reach(pairs // max(span, 1), pairs % max(span, 1), size)


def start(size: int) -> Reach:
    """Return the reach of no step: each unit itself."""
    every = np.arange(size, dtype=np.int64)
    return Reach(every, every, size)


def triples_for(vocabulary: Vocabulary, unit: str, depth: int, exclude: Sequence[str]) -> set[Triple]:
    """Return the triples that features of a unit may need."""
    paths = walk(vocabulary, unit, depth, lambda step: _allowed(step, exclude))
    return {step.triple for path in paths for step in path.steps}


def _allowed(step: Step, exclude: Sequence[str]) -> bool:
    return step.to not in NEVER and step.to not in exclude and step.triple != RESOLVES_TO


def build_features(
    vocabulary: Vocabulary,
    projection: Projection,
    unit: str,
    *,
    depth: int = 3,
    exclude: Sequence[str] = (),
) -> Iterator[tuple[Path, Feature]]:
    """Yield the features of all units of a kind, in the order of `projection.nodes[unit]`.

    Looked at: properties of the unit and of what it reaches, which nodes it reaches, and how many.
    Personal properties are not. `exclude` names kinds, `Kind.property`s or whole paths.
    """
    reaches = {Path(unit): start(projection.nodes[unit].num_rows)}
    yield from _properties(vocabulary, projection, Path(unit), reaches[Path(unit)], exclude)
    for path in walk(vocabulary, unit, depth, lambda step: _allowed(step, exclude)):
        before = reaches.get(Path(unit, path.steps[:-1]))
        if before is None or path.steps[-1].triple not in projection.relationships:
            continue
        if not 0 < before.width(projection, path.steps[-1]) <= WIDEST:
            continue
        reach = before.step(projection, path.steps[-1])
        reaches[path] = reach
        if str(path) in exclude:
            continue
        yield from _nodes(projection, path, reach)
        yield from _properties(vocabulary, projection, path, reach, exclude)


def find_known(features: Sequence[Feature], units: int) -> npt.NDArray[np.bool_]:
    """Return the units with any value; the others are there because they complained."""
    known = np.zeros(units, np.bool_)
    for feature in features:
        if feature.kind is FeatureKind.CATEGORY:
            known |= feature.values >= 0
        elif feature.kind is FeatureKind.DATE:
            known |= ~np.isnat(feature.values)
        elif feature.indptr is not None:
            known |= np.diff(feature.indptr) > 0
        else:
            known |= ~np.isnan(feature.values)
    return known


def restrict(feature: Feature, rows: Indices) -> Feature:
    """Return the feature of some of the units."""
    if feature.indptr is None:
        return Feature(feature.name, feature.kind, feature.values[rows], feature.labels)
    sizes = np.diff(feature.indptr)
    held = np.zeros(len(sizes), np.bool_)
    held[rows] = True
    values = feature.values[np.repeat(held, sizes)]
    return Feature(feature.name, feature.kind, values, feature.labels, np.r_[0, np.cumsum(sizes[rows])])


def _nodes(projection: Projection, path: Path, reach: Reach) -> Iterator[tuple[Path, Feature]]:
    """Yield which nodes a unit reaches, and how many."""
    distinct, codes = np.unique(reach.nodes, return_inverse=True)
    if len(reach.nodes) >= SHARED_BY * len(distinct):
        labels = projection.nodes[path.kind]["key"].take(pa.array(distinct)).to_pylist()
        yield path, _coded(path, reach, codes, labels)
    if not reach.single:
        how_many = Path(path.unit, path.steps, fold="count")
        counts = np.bincount(reach.units, minlength=reach.size).astype(np.float64)
        yield how_many, Feature.number(str(how_many), counts)


def _coded(path: Path, reach: Reach, codes: Indices, labels: Sequence[object]) -> Feature:
    if not reach.single:
        return Feature.sets(str(path), reach.indptr(), codes, labels)
    values = np.full(reach.size, -1, np.int64)
    values[reach.units] = codes
    return Feature.coded(str(path), values, labels)


def _properties(
    vocabulary: Vocabulary, projection: Projection, path: Path, reach: Reach, exclude: Sequence[str]
) -> Iterator[tuple[Path, Feature]]:
    table = projection.nodes[path.kind]
    for p in vocabulary.get_kind(path.kind).properties.values():
        there = path.at(p.name)
        if p.sensitivity is not Sensitivity.PUBLIC or table[p.name].null_count == table.num_rows:
            continue
        if f"{path.kind}.{p.name}" in exclude or str(there) in exclude:
            continue
        values = table[p.name].combine_chunks()
        if p.type in ("text", "boolean"):
            feature = _categories(there, reach, values)
        else:
            there = there if reach.single else path.at(p.name, "max")
            feature = _quantities(there, p, reach, values)
        if feature is not None:
            yield there, feature


def _categories(path: Path, reach: Reach, values: pa.Array) -> Feature | None:
    encoded = values.take(pa.array(reach.nodes)).dictionary_encode()
    there = pc.is_valid(encoded).to_numpy(zero_copy_only=False)
    labels = encoded.dictionary.to_pylist()
    if there.sum() < SHARED_BY * len(labels):
        return None
    units = reach.units[there]
    codes = encoded.indices.filter(pc.is_valid(encoded)).to_numpy(zero_copy_only=False).astype(np.int64)
    distinct = _pairs(units, codes, reach.size)
    return _coded(path, distinct, distinct.nodes, labels)


def _quantities(path: Path, p: Property, reach: Reach, values: pa.Array) -> Feature | None:
    """Return the number or date of a unit, the greatest where there are several."""
    if p.type in ("date", "time"):
        moments = values.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)[reach.nodes]
        found = np.full(reach.size, np.datetime64("NaT", "us"))
        held = ~np.isnat(moments)
        lowest = np.datetime64(np.iinfo(np.int64).min + 1, "us")
        greatest = np.full(reach.size, lowest)
        np.maximum.at(greatest, reach.units[held], moments[held])
        found[greatest > lowest] = greatest[greatest > lowest]
        if p.type == "date":
            return Feature.date(str(path), found.astype("datetime64[D]"))
        return Feature.date(str(path), found)
    numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)[reach.nodes]
    if pa.types.is_decimal(values.type):
        numbers = np.round(numbers, values.type.scale)  # Arrow's own cast makes 49.9 of money inexact
    held = ~np.isnan(numbers)
    greatest_number = np.full(reach.size, -np.inf)
    np.maximum.at(greatest_number, reach.units[held], numbers[held])
    greatest_number[np.isinf(greatest_number)] = np.nan
    return Feature.number(str(path), greatest_number)
