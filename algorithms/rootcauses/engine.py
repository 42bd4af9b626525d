"""The one public function: from a table of units to the root causes of its complaints."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from algorithms.rootcauses.absence import explain_absence
from algorithms.rootcauses.intervals import Contrast, Passed, find_interval
from algorithms.rootcauses.merging import find_aliases, measure_dose, merge_ranges
from algorithms.rootcauses.pattern import Considered, Pattern, RootCause, RootCauses
from algorithms.rootcauses.refinement import select_patterns
from algorithms.rootcauses.selection import Limits, Selection
from algorithms.rootcauses.space import Key, Mask, Space
from algorithms.rootcauses.table import UnitTable
from schema.errors import UsageError

_MAX_ORDER = 5


def find_root_causes(
    table: UnitTable,
    *,
    max_order: int = 3,
    min_complaints: int = 5,
    alpha: float = 0.05,
    min_lift: float = 1.2,
    asked: Sequence[Pattern | str] = (),
    progress: Callable[[str], None] | None = None,
) -> RootCauses:
    """The patterns of features whose units complain more than all others, by rank.

    `max_order`: literals a pattern may have; `min_complaints`: complaining units that it must
    hold; `alpha`: the chance that a table without causes gets any; `min_lift`: milder causes are
    not reported, however certain; `asked`: patterns, or names of features, of which `why_not` says
    why they are no root causes; `progress`: called with what was just done.
    The result is empty where nothing stands: no complaints, every unit complains, no usable
    feature. Errors: UsageError for a setting out of its range, or an asked feature that is not there.
    """
    if not 1 <= max_order <= _MAX_ORDER:
        raise UsageError(f"max_order must be 1 to {_MAX_ORDER}, not {max_order}")
    if min_complaints < 1:
        raise UsageError(f"min_complaints must be at least 1, not {min_complaints}")
    if not 0 < alpha < 1:
        raise UsageError(f"alpha must lie between 0 and 1, not {alpha}")
    if not (min_lift >= 1 and math.isfinite(min_lift)):
        raise UsageError(f"min_lift must be at least 1, not {min_lift}")
    report = progress if progress is not None else _ignore
    space = Space(table, max_order=max_order, min_units=min_complaints)
    report(f"{len(space.low)} literals of {len(space.axes)} features")
    limits = Limits(math.log(1 / alpha), min_complaints, min_lift)
    if not space.axes or int(space.complaining.sum()) < min_complaints:
        found = _assemble(space, None, [])
        return _answer(table, Selection(space, limits, report), found, asked) if asked else found
    selection = Selection(space, limits, report)
    report(f"{selection.conjunctions.counted} conjunctions counted")
    keys = merge_ranges(selection, select_patterns(selection))
    keys = selection.drop_fallen(_leave_mild(space, keys, min_lift))
    return _answer(table, selection, _assemble(space, selection, keys), asked)


def _answer(
    table: UnitTable, selection: Selection, found: RootCauses, asked: Sequence[Pattern | str]
) -> RootCauses:
    reasons = [explain_absence(selection, table.features, found.causes, one) for one in asked]
    return replace(found, why_not=tuple(reasons))


def _ignore(_: str) -> None:
    pass


def _contrast(space: Space, members: Mask) -> Contrast:
    y, e = space.outcomes, space.exposure
    return Contrast(
        float(y[members].sum()),
        float(e[members].sum()),
        float(y[~members].sum()),
        float(e[~members].sum()),
    )


def _leave_mild(space: Space, found: list[Key], min_lift: float) -> list[Key]:
    return [key for key in found if _contrast(space, space.cover(key)).lift >= min_lift]


def _assemble(space: Space, selection: Selection | None, found: list[Key]) -> RootCauses:
    """Ranks by excess: the complaints beyond those that the rate of all others predicts."""
    total, covered = int(space.outcomes.sum()), np.zeros(space.units, dtype=np.bool_)
    considered = Considered(
        features=len(space.axes),
        literals=len(space.low),
        patterns=selection.conjunctions.counted if selection else 0,
    )
    causes = []
    if selection is not None:
        scores = selection.score_all(found)
        q_values = _find_q_values(scores)
        contrasts = [_contrast(space, space.cover(key)) for key in found]
        order = sorted(range(len(found)), key=lambda i: (-_find_excess(contrasts[i]), i))
        for rank, i in enumerate(order, start=1):
            covered |= space.cover(found[i])
            cause = _describe(selection, found, i, contrasts[i], scores[i])
            share = int(space.outcomes[covered].sum()) / total
            causes.append(replace(cause, rank=rank, q_value=q_values[i], cumulative_coverage=share))
    unexplained = int(space.outcomes[~covered].sum())
    return RootCauses(tuple(causes), total, space.units, unexplained, considered)


def _find_excess(contrast: Contrast) -> float:
    base = contrast.other_complaints / contrast.other_exposed
    return contrast.complaints - contrast.exposed * base


def _find_q_values(scores: list[float]) -> list[float]:
    """Benjamini and Hochberg (1995) over p-values already adjusted for all that was tried."""
    p_values = np.minimum(1.0, np.exp(-np.array(scores)))
    order = np.argsort(-p_values, kind="stable")
    ranks = len(scores) - np.arange(len(scores))
    q_values = np.empty(len(scores))
    q_values[order] = np.minimum.accumulate(p_values[order] * len(scores) / ranks)
    return [float(q) for q in q_values]


def _describe(
    selection: Selection, found: list[Key], place: int, contrast: Contrast, score: float
) -> RootCause:
    """One cause; what depends on the others (rank, q-value, cumulative coverage) comes after."""
    space, key = selection.space, found[place]
    members, price = space.cover(key), space.price_key(key)
    complaints = int(space.outcomes[members].sum())
    tested = members & selection.leave_out(found[:place] + found[place + 1 :])
    seen = float(space.outcomes[tested].sum()) or contrast.complaints
    passed = Passed(score + price, selection.limits.threshold + price, seen / complaints)
    low, high = find_interval(contrast, selection.likelihood, passed)
    return RootCause(
        rank=0,
        pattern=space.spell(key),
        aliases=find_aliases(space, key),
        members=np.flatnonzero(members),
        complaints=complaints,
        complaining_units=int(space.complaining[members].sum()),
        exposed=int(members.sum()),
        rate=contrast.complaints / contrast.exposed,
        base_rate=contrast.other_complaints / contrast.other_exposed,
        lift=contrast.lift,
        lift_low=low,
        lift_high=high,
        score=score,
        q_value=1.0,
        coverage=complaints / int(space.outcomes.sum()),
        cumulative_coverage=1.0,
        dose=measure_dose(space, key),
    )
