"""Work in threads ends when it is done, cancelled or out of time, and so many at once only."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from api.graphql.knowledge.work import CancelledError, Crew, Report, Task
from schema import LimitError, OvertimeError, UsageError

LONG = 20.0


class Slow:
    """A reader whose one call lasts until it is interrupted."""

    def __init__(self) -> None:
        self.asked, self.interrupted, self.closed = threading.Event(), threading.Event(), threading.Event()

    def project(self) -> None:
        self.asked.set()
        assert self.interrupted.wait(LONG)
        raise OvertimeError("interrupted")

    def interrupt(self) -> None:
        if self.asked.is_set():
            self.interrupted.set()

    def close(self) -> None:
        self.closed.set()


def ask(reader: Any, _report: Report) -> None:
    reader.project()


def start(work: Any, reader: Any = None, **more: Any) -> Task[Any]:
    task: Task[Any] = Task(work, lambda: reader or Slow(), **{"limit": LONG, **more})
    threading.Thread(target=task.run, daemon=True).start()
    return task


def test_what_comes_of_work_is_had_and_what_it_raises() -> None:
    told: list[str] = []
    task = start(lambda _, report: (report("one"), 7)[1], tell=told.append)
    assert task.wait(LONG)
    assert (task.get(), told) == (7, ["one"])

    def fail(_reader: Any, _report: Report) -> None:
        raise UsageError("no such unit")

    task = start(fail)
    assert task.wait(LONG)
    with pytest.raises(UsageError, match="no such unit"):
        task.get()


def test_cancelling_ends_what_the_store_does() -> None:
    reader = Slow()
    task = start(ask, reader)
    assert reader.asked.wait(LONG)
    task.cancel()
    assert task.wait(LONG)
    assert reader.closed.is_set()
    with pytest.raises(CancelledError):
        task.get()
    task.cancel()  # once more changes nothing


def test_cancelling_ends_what_comes_between() -> None:
    begun, go = threading.Event(), threading.Event()

    def work(_reader: Any, report: Report) -> None:
        begun.set()
        assert go.wait(LONG)
        report("goes on")
        pytest.fail("it went on")

    task = start(work)
    assert begun.wait(LONG)
    task.cancel()
    go.set()
    assert task.wait(LONG)
    with pytest.raises(CancelledError):
        task.get()


def test_time_ends_work() -> None:
    task = start(ask, limit=0.05)
    assert task.wait(LONG)
    with pytest.raises(OvertimeError, match="longer than"):
        task.get()


def test_so_many_are_done_at_once_and_so_many_wait() -> None:
    crew, readers, ended = Crew(at_once=1, waiting=1), [Slow(), Slow()], []
    tasks: list[Task[Any]] = [
        Task(ask, lambda reader=reader: reader, limit=LONG, ended=ended.append) for reader in readers
    ]
    crew.take(tasks[0])
    assert readers[0].asked.wait(LONG)
    crew.take(tasks[1])
    with pytest.raises(LimitError, match="too much"):
        crew.take(Task(ask, Slow, limit=LONG))
    tasks[1].cancel()
    assert tasks[1].done
    assert not tasks[1].begun
    crew.take(waiting := Task(lambda *_: 1, Slow, limit=LONG))  # there is room again
    tasks[0].cancel()
    assert waiting.wait(LONG)
    assert (waiting.get(), ended) == (1, [tasks[1], tasks[0]])
    crew.close()
    with pytest.raises(LimitError, match="stopping"):
        crew.take(Task(ask, Slow, limit=LONG))
