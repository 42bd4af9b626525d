"""Ending what a reader does, from another thread."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from inspect import isfunction
from typing import Any, TypeVar

from schema.errors import MotivoError, OvertimeError, StoreError

PAUSE = 0.02  # seconds until transactions that may just have begun are looked for again
C = TypeVar("C", bound=type)


class Interruption:
    """Knows whether a reader is at work, and ends that work.

    `end` ends the transactions on the server that bear a mark. Each piece of work has another mark, so
    that what comes after it is left alone.
    """

    def __init__(self, end: Callable[[str], None] | None = None) -> None:
        self._end = end
        self._lock = threading.Lock()
        self._name = uuid.uuid4().hex
        self._works = 0  # how many pieces of work were begun
        self._depth = 0  # of the reader's operations that call each other
        self._asked = False

    @property
    def mark(self) -> str:
        """What transactions of the work under way bear."""
        return f"{self._name}:{self._works}"

    @contextmanager
    def work(self) -> Iterator[None]:
        """Mark the block as work that can be ended: `OvertimeError` where it was."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._works += 1
                self._asked = False
        try:
            yield
        except StoreError as error:
            self.check(error)
            raise
        finally:
            with self._lock:
                self._depth -= 1

    def check(self, cause: MotivoError | None = None) -> None:
        """Raise `OvertimeError` where the work under way is to end."""
        if self._asked:
            raise OvertimeError("it took longer than it may, and was ended", hint="ask for less") from cause

    def interrupt(self) -> None:
        """End the work under way, if there is any; return at once."""
        with self._lock:
            if not self._depth or self._asked:
                return
            self._asked = True
            mark = self.mark
        if self._end is not None:
            threading.Thread(target=self._persist, args=(self._end, mark), daemon=True).start()

    def _persist(self, end: Callable[[str], None], mark: str) -> None:
        """End transactions until the work is at its end: one may be about to begin."""
        with suppress(StoreError):  # where the server does not answer, the work has ended too
            while self._depth and self.mark == mark:
                end(mark)
                time.sleep(PAUSE)


def interruptible(cls: C) -> C:
    """Make all operations of a reader, which has an `_interruption`, work that can be ended."""
    for name, method in list(vars(cls).items()):
        if isfunction(method) and not name.startswith("_") and name not in ("interrupt", "close"):
            setattr(cls, name, _work(method))
    return cls


def _work(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def within(self: Any, *args: Any, **kwargs: Any) -> Any:
        with self._interruption.work():
            return method(self, *args, **kwargs)

    return within
