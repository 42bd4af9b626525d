"""Why a pattern that was asked about is not among the root causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.rootcauses.pattern import Absence, Literal, Pattern, RootCause, WhyNot
from algorithms.rootcauses.selection import Selection
from algorithms.rootcauses.space import Mask
from algorithms.rootcauses.table import Feature, FeatureKind
from schema.errors import UsageError

_SAME = 0.8  # Jaccard index of the units from which a pattern is a cause by another name


def explain_absence(
    selection: Selection,
    features: Sequence[Feature],
    causes: Sequence[RootCause],
    asked: Pattern | str,
) -> WhyNot:
    """Why `asked`, a pattern or the name of a feature, is no root cause. Errors: UsageError."""
    space, by_name = selection.space, {feature.name: feature for feature in features}
    pattern: Pattern = (_find_best_literal(selection, by_name, asked),) if isinstance(asked, str) else asked
    if not pattern:
        raise UsageError("a pattern to ask about needs a condition")
    for part in pattern:
        if part.feature not in by_name:
            raise UsageError(f"there is no feature {part.feature!r} to ask about")
    held: Mask = np.all([hold(by_name[part.feature], part) for part in pattern], axis=0)
    price = _price(selection, pattern)
    y, e = space.outcomes, space.exposure
    covers = [_mark(cause, space.units) for cause in causes]
    left = ~np.any(covers or [held & False], axis=0)
    score, given = _score(selection, held, None, price), _score(selection, held, left, price)
    rest_c, rest_e = float(y[~held].sum()), float(e[~held].sum())
    lift = None
    if held.any() and rest_c > 0:
        lift = float(y[held].sum() / e[held].sum() / (rest_c / rest_e))
    reason, cause = _find_reason(selection, pattern, held, causes, (score, given, lift))
    return WhyNot(
        pattern=pattern,
        reason=reason,
        complaints=int(y[held].sum()),
        exposed=int(held.sum()),
        lift=lift,
        score=score,
        score_given=given,
        needed=selection.limits.threshold,
        cause=cause,
    )


def _find_reason(
    selection: Selection,
    pattern: Pattern,
    held: Mask,
    causes: Sequence[RootCause],
    figures: tuple[float | None, float | None, float | None],
) -> tuple[Absence, int | None]:
    """The first reason that holds and the rank of the cause that takes the pattern's place."""
    (score, given, lift), limits = figures, selection.limits
    y, covers = selection.space.outcomes, [_mark(cause, selection.space.units) for cause in causes]
    alike = [float((held & cover).sum() / max(1, (held | cover).sum())) for cover in covers]
    shared = [float(y[held & cover].sum()) for cover in covers]
    same = [cause.rank for cause in causes if set(cause.pattern) == set(pattern)]
    weak = score is None or lift is None or lift < limits.min_lift
    taken = causes[int(np.argmax(shared))].rank if max(shared, default=0) > 0 else None
    left = given is not None and given > limits.threshold
    reasons: list[tuple[bool, Absence, int | None]] = [
        (bool(same), Absence.REPORTED, same[0] if same else None),
        (not held.any(), Absence.NO_UNITS, None),
        (int(np.sum(y[held] > 0)) < limits.min_complaints, Absence.FEW_COMPLAINTS, None),
        (
            max(alike, default=0) >= _SAME,
            Absence.ALIAS,
            causes[int(np.argmax(alike))].rank if alike else None,
        ),
        (weak, Absence.NOT_RAISED, None),
        (score is not None and score <= limits.threshold, Absence.PRICE, None),
        (not left, Absence.NOTHING_LEFT, taken),
        (True, Absence.BETTER_NAMED, taken),
    ]
    return next((reason, cause) for holds, reason, cause in reasons if holds)


def _mark(cause: RootCause, units: int) -> Mask:
    held = np.zeros(units, dtype=np.bool_)
    held[cause.members] = True
    return held


def _score(selection: Selection, held: Mask, alive: Mask | None, price: float) -> float | None:
    y, e = selection.space.outcomes, selection.space.exposure
    alive = np.ones(len(y), dtype=np.bool_) if alive is None else alive
    inside = held & alive
    ratio = selection.likelihood.compare(
        float(y[inside].sum()), float(e[inside].sum()), float(y[alive].sum()), float(e[alive].sum())
    )
    return float(ratio) - price if ratio > 0 else None


def _find_best_literal(selection: Selection, by_name: dict[str, Feature], name: str) -> Literal:
    if name not in by_name:
        raise UsageError(f"there is no feature {name!r} to ask about")
    space = selection.space
    axis = next((i for i, axis in enumerate(space.axes) if axis.feature.name == name), None)
    if axis is None:
        return Literal(name, "is_null", None)
    complaints, _, exposed = space.tally(np.arange(space.units))
    total, exposure = float(space.outcomes.sum()), float(space.exposure.sum())
    ratio = selection.likelihood.compare(complaints, exposed, total, exposure) - space.price
    best = int(np.argmax(np.where(space.axis_of == axis, ratio, -np.inf)))
    return space.describe(best)


def _price(selection: Selection, pattern: Pattern) -> float:
    """The price of a pattern whose cuts may lie elsewhere: that of the dearest literal of its kind."""
    space = selection.space
    axes = {axis.feature.name: place for place, axis in enumerate(space.axes)}
    price = space.find_price(len(pattern)) if axes else 0.0
    for part in pattern:
        if part.feature not in axes:
            continue
        place = axes[part.feature]
        literals = slice(int(space.starts[place]), int(space.starts[place + 1]))
        if part.op == "in":
            singles = space.find_singles(place)
            known = [i for i in singles.tolist() if space.describe(i).value in part.value]
            price += space.get_price(space.unite(tuple(known))) if len(known) > 1 else 0.0
        else:
            prices = space.price[literals]
            price += float(prices.max() if part.op == "between" else prices.min())
    return price


def hold(feature: Feature, literal: Literal) -> Mask:
    """The units that meet a condition, whatever its value. Errors: UsageError if they cannot be compared."""
    op, value = literal.op, literal.value
    if feature.kind in (FeatureKind.CATEGORY, FeatureKind.SET):
        return _hold_value(feature, op, value)
    values = feature.values
    missing = np.isnat(values) if feature.kind is FeatureKind.DATE else np.isnan(values)
    if op == "is_null":
        return np.asarray(missing)
    try:
        limits = [_convert(feature, part) for part in (value if op in ("in", "between") else (value,))]
    except (TypeError, ValueError):
        raise UsageError(f"{value!r} is no value to compare {feature.name!r} with") from None
    if op == "in":
        return np.isin(values, np.array(limits))
    if op == "between":
        return np.asarray((values >= limits[0]) & (values < limits[1]))
    compare: dict[str, Any] = {
        "=": np.equal,
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
    }
    if op not in compare:
        raise UsageError(f"no condition has the sign {op!r}")
    return np.asarray(compare[op](values, limits[0]) & ~missing)


def _convert(feature: Feature, value: Any) -> Any:
    return np.datetime64(value) if feature.kind is FeatureKind.DATE else float(value)


def _hold_value(feature: Feature, op: str, value: Any) -> Mask:
    if op not in ("=", "in", "is_null"):
        raise UsageError(f"{feature.name!r} holds values that have no order: ask with '='")
    wanted = () if op == "is_null" else value if op == "in" else (value,)
    codes = [i for i, label in enumerate(feature.labels) if label in wanted or str(label) in map(str, wanted)]
    found = feature.values < 0 if op == "is_null" else np.isin(feature.values, codes)
    if feature.indptr is None:
        return np.asarray(found)
    owners: NDArray[np.int64] = np.repeat(np.arange(len(feature)), np.diff(feature.indptr))
    held = np.zeros(len(feature), dtype=np.bool_)
    held[owners[feature.values >= 0 if op == "is_null" else found]] = True
    return ~held if op == "is_null" else held
