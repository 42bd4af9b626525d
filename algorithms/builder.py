"""What stands at the ends of paths, made into features one by one; each path is told of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.considered import Considered, consider
from algorithms.folds import (
    SHARED_BY,
    code_values,
    count_days,
    count_nodes,
    find_latest,
    fold_moments,
    fold_numbers,
    is_constant,
    make_category,
    make_date,
    read_numbers,
)
from algorithms.reach import Indices, Reach, read_moments, recode
from algorithms.rootcauses import Feature
from algorithms.ways import Ways
from schema import RESOLVES_TO, Property
from schema.paths import DATES, NEVER, NUMBERS, Path, Step, find_dates, is_telling, walk

SEVERAL = 0.1  # of units that reach any; where fewer reach several, a sum and the latest say nothing new


def allowed(step: Step, exclude: Collection[str]) -> bool:
    """Return whether features may lie behind a step."""
    return step.to not in NEVER and step.to not in exclude and step.triple != RESOLVES_TO


class Builder:
    """Takes features one after the other, and tells what it did of each path."""

    def __init__(
        self, ways: Ways, exclude: Sequence[str], progress: Callable[[str], None] | None = None
    ) -> None:
        self.ways, self.exclude, self._report = ways, exclude, progress
        self.vocabulary, self.nodes, self.unit = ways.vocabulary, ways.projection.nodes, ways.unit
        self.pairs: dict[str, tuple[Path, Feature]] = {}
        self.considered: dict[str, Considered] = {}
        self.known = np.zeros(ways.size, np.bool_)
        self.declaring = False
        for p in self._properties(self.unit):
            if f"{self.unit}.{p.name}" not in exclude and is_telling(p):
                self.known |= pc.is_valid(self.nodes[self.unit][p.name]).to_numpy()

    def discover(self, depth: int) -> None:
        """Look at all paths from the unit to a depth."""
        ended: set[Path] = set()
        for path in (Path(self.unit), *walk(self.vocabulary, self.unit, depth, self._walks_on)):
            if path.walked.steps and Path(path.unit, path.steps[:-1]) in ended:
                ended.add(path)
                continue
            if self._report is not None:
                self._report(f"looking at {path}")
            reach = self.ways.reach(path)
            if isinstance(reach, str):
                self._tell(path, reach)
                ended.add(path)
                continue
            self._see(path, reach)
            if len(path.steps) < depth:
                self._tell_what_is_barred(path)
            if str(path) in self.exclude:
                self._tell(path, "excluded")
            elif self.ways.undated and reach.since is not None:
                self._tell(path, "undated")
            else:
                self._look_at(path, reach)

    def declare(self, path: Path) -> None:
        """Use a path that the project declares."""
        if str(path) in self.pairs:
            return None
        self.declaring = True
        reaches: list[Reach] = []
        for end in path.ends or (path,):
            found = self.ways.reach(end)
            if isinstance(found, str):
                return self._tell(path, found)
            self._see(end, found)
            reaches.append(found)
            p = self.vocabulary.get_kind(end.kind).properties.get(end.name)
            if p is not None and not is_telling(p):
                return self._tell(path, "personal")
        reach = reaches[0]
        if path.ends:
            self._gap(path, reaches)
        elif path.fold == "count":
            self._count(path, reach)
        elif path.name:
            self._property(path, reach, self.vocabulary.get_kind(path.kind).properties[path.name])
        else:
            self._which(path, reach)
        return None

    def _walks_on(self, step: Step) -> bool:
        return allowed(step, self.exclude)

    def _tell_what_is_barred(self, path: Path) -> None:
        for triple, direction in self.vocabulary.steps(path.kind):
            step = Step(triple, direction)
            if step.to not in path.kinds and not self._walks_on(step):
                self._tell(path.then(step), "excluded" if step.to in self.exclude else "complaint")

    def _see(self, path: Path, reach: Reach) -> None:
        """Note of which units something is known; what followed a complaint does not count."""
        if not path.steps:
            return  # that there is such a unit may be known from the complaint only
        self.known[self.ways.before_complaints(reach).units] = True
        if reach.hubs is not None:
            self.known[reach.hubs] = True

    def _properties(self, kind: str) -> list[Property]:
        return list(self.vocabulary.get_kind(kind).properties.values())

    def _tell(self, path: Path, reason: str, units: int = 0) -> None:
        self.considered[str(path)] = consider(str(path), reason, units)

    def _use(self, path: Path, feature: Feature | None, reach: Reach, before: Reach) -> None:
        """Take a feature, or tell why not; `before` is what of the reach it was made of."""
        if feature is None or is_constant(feature):
            return self._tell(path, "name" if feature is None else "constant")
        self.pairs[str(path)] = (path, feature)
        if reach.hubs is not None:
            return self._tell(path, "capped", len(reach.hubs))
        if reach.since is not None and self.ways.undated:
            return self._tell(path, "unchecked")
        return self._tell(path, "used" if len(before.units) == len(reach.units) else "before")

    # What is looked at where a path leads

    def _look_at(self, path: Path, reach: Reach) -> None:
        several, single = reach.several, reach.single
        if path.steps:
            self._which(path, reach)
            if not single:
                self._count(replace(path, fold="count"), reach)
        kind = self.vocabulary.get_kind(path.kind)
        dates = [p.name for p in find_dates(kind) if not self._is_empty(path.kind, p)]
        for p in kind.properties.values():
            there = path.at(p.name)
            if f"{path.kind}.{p.name}" in self.exclude or str(there) in self.exclude:
                self._tell(there, "excluded")
            elif not is_telling(p):
                self._tell(there, "personal")
            elif self._is_empty(path.kind, p):
                self._tell(there, "empty")
            else:
                folds = [] if single or p.type in ("text", "boolean") else ["max"]
                seldom = []
                if not single:
                    seldom += ["sum"] if p.type in NUMBERS else []
                    seldom += ["latest"] if dates and p.type not in DATES else []
                plain = [""] if not folds else []
                for fold in (*plain, *folds, *seldom):
                    folded = path.at(p.name, fold)
                    if str(folded) in self.exclude:
                        self._tell(folded, "excluded")
                    elif fold in seldom and several < SEVERAL:
                        self._tell(folded, "few")
                    else:
                        self._property(folded, reach, p)

    def _is_empty(self, kind: str, p: Property) -> bool:
        column = self.nodes[kind][p.name]
        return bool(column.null_count == len(column))

    def _which(self, path: Path, reach: Reach) -> None:
        """Look at which nodes a unit reaches."""
        before = self.ways.before_complaints(reach)
        distinct, codes = np.unique(before.nodes, return_inverse=True)
        feature = None
        if len(codes) >= SHARED_BY * len(distinct):
            labels = self.nodes[path.kind]["key"].take(pa.array(distinct)).to_pylist()
            coded = recode(before, codes.astype(np.int64))
            feature = _less_null(code_values(str(path), coded, labels), reach, before)
        self._use(path, feature, reach, before)

    def _foldable(self, path: Path, reach: Reach) -> Reach | None:
        """Return what of a reach may be folded, or tell why nothing."""
        if reach.hubs is not None:
            self._tell(path, "hub")
            return None
        if self.declaring:
            return self.ways.before_moments(reach)
        if not self.ways.may_fold(reach):
            self._tell(path, "after")
            return None
        return reach

    def _count(self, path: Path, reach: Reach) -> None:
        before = self._foldable(path, reach)
        if before is not None:
            self._use(path, Feature.number(str(path), count_nodes(before)), reach, before)

    def _property(self, path: Path, reach: Reach, p: Property) -> None:
        """Look at a property where a path leads."""
        column, text = self.nodes[path.kind][p.name], p.type in ("text", "boolean")
        if p.type == "money" and self._has_currencies(path.kind, p):
            return self._tell(path, "currencies")
        if text and path.fold != "latest":
            before = self.ways.before_complaints(reach)
            feature = make_category(str(path), before, column)
            return self._use(path, feature and _less_null(feature, reach, before), reach, before)
        if not path.fold and not reach.single:
            path = path.at(p.name, "max")  # a declared path to several numbers that names no fold
        folded = self._foldable(path, reach)
        if folded is None:
            return None
        latest = find_latest(folded, self._moments_by(path.kind)) if path.fold == "latest" else folded
        fold = path.fold if path.fold in ("min", "sum") else "max"  # of a single value, too
        made: Feature | None
        if text:
            made = make_category(str(path), latest, column)
        elif p.type in DATES:
            moments = fold_moments(fold, latest, read_moments(column))
            made = make_date(str(path), moments, days=p.type == "date")
        else:
            made = Feature.number(str(path), fold_numbers(fold, latest, read_numbers(column)))
        return self._use(path, made, reach, folded)

    def _moments_by(self, kind: str) -> Indices:
        """Return the moments by which the latest node of a kind is told: its first date that is filled."""
        dates = find_dates(self.vocabulary.get_kind(kind))
        filled = [p for p in dates if not self._is_empty(kind, p)] or dates
        return read_moments(self.nodes[kind][filled[0].name])

    def _has_currencies(self, kind: str, p: Property) -> bool:
        return len(self.nodes[kind][f"{p.name}_currency"].drop_null().unique()) > 1

    def _gap(self, path: Path, reaches: Sequence[Reach]) -> None:
        """Look at the days between two dates, the latest of several unless `min` is said."""
        moments = []
        for end, reach in zip(path.ends, reaches, strict=True):
            before = self._foldable(path, reach)
            if before is None:
                return
            moments.append(
                fold_moments(end.fold or "max", before, read_moments(self.nodes[end.kind][end.name]))
            )
        dated = max(reaches, key=lambda reach: reach.since is not None)
        feature = Feature.number(str(path), count_days(*moments))
        self._use(path, feature, dated, self.ways.before_moments(dated))


def _less_null(feature: Feature, reach: Reach, before: Reach) -> Feature:
    """Return the feature; where complaining units have lost some node, to have none says nothing."""
    return feature if len(before.units) == len(reach.units) else replace(feature, null=False)
