"""Work that takes longer than a request may: in threads of its own, with an end that holds."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from graph import Reader
from schema import LimitError, MotivoError, OvertimeError, RefusedError

T = TypeVar("T")
Report = Callable[[str], None]
AGAIN = 0.1  # seconds after which a reader is interrupted again, while the work has not ended


class CancelledError(RefusedError):
    """Whoever wanted it does not want it any more."""

    code = "cancelled"


class Task(Generic[T]):
    """Work on a reader of its own, that reports what it does.

    It ends when it is done, when it is cancelled, or `limit` seconds after it began: the store's own work is
    interrupted, and what comes between ends with its next report.
    """

    def __init__(
        self,
        work: Callable[[Reader, Report], T],
        open_reader: Callable[[], Reader],
        *,
        limit: float,
        tell: Report | None = None,
        ended: Callable[[Task[T]], None] | None = None,
    ) -> None:
        self._work, self._open, self._limit = work, open_reader, limit
        self._tell, self._ended = tell, ended
        self._reader: Reader | None = None
        self._reason: MotivoError | None = None
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.begun = False
        self.result: T | None = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._over.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Return whether it has ended within that time."""
        return self._over.wait(seconds)

    def get(self) -> T:
        """Return what came of the work that has ended, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]

    def cancel(self) -> None:
        """End it, or never begin it; nothing happens where it has ended."""
        self._end(CancelledError("it was cancelled"))

    def _end(self, reason: MotivoError) -> None:
        with self._lock:
            if self._reason is not None or self.done:
                return
            self._reason = reason
        if self.begun:
            threading.Thread(target=self._insist, name="motivo-end", daemon=True).start()
        else:
            self.error = reason
            self._finish()

    def _finish(self) -> None:
        """Tell that it has ended, then let go on whoever waits for that."""
        try:
            if self._ended is not None:
                self._ended(self)
        finally:
            self._over.set()

    def _insist(self) -> None:
        """Interrupt the reader until the work has ended: between two calls there is nothing to interrupt."""
        while not self.done:
            with self._lock:
                if self._reader is not None:
                    self._reader.interrupt()
            self._over.wait(AGAIN)

    def _report(self, message: str) -> None:
        if self._reason is not None:
            raise self._reason
        if self._tell is not None:
            self._tell(message)

    def run(self) -> None:
        """Do the work, in the thread that calls; nothing, if it was cancelled before."""
        with self._lock:
            if self._reason is not None:
                return
            self.begun = True
        overtime = OvertimeError("it takes longer than it may", hint="narrow it down with a filter")
        timer = threading.Timer(self._limit, self._end, [overtime])
        timer.daemon = True
        timer.start()
        try:
            reader = self._open()
            with self._lock:
                self._reader = reader
            self.result = self._work(reader, self._report)
        except Exception as error:
            self.error = self._reason or error
        finally:
            timer.cancel()
            with self._lock:
                opened, self._reader = self._reader, None
            if opened is not None:
                opened.close()
            self._finish()


class Crew:
    """Threads that do tasks, so many at once; others wait, and beyond that none is taken."""

    def __init__(self, *, at_once: int = 2, waiting: int = 20) -> None:
        self._at_once, self._most = at_once, waiting
        self._lock = threading.Lock()
        self._waiting: deque[Task[Any]] = deque()
        self._doing: set[Task[Any]] = set()
        self._closed = False

    def take(self, task: Task[Any]) -> None:
        """Have a task done; `LimitError` if too many wait already."""
        with self._lock:
            if self._closed:
                raise LimitError("the service is stopping", hint="try again in a moment")
            waiting = [one for one in self._waiting if not one.done]
            if len(self._doing) < self._at_once:
                self._doing.add(task)
                threading.Thread(target=self._serve, args=[task], name="motivo-work", daemon=True).start()
            elif len(waiting) < self._most:
                self._waiting = deque([*waiting, task])
            else:
                raise LimitError("too much is being looked for already", hint="try again in a minute")

    def _serve(self, task: Task[Any] | None) -> None:
        while task is not None:
            task.run()
            with self._lock:
                self._doing.discard(task)
                task = self._waiting.popleft() if self._waiting else None
                if task is not None:
                    self._doing.add(task)

    def close(self, seconds: float = 5.0) -> None:
        """End all tasks, and wait so long for them."""
        with self._lock:
            self._closed = True
            tasks = [*self._doing, *self._waiting]
        for task in tasks:
            task.cancel()
        until = time.monotonic() + seconds
        for task in tasks:
            task.wait(max(0.0, until - time.monotonic()))
