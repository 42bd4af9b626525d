"""Root causes of any flat table: one row a unit of exposure, its outcome in a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from algorithms.asking import explain_absence, read_pattern
from algorithms.rootcauses import Feature, Literal, RootCause, UnitTable, find_root_causes, spell_condition
from algorithms.wording import plain_value
from schema.errors import InputError, UsageError

_TRUE = ("1", "true", "yes", "y", "si", "sí", "s", "sim", "verdadero", "verdadeiro")
_FALSE = ("0", "false", "no", "n", "não", "nao", "falso")
_ENOUGH = 50  # units without the outcome among which a value should be known now and then
_MOST_LABEL = 200  # letters of a value that is shown


@dataclass(frozen=True)
class Condition:
    """A literal in plain JSON values: dates are ISO texts, `between` has `[low, high)`."""

    feature: str
    op: str
    value: Any

    def __str__(self) -> str:
        return spell_condition(self.feature, self.op, self.value)


@dataclass(frozen=True)
class ExplainedCause:
    """A root cause of a table; the figures are those of `RootCause`."""

    rank: int
    pattern: tuple[Condition, ...]
    aliases: tuple[tuple[Condition, ...], ...]
    complaints: int
    exposed: int
    rate: float
    base_rate: float
    lift: float
    lift_low: float
    lift_high: float
    q_value: float
    coverage: float
    cumulative_coverage: float
    dose: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class ExplainedAbsence:
    """Why a pattern is no root cause; the figures are those of `WhyNot`, `explanation` is by language."""

    pattern: tuple[Condition, ...]
    reason: str
    complaints: int
    exposed: int
    lift: float | None
    score: float | None
    score_given: float | None
    needed: float
    cause: int | None
    explanation: dict[str, str]


@dataclass(frozen=True)
class Explanation:
    """What explains the outcomes of a table, and what of it was left out of the search, with why."""

    rows: int
    outcomes: int
    root_causes: tuple[ExplainedCause, ...]
    unexplained: int
    features: tuple[str, ...]
    left_out: dict[str, str]
    why_not: tuple[ExplainedAbsence, ...] = ()


def explain_table(
    table: pa.Table,
    outcome: str,
    *,
    features: Sequence[str] = (),
    exclude: Sequence[str] = (),
    weight: str | None = None,
    max_order: int = 3,
    why_not: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Explanation:
    """Return the root causes of the rows whose `outcome` is raised.

    The outcome is true or false (0/1, yes/no, in three languages), or a count. Features are all other
    columns unless named; of these, what is known of rows with the outcome alone is a part of it and is
    left out, unless it was named. `weight`: what a row's outcome is counted against (months, items,
    units that the row stands for), above 0. `why_not`: patterns such as `plan=basic,age>=60`, or names of
    columns, of which is said why they are no root causes. Raises UsageError for a column that is not there,
    InputError, with its row, for a value that cannot be used.
    """
    chosen = _choose(table, outcome, features, exclude, weight)
    outcomes = _read_outcome(table, outcome)
    exposure = _read_weight(table, weight) if weight else None
    left_out: dict[str, str] = {}
    built = []
    for name in chosen:
        column = table[name]
        if not features and _tells_outcome(column, outcomes):
            left_out[name] = f"known of rows with {outcome} only"
            continue
        try:
            built.append(Feature.from_arrow(name, column))
        except InputError as error:
            if features:
                raise
            left_out[name] = error.message.partition("' ")[2] or error.message
    asked = [read_pattern(text, built) for text in why_not]
    found = find_root_causes(
        UnitTable(tuple(built), outcomes, exposure), max_order=max_order, asked=asked, progress=progress
    )
    return Explanation(
        rows=found.units,
        outcomes=found.outcomes,
        root_causes=tuple(_state(cause) for cause in found.causes),
        unexplained=found.unexplained,
        features=tuple(feature.name for feature in built),
        left_out=left_out,
        why_not=tuple(
            ExplainedAbsence(
                pattern=_spell(one.pattern),
                reason=str(one.reason),
                complaints=one.complaints,
                exposed=one.exposed,
                lift=one.lift,
                score=one.score,
                score_given=one.score_given,
                needed=one.needed,
                cause=one.cause,
                explanation=explain_absence(one),
            )
            for one in found.why_not
        ),
    )


def _choose(
    table: pa.Table, outcome: str, features: Sequence[str], exclude: Sequence[str], weight: str | None
) -> list[str]:
    there = table.column_names
    asked = [(outcome, "--outcome"), *((name, "--features") for name in features)]
    asked += [(name, "--exclude") for name in exclude]
    asked += [(weight, "--weight")] if weight else []
    for name, option in asked:
        if name not in there:
            raise UsageError(f"{option}: there is no column {name!r}", hint=f"there are {_list_some(there)}")
    taken = {outcome, weight, *exclude}
    if outcome in features:
        raise UsageError(f"--features: {outcome!r} is the outcome", hint="leave it out of the features")
    return [name for name in dict.fromkeys(features or there) if name not in taken]


def _list_some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return ", ".join(names[:20]) + rest


def _read_outcome(table: pa.Table, name: str) -> NDArray[np.int64]:
    column = table[name].combine_chunks()
    if len(column) == 0:
        return np.zeros(0, np.int64)
    if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        folded = [str(text).strip().lower() for text in coded.dictionary.to_pylist()]
        wrong = [text not in _TRUE + _FALSE for text in folded]
        if any(wrong):
            row = pc.index_in(coded.indices, pa.array(np.flatnonzero(wrong), coded.indices.type))
            first = int(np.flatnonzero(row.is_valid().to_numpy(zero_copy_only=False))[0])
            raise _refuse(name, first, coded[first].as_py(), "is neither true, false nor a count")
        meaning = pa.array([int(text in _TRUE) for text in folded], pa.int64())
        column = meaning.take(coded.indices)
    elif pa.types.is_boolean(column.type):
        column = column.cast(pa.int64())
    elif not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        raise InputError(
            f"column {name!r} holds {column.type}, no outcome", hint="give 0 and 1, true and false, or counts"
        )
    if column.null_count:
        first = int(np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))[0])
        raise _refuse(name, first, None, "is missing")
    values = column.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        wrong_rows = np.flatnonzero(~((values >= 0) & np.isfinite(values) & (np.mod(values, 1) == 0)))
    if len(wrong_rows):
        first = int(wrong_rows[0])
        raise _refuse(name, first, values[first], "is no count")
    counts: NDArray[np.int64] = values.astype(np.int64)
    return counts


def _read_weight(table: pa.Table, name: str) -> NDArray[np.float64]:
    column = table[name].combine_chunks()
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        raise InputError(f"column {name!r} holds no numbers", hint="a weight is a number above 0")
    weights: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights > 0)))
    if len(wrong):
        raise _refuse(name, int(wrong[0]), weights[wrong[0]], "is no weight")
    return weights


def _refuse(column: str, row: int, value: object, why: str) -> InputError:
    """Rows are counted from 1, the line of names not among them."""
    shown = "" if value is None else f" {str(value)[:_MOST_LABEL]!r}"
    return InputError(
        f"row {row + 1}, column {column!r}: the value{shown} {why}",
        hint="outcomes are 0/1, true/false, yes/no or counts; weights are numbers above 0",
    )


def _tells_outcome(column: pa.ChunkedArray, outcomes: NDArray[np.int64]) -> bool:
    """Whether a value is known of complaining rows only: then it is of the complaint, not of the unit."""
    known = column.is_valid().to_numpy()
    if pa.types.is_floating(column.type):
        known &= ~np.isnan(column.to_numpy())
    others = outcomes == 0
    return bool(others.sum() >= _ENOUGH and known.any() and not known[others].any())


def _state(cause: RootCause) -> ExplainedCause:
    return ExplainedCause(
        rank=cause.rank,
        pattern=_spell(cause.pattern),
        aliases=tuple(_spell(alias) for alias in cause.aliases),
        complaints=cause.complaints,
        exposed=cause.exposed,
        rate=cause.rate,
        base_rate=cause.base_rate,
        lift=cause.lift,
        lift_low=cause.lift_low,
        lift_high=cause.lift_high,
        q_value=cause.q_value,
        coverage=cause.coverage,
        cumulative_coverage=cause.cumulative_coverage,
        dose=tuple(
            {
                "feature": part.literal.feature,
                "op": part.literal.op,
                "value": plain_value(part.literal.value),
                "exposed": part.exposed,
                "complaints": part.complaints,
                "rate": part.rate,
            }
            for part in cause.dose or ()
        ),
    )


def _spell(pattern: Sequence[Literal]) -> tuple[Condition, ...]:
    return tuple(Condition(part.feature, part.op, plain_value(part.value)) for part in pattern)
