"""Searches for root causes that go on when the request that began them is over."""

from __future__ import annotations

import secrets
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from algorithms import Survey
from api.auth import Caller
from api.graphql.knowledge.bells import Bell
from api.graphql.knowledge.causes import Question, find_scope
from api.graphql.knowledge.work import CancelledError, Crew, Report, Task
from graph import Reader
from schema import LimitError, NotFoundError

MESSAGES = 100  # of what a job did; older ones are forgotten


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(eq=False)
class Job:
    """A search, and what became of it. `changes` counts up with everything that happens to it."""

    id: str
    owner: object
    question: Question
    created_at: datetime
    state: JobState = JobState.QUEUED
    messages: list[str] = field(default_factory=list)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result: Survey | None = None
    error: Exception | None = None
    changes: int = 0
    task: Task[Survey] | None = field(default=None, repr=False)
    bell: Bell = field(default_factory=Bell, repr=False)


class Jobs:
    """Runs jobs, so many of a caller and of all, and keeps what came of them for a while.

    A job is shown to who began it, as long as they see the same as then, and to nobody else.
    """

    def __init__(
        self,
        crew: Crew,
        look: Callable[[Reader, Question, Report], Survey],
        open_reader: Callable[[Caller], Reader],
        *,
        of_caller: int = 2,
        most: int = 200,
        keep: timedelta = timedelta(hours=1),
    ) -> None:
        self._crew, self._look, self._open = crew, look, open_reader
        self._of_caller, self._most, self._keep = of_caller, most, keep
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, caller: Caller, reader: Reader, question: Question, limit: float) -> Job:
        """Begin a search of at most `limit` seconds; `LimitError` where the caller, or all, have too many."""
        owner = (caller.name, find_scope(reader))
        job = Job(secrets.token_urlsafe(12), owner, question, datetime.now(UTC))

        def work(own: Reader, report: Report) -> Survey:
            self._change(job, state=JobState.RUNNING, started_at=datetime.now(UTC))
            return self._look(own, question, report)

        def tell(message: str) -> None:
            self._change(job, messages=[*job.messages, message][-MESSAGES:])

        job.task = Task(
            work, lambda: self._open(caller), limit=limit, tell=tell, ended=lambda task: self._end(job, task)
        )
        with self._lock:
            self._forget()
            under_way = [one for one in self._jobs.values() if one.state not in ENDED]
            if sum(one.owner == owner for one in under_way) >= self._of_caller:
                raise LimitError(
                    "you have as many searches under way as one may have", hint="wait for one, or cancel it"
                )
            self._crew.take(job.task)
            self._jobs[job.id] = job
        return job

    def get(self, caller: Caller, reader: Reader, id_: str) -> Job:
        """Return a job of the caller's; `NotFoundError` if there is none of that id, or no longer."""
        with self._lock:
            self._forget()
            job = self._jobs.get(id_)
        if job is None or job.owner != (caller.name, find_scope(reader)):
            raise NotFoundError("you have no such job", hint="what came of one is kept for an hour")
        return job

    def cancel(self, caller: Caller, reader: Reader, id_: str) -> Job:
        """End a job of the caller's; one that has ended stays as it is."""
        job = self.get(caller, reader, id_)
        if job.task is not None:
            job.task.cancel()
        return job

    def _end(self, job: Job, task: Task[Survey]) -> None:
        state = JobState.DONE
        if task.error is not None:
            state = JobState.CANCELLED if isinstance(task.error, CancelledError) else JobState.FAILED
        self._change(job, state=state, ended_at=datetime.now(UTC), result=task.result, error=task.error)

    def _change(self, job: Job, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(job, name, value)
        job.changes += 1
        job.bell.ring()

    def _forget(self) -> None:
        """Forget what ended long ago, and beyond the most that are kept, what ended first."""
        ended = sorted(
            (job for job in self._jobs.values() if job.ended_at is not None),
            key=lambda job: job.ended_at or job.created_at,
        )
        since = datetime.now(UTC) - self._keep
        for job in ended:
            if len(self._jobs) >= self._most or (job.ended_at or since) < since:
                del self._jobs[job.id]


async def follow_job(job: Job) -> AsyncIterator[Job]:
    """Yield a job whenever something has happened to it, now and until it has ended.

    Who is slow gets the latest, not everything in between.
    """
    ear = job.bell.listen()
    try:
        told = -1
        while True:
            if job.changes != told:
                told, over = job.changes, job.state in ENDED
                yield job
                if over:
                    return
            else:
                await ear.wait()
    finally:
        job.bell.leave(ear)
