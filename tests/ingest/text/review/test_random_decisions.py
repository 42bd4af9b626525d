"""Whatever is decided in whatever order, quotes, ids and history keep their rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.text.review import Desk, in_force, replay
from ingest.text.taxonomy import UNKNOWN, load_taxonomy
from schema import MotivoError
from tests.ingest.text.review.office import COMPLAINTS, LAMP, PARROT, ROOF, Office

CHOICE = st.integers(0, 5)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "rename", "merge", "split", "reject", "correct", "undo", "read"]),
        CHOICE,
        CHOICE,
    ),
    min_size=1,
    max_size=7,
)
SETTINGS = settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)


def some_ids(desk: Desk) -> list[str]:
    """Return what can be decided on: what waits, the company's causes, and two others."""
    return [
        *(p.id for p in desk.queue().proposals),
        *sorted(desk.judgements().own_causes()),
        "delivery.late",
        "support.other",
    ]


def step(office: Office, name: str, a: int, b: int) -> bool:
    """Take a step; return whether a decision came of it."""
    desk = office.desk()
    ids = some_ids(desk)
    this, other = ids[a % len(ids)], ids[b % len(ids)]
    complaint = sorted(COMPLAINTS)[(7 * a + b) % len(COMPLAINTS)]
    steps: dict[str, Callable[[], Any]] = {
        "accept": lambda: desk.accept(this, {"en": f"Cause {b}"}),
        "rename": lambda: desk.rename(this, {"es": f"Nombre {b}"}),
        "merge": lambda: desk.merge(this, other),
        "split": lambda: desk.split(this, [1 + b % 2], to=None if b < 3 else other),
        "reject": lambda: desk.reject(this),
        "correct": lambda: desk.correct(complaint, [*ids, UNKNOWN][b % (len(ids) + 1)], quote=1),
        "undo": lambda: desk.undo(1 + b % 2),
        "read": lambda: office.read({f"n{a}": [((ROOF + PARROT + LAMP)[a + b], None)]}),
    }
    try:
        steps[name]()
    except MotivoError:
        return False
    return name != "read"


def check(office: Office, ids: set[str]) -> None:
    """Assert what holds at any time."""
    desk = office.desk()
    queue, judgements = desk.queue(), desk.judgements()
    reader = office.store.reader()
    graph = office.graph()
    slots = Counter(
        (start, said["starts_at"])
        for triple, rows in graph["relationships"].items()
        if "ATTRIBUTED_TO" in triple
        for start, _, said in rows
    )
    assert set(slots.values()) == {1}, "every quote has exactly one cause"
    waiting = [(s.complaint, s.start) for p in queue.proposals for s in p.statements]
    assert len(waiting) == len(set(waiting)), "and is in one proposal at most"
    unknown = reader.neighbours("Cause", UNKNOWN, types=["ATTRIBUTED_TO"], limit=1000)
    assert len(waiting) + queue.unlike + queue.resting == queue.statements <= len(unknown)
    for name in ids:
        end = judgements.resolve(name)
        known = end in judgements.groups or end in load_taxonomy()
        assert known, f"{name} is resolved"
    for name, group in judgements.own_causes().items():
        assert reader.get("Cause", name).properties["name_en"] == group.names["en"]
        if name in judgements.into:
            [link] = reader.neighbours("Cause", name, types=["MERGED_INTO"], direction=None, limit=1)
            assert link.node.key in judgements.groups or link.node.key in judgements.into


def standing_ids(desk: Desk) -> set[str]:
    """Return all ids that decisions in force have spoken of."""
    said = [d.said for d in in_force(desk.history()) if d.action != "correct"]
    return {str(s[entry]) for s in said for entry in ("id", "to") if s.get(entry)}


@SETTINGS
@given(steps=STEPS)
def test_rules_hold_after_any_decisions(tmp_path_factory: Any, steps: list[tuple[str, int, int]]) -> None:
    folder: Path = tmp_path_factory.mktemp("office")
    office = Office(folder)
    office.read(COMPLAINTS)
    try:
        for name, a, b in steps:
            before, decisions = office.graph(), office.desk().history()
            queue = office.desk().queue()
            decided = step(office, name, a, b)
            check(office, standing_ids(office.desk()))
            history = office.desk().history()
            assert history[: len(decisions)] == decisions, "what was decided stays"
            if decided and name != "undo":
                office.desk().undo()
                assert office.graph() == before, "undo after do is identity"
                assert office.desk().queue() == queue
                step(office, name, a, b)  # so that the next step has it
        replayed(folder, office)
    finally:
        office.store.close()


def replayed(folder: Path, office: Office) -> None:
    """Assert that the history leads to the same state in a store that has it before the complaints."""
    history = office.desk().history()
    (folder / "again").mkdir()
    fresh = Office(folder / "again")
    try:
        fresh.decide_all(history)
        news = {n.key for n in office.store.reader().page("Complaint", limit=1000).nodes} - set(COMPLAINTS)
        stated = {
            key: [(n.relationship.properties["quote"], None)]
            for key in sorted(news)
            for n in office.store.reader().neighbours("Complaint", key, types=["ATTRIBUTED_TO"])
        }
        fresh.read({**COMPLAINTS, **stated})
        assert fresh.graph() == office.graph()
        assert replay(fresh.desk().history()) == replay(history)
        assert fresh.desk().queue() == office.desk().queue()
    finally:
        fresh.store.close()
