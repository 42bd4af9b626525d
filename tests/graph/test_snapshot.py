"""Snapshots: one version, one projection for all who ask, bounded memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any, cast

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import Projection, Reader, Snapshots
from schema import Triple
from schema.errors import OvertimeError

FILED = Triple("Customer", "FILED", "Complaint")
HOLDS = Triple("Customer", "HOLDS", "Subscription")
KINDS = ("Customer", "Complaint", "Subscription")
ROWS = 1000  # of eight bytes, in each part


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class MovingReader:
    """A reader of a graph in which every value is the number of the version; it stands in for a store."""

    def __init__(self, clock: Clock | None = None, took: float = 0.0) -> None:
        self.number = 0
        self.asked: list[tuple[str, ...]] = []
        self.clock, self.took = clock, took
        self.moves = 0  # changes that come just before each projection
        self.gate: threading.Event | None = None
        self.entered = threading.Event()
        self.fails = False

    def version(self) -> str:
        return str(self.number)

    def project(self, kinds: Sequence[str], triples: Sequence[Triple]) -> Projection:
        self.asked.append((*kinds, *map(str, triples)))
        self.entered.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.clock is not None:
            self.clock.now += self.took
        if self.fails:
            raise OvertimeError("too long")
        if self.moves:
            self.moves -= 1
            self.number += 1
        table = pa.table({"value": pa.array([self.number] * ROWS, pa.int64())})
        names = dict.fromkeys([*kinds, *(kind for t in triples for kind in (t.start, t.end))])
        return Projection(dict.fromkeys(names, table), dict.fromkeys(triples, table))

    def as_reader(self) -> Reader:
        return cast(Reader, self)


def versions(parts: Iterable[Any]) -> set[int]:
    return {table["value"][0].as_py() for table in parts}


def number_of(snapshots: Snapshots, reader: MovingReader, *kinds: str, scope: str | None = None) -> int:
    found = snapshots.view(reader.as_reader(), scope).take(kinds)
    (number,) = versions(found.projection.nodes.values())
    return number


def test_parts_are_projected_once_and_together() -> None:
    reader, snapshots = MovingReader(), Snapshots()
    first = snapshots.view(reader.as_reader()).take(["Customer"], [FILED])
    assert set(first.projection.nodes) == {"Customer", "Complaint"}
    assert set(first.projection.relationships) == {FILED}
    snapshots.view(reader.as_reader()).take(["Complaint"])
    snapshots.view(reader.as_reader()).take(["Customer"], [HOLDS])
    assert reader.asked == [("Customer", "Complaint", str(FILED)), ("Subscription", str(HOLDS))]


def test_a_change_is_seen_at_once_after_a_calm_time() -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock), Snapshots(clock=clock)
    assert number_of(snapshots, reader, "Customer") == 0
    clock.now += 60
    reader.number = 1
    assert number_of(snapshots, reader, "Customer") == 1


@pytest.mark.parametrize(("took", "pause"), [(0.1, 5.0), (3.0, 30.0)])
def test_an_ingest_that_goes_on_slows_few_questions(took: float, pause: float) -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock, took), Snapshots(clock=clock)
    number_of(snapshots, reader, "Customer")
    for _ in range(100):
        clock.now += pause / 10
        reader.number += 1
        number_of(snapshots, reader, "Customer")
    assert len(reader.asked) <= 11


def test_adding_parts_does_not_bring_the_next_projection_nearer() -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock, 3.0), Snapshots(clock=clock)
    number_of(snapshots, reader, "Customer")
    reader.took = 0.1
    number_of(snapshots, reader, "Complaint")
    reader.number += 1
    clock.now += 29
    assert number_of(snapshots, reader, "Customer") == 0
    clock.now += 3
    assert number_of(snapshots, reader, "Customer") == 1


def test_a_projection_that_fails_is_not_tried_by_everybody() -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock), Snapshots(clock=clock)
    number_of(snapshots, reader, "Customer")
    clock.now, reader.number, reader.fails, reader.took = 100, 1, True, 10
    with pytest.raises(OvertimeError):
        number_of(snapshots, reader, "Customer")
    clock.now += 50
    assert number_of(snapshots, reader, "Customer") == 0
    clock.now, reader.fails = clock.now + 60, False
    assert number_of(snapshots, reader, "Customer") == 1


def test_what_is_no_longer_used_is_not_projected_again() -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock), Snapshots(clock=clock)
    for kind in KINDS:
        number_of(snapshots, reader, kind)
    for _ in range(2):
        clock.now, reader.number = clock.now + 60, reader.number + 1
        number_of(snapshots, reader, "Customer")
    assert set(reader.asked[-2]) == set(KINDS)
    assert reader.asked[-1] == ("Customer",)


@pytest.mark.parametrize("times", [1, 2])
def test_a_change_while_parts_are_added_does_not_mix_versions(times: int) -> None:
    reader, snapshots = MovingReader(), Snapshots()
    number_of(snapshots, reader, "Customer")
    reader.moves = times
    found = snapshots.view(reader.as_reader()).take(["Customer", "Complaint"])
    assert versions(found.projection.nodes.values()) == {times}


def test_ten_who_ask_at_once_make_one_projection() -> None:
    reader, snapshots = MovingReader(), Snapshots()
    reader.gate = threading.Event()
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(number_of(snapshots, reader, "Customer")))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    assert reader.entered.wait(10)
    reader.gate.set()
    for thread in threads:
        thread.join()
    assert (len(reader.asked), found) == (1, [0] * 10)


def test_others_do_not_wait_for_the_one_who_projects_anew() -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock), Snapshots(clock=clock)
    number_of(snapshots, reader, "Customer")
    clock.now, reader.number = 60, 1
    reader.gate, reader.entered = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: number_of(snapshots, reader, "Customer"))
    thread.start()
    assert reader.entered.wait(10)
    assert number_of(snapshots, reader, "Customer") == 0
    reader.gate.set()
    thread.join()
    assert number_of(snapshots, reader, "Customer") == 1


def test_scopes_share_nothing() -> None:
    wide, narrow, snapshots = MovingReader(), MovingReader(), Snapshots()
    narrow.number = 7
    assert number_of(snapshots, wide, "Customer", scope="all") == 0
    assert number_of(snapshots, narrow, "Customer", scope="north") == 7
    assert number_of(snapshots, wide, "Customer", scope="all") == 0


def test_memory_is_bounded_and_what_was_used_last_stays() -> None:
    reader, snapshots = MovingReader(), Snapshots(most_bytes=2 * ROWS * 8)
    for kind in KINDS:
        number_of(snapshots, reader, kind)
    assert snapshots.nbytes == 2 * ROWS * 8
    number_of(snapshots, reader, "Subscription")
    assert len(reader.asked) == 3
    number_of(snapshots, reader, "Customer")
    assert len(reader.asked) == 4
    # A question that needs more than that gets it.
    found = snapshots.view(reader.as_reader()).take(KINDS)
    assert len(found.projection.nodes) == 3


def test_what_is_made_of_a_version_is_made_once_and_goes_with_it() -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock), Snapshots(clock=clock)
    made: list[str] = []

    def make() -> Any:
        made.append("")
        return snapshots.view(reader.as_reader()).take(["Customer"]).projection.nodes["Customer"]["value"]

    def ask() -> int:
        found = snapshots.view(reader.as_reader()).take(["Customer"]).keep("doubled", make)
        value: int = found[0].as_py()
        return value

    before = snapshots.nbytes
    assert [ask(), ask(), len(made)] == [0, 0, 1]
    assert snapshots.nbytes > before
    clock.now, reader.number = 60, 1
    assert [ask(), len(made)] == [1, 2]
    assert snapshots.nbytes == 2 * ROWS * 8


def test_what_is_made_is_dropped_where_memory_ends() -> None:
    reader, snapshots = MovingReader(), Snapshots(most_bytes=3 * ROWS * 8)
    found = snapshots.view(reader.as_reader()).take(["Customer"])
    table = found.projection.nodes["Customer"]
    for name in range(10):
        assert found.keep(name, lambda: table) is table
    assert snapshots.nbytes <= 3 * ROWS * 8


class Opened:
    """How a view opens readers for threads, and those that were opened."""

    def __init__(self, reader: MovingReader) -> None:
        self.reader, self.closed = reader, 0

    def __call__(self) -> Reader:
        return cast(Reader, self)

    def version(self) -> str:
        return self.reader.version()

    def project(self, kinds: Sequence[str], triples: Sequence[Triple]) -> Projection:
        return self.reader.project(kinds, triples)

    def close(self) -> None:
        self.closed += 1


def test_what_takes_longer_than_a_question_may_is_read_all_the_same() -> None:
    reader, snapshots = MovingReader(), Snapshots()
    opened, reader.gate = Opened(reader), threading.Event()
    view = snapshots.view(reader.as_reader(), None, opened, patience=0.05)
    for _ in range(3):
        with pytest.raises(OvertimeError):
            view.take(["Customer"])
    assert len(reader.asked) == 1
    reader.gate.set()
    patient = snapshots.view(reader.as_reader(), None, opened)
    assert versions(patient.take(["Customer"]).projection.nodes.values()) == {0}
    assert (len(reader.asked), opened.closed) == (1, 1)


def test_nobody_waits_long_for_what_is_newer() -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock), Snapshots(clock=clock)
    opened = Opened(reader)
    view = snapshots.view(reader.as_reader(), None, opened)
    view.take(["Customer"])
    clock.now, reader.number = 60, 1
    assert versions(view.take(["Customer"]).projection.nodes.values()) == {1}  # which was brief
    clock.now, reader.number = 120, 2
    reader.gate, reader.took = threading.Event(), 3
    assert versions(view.take(["Customer"]).projection.nodes.values()) == {1}
    assert versions(view.take(["Customer"]).projection.nodes.values()) == {1}
    reader.gate.set()
    while opened.closed < 3:
        threading.Event().wait(0.01)
    assert versions(view.take(["Customer"]).projection.nodes.values()) == {2}
    assert len(reader.asked) == 3


def test_one_thread_reads_what_several_wait_for() -> None:
    reader, snapshots = MovingReader(), Snapshots()
    opened, reader.gate = Opened(reader), threading.Event()
    found: list[set[str]] = []

    def ask(*kinds: str) -> None:
        taken = snapshots.view(reader.as_reader(), None, opened).take(kinds)
        found.append(set(taken.projection.nodes))

    several = [("Customer",), ("Customer", "Complaint"), ("Customer",), ("Complaint",)]
    threads = [threading.Thread(target=ask, args=kinds) for kinds in several]
    for thread in threads:
        thread.start()
    assert reader.entered.wait(10)
    reader.gate.set()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(reader.asked) <= 3


def test_what_a_thread_could_not_read_is_told() -> None:
    reader, snapshots = MovingReader(), Snapshots()
    opened, reader.fails = Opened(reader), True
    view = snapshots.view(reader.as_reader(), None, opened)
    with pytest.raises(OvertimeError, match="too long"):
        view.take(["Customer"])
    reader.fails = False
    assert versions(view.take(["Customer"]).projection.nodes.values()) == {0}
    assert opened.closed == 2


STEPS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(KINDS)),
        st.sets(st.sampled_from((FILED, HOLDS))),
        st.integers(0, 2),
        st.floats(0, 8),
        st.integers(0, 1),
    ),
    max_size=20,
)


@given(steps=STEPS, room=st.integers(1, 6))
@settings(max_examples=200, deadline=None)
def test_all_parts_are_of_one_version_and_none_is_older_than_it_may_be(steps: Any, room: int) -> None:
    clock = Clock()
    reader, snapshots = MovingReader(clock, 0.1), Snapshots(most_bytes=room * ROWS * 8, clock=clock)
    for kinds, triples, moves, wait, during in steps:
        clock.now += wait
        reader.number += moves
        reader.moves = during
        calm, before = wait > 5.5, reader.number
        found = snapshots.view(reader.as_reader()).take(kinds, triples)
        ends = {kind for t in triples for kind in (t.start, t.end)}
        assert set(found.projection.nodes) == kinds | ends
        assert set(found.projection.relationships) == triples
        parts = [*found.projection.nodes.values(), *found.projection.relationships.values()]
        assert len(versions(parts)) <= 1
        if calm and parts:
            assert min(versions(parts)) >= before
