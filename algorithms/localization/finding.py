"""What comes out: the combinations that explain how a KPI left its forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LocatedCause:
    """A combination of dimension values whose leaves left their forecasts alike.

    `pattern`: value by dimension. `score`: nats that it saves in describing the table, what it takes to
    name it deducted; of exp(-score) the odds that chance does as well. `deviation`: (forecast -
    actual) / the larger of both, as most of its leaves have it: 1 where nothing came, -1 where nothing
    was forecast. `real`, `predict`: sums over the combination. `leaves`: the finest combinations in it.
    """

    pattern: dict[str, Any]
    score: float
    deviation: float
    real: float
    predict: float
    leaves: int


@dataclass(frozen=True)
class Localization:
    """Where a KPI left its forecast.

    `root_causes`: by score. `external`: the KPI left its forecast, and no combination of these
    dimensions explains (most of) that. `explained`: share of the abnormal deviation, leaf by leaf, that
    the causes hold; 1 where nothing is abnormal. `noise`: relative error of a forecast that is
    ordinary in this table, for leaves of any size. `max_order`: the most dimensions that were combined.
    """

    root_causes: tuple[LocatedCause, ...]
    external: bool
    explained: float
    noise: float
    leaves: int
    max_order: int
