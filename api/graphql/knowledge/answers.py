"""Answers that take long to find, kept while they hold and a while longer.

Each question is asked once at a time, whoever waits for it. When the store has changed, the answer is found
anew behind the back of who asks, who gets the one before meanwhile; not more often than a tenth of the time
may go into it, so that an ingest that goes on does not keep a processor busy.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Generic, TypeVar

from api.graphql.knowledge.work import Crew, Report, Task
from graph import Reader
from graph.snapshot import measure_bytes
from schema import LimitError, OvertimeError

T = TypeVar("T")
SOONEST = 30.0  # seconds from one finding to the next
SHARE = 10.0  # times as long as it took, from one to the next
MOST_BYTES = 512 << 20


@dataclass(frozen=True)
class Dated(Generic[T]):
    """An answer, the version of the store that it is of, and when that was."""

    value: T
    version: str
    as_of: datetime


@dataclass(eq=False)
class _Kept:
    """What is kept of a question; `task`: finds it anew. `tried`: when that ended last."""

    answer: Dated[Any] | None = None
    task: Task[Dated[Any]] | None = None
    error: OvertimeError | None = None
    begun: float = 0.0
    tried: float = -math.inf
    took: float = 0.0
    used: int = 0
    nbytes: int = 0


class Answers:
    """Keeps answers by question, those used least recently let go of beyond `most_bytes` and `most`."""

    def __init__(
        self,
        crew: Crew,
        *,
        limit: float = 300.0,
        most: int = 200,
        most_bytes: int = MOST_BYTES,
        soonest: float = SOONEST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._crew, self._limit, self._clock = crew, limit, clock
        self._most, self._most_bytes, self._soonest = most, most_bytes, soonest
        self._lock = threading.Lock()
        self._kept: dict[Hashable, _Kept] = {}
        self._uses = count(1)
        self.changed: Callable[[], None] = lambda: None  # called when there is a new answer

    def find(
        self,
        question: Hashable,
        version: str,
        work: Callable[[Reader, Report], T],
        open_reader: Callable[[], Reader],
        *,
        patience: float,
    ) -> Dated[T]:
        """Return the answer that is kept, or else wait so many seconds for it.

        `version`: of the store now. `work` finds the answer, on a reader of its own. `OvertimeError` where
        it takes longer: it is looked for all the same, and may be asked for again. What `work` raises is
        raised.
        """
        with self._lock:
            kept = self._kept.setdefault(question, _Kept())
            kept.used = next(self._uses)
            task = self._renew(question, kept, version, work, open_reader)
            if kept.answer is not None:
                return kept.answer
            if task is None:
                assert kept.error is not None  # noqa: S101  else it would have been tried
                raise kept.error
        if not task.wait(patience):
            raise OvertimeError(
                "this is still being looked for", hint="ask again in a moment, or start a search as a job"
            )
        return task.get()

    def recall(self, question: Hashable, version: str) -> Dated[Any] | None:
        """Return the answer that is kept, if it is of that version of the store; nothing is looked for."""
        with self._lock:
            kept = self._kept.get(question)
            answer = None if kept is None else kept.answer
            return answer if answer is not None and answer.version == version else None

    def keep(self, question: Hashable, answer: Dated[Any]) -> None:
        """Keep an answer that was found elsewhere, for whoever asks next."""
        with self._lock:
            kept = self._kept.setdefault(question, _Kept())
            kept.answer, kept.error, kept.tried = answer, None, self._clock()
            kept.nbytes, kept.used = measure_bytes(answer), next(self._uses)
            self._drop()
        self.changed()

    def _renew(
        self,
        question: Hashable,
        kept: _Kept,
        version: str,
        work: Callable[[Reader, Report], T],
        open_reader: Callable[[], Reader],
    ) -> Task[Dated[T]] | None:
        """Return what is finding the answer, begun now if it is due."""
        due = self._clock() - kept.tried >= max(self._soonest, SHARE * kept.took)
        fresh = kept.answer is not None and kept.answer.version == version
        if kept.task is not None or fresh or not due:
            return kept.task

        def find(reader: Reader, report: Report) -> Dated[T]:
            kept.begun = self._clock()
            found, as_of = reader.version(), datetime.now(UTC)
            return Dated(work(reader, report), found, as_of)

        def end(task: Task[Dated[T]]) -> None:
            self._end(question, kept, task)

        task: Task[Dated[T]] = Task(find, open_reader, limit=self._limit, ended=end)
        try:
            self._crew.take(task)
        except LimitError:
            if kept.answer is None:
                self._kept.pop(question, None)
                raise
            return None
        kept.task = task
        return task

    def _end(self, question: Hashable, kept: _Kept, task: Task[Dated[Any]]) -> None:
        with self._lock:
            kept.task, kept.tried = None, self._clock()
            kept.took = kept.tried - kept.begun
            kept.error = task.error if isinstance(task.error, OvertimeError) else None
            if task.error is None:
                kept.answer = task.get()
                kept.nbytes = measure_bytes(kept.answer)
                self._drop()
            elif kept.error is None and kept.answer is None:
                self._kept.pop(question, None)  # it was told at once, and may be asked for at once
        if task.error is None:
            self.changed()

    def _drop(self) -> None:
        """Let go of what was used least recently until the rest fits."""
        held = [pair for pair in self._kept.items() if pair[1].task is None]
        total = sum(kept.nbytes for _, kept in held)
        held.sort(key=lambda pair: pair[1].used)
        while held and (total > self._most_bytes or len(self._kept) > self._most) and len(self._kept) > 1:
            question, kept = held.pop(0)
            total -= kept.nbytes
            del self._kept[question]
