"""The root causes that the complaints of a graph share, each with its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.analysis import FILED, Analysis, Found
from algorithms.evidence import gather_quotes, rank_stated
from algorithms.findings import Dose, Finding, Findings, PatternPart
from algorithms.folds import MANY
from algorithms.reach import Chosen, Indices, Reach
from algorithms.rootcauses import Literal, RootCause
from algorithms.strata import Stratum
from algorithms.timing import Course, follow
from algorithms.wording import explain, name_pattern, plain_value
from graph import Reader, View
from schema import Sensitivity

QUOTES = 5
STATED = 3


def find_causes(
    reader: Reader | View,
    *,
    unit: str | None = None,
    where: Sequence[Stratum] = (),
    max_order: int = 3,
    progress: Callable[[str], None] | None = None,
) -> Findings:
    """Return the root causes of the complaints in a store.

    The unit of exposure, the depth of paths and what is no feature are as the project says, unless
    `unit` is given. `where` chooses the complaints that count, and the units that are compared.
    `NotFoundError` if the store holds no complaints, `UsageError` if no path leads from the unit to
    them, if it is no unit at all, or if a condition is on another kind.
    """
    analysis = Analysis(reader, unit, progress, where)
    found = analysis.search(max_order)
    analysis.report("gathering evidence")
    return Reporter(found).run()


class Reporter:
    """What is told of the root causes that were found."""

    def __init__(self, found: Found) -> None:
        self.found, self.analysis = found, found.analysis
        self.vocabulary, self.unit = self.analysis.vocabulary, self.analysis.unit
        self.graph, self.complaints = self.analysis.graph, found.complaints
        self.everyone = np.unique(self.complaints.nodes)
        self.covered = np.zeros(self.complaints.size, np.bool_)  # units in a cause of better rank, or this

    def run(self) -> Findings:
        """Return all of them."""
        found = self.found.causes
        return Findings(
            self.unit,
            found.outcomes,
            self.found.unlinked,
            found.units,
            found.considered.features,
            found.unexplained,
            tuple(self._finding(cause, self.found.rows[cause.members]) for cause in found.causes),
            self.found.considered,
        )

    def _finding(self, cause: RootCause, members: Indices) -> Finding:
        held = np.zeros(len(self.covered), np.bool_)
        held[members] = True
        self.covered |= held
        inside = self._complaints_of(held)
        stated = rank_stated(self.graph, inside, self.everyone)[:STATED]
        course = self._follow(held)
        title = self.name(cause)
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
            id=identify(self.unit, cause.pattern),
            title=title,
            pattern=write_pattern(cause.pattern),
            aliases=tuple(write_pattern(alias) for alias in cause.aliases),
            complaints=cause.complaints,
            customers=self._customers(inside),
            cumulative_customers=self._customers(self._complaints_of(self.covered)),
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
            onset_low=course.onset_low,
            onset_high=course.onset_high,
            onset_ratio=course.onset_ratio,
            ended=course.ended,
            trend=course.trend,
            trend_ratio=course.trend_ratio,
            trend_low=course.trend_low,
            trend_high=course.trend_high,
            emerging=course.emerging,
            monthly=course.monthly,
            money=self._money(held),
            cumulative_money=self._money(self.covered),
            dose=tuple(
                Dose(b.literal.op, plain_value(b.literal.value), b.exposed, b.complaints, b.rate)
                for b in cause.dose or ()
            ),
            stated=tuple(stated),
            evidence=tuple(gather_quotes(self.graph, inside, [s.cause for s in stated], QUOTES)),
            explanation=explain(self.vocabulary, self.unit, title, figures, [s.names for s in stated]),
        )

    def _complaints_of(self, held: Chosen) -> Indices:
        return np.unique(self.complaints.nodes[held[self.complaints.units]])

    def _customers(self, inside: Indices) -> int:
        customers, complaints = self.graph.ends(FILED)
        return len(np.unique(customers[np.isin(complaints, inside)]))

    def _follow(self, held: Chosen) -> Course:
        period = self.found.period()
        return Course() if period is None else follow(*self.found.split(held), period)

    def name(self, cause: RootCause) -> dict[str, str]:
        """Return a pattern in words, by language."""
        literals = [(self.found.paths[part.feature], part.op, self._named(part)) for part in cause.pattern]
        return name_pattern(self.vocabulary, literals)

    def _named(self, part: Literal) -> Any:
        """Return the value of a literal, a node's key beside its public name."""
        path = self.found.paths[part.feature]
        if path.name or path.fold or part.op not in ("=", "in") or part.value == MANY:
            return part.value
        if part.op == "in":
            return [self._named(Literal(part.feature, "=", value)) for value in part.value]
        kind, table = self.vocabulary.get_kind(path.kind), self.graph.nodes[path.kind]
        public = [name for name in kind.caption if kind.properties[name].sensitivity is Sensitivity.PUBLIC]
        row = table.select(public).slice(pc.index(table["key"], part.value).as_py(), 1).to_pylist()
        caption = kind.caption_of(part.value, row[0] if row else {})
        return caption if caption == part.value else f"{caption} ({part.value})"

    def _money(self, held: Chosen) -> dict[str, Decimal] | None:
        """Return the money at stake: the measure of these units that complained, each once, by currency."""
        money = self.analysis.money
        if money is None:
            return None
        members = np.unique(self.complaints.units[held[self.complaints.units]])
        reach = Reach(np.arange(len(members)), members, len(members))
        for step in money.steps:
            reach = reach.step(self.graph, step)
        table = self.graph.nodes[money.kind].take(pa.array(np.unique(reach.nodes)))
        sums = table.group_by(f"{money.name}_currency").aggregate([(money.name, "sum")]).to_pylist()
        found = {row[f"{money.name}_currency"]: row[f"{money.name}_sum"] for row in sums}
        return {currency: found[currency] for currency in sorted(c for c in found if c is not None)}


def write_pattern(pattern: Sequence[Literal]) -> tuple[PatternPart, ...]:
    """Return a pattern in plain values."""
    return tuple(PatternPart(part.feature, part.op, plain_value(part.value)) for part in pattern)


def identify(unit: str, pattern: Sequence[Literal]) -> str:
    """Return an id that the same pattern has whenever it is found."""
    text = "\n".join([unit, *sorted(f"{p.path} {p.op} {p.value}" for p in write_pattern(pattern))])
    return "rc-" + hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
