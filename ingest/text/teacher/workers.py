"""Several texts at a time, their results in the order of the texts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 8  # items a worker that are taken before the oldest has its result


def map_in_order(
    work: Callable[[T], R], items: Iterable[T], workers: int
) -> Generator[tuple[T, Future[R]], None, None]:
    """Work on some items at a time; yield each with its future, which may still be waited for.

    When the iterator is closed nothing more is begun. The threads are daemons, unlike those of
    `concurrent.futures`: a process that is interrupted ends at once, and does not wait for a server.
    """
    tasks: SimpleQueue[tuple[T, Future[R]] | None] = SimpleQueue()

    def run() -> None:
        while (task := tasks.get()) is not None:
            item, future = task
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work(item))
                except BaseException as error:
                    future.set_exception(error)

    for number in range(workers):
        Thread(target=run, name=f"teacher-{number}", daemon=True).start()
    window: deque[tuple[T, Future[R]]] = deque()
    try:
        for item in items:
            window.append((item, Future()))
            tasks.put(window[-1])
            if len(window) > _AHEAD * workers:
                yield window.popleft()
        while window:
            yield window.popleft()
    finally:
        for _, future in window:
            future.cancel()
        for _ in range(workers):
            tasks.put(None)
