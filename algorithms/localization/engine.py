"""The one public function: from a KPI over dimensions to the combinations that explain it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from algorithms.localization.cuboids import Cuboid, choose_order, list_cuboids
from algorithms.localization.external import Judgement, find_outliers, judge
from algorithms.localization.finding import Localization, LocatedCause
from algorithms.localization.leaves import Leaves, read_leaves, read_rows
from algorithms.localization.noise import Noise, estimate_noise
from algorithms.localization.search import Fit, Rows, Search
from algorithms.localization.table import Dimension, KpiTable
from schema.errors import UsageError

_MAX_CAUSES = 50
_SMALL = 2000
_BOUNDS = (0.15, 0.03)
_ALIKE = 0.15
_HELD = 0.5


@dataclass(frozen=True, eq=False)
class _Account:
    """A noise with the causes found under it; `total` is the log likelihood less all prices."""

    search: Search
    found: list[Fit]
    total: float


def localize(table: KpiTable, *, max_order: int | None = None, alpha: float = 0.05) -> Localization:
    """The combinations of dimension values that explain why the KPI left its forecast.

    By the generalised ripple effect (Li et al. 2019) all leaves of a cause leave their forecasts by the
    same ratio. Each combination is judged by the likelihood of one common deviation, against leaves that
    deviate by chance or singly, less its description price; the noise is estimated from the table.
    `max_order`: dimensions that may be combined (default: all, fewer in wide tables); `alpha`: the
    chance that a table without causes gets one more. Errors: UsageError for a setting out of its range.
    """
    if max_order is not None and max_order < 1:
        raise UsageError(f"max_order must be at least 1, not {max_order}")
    if not 0 < alpha < 1:
        raise UsageError(f"alpha must lie between 0 and 1, not {alpha}")
    leaves = read_leaves(table)
    dimensions = tuple(Dimension(d.name, d.codes[leaves.rows], d.labels) for d in table.dimensions)
    order = min(choose_order(len(dimensions)), max_order or len(dimensions))
    if len(leaves) == 0:
        return Localization((), False, 1.0, 0.0, 0, order)
    cuboids = list_cuboids(dimensions, order)
    threshold = math.log(1 / alpha)
    begun, ratio = _rebase(leaves, cuboids, threshold)
    account = _find_account(begun)
    search, found = account.search, account.found
    witness = _Witness.of(table, search.leaves, ratio)
    judgement = witness.judge(found, alpha)
    if min(judgement.held, default=1.0) < _HELD:
        for fit in found:
            search.free[fit.rows] = True
        found = [fit for fit, held in zip(found, judgement.held, strict=True) if held >= _HELD]
        judgement = witness.judge(found, alpha)
    if judgement.external and not found and order == len(dimensions):
        found = _name_leaves(search, threshold)
        judgement = witness.judge(found, alpha)
    causes = [_describe(dimensions, search, fit) for fit in found]
    return Localization(
        tuple(sorted(causes, key=lambda cause: -cause.score)),
        judgement.external,
        judgement.explained,
        search.leaves.noise.fixed,
        len(leaves),
        order,
    )


@dataclass(frozen=True, eq=False)
class _Witness:
    """What the causes are judged by: the leaves, or the rows themselves where they say more.

    Rows that are alike in every dimension, but were forecast one by one, differ in what no dimension
    shows. `leaf`: the leaf of each.
    """

    parts: Leaves
    leaf: Rows
    ratio: float

    @classmethod
    def of(cls, table: KpiTable, leaves: Leaves, ratio: float) -> _Witness:
        rows, leaf = read_rows(table, leaves)
        both = np.count_nonzero((rows.real != 0) & (rows.predict != 0))
        if len(rows) == len(leaves) or 2 * both < len(rows):
            return cls(leaves, np.arange(len(leaves)), ratio)
        rows = rows.move(ratio)
        noise = estimate_noise(rows.deviation, rows.size, counts=rows.counts)
        return cls(replace(rows, noise=noise), leaf, ratio)

    def judge(self, found: list[Fit], alpha: float) -> Judgement:
        cause = np.full(int(self.leaf.max(initial=0)) + 2, -1, dtype=np.int64)  # the last is that of leaf -1
        for place, fit in enumerate(found):
            cause[fit.rows] = place
        of = cause[self.leaf]
        members = [np.flatnonzero(of == place) for place in range(len(found))]
        shifted = abs(1 / self.ratio - 1) * float(np.abs(self.parts.predict).sum())
        return judge(self.parts, members, [fit.centre for fit in found], shifted, alpha)


def _rebase(leaves: Leaves, cuboids: list[Cuboid], threshold: float) -> tuple[Search, float]:
    """Where everything together left its forecast, and no combination does more: move the forecast.

    Returns the ratio by which it was moved, too.
    """
    noise = estimate_noise(leaves.deviation, leaves.size, counts=leaves.counts)
    search = Search(replace(leaves, noise=noise), cuboids, threshold)
    whole = search.fit_everything()
    best = search.find_best(alone=True) if whole is not None else None
    if whole is None or (best is not None and best.score > whole.score):
        return search, 1.0
    kept = max(1 - abs(whole.centre), 1e-3)
    ratio = kept if whole.centre >= 0 else 1 / kept
    moved = leaves.move(ratio)
    noise = estimate_noise(moved.deviation, moved.size, counts=leaves.counts)
    return Search(replace(moved, noise=noise), cuboids, threshold), ratio


def _find_account(search: Search) -> _Account:
    """Noise and causes together, where the table is likeliest.

    Causes look like noise until they are found: in small tables the search begins from smaller noises,
    too; and the noise is estimated again from the leaves that are in no cause.
    """
    leaves = search.leaves
    best = _explain(search)
    if len(leaves) > _SMALL:
        return best
    last = leaves.noise.fixed
    for bound in _BOUNDS:
        if bound < last:
            noise = estimate_noise(leaves.deviation, leaves.size, counts=leaves.counts, most=bound)
            last = noise.fixed
            other = _explain(search.under(noise))
            best = other if other.total > best.total else best
    return best


def _explain(search: Search) -> _Account:
    for attempt in range(3):
        leaves = search.leaves
        found = search.run(_MAX_CAUSES)
        free = search.free
        if not found or not free.any() or attempt == 2:
            break
        noise = estimate_noise(
            leaves.deviation[free], leaves.size[free], counts=leaves.counts, start=leaves.noise
        )
        if _is_like(noise, leaves.noise):
            break
        search = search.under(noise)
    total = float(leaves.normal[search.free].sum()) - search.leaves.noise.price
    total += sum(fit.likelihood - fit.price for fit in found)
    return _Account(search, found, total)


def _is_like(one: Noise, other: Noise) -> bool:
    pairs = ((one.fixed, other.fixed), (one.falling + 1e-3, other.falling + 1e-3))
    return all(abs(math.log(a / b)) < _ALIKE for a, b in pairs)


def _name_leaves(search: Search, threshold: float) -> list[Fit]:
    """Single leaves as causes: where there are so few that to name each is as short as to say that
    something else moves leaves here and there."""
    rows = find_outliers(search.leaves, np.flatnonzero(search.free), math.exp(-threshold))
    count = len(rows)
    if not search.cuboids or count == 0 or count * math.log(count) - count + 1 > threshold:
        return []
    place, named = len(search.cuboids) - 1, []
    for row in rows:
        fit = search.fit_leaf(place, int(row))
        search.free[fit.rows] = False
        named.append(fit)
    return named


def _describe(dimensions: tuple[Dimension, ...], search: Search, fit: Fit) -> LocatedCause:
    leaves, cuboid = search.leaves, search.cuboids[fit.cell[0]]
    inside = np.flatnonzero(cuboid.cells == fit.cell[1])
    pattern = {
        dimensions[place].name: dimensions[place].labels[dimensions[place].codes[inside[0]]]
        for place in cuboid.places
    }
    return LocatedCause(
        pattern,
        fit.score,
        fit.centre,
        float(leaves.real[inside].sum()),
        float(leaves.forecast[inside].sum()),
        len(inside),
    )
