"""One cause, said once: ranges that belong together, near copies as aliases, and the dose."""

from __future__ import annotations

import numpy as np

from algorithms.rootcauses.pattern import DoseBin, Pattern
from algorithms.rootcauses.selection import Selection
from algorithms.rootcauses.space import Key, Mask, Space

_ALIKE = 0.8  # Jaccard index of the exposed units from which two patterns are one cause
_SLAB = 2.0  # nats by which units between or beside two ranges must complain more than others
_BINS = 4  # parts of a range in the dose table


def merge_ranges(selection: Selection, found: list[Key]) -> list[Key]:
    """Joins causes that are ranges of one number or date into the range that holds both."""
    found = list(found)
    merged = True
    while merged:
        merged = False
        pairs = [(i, j) for i in range(len(found)) for j in range(len(found)) if i != j]
        for i, j in pairs:
            others = [key for k, key in enumerate(found) if k not in (i, j)]
            hull = _find_hull(selection, found[i], found[j], others)
            if hull is not None:
                found[min(i, j)] = hull
                del found[max(i, j)]
                merged = True
                break
    return found


def _find_hull(selection: Selection, cause: Key, other: Key, others: list[Key]) -> Key | None:
    """The pattern of `cause` with its range widened over that of `other`, if both are one.

    They are where `other` says nothing less than `cause` says of other features and either the
    ranges touch, or the units between them complain more than those outside, too. Where `other`
    says more, the units won without it must complain more than those outside.
    """
    space = selection.space
    for mine in cause:
        axis = space.get_axis(mine)
        for its in other:
            rest = tuple(literal for literal in cause if literal != mine)
            more = {literal for literal in other if literal != its}
            if space.get_axis(its) != axis or not _is_range(space, mine, its):
                continue
            if np.isin((mine, its), space.find_singles(axis)).all():
                continue
            if not set(rest) <= more:
                continue
            low = min(space.low[mine], space.low[its])
            high = max(space.high[mine], space.high[its])
            wide = space.find_literal(axis, int(low), int(high))
            if wide is None:
                continue
            hull = tuple(sorted((*rest, wide)))
            alive = selection.leave_out(others)
            won = space.cover(hull) & alive & ~space.cover(cause)
            between = won & ~space.cover((*rest, its))
            outside = alive & ~space.cover(hull)
            touches = space.low[its] <= space.high[mine] and space.low[mine] <= space.high[its]
            if not touches and not _complains_more(selection, between, outside):
                continue
            if set(rest) == more or _complains_more(selection, won & ~space.cover(other), outside):
                return hull
    return None


def _is_range(space: Space, *literals: int) -> bool:
    axis = space.get_axis(literals[0])
    if any(len(space.get_values(literal)) > 1 for literal in literals):
        return False
    null = int(space.offsets[axis]) + space.axes[axis].size - 1
    return space.axes[axis].ordered and all(space.low[literal] < null for literal in literals)


def _complains_more(selection: Selection, units: Mask, outside: Mask) -> bool:
    y, e = selection.space.outcomes, selection.space.exposure
    c, x, total, exposure = y[units].sum(), e[units].sum(), y[outside].sum(), e[outside].sum()
    if c * exposure < selection.limits.min_lift * total * x:
        return False
    return float(selection.likelihood.compare(c, x, total + c, exposure + x)) > _SLAB


def find_aliases(space: Space, key: Key) -> tuple[Pattern, ...]:
    """Patterns of other features that hold nearly the same units, the nearest first.

    One of the literals, or all of them, is replaced by a literal of a feature that the pattern
    does not name; at most one alias a feature. Where what is left is much the same by itself, the new
    literal must do at least half of what the old one did: one that nearly all units hold says nothing.
    """
    members = np.flatnonzero(space.cover(key))
    both, own = space.tally(members)[2], float(space.exposure[members].sum())
    taken = np.isin(space.axis_of, [space.get_axis(literal) for literal in key])
    rests = {(), *(key[:i] + key[i + 1 :] for i in range(len(key)))}
    nearest: dict[int, tuple[float, int, Key]] = {}
    for rest in sorted(rests, key=lambda part: (len(part), part)):
        left = np.flatnonzero(space.cover(rest))
        exposed = space.tally(left)[2]
        enough = max(_ALIKE, (1 + own / float(space.exposure[left].sum())) / 2)
        alike = np.where(taken, 0.0, both / np.maximum(exposed + own - both, 1e-300))
        for literal in np.flatnonzero(alike >= enough):
            axis, found = int(space.axis_of[literal]), (*rest, int(literal))
            rating = (float(alike[literal]), -len(found))
            if axis not in nearest or rating > nearest[axis][:2]:
                nearest[axis] = (*rating, tuple(sorted(found)))
    ranked = sorted(nearest.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    return tuple(space.spell(found) for _, (_, _, found) in ranked)


def measure_dose(space: Space, key: Key) -> tuple[DoseBin, ...] | None:
    """Rates along the first number or date of a pattern: below it, in parts of it, above it."""
    ranged = [literal for literal in key if _is_range(space, literal)]
    if not ranged:
        return None
    literal = ranged[0]
    place = space.get_axis(literal)
    axis, offset = space.axes[place], int(space.offsets[place])
    low, high = int(space.low[literal]) - offset, int(space.high[literal]) - offset
    rest = space.cover(tuple(part for part in key if part != literal))
    counts = np.bincount(axis.codes[rest], minlength=axis.size)
    inside = np.cumsum(counts[low:high])
    steps = np.searchsorted(inside, inside[-1] * np.arange(1, _BINS) / _BINS) + 1 + low
    edges = np.unique(np.r_[0, low, np.minimum(steps, high), high, axis.size - 1])
    bins = []
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        units = rest & (axis.codes >= start) & (axis.codes < end)
        complaints, exposure = int(space.outcomes[units].sum()), float(space.exposure[units].sum())
        if exposure > 0:
            described = axis.describe(start, end)
            bins.append(DoseBin(described, int(units.sum()), complaints, complaints / exposure))
    return tuple(bins)
