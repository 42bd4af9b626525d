"""What is done about root causes, and whether it helped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from algorithms.analysis import Analysis, Found, Report
from algorithms.causes import Reporter, identify, write_pattern
from algorithms.findings import PatternPart
from algorithms.patterns import find_exposed
from algorithms.reach import Chosen
from algorithms.strata import Stratum
from algorithms.timing import Rate, as_date, compare
from algorithms.verdicts import explain_effect
from graph import Reader, View
from schema import LANGUAGES, Direction, NotFoundError

ACTION = "Action"
ROOT_CAUSE = "RootCause"
ADDRESSES = "ADDRESSES"


def exposed_topic(action: str) -> str:
    """Return the topic of decisions under which the units of an action are kept."""
    return f"{ACTION} {action}"


@dataclass(frozen=True)
class Pinned:
    """A root cause so written down that its units can be found again: `exposed` are their keys now."""

    id: str
    unit: str
    pattern: tuple[PatternPart, ...]
    title: dict[str, str]
    exposed: tuple[str, ...] = ()

    def to_properties(self) -> dict[str, str]:
        """Return the properties of its node."""
        names = {f"name_{language}": self.title[language] for language in LANGUAGES}
        conditions = json.dumps([asdict(part) for part in self.pattern], ensure_ascii=False)
        return {**names, "unit": self.unit, "pattern": conditions}


@dataclass(frozen=True)
class Action:
    """A corrective action on a root cause, in force from a day on.

    `new_only`: it reaches only units that begin from that day on.
    """

    id: str
    cause: str
    title: dict[str, str]
    what: str
    by: str | None
    starts_on: date
    new_only: bool
    unit: str
    pattern: tuple[PatternPart, ...]


@dataclass(frozen=True)
class Table:
    """Complaints, days of units, and complaints a unit and 30 days, before and after an action."""

    complaints_before: int
    unit_days_before: int
    rate_before: float | None
    complaints_after: int
    unit_days_after: int
    rate_after: float | None


@dataclass(frozen=True)
class Effect:
    """What became of complaints among the exposed since an action, against all others.

    `ratio`: complaints after it over those expected without it (`expected`), with its 95 % interval.
    `verdict` is `fewer`, `more`, `same` (an effect that matters is ruled out) or `unknown`, with a
    `reason`: `early`, `undated`, `no_units`, `few_before`, `few_after`, `no_comparison`, `wide`.
    `days_needed`: days after the action in which a halving would show; None where that cannot be said.
    `since` to `until` are the days looked at, `dated` tells whether it is known when units began.
    """

    action: Action
    since: date
    until: date
    exposed_units: int
    exposed: Table
    others: Table
    dated: bool
    expected: float | None
    ratio: float | None
    low: float | None
    high: float | None
    verdict: str
    reason: str | None
    days_needed: int | None
    explanation: dict[str, str]


def pin_cause(
    source: Reader | View,
    id_: str,
    *,
    unit: str | None = None,
    where: Sequence[Stratum] = (),
    max_order: int = 3,
    progress: Report | None = None,
) -> Pinned:
    """Return the root cause of that id, as `find_causes` finds it, or as the store keeps it for an action.

    `NotFoundError` where it is neither.
    """
    kept = _find_kept(source.reader if isinstance(source, View) else source, id_)
    analysis = Analysis(source, unit or (kept.unit if kept else None), progress, where)
    found = analysis.search(max_order)
    keys = analysis.graph.nodes[analysis.unit]["key"]
    for cause in found.causes.causes:
        if identify(analysis.unit, cause.pattern) == id_:
            exposed = keys.take(found.rows[cause.members]).to_pylist()
            title = Reporter(found).name(cause)
            return Pinned(id_, analysis.unit, write_pattern(cause.pattern), title, tuple(exposed))
    if kept is None:
        ids = ", ".join(identify(analysis.unit, cause.pattern) for cause in found.causes.causes[:5])
        raise NotFoundError(
            f"there is no root cause {id_!r}" + (f" among {ids}..." if ids else ""),
            hint="'motivo causes --json' has the ids; give --unit and --where as you did there",
        )
    held = find_exposed({str(path): feature for path, feature in analysis.features}, kept.pattern)
    exposed = [] if held is None else keys.filter(held).to_pylist()
    return Pinned(kept.id, kept.unit, kept.pattern, kept.title, tuple(exposed))


def list_actions(reader: Reader) -> list[Action]:
    """Return the actions on root causes, oldest first."""
    if ROOT_CAUSE not in reader.vocabulary.kinds:
        return []  # a store of an older version
    found, after = [], None
    while True:
        page = reader.page(ACTION, after=after, limit=500)
        for node in page.nodes:
            below = reader.neighbours(ACTION, node.key, types=[ADDRESSES], direction=Direction.OUT)
            causes = [n.node.key for n in below if n.node.kind == ROOT_CAUSE]
            cause = _find_kept(reader, causes[0]) if causes else None
            starts_on = node.properties.get("starts_on")
            if cause is not None and starts_on is not None:
                found.append(
                    Action(
                        node.key,
                        cause.id,
                        cause.title,
                        node.properties.get("name", node.key),
                        node.properties.get("owner"),
                        starts_on,
                        bool(node.properties.get("new_only")),
                        cause.unit,
                        cause.pattern,
                    )
                )
        after = page.next
        if after is None:
            return sorted(found, key=lambda action: (action.starts_on, len(action.id), action.id))


def get_action(reader: Reader, id_: str) -> Action:
    """Return the action of that id; `NotFoundError` names those there are."""
    actions = list_actions(reader)
    for action in actions:
        if action.id == id_:
            return action
    there = ", ".join(action.id for action in actions) or "none was recorded"
    raise NotFoundError(f"there is no action {id_!r}", hint=f"there are: {there}")


def find_effects(
    source: Reader | View, actions: Sequence[Action], progress: Report | None = None
) -> list[Effect]:
    """Return what became of complaints since these actions, in their order."""
    reader = source.reader if isinstance(source, View) else source
    effects: dict[str, Effect] = {}
    for unit in dict.fromkeys(action.unit for action in actions):
        analysis = Analysis(source, unit, progress)
        found = analysis.search()
        features = {str(path): feature for path, feature in analysis.features}
        keys = {key: i for i, key in enumerate(analysis.graph.nodes[unit]["key"].to_pylist())}
        for action in actions:
            if action.unit == unit:
                now = find_exposed(features, action.pattern)
                exposed = np.zeros(len(keys), np.bool_) if now is None else now.copy()
                exposed[[keys[key] for key in _kept_units(reader, action.id) if key in keys]] = True
                effects[action.id] = _find_effect(action, found, exposed)
    return [effects[action.id] for action in actions]


def _find_effect(action: Action, found: Found, exposed: Chosen) -> Effect:
    inside, others = found.split(exposed)
    start = action.starts_on.toordinal() - date(1970, 1, 1).toordinal()
    period = found.period() or (start, start - 1)
    told = compare(inside, others, period, start, new_only=action.new_only)
    figures = {
        "expected": told.expected,
        "ratio": told.ratio,
        "low": told.low,
        "high": told.high,
        "complaints": told.after[0].complaints,
        "days": period[1] - start + 1,
        "days_needed": told.days_needed,
    }
    return Effect(
        action=action,
        since=as_date(told.since),
        until=as_date(period[1]),
        exposed_units=inside.units,
        exposed=_tabulate(told.before[0], told.after[0]),
        others=_tabulate(told.before[1], told.after[1]),
        dated=inside.begins is not None,
        expected=told.expected,
        ratio=told.ratio,
        low=told.low,
        high=told.high,
        verdict=told.verdict,
        reason=told.reason,
        days_needed=told.days_needed,
        explanation=explain_effect(told.verdict, told.reason, figures),
    )


def _tabulate(before: Rate, after: Rate) -> Table:
    return Table(
        before.complaints,
        before.unit_days,
        before.rate,
        after.complaints,
        after.unit_days,
        after.rate,
    )


def _find_kept(reader: Reader, id_: str) -> Pinned | None:
    """Return the root cause that the store keeps under an id."""
    if ROOT_CAUSE not in reader.vocabulary.kinds:
        return None
    node = reader.find(ROOT_CAUSE, id_)
    if node is None or "pattern" not in node.properties:
        return None
    held = node.properties
    pattern = tuple(PatternPart(**part) for part in json.loads(held["pattern"]))
    title = {language: held[f"name_{language}"] for language in LANGUAGES}
    return Pinned(id_, held["unit"], pattern, title)


def _kept_units(reader: Reader, action: str) -> list[str]:
    """Return the units that were exposed when an action was recorded."""
    return [s.key for decision in reader.decisions(exposed_topic(action)) for s in decision.subjects]
