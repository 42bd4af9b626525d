"""Threads that do the work of requests, each with a reader of its own."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from api.service.errors import StatusError
from api.service.turns import Turns
from graph import Reader
from schema import OvertimeError, StoreError

T = TypeVar("T")
Work = Callable[[Reader], T]

LAST = 5.0  # seconds that work still has when everything ends
AGAIN = 0.1  # seconds until work that goes on after its end is interrupted again


class Lease:
    """A reader lent to one job; when nobody waits for that any more, it begins nothing more."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.over = False

    def __getattr__(self, name: str) -> Any:
        if self.over:
            raise OvertimeError("nobody waits for this any more")
        return getattr(self._reader, name)

    def end(self) -> None:
        """Begin nothing more, and end what is being done."""
        self.over = True
        self._reader.interrupt()


class Job:
    """Work of one caller, from its place in the queue to its end."""

    def __init__(self, work: Work[Any], loop: asyncio.AbstractEventLoop) -> None:
        self._work = work
        self._loop = loop
        self._lock = threading.Lock()
        self._lease: Lease | None = None
        self._unwanted = False
        self.result: asyncio.Future[Any] = loop.create_future()
        self.ended = asyncio.Event()

    @property
    def unwanted(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._unwanted

    def run(self, reader: Reader) -> BaseException | None:
        """Do the work; return what it failed with."""
        lease: Any = Lease(reader)
        with self._lock:
            lease.over = self._unwanted
            self._lease = lease
        failure, value = None, None
        try:
            value = self._work(lease)
        except BaseException as error:
            failure = error
        with self._lock:
            self._lease = None
        self.tell(value, failure)
        return failure

    def tell(self, value: Any, failure: BaseException | None) -> None:
        """Tell the loop how it ended."""
        with suppress(RuntimeError):  # the loop is gone, and with it whoever waited
            self._loop.call_soon_threadsafe(self._end, value, failure)

    def _end(self, value: Any, failure: BaseException | None) -> None:
        self.ended.set()
        if self.result.done():
            return
        if failure is None:
            self.result.set_result(value)
        else:
            self.result.set_exception(failure)

    def interrupt(self) -> None:
        """End what the store does for it, now or when it begins."""
        with self._lock:  # so that no other job's work is met
            self._unwanted = True
            if self._lease is not None:
                self._lease.end()


class Workers:
    """A number of threads, and a queue before them.

    open_reader: called once in each thread. waiting: jobs that may wait; one more is a `StatusError` (503).
    at_once: jobs that are done at once unless they take long; None: as many as there are threads.
    """

    def __init__(
        self,
        open_reader: Callable[[], Reader],
        *,
        threads: int,
        waiting: int,
        name: str,
        at_once: int | None = None,
    ) -> None:
        self._open_reader = open_reader
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._turns = Turns(threads if at_once is None else at_once, self._jobs.qsize)
        self._size = threads
        self._waiting = waiting
        self._name = name
        self._threads: list[threading.Thread] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._count = threading.Lock()
        self.busy = 0
        self.interrupted = 0

    @property
    def queued(self) -> int:
        """How many jobs wait for a thread."""
        return self._jobs.qsize()

    def _submit(self, work: Work[Any]) -> Job:
        if self._jobs.qsize() >= self._waiting:
            raise StatusError(503, "busy", "over_limit", headers={"Retry-After": "1"})
        if len(self._threads) < self._size and self.busy + self._jobs.qsize() >= len(self._threads):
            number = len(self._threads) + 1
            thread = threading.Thread(target=self._serve, name=f"{self._name}-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()
        loop = asyncio.get_running_loop()
        job = Job(work, loop)
        self._jobs.put(job)
        self._turns.watch(loop)
        return job

    async def run(self, work: Work[T], *, seconds: float | None = None) -> T:
        """Do work in a thread; `OvertimeError` when it takes longer than `seconds`, waiting included.

        When this is cancelled, so is what the store does for it.
        """
        job = self._submit(work)
        try:
            async with asyncio.timeout(seconds) as limit:
                found: T = await asyncio.shield(job.result)
                return found
        except TimeoutError:
            if not limit.expired():  # it was the work that ran out of a time of its own
                raise
            if job.result.done():  # at the very last moment
                last: T = job.result.result()
                return last
            raise OvertimeError(
                f"it takes longer than {seconds:g} seconds",
                hint="ask for less: fewer fields, a smaller page, a filter",
            ) from None
        finally:
            if not job.ended.is_set():
                self._put_an_end_to(job)

    async def stream(self, work: Callable[[Reader], Iterator[T]]) -> AsyncGenerator[T, None]:
        """Yield what an iterator yields that runs in a thread, a few items ahead of whoever takes them."""
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[T] = asyncio.Queue(maxsize=4)

        def produce(reader: Reader) -> None:
            iterator = work(reader)
            try:
                for item in iterator:
                    putting = asyncio.run_coroutine_threadsafe(items.put(item), loop)
                    while True:
                        try:
                            putting.result(timeout=AGAIN)
                            break
                        except TimeoutError:
                            if job.unwanted:
                                putting.cancel()
                                return
            finally:
                close = getattr(iterator, "close", None)
                if close is not None:
                    close()

        job = self._submit(produce)
        try:
            while True:
                taking = asyncio.ensure_future(items.get())
                await asyncio.wait((taking, job.result), return_when=asyncio.FIRST_COMPLETED)
                if taking.done():
                    yield taking.result()
                    continue
                taking.cancel()
                while not items.empty():
                    yield items.get_nowait()
                job.result.result()  # raises what it failed with
                return
        finally:
            if not job.ended.is_set():
                self._put_an_end_to(job)
            elif job.result.done() and not job.result.cancelled():
                job.result.exception()  # seen

    def _put_an_end_to(self, job: Job) -> None:
        async def insist() -> None:
            # Between two calls of the store there is nothing to interrupt, so it is said again.
            while not job.ended.is_set():
                job.interrupt()
                with suppress(TimeoutError):
                    await asyncio.wait_for(job.ended.wait(), AGAIN)

        self.interrupted += 1
        job.interrupt()
        job.result.add_done_callback(lambda done: done.cancelled() or done.exception())
        task = asyncio.ensure_future(insist())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _occupy(self, threads: int) -> None:
        with self._count:
            self.busy += threads

    def _take(self) -> Job | None:
        """Wait for a turn and for a job; None at the end."""
        self._turns.take()
        job = self._jobs.get()
        if job is None:
            self._turns.leave()
        else:
            self._turns.begin(job)
        return job

    def _serve(self) -> None:
        reader: Reader | None = None
        while (job := self._take()) is not None:
            if job.unwanted:
                job.tell(None, None)
                self._turns.end(job)
                continue
            self._occupy(1)
            try:
                if reader is None:
                    reader = self._open_reader()
                failure = job.run(reader)
                if isinstance(failure, StoreError):  # what it stood on may be gone for good
                    reader.close()
                    reader = None
            except Exception as error:
                job.tell(None, error)
            finally:
                self._occupy(-1)
                self._turns.end(job)
                del job  # and with it what its caller holds
        if reader is not None:
            reader.close()

    async def close(self) -> None:
        """End the threads, each after the job that it is doing; what waits is not begun."""
        while not self._jobs.empty():
            with suppress(queue.Empty):
                waiting = self._jobs.get_nowait()
                if waiting is not None:
                    waiting.tell(None, OvertimeError("the service is stopping", hint="try again in a moment"))
        for _ in self._threads:
            self._jobs.put(None)
        ends = time.monotonic() + LAST
        for thread in self._threads:
            await asyncio.to_thread(thread.join, max(0.0, ends - time.monotonic()))
        for task in list(self._ending):
            task.cancel()
        self._turns.close()
        self._threads.clear()
