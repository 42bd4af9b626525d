"""Which patterns stand together: residual deletion, then each again given the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from algorithms.rootcauses.score import Floats, Likelihood, estimate_dispersion
from algorithms.rootcauses.search import Conjunctions
from algorithms.rootcauses.space import Key, Mask, Space

_LOWER = 0.25  # part of the best score down to which conjunctions are searched at first
_FALLEN = 0.98  # share of its former rate to which the rest must fall to be searched again
_TINY = 1e-300
_REPLACED_BY = 4  # patterns that one may be split into
_NESTED = 0.8  # share of a pattern's units that lie in a broader one around it
_ALIKE = 0.5  # share of a pattern's complaints in a cause from which it may be its shadow,
_WEAKER = 0.8  # if what is left of it has a rate below this part of the cause's
_MINOR = 0.5  # and an excess below this part of the cause's
_CORE = 2.0  # odds ratio of a core to the rest of the pattern around it, more than 20 % wrong links make


@dataclass(frozen=True)
class Limits:
    """What a reported pattern must reach: `threshold` in nats of score, the others in kind."""

    threshold: float
    min_complaints: int
    min_lift: float


class Selection:
    """Finds the set of patterns that explains the complaints of a space most briefly."""

    def __init__(self, space: Space, limits: Limits, progress: Callable[[str], None]) -> None:
        self.space, self.limits, self._progress = space, limits, progress
        self.likelihood = Likelihood(space.binary)
        self.adapt([])
        self.conjunctions = Conjunctions(space, min_complaints=limits.min_complaints)

    def adapt(self, found: list[Key]) -> None:
        """Estimates the dispersion of counts about the rates of the patterns found so far."""
        if self.space.binary:
            return
        groups, rest = [], np.ones(self.space.units, dtype=np.bool_)
        for key in found:
            groups.append(self.space.cover(key) & rest)
            rest &= ~groups[-1]
        dispersion = estimate_dispersion(
            self.space.outcomes.astype(np.float64), self.space.exposure, [*groups, rest]
        )
        self.likelihood = Likelihood(False, dispersion)

    def leave_out(self, found: list[Key]) -> Mask:
        """The units in none of these patterns."""
        alive = np.ones(self.space.units, dtype=np.bool_)
        for key in found:
            alive &= ~self.space.cover(key)
        return alive

    def grow(self, found: list[Key]) -> list[Key]:
        """Adds the best pattern of what is left until none is significant."""
        found, alive = list(found), self.leave_out(found)
        while True:
            best = self.find_best(alive, frozenset(found))
            if best is None:
                return found
            if not self._is_shadow(best, found, alive):
                found.append(best)
                self.adapt(found)
                self._progress(f"pattern {len(found)} found")
            alive &= ~self.space.cover(best)

    def find_best(self, alive: Mask, banned: frozenset[Key]) -> Key | None:
        """The significant pattern of highest score among `alive` units, None without one."""
        known = self.conjunctions
        total, _, exposure = self.space.measure(alive)
        rate = total / max(exposure, _TINY)
        while True:
            best, score = self._find_start(alive, banned)
            if score > known.floor:
                break
            lowest = known.floor <= self.limits.threshold
            if lowest and (score > 0 or rate >= _FALLEN * known.rate):
                break
            floor = max(self.limits.threshold, score * _LOWER)
            known.renew(alive, self.likelihood, floor)
        if score <= 0:
            return None
        best, score = self.improve(best, alive, banned)
        return best if score > self.limits.threshold else None

    def _find_start(self, alive: Mask, banned: frozenset[Key]) -> tuple[Key, float]:
        """The best literal or known conjunction; a score of -inf where there is none."""
        scores = self.score_literals((), alive)
        order = np.argsort(-scores, kind="stable")[: len(banned) + 1]
        starts: list[tuple[Key, float]] = [((int(i),), float(scores[i])) for i in order]
        ratio, complaints, complaining, exposed = self.conjunctions.score(alive, self.likelihood)
        usable = self._qualify(complaints, complaining, exposed, alive)
        joint = np.where(usable, ratio - self.conjunctions.price, -np.inf)
        order = np.argsort(-joint, kind="stable")[: len(banned) + 1]
        starts += [(self.conjunctions.key(int(i)), float(joint[i])) for i in order]
        allowed = [start for start in starts if start[0] not in banned]
        return max(allowed, key=lambda start: start[1], default=((), -np.inf))

    def score(self, key: Key, alive: Mask) -> float:
        """Ratio less price of a pattern among `alive` units; -inf below the other limits."""
        c, u, x = self.space.measure(self.space.cover(key) & alive)
        if not self._qualify(np.array(c), np.array(u), np.array(x), alive):
            return -np.inf
        total, _, exposure = self.space.measure(alive)
        ratio = self.likelihood.compare(c, x, total, exposure)
        return float(ratio) - self.space.price_key(key)

    def _qualify(self, complaints: Floats, complaining: Floats, exposed: Floats, alive: Mask) -> Mask:
        total, _, exposure = self.space.measure(alive)
        base = (total - complaints) * self.limits.min_lift
        raised = complaints * (exposure - exposed) >= base * exposed
        return raised & (complaining >= self.limits.min_complaints)

    def score_literals(self, rest: Key, alive: Mask) -> Floats:
        """Scores of `rest` joined with each literal; -inf where it may not join."""
        space = self.space
        units = np.flatnonzero(space.cover(rest) & alive)
        complaints, complaining, exposed = space.tally(units)
        total, _, exposure = space.measure(alive)
        ratio = self.likelihood.compare(complaints, exposed, total, exposure)
        named = sum(space.get_price(literal) for literal in rest)
        price = space.price + named + space.find_price(len(rest) + 1)
        usable = self._qualify(complaints, complaining, exposed, alive) & space.may_join(rest)
        return np.where(usable, ratio - price, -np.inf)

    def improve(self, key: Key, alive: Mask, banned: frozenset[Key] = frozenset()) -> tuple[Key, float]:
        """Climbs by dropping, adding or replacing one literal until nothing scores higher."""
        best, score = key, self.score(key, alive)
        while True:
            moves: list[tuple[float, Key]] = []
            rests = [best[:i] + best[i + 1 :] for i in range(len(best))]
            moves += [(self.score(rest, alive), rest) for rest in rests if rest]
            if len(best) < self.space.max_order:
                rests.append(best)
            for rest in rests:
                scores = self.score_literals(rest, alive)
                for i in np.argsort(-scores, kind="stable")[: len(banned) + 1]:
                    moves.append((float(scores[i]), tuple(sorted((*rest, int(i))))))
            moves = [move for move in moves if move[1] not in banned]
            if not moves:
                return best, score
            top, found = max(moves, key=lambda move: move[0])
            if top <= score + 1e-9:
                return best, score
            best, score = found, top

    def _is_shadow(self, key: Key, found: list[Key], alive: Mask) -> bool:
        """Whether a pattern is what wrong links leave over of a cause.

        It is where it names part of the cause or shares most of its complaints with it, and what
        is left of it complains less than the cause and in excess by a minor part of its excess.
        """
        measure, held = self.space.measure, self.space.cover(key)
        rest_c, _, rest_e = measure(alive & ~held)
        c, _, e = measure(held & alive)
        if e == 0 or rest_e == 0:
            return False
        base, complaints = rest_c / rest_e, measure(held)[0]
        for cause in found:
            inside = self.space.cover(cause)
            its_c, _, its_e = measure(inside)
            both_c, _, both_e = measure(inside & held)
            # a pattern that raises the cause's own rate is a cause itself, though they share complaints
            multiplied = both_c * its_e >= _CORE * its_c * both_e
            alike = both_c >= _ALIKE * complaints and not multiplied
            if not alike and not set(key) < set(cause):
                continue
            minor = c - base * e < _MINOR * (its_c - base * its_e)
            if minor and c / e < _WEAKER * its_c / its_e:
                return True
        return False

    def refit(self, found: list[Key]) -> list[Key]:
        """Each pattern improved with the units of the others left out, the best first.

        A core of a broader pattern is left as it is: its neighbours include that pattern.
        """
        found = list(found)
        for i, key in enumerate(found):
            others = found[:i] + found[i + 1 :]
            if not self.find_broader(key, others):
                alive = self.leave_out(others)
                better, _ = self.improve(key, alive)
                if better not in others and not self._is_shadow(better, others, alive):
                    found[i] = better
        return self.drop_fallen(found)

    def find_broader(self, key: Key, others: list[Key]) -> list[Key]:
        """The patterns of clearly more units that hold nearly all units of this one."""
        held = self.space.cover(key)
        size = held.sum()
        covers = [(other, self.space.cover(other)) for other in others]
        return [
            other
            for other, cover in covers
            if size < _NESTED * cover.sum() and (cover & held).sum() >= _NESTED * size
        ]

    def score_given(self, key: Key, others: list[Key]) -> float:
        """The score of a pattern with the units of the others left out.

        A broader pattern around it cannot be left out; then it must stand with that one's units
        in, and once more among them alone, where only what it adds has to be described.
        """
        broader = self.find_broader(key, others)
        alive = self.leave_out([other for other in others if other not in broader])
        among = [
            self.score(tuple(lit for lit in key if lit not in other), alive & self.space.cover(other))
            for other in broader
        ]
        return min([self.score(key, alive), *among])

    def drop_fallen(self, found: list[Key]) -> list[Key]:
        """Leaves out, worst first, what is not significant given the others."""
        found = list(found)
        while found:
            scores = self.score_all(found)
            worst = int(np.argmin(scores))
            if scores[worst] > self.limits.threshold:
                break
            del found[worst]
        return found

    def drop_shadows(self, found: list[Key]) -> list[Key]:
        """Leaves out, worst first, what is not significant or a shadow given the others."""
        found = self.drop_fallen(found)
        while True:
            scores = self.score_all(found)
            for i in sorted(range(len(found)), key=scores.__getitem__):
                others = found[:i] + found[i + 1 :]
                broader = self.find_broader(found[i], others)
                alive = self.leave_out([other for other in others if other not in broader])
                causes = [other for other in others if other not in broader]
                if self._is_shadow(found[i], causes, alive) or not self.is_core(found[i], broader):
                    found = self.drop_fallen(others)
                    break
            else:
                return found

    def is_core(self, key: Key, broader: list[Key]) -> bool:
        """Whether a pattern complains clearly more than the rest of each pattern around it."""
        y, e = self.space.outcomes, self.space.exposure
        held = self.space.cover(key)
        for other in broader:
            inside, rest = held & self.space.cover(other), self.space.cover(other) & ~held
            rate, least = y[inside].sum() / e[inside].sum(), y[rest].sum() / e[rest].sum()
            if self.space.binary:
                rate, least = rate * (1 - least), least * (1 - rate)  # as odds, which know no ceiling
            if rate < _CORE * least:
                return False
        return True

    def score_all(self, found: list[Key]) -> list[float]:
        """The score of each pattern given all the others."""
        return [self.score_given(k, found[:i] + found[i + 1 :]) for i, k in enumerate(found)]

    def split(self, found: list[Key]) -> list[Key]:
        """Replaces a pattern whose units differ within by narrower ones that explain it better.

        The excess of a broad pattern may be that of two conjunctions in it, which deleting its
        units hides; or a core of it complains far more than the rest of it.
        """
        for i, key in enumerate(found):
            others = found[:i] + found[i + 1 :]
            alive = self.leave_out(others)
            inside = self.space.cover(key) & alive
            if self.score_literals((), inside).max(initial=-np.inf) <= 0:
                continue
            score, parts, gained = self.score(key, alive), list[Key](), 0.0
            while len(parts) < _REPLACED_BY and gained <= score:
                banned = frozenset([*others, *parts] if parts else found)
                part = self.find_best(alive, banned)
                if part is None or not self._lies_in(part, key, alive):
                    break
                gained += self.score(part, alive)
                parts.append(part)
                alive &= ~self.space.cover(part)
            if gained > score and len(parts) > 1:
                return [*others[:i], *parts, *others[i:]]
        return found

    def _lies_in(self, part: Key, key: Key, alive: Mask) -> bool:
        """Whether most complaints of a pattern among `alive` units are those of another one."""
        y, held = self.space.outcomes, self.space.cover(part) & alive
        return bool(y[held & self.space.cover(key)].sum() >= _ALIKE * y[held].sum())
