"""What lives longer than a request: kept arrays and answers, jobs, and who waits for what happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from api.auth import AuditLog, Caller
from api.graphql.knowledge.answers import Answers
from api.graphql.knowledge.causes import Causes
from api.graphql.knowledge.events import Events
from api.graphql.knowledge.jobs import Jobs
from api.graphql.knowledge.reading import Texts
from api.graphql.knowledge.work import Crew
from graph import Reader, Snapshots, Store

OpenReader = Callable[[Caller], Reader]  # -> a reader for this thread that shows what the caller may see


@dataclass(frozen=True)
class KnowledgeSettings:
    """How much may be asked of what the graph tells.

    smallest_group: customers that a group has at least to be shown to who may not know people.
    searches: those that go on at once; searches_waiting: those that may wait for that.
    patience: seconds that a request waits for root causes that are still being looked for; search_seconds:
    how long they may take. jobs_of_caller, job_seconds: jobs that one caller may have under way, and how long
    one may take at most; jobs_kept: how long what came of them is kept.
    """

    smallest_group: int = 5
    searches: int = 2
    searches_waiting: int = 20
    patience: float = 20.0
    search_seconds: float = 600.0
    jobs_of_caller: int = 2
    job_seconds: float = 1800.0
    jobs_kept: timedelta = timedelta(hours=1)


@dataclass
class Services:
    """What the fields of `knowledge` stand on; of one store."""

    store: Store
    open_reader: OpenReader
    settings: KnowledgeSettings = field(default_factory=KnowledgeSettings)
    snapshots: Snapshots = field(default_factory=Snapshots)
    audit: AuditLog | None = None
    texts: Texts = field(default_factory=Texts)
    writing: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        set_ = self.settings
        self.crew = Crew(at_once=set_.searches, waiting=set_.searches_waiting)
        self.answers = Answers(self.crew, limit=set_.search_seconds)
        self.causes = Causes(
            self.answers,
            self.snapshots,
            self.open_reader,
            patience=set_.patience,
            smallest_group=set_.smallest_group,
        )
        self.jobs = Jobs(
            self.crew,
            self.causes.search,
            self.open_reader,
            of_caller=set_.jobs_of_caller,
            keep=set_.jobs_kept,
        )
        self.events = Events(self.store.reader)
        self.answers.changed = self.events.nudge

    def close(self) -> None:
        """End what goes on."""
        self.events.close()
        self.crew.close()
        self.texts.close()
