"""Which complaints and units are looked at: all, or those that meet conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from algorithms.aggregation.arrays import Arrays
from algorithms.aggregation.conditions import choose
from graph import And, Not, Or, Projection, Where
from graph import Condition as Test
from schema import ATTRIBUTED_TO, CAUSE, COMPLAINT, Amount, UsageError, Vocabulary

_CONDITION = re.compile(
    r"\s*(?:(?P<kind>[A-Z][A-Za-z0-9]*)\.)?(?P<name>[a-z_]\w*)\s*(?P<op>>=|<=|!=|=|<|>)\s*(?P<value>.*?)\s*",
    re.DOTALL,
)
_COMPARE = {
    "=": pc.equal,
    "!=": pc.not_equal,
    ">=": pc.greater_equal,
    "<=": pc.less_equal,
    ">": pc.greater,
    "<": pc.less,
}


@dataclass(frozen=True)
class Condition:
    """A condition on nodes of a kind: a property compared with a value, or `cause` with a cause's id."""

    name: str
    op: str
    value: Any
    kind: str = COMPLAINT

    @property
    def chooses_period(self) -> bool:
        """Whether it chooses complaints by a date."""
        return self.kind == COMPLAINT and isinstance(self.value, date)


@dataclass(frozen=True)
class Among:
    """That nodes of a kind meet conditions of the store, which may be on what they are linked to."""

    kind: str
    tests: tuple[Test, ...]

    @property
    def chooses_period(self) -> bool:
        """Whether it chooses complaints by a date of theirs."""
        return self.kind == COMPLAINT and any(map(_is_dated, self.tests))


Stratum = Condition | Among


def _is_dated(test: Test) -> bool:
    if isinstance(test, Where):
        return isinstance(test.value, date)
    if isinstance(test, Not):
        return _is_dated(test.condition)
    return isinstance(test, And | Or) and any(map(_is_dated, test.conditions))


def parse_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """Return the condition that a text states.

    Such as `cause=delivery.late` or `filed_at>=2026-01-01`, on complaints, and with the kind before
    the property on others: `Order.status=delivered`.
    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise UsageError(
            f"{text!r} is no condition",
            hint="such as cause=delivery.late, filed_at>=2026-01-01 or Order.status=delivered",
        )
    kind, name, op, raw = match["kind"] or COMPLAINT, match["name"], match["op"], match["value"]
    if kind == COMPLAINT and name == "cause":
        if op not in ("=", "!="):
            raise UsageError(f"{text!r}: a cause is compared with = or !=")
        return Condition(name, op, raw)
    properties = vocabulary.get_kind(kind).properties
    if name not in properties:
        names = ", ".join((*(("cause",) if kind == COMPLAINT else ()), *properties))
        raise UsageError(f"{text!r}: {kind} has no property {name!r}", hint=f"one of {names}")
    try:
        return Condition(name, op, properties[name].value_type.clean(raw), kind)
    except ValueError as error:
        raise UsageError(f"{text!r}: {error}") from None


def select(
    projection: Projection, kind: str, conditions: Sequence[Stratum], arrays: Arrays | None = None
) -> npt.NDArray[np.bool_]:
    """Return which nodes of a kind meet all conditions on it; one without the value meets none.

    `arrays`, of the same projection, are needed where there is an `Among`.
    """
    table = projection.nodes[kind]
    chosen = np.ones(table.num_rows, np.bool_)
    for condition in conditions:
        if condition.kind != kind:
            continue
        if isinstance(condition, Among):
            assert arrays is not None  # noqa: S101
            met = choose(arrays, kind, condition.tests)
            chosen &= True if met is None else met
            continue
        if kind == COMPLAINT and condition.name == "cause":
            chosen &= _states(projection, condition.value) == (condition.op == "=")
            continue
        column, value = table[condition.name], condition.value
        if isinstance(value, Amount):
            # Sums of another currency do not compare.
            same = pc.equal(table[f"{condition.name}_currency"], value.currency)
            chosen &= pc.fill_null(same, False).to_numpy(zero_copy_only=False)
            value = value.value
        compared = _COMPARE[condition.op](column, pa.scalar(value, column.type))
        chosen &= pc.fill_null(compared, False).to_numpy(zero_copy_only=False)
    return chosen


def _states(projection: Projection, cause: str) -> npt.NDArray[np.bool_]:
    """Return which complaints state a cause."""
    position = pc.index(projection.nodes[CAUSE]["key"], cause).as_py()
    if position < 0:
        known = ", ".join(projection.nodes[CAUSE]["key"].to_pylist()[:60])
        raise UsageError(f"there is no cause {cause!r}", hint=f"one of {known}")
    complaints, causes = projection.ends(ATTRIBUTED_TO)
    found = np.zeros(projection.nodes[COMPLAINT].num_rows, np.bool_)
    found[complaints[causes == position]] = True
    return found
