"""The ways from the units of a kind into the graph, walked once, and up to when what they lead to counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from algorithms.moments import Moments, find_moments
from algorithms.reach import ALWAYS, DAY, Indices, Reach, find_since, start
from graph import Projection
from schema import Vocabulary
from schema.paths import NEVER, Path, Step

Pace = Literal["follows", "steady", "precedes"]
LATEST = np.int64(np.iinfo(np.int64).max)
WINDOW = 30 * DAY
FEW = 20  # nodes in the windows of all units; with fewer, they tell nothing
SURE = 2.0  # standard errors by which what is in the windows must differ
REACTS = 1.2  # and the ratio
AFTER = 0.02  # of what complaining units reach; up to that, what came after complaints changes nothing


@dataclass(frozen=True)
class History:
    """What decides up to when the history of each unit counts.

    `outcomes`: complaints that count, of each unit; `first`: its first complaint of all (NaT: none, or
    without a date).
    """

    outcomes: npt.NDArray[np.int64]
    first: npt.NDArray[np.datetime64]


class Ways:
    """What the units of a kind reach by paths. Paths up to `kept` steps long are remembered."""

    def __init__(
        self, vocabulary: Vocabulary, projection: Projection, unit: str, kept: int, history: History | None
    ) -> None:
        self.vocabulary, self.projection, self.unit, self.kept = vocabulary, projection, unit, kept
        self.size = projection.nodes[unit].num_rows
        self._reaches: dict[Path, Reach | str] = {Path(unit): start(self.size)}
        self._since: dict[str, Indices | None] = {}
        self.moments: Moments | None = None
        self._paced: tuple[Reach, Pace] | None = None
        self.undated = False  # somebody complained, and nobody knows when
        if history is not None and np.any(history.outcomes > 0):
            self.begins = self._begins()
            self.moments = find_moments(self.begins, history.outcomes, history.first)
            self.undated = self.moments is None

    def reach(self, path: Path) -> Reach | str:
        """Return what the steps of a path lead to, or for which reason that is nothing to use."""
        path = path.walked
        if path in self._reaches:
            return self._reaches[path]
        before, step = self.reach(Path(path.unit, path.steps[:-1])), path.steps[-1]
        if isinstance(before, str):
            return before
        found = self._follow(before, step)
        if len(path.steps) <= self.kept or isinstance(found, str):
            self._reaches[path] = found
        return found

    def _follow(self, before: Reach, step: Step) -> Reach | str:
        if step.triple not in self.projection.relationships:
            return "empty"
        narrowed = before.narrow(self.projection, step)
        if narrowed is None:
            return "hub"
        found = narrowed.step(self.projection, step, self._known_since(step.to))
        return found if len(found.units) else "empty"

    def _known_since(self, kind: str) -> Indices | None:
        if kind not in self._since:
            self._since[kind] = find_since(self.vocabulary, self.projection, kind)
        return self._since[kind]

    def pace(self, reach: Reach) -> Pace:
        """Return how what units reach goes with complaints; the last answer is remembered."""
        if self._paced is None or self._paced[0] is not reach:
            self._paced = reach, self._compare(reach)
        return self._paced[1]

    def _compare(self, reach: Reach) -> Pace:
        """Return whether complaining units got more of what they reach just after their first complaint
        than just before (it follows from complaints), less, or as much.

        A unit is its own control, as in a self-controlled case series (Farrington 1995, Biometrics 51): a
        window of 30 days on either side, shorter where the unit or the data begin or end within.
        """
        if self.moments is None or reach.since is None or not len(reach.units):
            return "steady"
        dated = reach.since != ALWAYS
        first, last = np.min(reach.since, where=dated, initial=LATEST), np.max(reach.since)
        dated &= self.moments.complains[reach.units]
        units, since = reach.units[dated], reach.since[dated]
        until, begins = self.moments.until[units], self.begins[units]
        window = np.minimum(WINDOW, np.minimum(last - until, until - first))
        window = np.where(begins == ALWAYS, window, np.minimum(window, until - begins))
        gap = since - until
        before = int(np.sum((gap <= 0) & (gap > -window)))
        after = int(np.sum((gap > 0) & (gap <= window)))
        if before + after < FEW:
            return "follows" if self._share_after(reach) > AFTER else "precedes"
        surplus = (after - before) / (after + before) ** 0.5
        if surplus > SURE and after > REACTS * before:
            return "follows"
        return "precedes" if surplus < -SURE and before > REACTS * after else "steady"

    def may_fold(self, reach: Reach) -> bool:
        """Return whether all that units reach may be counted, though some of it came after complaints."""
        return self.pace(reach) == "steady" or self._share_after(reach) <= AFTER

    def before_complaints(self, reach: Reach) -> Reach:
        """Return what units are joined to, without what may follow from complaints.

        Where it follows, those who complain count as before, and the others with all that they ever had.
        A node then seems rarer among complaining units than it is, never more frequent; only that a unit
        has none seems more frequent, and must not be used.
        """
        if self.moments is None or self.pace(reach) != "follows":
            return reach
        return reach.before(self.moments.until, self.moments.complains)

    def _share_after(self, reach: Reach) -> float:
        """Return which share of what complaining units reach came after their first complaint."""
        if self.moments is None or reach.since is None:
            return 0.0
        complaining = self.moments.complains[reach.units]
        after = reach.since > self.moments.until[reach.units]
        return float((after & complaining).sum()) / max(int(complaining.sum()), 1)

    def before_moments(self, reach: Reach) -> Reach:
        """Return what each unit was joined to at its moment: before its complaint, or one like it."""
        return reach if self.moments is None else reach.before(self.moments.until)

    def _begins(self) -> Indices:
        """Return when each unit began: its own earliest date, else that of what it is joined to."""
        own = self._known_since(self.unit)
        if own is not None:
            return own
        begins = np.full(self.size, LATEST)
        for triple, direction in self.vocabulary.steps(self.unit):
            step = Step(triple, direction)
            reach = self.reach(Path(self.unit, (step,))) if step.to not in NEVER else "complaint"
            if not isinstance(reach, str) and reach.since is not None:
                dated = reach.since != ALWAYS
                np.minimum.at(begins, reach.units[dated], reach.since[dated])
        return np.where(begins == LATEST, ALWAYS, begins)


def find_first(reach: Reach, moments: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """Return the earliest moment among the nodes that each unit reaches, NaT of none."""
    values = moments[reach.nodes]
    held = ~np.isnat(values)
    late = np.datetime64(int(LATEST), "us")
    first = np.full(reach.size, late)
    np.minimum.at(first, reach.units[held], values[held])
    first[first == late] = np.datetime64("NaT")
    return first
