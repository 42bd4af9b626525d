"""Answers are found once, kept while they hold, and renewed behind the back of who asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.graphql.knowledge.answers import SHARE, SOONEST, Answers
from api.graphql.knowledge.work import Crew
from schema import OvertimeError, UsageError

LONG = 20.0


class Store:
    """A store of which nothing is asked but its version, and a clock."""

    def __init__(self) -> None:
        self.now, self.moment = "1", 0.0
        self.takes = 1.0
        self.finds: list[str] = []
        self.found = threading.Semaphore(0)
        self.crew = Crew(at_once=2, waiting=5)
        self.answers = Answers(self.crew, limit=LONG, clock=lambda: self.moment)
        self.answers.changed = self.release

    def release(self) -> None:
        self.found.release()

    def version(self) -> str:
        return self.now

    def close(self) -> None:
        pass

    def interrupt(self) -> None:
        pass

    def work(self, reader: Any, _report: Any) -> str:
        self.finds.append(reader.version())
        self.moment += self.takes
        return f"of {reader.version()}"

    def ask(self, question: str = "q", work: Any = None, patience: float = LONG) -> str:
        found = self.answers.find(question, self.now, work or self.work, lambda: self, patience=patience)
        return found.value

    def settle(self) -> None:
        """Wait until one more answer was found."""
        assert self.found.acquire(timeout=LONG)


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()
    yield made
    made.crew.close()


def test_it_is_found_once_and_kept(store: Store) -> None:
    assert [store.ask() for _ in range(3)] == ["of 1"] * 3
    assert store.ask("other") == "of 1"
    assert store.finds == ["1", "1"]


def test_who_asks_at_once_waits_for_one_finding(store: Store) -> None:
    go = threading.Event()

    def work(reader: Any, report: Any) -> str:
        assert go.wait(LONG)
        return store.work(reader, report)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(store.ask, "q", work) for _ in range(8)]
        go.set()
        assert {one.result(LONG) for one in asked} == {"of 1"}
    assert store.finds == ["1"]


def test_the_one_before_is_had_meanwhile_and_not_renewed_too_often(store: Store) -> None:
    store.takes = 5.0
    store.ask()
    store.settle()
    store.now = "2"
    for _ in range(3):
        assert store.ask() == "of 1"
    assert store.finds == ["1"], "too soon"
    store.moment += SHARE * 5.0 + 1
    assert store.ask() == "of 1", "it is renewed behind the back"
    store.settle()
    assert store.ask() == "of 2"
    assert store.finds == ["1", "2"]
    store.now, store.takes = "3", 0.1
    store.moment += SHARE * 5.0 + 1
    store.ask()
    store.settle()
    store.now = "4"
    store.moment += SOONEST - 1
    assert store.ask() == "of 3"
    assert store.finds[-1] == "3"


def test_who_does_not_want_to_wait_is_told_so_and_it_goes_on(store: Store) -> None:
    go = threading.Event()

    def work(reader: Any, report: Any) -> str:
        assert go.wait(LONG)
        return store.work(reader, report)

    with pytest.raises(OvertimeError, match="still being looked for"):
        store.ask(work=work, patience=0)
    go.set()
    store.settle()
    assert store.ask() == "of 1"


def test_what_is_wrong_is_told_each_time_but_what_takes_too_long_only_once(store: Store) -> None:
    tries = []

    def fail(error: Exception) -> Any:
        def work(_reader: Any, _report: Any) -> str:
            tries.append(error)
            raise error

        return work

    for _ in range(2):
        with pytest.raises(UsageError, match="no unit"):
            store.ask(work=fail(UsageError("no unit")))
    assert len(tries) == 2
    for _ in range(2):
        with pytest.raises(OvertimeError, match="too long"):
            store.ask(work=fail(OvertimeError("too long")))
    assert len(tries) == 3
    store.moment += SOONEST + 1
    assert store.ask() == "of 1"


def test_what_was_used_least_is_let_go_of() -> None:
    store = Store()
    store.answers = Answers(store.crew, most=3, clock=lambda: store.moment)
    for question in "abcad":
        store.ask(question)
    assert len(store.finds) == 4
    store.ask("a")
    assert len(store.finds) == 4, "it was used"
    store.ask("b")
    assert len(store.finds) == 5, "it was not"
    store.crew.close()
