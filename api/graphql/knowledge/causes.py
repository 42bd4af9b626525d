"""Root causes, alerts and effects, kept for those who see the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from algorithms import (
    Alerts,
    Effect,
    Finding,
    PatternPart,
    Stratum,
    Survey,
    find_alerts,
    find_effects,
    list_actions,
    survey_causes,
)
from api.auth import Caller, Role
from api.graphql.knowledge.answers import Answers, Dated
from api.graphql.knowledge.work import Report
from graph import Reader, Snapshots, View
from schema import MotivoError, NotFoundError, OvertimeError, Sensitivity, UsageError

T = TypeVar("T")
MOST_VIEWERS = 1_000
PREPARING = 600.0  # seconds until the next search is begun, if the one before has not ended
BRIEFLY = 2.0  # seconds that the view of a customer waits for root causes that nobody has asked for before


@dataclass(frozen=True)
class Question:
    """What root causes are looked for: those of a unit's complaints (None: the project's unit)."""

    unit: str | None = None
    where: tuple[Stratum, ...] = ()
    max_order: int = 3


@dataclass(frozen=True, eq=False)
class Told:
    """A root cause, and what it was found with."""

    finding: Finding
    survey: Survey
    as_of: datetime
    question: Question = Question()

    @property
    def id(self) -> str:
        """The id of the root cause."""
        return self.finding.id


@dataclass(frozen=True, eq=False)
class Viewer:
    """Somebody who is shown root causes, and what tells those apart who do not see the same."""

    caller: Caller
    scope: object


class Causes:
    """Finds root causes and what follows from them, on readers that show what a caller may see.

    open_reader: gives the reader of a caller, for a thread of ours. smallest_group: customers of a root cause
    that is shown beside a customer to who may not know people.
    """

    def __init__(
        self,
        answers: Answers,
        snapshots: Snapshots,
        open_reader: Callable[[Caller], Reader],
        *,
        patience: float = 20.0,
        smallest_group: int = 5,
    ) -> None:
        self._smallest = smallest_group
        self._answers, self._snapshots, self._open = answers, snapshots, open_reader
        self._patience = patience
        self._agents: dict[object, Viewer] = {}  # by the rows that they see

    def survey(
        self,
        reader: Reader,
        question: Question,
        *,
        patience: float | None = None,
        viewer: Viewer | None = None,
    ) -> Dated[Survey]:
        """Return the root causes that a question asks for, of what the reader's caller may see.

        viewer: of what somebody else may see. Errors are those of `find_causes`, and `OvertimeError` where it
        takes longer than `patience` seconds.
        """

        def work(own: Reader, report: Report) -> Survey:
            return self.look(own, question, report)

        found = self._find(reader, name_survey(question), work, patience, viewer)
        survey = found.value
        return replace(found, as_of=survey.as_of) if survey.as_of is not None else found

    def prepare(self, callers: Iterable[Caller]) -> None:
        """Look for the root causes that these callers are shown first, one search after the other.

        Whoever asks for them meanwhile waits for the rest of the search only.
        """
        for caller in callers:
            try:
                with closing(self._open(caller)) as reader:
                    self.survey(reader, Question(), patience=PREPARING)
            except (NotFoundError, OvertimeError, UsageError):  # there are none to find, or not so soon
                continue
            except MotivoError:  # the service is stopping, or the store is gone
                return

    def look(self, reader: Reader, question: Question, report: Report) -> Survey:
        """Return the same, found anew here and now."""
        return survey_causes(
            self._view(reader),
            unit=question.unit,
            where=question.where,
            max_order=question.max_order,
            progress=report,
        )

    def search(self, reader: Reader, question: Question, report: Report) -> Survey:
        """Return the same as a job does: found here and now, unless it is kept; then it is kept."""
        asked = (name_survey(question), find_scope(reader))
        version, as_of = reader.version(), datetime.now(UTC)
        kept = self._answers.recall(asked, version)
        if kept is not None:
            known: Survey = kept.value
            return known
        found = self.look(reader, question, report)
        self._answers.keep(asked, Dated(found, version, as_of))
        return found

    def alerts(self, reader: Reader, question: Question) -> Dated[Alerts]:
        """Return the causes that are rising."""

        def work(own: Reader, report: Report) -> Alerts:
            return find_alerts(self._view(own), unit=question.unit, where=question.where, progress=report)

        return self._find(reader, ("alerts", repr(question)), work)

    def effects(self, reader: Reader) -> Dated[Sequence[Effect]]:
        """Return what became of complaints since each action on a root cause, oldest first."""
        known = {action.id for action in list_actions(reader)}  # a new one is not waited for

        def work(own: Reader, report: Report) -> Sequence[Effect]:
            actions = [action for action in list_actions(own) if action.id in known]
            return find_effects(self._view(own), actions, report)

        return self._find(reader, ("effects", *sorted(known)), work)

    def exposing(self, reader: Reader, customers: Sequence[str]) -> Mapping[str, Sequence[Told]] | None:
        """Return the root causes that hold for each of these customers, of the project's unit, by rank.

        None while they are still being looked for; empty where there are none to find.
        """
        viewer = self._find_viewer(reader)
        try:
            found = self.survey(reader, Question(), patience=BRIEFLY, viewer=viewer)
        except OvertimeError:
            return None
        except (NotFoundError, UsageError):
            return {}
        survey, as_of = found.value, found.as_of
        held = survey.find_exposing(customers)
        return {
            key: [
                Told(shown, survey, as_of) for f in findings if (shown := self._show(reader, f)) is not None
            ]
            for key, findings in held.items()
        }

    def _show(self, reader: Reader, finding: Finding) -> Finding | None:
        """Return a root cause as it is shown beside a customer, None where it is not.

        It is not shown to who may not know people where it is of few, nor to who sees one customer where it
        names what is others'; it may have been found among these.
        """
        caller = get_caller(reader)
        if finding.customers < (0 if caller.may_see(Sensitivity.PERSONAL) else self._smallest):
            return None
        if caller.customer is None:
            return finding
        aliases = tuple(alias for alias in finding.aliases if shows_pattern(reader, alias))
        return replace(finding, aliases=aliases) if shows_pattern(reader, finding.pattern) else None

    def _find_viewer(self, reader: Reader) -> Viewer:
        """Return whose root causes a reader's caller is shown: who sees one customer, all that agents see.

        One customer shares no cause with others.
        """
        caller = get_caller(reader)
        if caller.customer is None:
            return Viewer(caller, find_scope(reader))
        rows = tuple(sorted((kind, tuple(keys)) for kind, keys in caller.rows.items()))
        if rows not in self._agents:
            if len(self._agents) >= MOST_VIEWERS:
                self._agents.clear()
            agent = Caller(Role.AGENT, rows=caller.rows)
            opened = self._open(agent)
            self._agents[rows] = Viewer(agent, find_scope(opened))
            opened.close()
        return self._agents[rows]

    def _find(
        self,
        reader: Reader,
        question: object,
        work: Callable[[Reader, Report], T],
        patience: float | None = None,
        viewer: Viewer | None = None,
    ) -> Dated[T]:
        whose = viewer or Viewer(get_caller(reader), find_scope(reader))
        return self._answers.find(
            (question, whose.scope),
            reader.version(),
            work,
            lambda: self._open(whose.caller),
            patience=self._patience if patience is None else patience,
        )

    def _view(self, reader: Reader) -> View:
        return self._snapshots.view(reader, find_scope(reader))


def name_survey(question: Question) -> tuple[str, str]:
    """Return by what the answer to a search is kept."""
    return ("survey", repr(question))


def find_scope(reader: Reader) -> object:
    """Return what tells readers apart that do not show the same."""
    return getattr(reader, "view", None)


def get_caller(reader: Reader) -> Caller:
    """Return to whom a reader shows what it shows; one that is not guarded shows all."""
    caller: Caller = getattr(reader, "caller", Caller(Role.ADMIN))
    return caller


def shows_pattern(reader: Reader, pattern: Sequence[PatternPart]) -> bool:
    """Tell whether all nodes that a pattern names are for a reader's caller to know."""
    shows: Callable[[Iterable[tuple[str, Any]]], bool] | None = getattr(reader, "shows_pattern", None)
    return shows is None or shows((part.path, part.value) for part in pattern)
