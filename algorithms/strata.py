"""Which complaints are looked at: all, or those that meet conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph import Projection
from schema import ATTRIBUTED_TO, CAUSE, COMPLAINT, Amount, UsageError, Vocabulary

_CONDITION = re.compile(r"\s*(?P<name>[a-z_]+)\s*(?P<op>>=|<=|!=|=|<|>)\s*(?P<value>.*?)\s*", re.DOTALL)
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
    """A condition on complaints: a property compared with a value, or `cause` with a cause's id."""

    name: str
    op: str
    value: Any


def parse_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """Return the condition that a text such as `cause=delivery.late` or `filed_at>=2026-01-01` states."""
    properties = vocabulary.get_kind(COMPLAINT).properties
    names = ", ".join(("cause", *properties))
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise UsageError(
            f"{text!r} is no condition", hint="such as cause=delivery.late or filed_at>=2026-01-01"
        )
    name, op, raw = match["name"], match["op"], match["value"]
    if name == "cause":
        if op not in ("=", "!="):
            raise UsageError(f"{text!r}: a cause is compared with = or !=")
        return Condition(name, op, raw)
    if name not in properties:
        raise UsageError(f"{text!r}: a {COMPLAINT} has no {name!r}", hint=f"one of {names}")
    try:
        return Condition(name, op, properties[name].value_type.clean(raw))
    except ValueError as error:
        raise UsageError(f"{text!r}: {error}") from None


def select_complaints(projection: Projection, conditions: Sequence[Condition]) -> npt.NDArray[np.bool_]:
    """Return which complaints meet all conditions; one without the value meets none."""
    table = projection.nodes[COMPLAINT]
    chosen = np.ones(table.num_rows, np.bool_)
    for condition in conditions:
        if condition.name == "cause":
            chosen &= _states(projection, condition.value) == (condition.op == "=")
        else:
            column, value = table[condition.name], condition.value
            if isinstance(value, Amount):
                # Sums of another currency do not compare.
                same = pc.equal(table[f"{condition.name}_currency"], value.currency)
                chosen &= pc.fill_null(same, False).to_numpy(zero_copy_only=False)
                value = value.value
            met = _COMPARE[condition.op](column, pa.scalar(value, column.type))
            chosen &= pc.fill_null(met, False).to_numpy(zero_copy_only=False)
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
