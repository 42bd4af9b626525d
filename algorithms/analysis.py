"""A graph as the search for root causes sees it: units, their features, the complaints that they reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from algorithms.aggregation.arrays import Arrays, Needs, take
from algorithms.considered import Considered
from algorithms.features import Built, build_features, restrict, triples_for
from algorithms.reach import Chosen, Indices, Reach, start
from algorithms.rootcauses import RootCauses, UnitTable, find_root_causes
from algorithms.strata import Among, Stratum, select
from algorithms.timing import FOREVER, Group, day_numbers
from algorithms.ways import History, find_first
from graph import Condition, Projection, Reader, Snapshots, View
from schema import (
    ATTRIBUTED_TO,
    CAUSE,
    COMPLAINT,
    CUSTOMER,
    RECORD,
    NotFoundError,
    Triple,
    UsageError,
)
from schema.paths import NEVER, Path, Step, parse_path, walk

FILED = Triple(CUSTOMER, "FILED", COMPLAINT)
CALM = 0.1  # share of complaints in no root cause, above which causes are held against these
FEWEST_CALM = 50

Report = Callable[[str], None]


class Analysis:
    """The part of a graph that root causes of a kind's complaints are looked for in.

    `where` chooses the complaints that count, and the units that are compared. `arrays` are those of a view.

    `NotFoundError` if the store holds no complaints or units, `UsageError` if no path leads from the unit
    to complaints, or if it is no unit at all.
    """

    def __init__(
        self,
        source: Reader | View,
        unit: str | None,
        report: Report | None = None,
        where: Sequence[Stratum] = (),
    ) -> None:
        reader = source.reader if isinstance(source, View) else source
        settings = (reader.setting("project") or {}).get("root_causes", {})
        self.report = report or (lambda _: None)
        self.vocabulary = vocabulary = reader.vocabulary
        self.unit = unit = vocabulary.get_kind(unit or settings.get("unit") or CUSTOMER).name
        if unit in NEVER:
            raise UsageError(f"a {unit} is nothing that complaints are about", hint="choose another --unit")
        held = reader.totals().nodes
        for kind in (COMPLAINT, unit):
            if not held.get(kind):
                raise NotFoundError(f"the store holds no {kind}", hint="ingest a project that has some")
        self.exclude = settings.get("exclude", [])
        paths = [parse_path(text, vocabulary) for text in settings.get("features", [])]
        self.declared = [path for path in paths if path.unit == unit]
        self.discover = bool(settings.get("discover", True)) or not self.declared
        self.depth = settings.get("depth", 3)
        money = parse_path(settings["money"], vocabulary) if settings.get("money") else None
        self.money = money if money is not None and money.unit == unit else None
        links = [p for p in walk(vocabulary, unit, self.depth, _towards_complaints) if p.kind == COMPLAINT]
        owners = [p for p in walk(vocabulary, unit, self.depth, self._towards_owners) if p.kind == CUSTOMER]
        wanted = triples_for(
            vocabulary, unit, self.depth, self.exclude, self.declared, discover=self.discover
        ) | {FILED, ATTRIBUTED_TO}
        wanted |= {step.triple for path in (*links, *owners) for step in path.steps}
        wanted |= {step.triple for step in self.money.steps} if self.money else set()
        self.report("projecting the graph")
        kinds = [unit, COMPLAINT, CUSTOMER, CAUSE]
        needs = Needs(dict.fromkeys(kinds), {t: None for t in vocabulary.triples if t in wanted})
        self.where = where
        self.graph, self.arrays = gather(source, needs, where)
        self.reach = self._complaints_of_units(links)
        self._owners = owners
        self.filed = day_numbers(self._moments(COMPLAINT, "filed_at"))

    def _complaints_of_units(self, links: Sequence[Path]) -> Reach:
        """Return the complaints that each unit reaches, by the shortest path that reaches any."""
        reach = self._walk(links)
        if len(reach.units):
            return reach
        raise UsageError(
            f"no path leads from a {self.unit} to a {COMPLAINT}",
            hint="choose another --unit, or map a relationship that joins them",
        )

    def _walk(self, paths: Sequence[Path]) -> Reach:
        """Return what each unit reaches by the first path that leads anywhere."""
        reach = Reach(np.zeros(0, np.int64), np.zeros(0, np.int64), self.graph.nodes[self.unit].num_rows)
        for path in paths:
            reach = start(reach.size)
            for step in path.steps:
                reach = reach.step(self.graph, step)
            if len(reach.units):
                break
        return reach

    @cached_property
    def customers(self) -> Reach:
        """The customers that each unit belongs to: by the shortest path through nothing that they share."""
        if self.unit == CUSTOMER:
            return start(self.graph.nodes[CUSTOMER].num_rows)
        return self._walk(self._owners)

    def _towards_owners(self, step: Step) -> bool:
        return step.to == CUSTOMER or (step.to not in NEVER and not self.vocabulary.get_kind(step.to).shared)

    def _moments(self, kind: str, name: str) -> npt.NDArray[np.datetime64]:
        column = self.graph.nodes[kind][name].cast(pa.timestamp("us"))
        moments: npt.NDArray[np.datetime64] = column.to_numpy()
        return moments

    @cached_property
    def features(self) -> Built:
        """The features of all units, as they were known before complaints, whichever are searched."""
        self.report("building features")
        outcomes = np.bincount(self.reach.units, minlength=self.reach.size)
        return build_features(
            self.vocabulary,
            self.graph,
            self.unit,
            depth=self.depth,
            exclude=self.exclude,
            declared=self.declared,
            discover=self.discover,
            history=History(outcomes, find_first(self.reach, self._moments(COMPLAINT, "filed_at"))),
            progress=self.report,
        )

    def search(self, max_order: int = 3) -> Found:
        """Return the root causes of the complaints that are chosen, among the units that are chosen.

        `UsageError` if a condition is on another kind than these.
        """
        for condition in self.where:
            if condition.kind not in (COMPLAINT, self.unit):
                raise UsageError(
                    f"a condition on a {condition.kind} chooses nothing",
                    hint=f"conditions are on a {COMPLAINT} or on the unit, which is {self.unit}",
                )
        among = select(self.graph, self.unit, self.where, self.arrays)
        chosen = select(self.graph, COMPLAINT, self.where, self.arrays) & ~self._of_others(among)
        pairs = chosen[self.reach.nodes] & among[self.reach.units]
        built = self.features
        known = among & built.known
        if any(condition.chooses_period for condition in self.where):
            # Every date near the complaint's own would only tell the period again.
            built = built.without_dates()
        rows = np.flatnonzero(known)
        features = tuple(restrict(feature, rows) for _, feature in built)
        self.report(f"searching {len(features)} features of {len(rows)} units")
        outcomes = np.bincount(self.reach.units[pairs], minlength=len(among))
        table = UnitTable(features, outcomes[rows])
        causes = find_root_causes(table, max_order=max_order, progress=self.report)
        linked = pairs & known[self.reach.units]
        complaints = Reach(self.reach.units[linked], self.reach.nodes[linked], len(among))
        unlinked = int(chosen.sum()) - len(np.unique(complaints.nodes))
        paths = {str(path): path for path, _ in built}
        return Found(self, causes, paths, rows, complaints, unlinked, built.considered)

    def _of_others(self, among: Chosen) -> Chosen:
        """Return which complaints are joined to units, and only to such as are not among these."""
        joined, ours = np.zeros((2, self.graph.nodes[COMPLAINT].num_rows), np.bool_)
        joined[self.reach.nodes] = True
        ours[self.reach.nodes[among[self.reach.units]]] = True
        others: Chosen = joined & ~ours
        return others

    def lives(self) -> tuple[npt.NDArray[np.int64] | None, npt.NDArray[np.int64] | None]:
        """Return the first and last days of units, None where they are not known of the kind."""
        kind, table = self.vocabulary.get_kind(self.unit), self.graph.nodes[self.unit]
        if not kind.begins or table[kind.begins].null_count == table.num_rows:
            return None, None
        begins = day_numbers(self._moments(self.unit, kind.begins))
        if not kind.ends:
            return begins, None
        ends = day_numbers(self._moments(self.unit, kind.ends))
        return begins, np.where(ends == -FOREVER, FOREVER, ends)


@dataclass(frozen=True, eq=False)
class Found:
    """The root causes of an analysis. `rows`: positions of the units searched; `complaints`: theirs."""

    analysis: Analysis
    causes: RootCauses
    paths: dict[str, Path]
    rows: Indices
    complaints: Reach
    unlinked: int
    considered: tuple[Considered, ...]

    def hit(self) -> Chosen:
        """Return which units lie in any root cause, of all of the kind."""
        found = np.zeros(self.complaints.size, np.bool_)
        for cause in self.causes.causes:
            found[self.rows[cause.members]] = True
        return found

    def period(self) -> tuple[int, int] | None:
        """Return the days of the first and last complaint; None where none has a date."""
        days = self.analysis.filed[self.complaints.nodes]
        days = days[days > -FOREVER]
        return (int(days.min()), int(days.max())) if len(days) else None

    def split(self, exposed: Chosen) -> tuple[Group, Group]:
        """Return the exposed units and those they are held against, with their complaints.

        These are units in no root cause, for other causes have a course of their own; where few complaints
        would be left, all that are not exposed.
        """
        searched = np.zeros(len(exposed), np.bool_)
        searched[self.rows] = True
        others = searched & ~exposed
        calm = others & ~self.hit()
        left = int(calm[self.complaints.units].sum())
        if left >= max(FEWEST_CALM, CALM * len(self.complaints.units)):
            others = calm
        return self._group(exposed & searched), self._group(others)

    def _group(self, held: Chosen) -> Group:
        days = self.analysis.filed[self.complaints.nodes]
        told = held[self.complaints.units] & (days > -FOREVER)
        begins, ends = self.analysis.lives()
        return Group(
            days[told],
            int(held.sum()),
            (np.cumsum(held) - 1)[self.complaints.units[told]],
            None if begins is None else begins[held],
            None if ends is None else ends[held],
        )


def gather(source: Reader | View, needs: Needs, where: Sequence[Stratum]) -> tuple[Projection, Arrays | None]:
    """Return the part of a graph that is needed, with its arrays if a view or an `Among` comes with some."""
    tests: dict[str, list[Condition]] = {}
    for stratum in where:
        if isinstance(stratum, Among):
            tests.setdefault(stratum.kind, []).extend(stratum.tests)
    if not isinstance(source, View):
        if not tests:
            return source.project(list(needs.kinds), list(needs.triples)), None
        source = Snapshots().view(source)
    arrays = take(source, needs, tests)
    return arrays.snapshot.projection, arrays


def _towards_complaints(step: Step) -> bool:
    return step.to not in (CAUSE, RECORD)
