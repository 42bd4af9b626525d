"""Which units meet a pattern that was found before, on the graph as it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from algorithms.findings import PatternPart
from algorithms.reach import Chosen
from algorithms.rootcauses import Feature, FeatureKind

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
}


def find_exposed(features: Mapping[str, Feature], pattern: Sequence[PatternPart]) -> Chosen | None:
    """Return which units meet all conditions of a pattern; None if one is on what is no feature now."""
    if not all(part.path in features for part in pattern):
        return None
    met: Chosen = np.all([meets(features[part.path], part) for part in pattern], axis=0)
    return met


def meets(feature: Feature, part: PatternPart) -> Chosen:
    """Return which units meet a condition; one without a value meets `is_null` only."""
    if feature.kind in (FeatureKind.NUMBER, FeatureKind.DATE):
        return _in_range(feature, part)
    wanted = part.value if part.op == "in" else [part.value]
    codes = [code for code, label in enumerate(feature.labels) if label in wanted]
    if feature.indptr is None:
        held = feature.values < 0 if part.op == "is_null" else np.isin(feature.values, codes)
        return np.asarray(held, np.bool_)
    counted = feature.values >= 0 if part.op == "is_null" else np.isin(feature.values, codes)
    counts = np.diff(np.r_[0, np.cumsum(counted)][feature.indptr])
    return np.asarray(counts == 0 if part.op == "is_null" else counts > 0, np.bool_)


def _in_range(feature: Feature, part: PatternPart) -> Chosen:
    values, dated = feature.values, feature.kind is FeatureKind.DATE
    missing = np.isnat(values) if dated else np.isnan(values)
    if part.op == "is_null":
        return np.asarray(missing, np.bool_)

    def read(value: Any) -> Any:
        return np.datetime64(value) if dated else float(value)

    if part.op == "between":
        low, high = map(read, part.value)
        held = (values >= low) & (values < high)
    elif part.op == "in":
        held = np.isin(values, [read(value) for value in part.value])
    else:
        held = _COMPARE[part.op](values, read(part.value))
    return np.asarray(held & ~missing, np.bool_)
