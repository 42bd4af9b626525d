"""Values of one feature that are one cause together: regions GA, TN and AZ."""

from __future__ import annotations

import numpy as np

from algorithms.rootcauses.selection import Selection
from algorithms.rootcauses.space import Ints, Key, Mask

_ALIKE = 0.7  # Jaccard index from which another pattern stands for a value


def unite_values(selection: Selection, found: list[Key]) -> list[Key]:
    """Joins patterns that differ in a value of one feature only, and adds values too weak to stand alone.

    A disjunction must score higher than its parts in sum, and each value that was not found by
    itself must raise its score by what a pattern must reach.
    """
    found = list(found)
    while True:
        ways = [_widen(selection, key, literal, found) for key in found for literal in key]
        gained, wide, joined = max(ways, key=lambda way: way[0], default=(0.0, (), []))
        if gained <= 0:
            return found
        place = min(found.index(other) for other in joined)
        found = [other for other in found if other not in joined]
        found.insert(place, wide)


def _find_siblings(selection: Selection, rest: Key, singles: Ints, found: list[Key]) -> dict[int, Key]:
    """By value, the pattern that is `rest` with this value, or a near-copy of that."""
    space, siblings = selection.space, dict[int, Key]()
    sizes = space.tally(np.flatnonzero(space.cover(rest)))[2][singles]
    for other in found:
        more = [part for part in other if part not in rest]
        if (
            len(more) == 1
            and len(other) == len(rest) + 1
            and np.isin(space.get_values(more[0]), singles).all()
        ):
            siblings |= dict.fromkeys(space.get_values(more[0]), other)
            continue
        held = space.cover(other)
        both = space.tally(np.flatnonzero(held & space.cover(rest)))[2][singles]
        alike = both / (sizes + float(space.exposure[held].sum()) - both)
        if alike.max() >= _ALIKE:
            siblings.setdefault(int(singles[int(np.argmax(alike))]), other)
    return siblings


def _widen(selection: Selection, key: Key, literal: int, found: list[Key]) -> tuple[float, Key, list[Key]]:
    """The best disjunction around a literal of a pattern: nats gained, its key, what it replaces."""
    space = selection.space
    values, singles = space.get_values(literal), space.find_singles(space.get_axis(literal))
    if not np.isin(values, singles).all() or len(singles) < 3:
        return 0.0, key, []
    rest = tuple(part for part in key if part != literal)
    siblings = _find_siblings(selection, rest, singles, found)
    alive = selection.leave_out([other for other in found if other not in siblings.values()])
    units = np.flatnonzero(space.cover(rest) & alive)
    complaints, _, exposed = (part[singles] for part in space.tally(units))
    y, e = space.outcomes, space.exposure
    total, exposure = float(y[alive].sum()), float(e[alive].sum())
    price = sum(space.get_price(part) for part in rest) + space.find_price(len(key))

    def spell(chosen: list[int]) -> Key:
        members = tuple(sorted(int(singles[i]) for i in chosen))
        return tuple(sorted((*rest, space.unite(members) if len(members) > 1 else members[0])))

    def list_joined(chosen: list[int]) -> list[Key]:
        parts = [siblings[v] for v in singles[chosen].tolist() if v in siblings]
        return list(dict.fromkeys([key, *parts]))

    def find_next(chosen: list[int], allowed: Mask) -> tuple[int, float]:
        """The value that fits best beside those chosen, and the score with it."""
        ratio = selection.likelihood.compare(
            complaints[chosen].sum() + complaints, exposed[chosen].sum() + exposed, total, exposure
        )
        ratio[chosen] = -np.inf
        best = int(np.argmax(np.where(allowed, ratio, -np.inf)))
        named = space.get_price(max(spell([*chosen, best]), key=lambda part: len(space.get_values(part))))
        return best, float(ratio[best]) - price - named

    place = {int(v): i for i, v in enumerate(singles)}
    first = [place[v] for v in values]
    own = np.isin(singles, list(siblings))
    # the values found by themselves first: the best number of them, by what joining them gains
    trial, best, most = first, first, 0.0
    while len(trial) < len(singles) - 1 and np.any(own & ~np.isin(np.arange(len(singles)), trial)):
        value, score = find_next(trial, own)
        trial = [*trial, value]
        gained = score - _sum_scores(selection, list_joined(trial), alive)
        if gained > most:
            best, most = trial, gained
    chosen, score = best, selection.score(spell(best), alive)
    while len(chosen) < len(singles) - 1:
        value, raised = find_next(chosen, ~own)
        if raised - score <= selection.limits.threshold:
            break
        chosen, score = [*chosen, value], raised
    if len(chosen) == len(first):
        return 0.0, key, []
    joined = list_joined(chosen)
    return score - _sum_scores(selection, joined, alive), spell(chosen), joined


def _sum_scores(selection: Selection, parts: list[Key], alive: Mask) -> float:
    total, alive = 0.0, alive.copy()
    for part in parts:
        total += selection.score(part, alive)
        alive &= ~selection.space.cover(part)
    return total
