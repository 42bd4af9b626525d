"""The patterns of a table: grown, backfitted, split, united and refined until nothing changes."""

from __future__ import annotations

import math

import numpy as np

from algorithms.rootcauses.disjunction import unite_values
from algorithms.rootcauses.selection import Selection
from algorithms.rootcauses.space import Key, Mask

_ALONE = 1.5  # lift of a part outside a pattern from which it is a cause of its own and no core
_ROUNDS = 4  # backfits before what changes still is left as it is


def select_patterns(selection: Selection) -> list[Key]:
    """The patterns, each of which stands with the units of the others left out."""
    found = selection.grow([])
    for _ in range(_ROUNDS):
        before = list(found)
        found = selection.drop_shadows(selection.split(selection.refit(found)))
        found = selection.grow(unite_values(selection, found))
        if found == before:
            break
    return _add_cores(selection, selection.drop_shadows(found))


def _add_cores(selection: Selection, found: list[Key]) -> list[Key]:
    """Adds the part of each pattern whose units complain far more than its others, if both stand."""
    for key in list(found):
        others = [other for other in found if other != key]
        inside = selection.space.cover(key) & selection.leave_out(others)
        # each pattern is a table of its own to search, so that the least score rises with their number
        part = _find_core(selection, key, inside, selection.limits.threshold + math.log(len(found)))
        core = tuple(sorted((*key, *part)))
        if not part or not selection.is_core(core, [key]) or not selection.find_broader(core, [key]):
            continue
        if _acts_alone(selection, part, key, selection.leave_out(others)):
            continue
        stand = selection.drop_shadows([*found, core])
        if len(stand) > len(found):
            found = stand
    return found


def _acts_alone(selection: Selection, part: Key, key: Key, alive: Mask) -> bool:
    """Whether a part of a pattern's units, most of it elsewhere, complains more outside the pattern, too."""
    if selection.find_broader(part, [key]):
        return False
    measure, outside = selection.space.measure, alive & ~selection.space.cover(key)
    held = selection.space.cover(part)
    c, _, e = measure(outside & held)
    rest_c, _, rest_e = measure(outside & ~held)
    return c * rest_e >= _ALONE * rest_c * e


def _find_core(selection: Selection, key: Key, inside: Mask, least: float) -> Key:
    """The literals that add most to a pattern among its units, none if they do not pay their price."""
    part: Key = ()
    score, space = least, selection.space
    taken = [space.get_axis(literal) for literal in key]
    for _ in range(space.max_order - len(key)):
        scores = selection.score_literals(part, inside)
        scores[np.isin(space.axis_of, taken)] = -np.inf
        best = int(np.argmax(scores))
        if scores[best] <= score:
            break
        part, score = tuple(sorted((*part, best))), float(scores[best])
    better, _ = selection.improve(part, inside) if part else (part, 0.0)
    fits = len(better) + len(key) <= space.max_order
    return better if fits and not {space.get_axis(lit) for lit in better} & set(taken) else part
