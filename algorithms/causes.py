"""The root causes that the complaints of a graph share, each with its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.evidence import gather_quotes, rank_stated
from algorithms.features import (
    NEVER,
    Indices,
    Reach,
    build_features,
    find_known,
    restrict,
    start,
    triples_for,
)
from algorithms.findings import Dose, Finding, Findings, PatternPart
from algorithms.rootcauses import FeatureKind, Literal, RootCause, UnitTable, find_root_causes
from algorithms.strata import Condition, select
from algorithms.timing import follow
from algorithms.wording import explain, name_pattern, plain_value
from graph import Reader
from schema import (
    ATTRIBUTED_TO,
    CAUSE,
    COMPLAINT,
    CUSTOMER,
    RECORD,
    NotFoundError,
    Sensitivity,
    Triple,
    UsageError,
    Vocabulary,
)
from schema.paths import Path, Step, parse_path, walk

FILED = Triple(CUSTOMER, "FILED", COMPLAINT)
_NEVER = np.datetime64("NaT", "us")
QUOTES = 5
STATED = 3


def find_causes(
    reader: Reader,
    *,
    unit: str | None = None,
    where: Sequence[Condition] = (),
    max_order: int = 3,
    progress: Callable[[str], None] | None = None,
) -> Findings:
    """Return the root causes of the complaints in a store.

    The unit of exposure, the depth of paths and what is no feature are as the project says, unless
    `unit` is given. `where` chooses the complaints that count, and the units that are compared.
    `NotFoundError` if the store holds no complaints, `UsageError` if no path leads from the unit to
    them, if it is no unit at all, or if a condition is on another kind.
    """
    settings = (reader.setting("project") or {}).get("root_causes", {})
    vocabulary = reader.vocabulary
    unit = vocabulary.get_kind(unit or settings.get("unit") or CUSTOMER).name
    if unit in NEVER:
        raise UsageError(f"a {unit} is nothing that complaints are about", hint="choose another --unit")
    for condition in where:
        if condition.kind not in (COMPLAINT, unit):
            raise UsageError(
                f"a condition on a {condition.kind} chooses nothing",
                hint=f"conditions are on a {COMPLAINT} or on the unit, which is {unit}",
            )
    report = progress or (lambda _: None)
    held = reader.totals().nodes
    for kind in (COMPLAINT, unit):
        if not held.get(kind):
            raise NotFoundError(f"the store holds no {kind}", hint="ingest a project that has some")
    analysis = _Analysis(reader, vocabulary, unit, settings, report)
    return analysis.run(where, max_order)


class _Analysis:
    def __init__(
        self,
        reader: Reader,
        vocabulary: Vocabulary,
        unit: str,
        settings: dict[str, Any],
        report: Callable[[str], None],
    ) -> None:
        self.vocabulary, self.unit, self.report = vocabulary, unit, report
        self.exclude = settings.get("exclude", [])
        self.depth = settings.get("depth", 3)
        money = parse_path(settings["money"], vocabulary) if settings.get("money") else None
        self.money = money if money is not None and money.unit == unit else None
        links = [p for p in walk(vocabulary, unit, self.depth, _towards_complaints) if p.kind == COMPLAINT]
        wanted = triples_for(vocabulary, unit, self.depth, self.exclude) | {FILED, ATTRIBUTED_TO}
        wanted |= {step.triple for path in links for step in path.steps}
        wanted |= {step.triple for step in self.money.steps} if self.money else set()
        report("projecting the graph")
        kinds = [unit, COMPLAINT, CUSTOMER, CAUSE]
        self.graph = reader.project(kinds, [t for t in vocabulary.triples if t in wanted])
        self.reach = self._complaints_of_units(links)

    def _complaints_of_units(self, links: Sequence[Path]) -> Reach:
        """Return the complaints that each unit reaches, by the shortest path that reaches any."""
        for path in links:
            reach = start(self.graph.nodes[self.unit].num_rows)
            for step in path.steps:
                reach = reach.step(self.graph, step)
            if len(reach.units):
                return reach
        raise UsageError(
            f"no path leads from a {self.unit} to a {COMPLAINT}",
            hint="choose another --unit, or map a relationship that joins them",
        )

    def run(self, where: Sequence[Condition], max_order: int) -> Findings:
        among = select(self.graph, self.unit, where)
        chosen = select(self.graph, COMPLAINT, where) & ~self._of_others(among)
        count = len(among)
        pairs = chosen[self.reach.nodes] & among[self.reach.units]
        outcomes = np.bincount(self.reach.units[pairs], minlength=count)
        self.report("building features")
        built = list(
            build_features(self.vocabulary, self.graph, self.unit, depth=self.depth, exclude=self.exclude)
        )
        known = among & find_known([feature for path, feature in built if path.fold != "count"], count)
        if any(condition.chooses_period for condition in where):
            # Every date near the complaint's own would only tell the period again.
            built = [(path, feature) for path, feature in built if feature.kind is not FeatureKind.DATE]
        rows = np.flatnonzero(known)
        features = tuple(restrict(feature, rows) for _, feature in built)
        self.paths = {str(path): path for path, _ in built}
        self.report(f"searching {len(features)} features of {len(rows)} units")
        found = find_root_causes(UnitTable(features, outcomes[rows]), max_order=max_order)
        linked = pairs & known[self.reach.units]
        self.complaints = Reach(self.reach.units[linked], self.reach.nodes[linked], count)
        filed = self._filed()
        there = filed[np.unique(self.complaints.nodes)]
        there = there[~np.isnat(there)]
        period = (there.min(), there.max()) if len(there) else (_NEVER, _NEVER)
        self.report("gathering evidence")
        return Findings(
            self.unit,
            found.outcomes,
            int(chosen.sum()) - len(np.unique(self.complaints.nodes)),
            found.units,
            found.considered.features,
            found.unexplained,
            tuple(self._finding(cause, rows[cause.members], filed, period) for cause in found.causes),
        )

    def _of_others(self, among: Any) -> Any:
        """Return which complaints are joined to units, and only to such as are not among these."""
        joined, ours = np.zeros((2, self.graph.nodes[COMPLAINT].num_rows), np.bool_)
        joined[self.reach.nodes] = True
        ours[self.reach.nodes[among[self.reach.units]]] = True
        return joined & ~ours

    def _filed(self) -> Any:
        column = self.graph.nodes[COMPLAINT]["filed_at"].cast(pa.timestamp("us"))
        return column.to_numpy()

    def _finding(self, cause: RootCause, members: Indices, filed: Any, period: Any) -> Finding:
        inside = np.unique(self.complaints.nodes[np.isin(self.complaints.units, members)])
        everyone = np.unique(self.complaints.nodes)
        customers, complaints = self.graph.ends(FILED)
        stated = rank_stated(self.graph, inside, everyone)[:STATED]
        course = follow(filed[inside], period)
        literals = [(self.paths[part.feature], part.op, self._named(part)) for part in cause.pattern]
        title = name_pattern(self.vocabulary, literals)
        figures = {
            "complaints": cause.complaints,
            "exposed": cause.exposed,
            "rate": cause.rate,
            "lift": cause.lift,
            "low": cause.lift_low,
            "high": cause.lift_high,
            "coverage": cause.coverage,
        }
        return Finding(
            rank=cause.rank,
            id=_identify(self.unit, cause.pattern),
            title=title,
            pattern=_parts(cause.pattern),
            aliases=tuple(_parts(alias) for alias in cause.aliases),
            complaints=cause.complaints,
            customers=len(np.unique(customers[np.isin(complaints, inside)])),
            exposed=cause.exposed,
            rate=cause.rate,
            base_rate=cause.base_rate,
            lift=cause.lift,
            lift_low=cause.lift_low,
            lift_high=cause.lift_high,
            q_value=cause.q_value,
            coverage=cause.coverage,
            cumulative_coverage=cause.cumulative_coverage,
            onset=course.onset,
            trend=course.trend,
            monthly=course.monthly,
            money=self._money(np.intersect1d(members, self.complaints.units)),
            dose=tuple(
                Dose(b.literal.op, plain_value(b.literal.value), b.exposed, b.complaints, b.rate)
                for b in cause.dose or ()
            ),
            stated=tuple(stated),
            evidence=tuple(gather_quotes(self.graph, inside, [s.cause for s in stated], QUOTES)),
            explanation=explain(self.vocabulary, self.unit, title, figures, [s.names for s in stated]),
        )

    def _named(self, part: Literal) -> Any:
        """Return the value of a literal, a node's key beside its public name."""
        path = self.paths[part.feature]
        if path.name or path.fold or part.op not in ("=", "in"):
            return part.value
        if part.op == "in":
            return [self._named(Literal(part.feature, "=", value)) for value in part.value]
        kind, table = self.vocabulary.get_kind(path.kind), self.graph.nodes[path.kind]
        public = [name for name in kind.caption if kind.properties[name].sensitivity is Sensitivity.PUBLIC]
        row = table.select(public).slice(pc.index(table["key"], part.value).as_py(), 1).to_pylist()
        caption = kind.caption_of(part.value, row[0] if row else {})
        return caption if caption == part.value else f"{caption} ({part.value})"

    def _money(self, members: Indices) -> dict[str, Decimal] | None:
        """Return the money at stake: the measure of the units that complained, by currency."""
        if self.money is None:
            return None
        reach = Reach(np.arange(len(members)), members, len(members))
        for step in self.money.steps:
            reach = reach.step(self.graph, step)
        table = self.graph.nodes[self.money.kind].take(pa.array(np.unique(reach.nodes)))
        name = self.money.name
        sums = table.group_by(f"{name}_currency").aggregate([(name, "sum")]).to_pylist()
        found = {row[f"{name}_currency"]: row[f"{name}_sum"] for row in sums}
        return {currency: found[currency] for currency in sorted(c for c in found if c is not None)}


def _towards_complaints(step: Step) -> bool:
    return step.to not in (CAUSE, RECORD)


def _parts(pattern: Sequence[Literal]) -> tuple[PatternPart, ...]:
    return tuple(PatternPart(part.feature, part.op, plain_value(part.value)) for part in pattern)


def _identify(unit: str, pattern: Sequence[Literal]) -> str:
    """Return an id that the same pattern has whenever it is found."""
    text = "\n".join([unit, *sorted(f"{p.path} {p.op} {p.value}" for p in _parts(pattern))])
    return "rc-" + hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
