"""Actions on root causes: kept with the units they are for, whatever becomes of these, and judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from algorithms import (
    Action,
    Effect,
    PatternPart,
    find_alerts,
    find_causes,
    find_effects,
    get_action,
    list_actions,
    pin_cause,
)
from algorithms.features import build_features
from algorithms.patterns import find_exposed, meets
from algorithms.rootcauses import Feature
from graph import Store, open_store
from ingest.actions import Measure, record_action, remove_action
from schema import LANGUAGES, NotFoundError, RefusedError, Triple, UsageError
from schema.vocabulary import core_vocabulary

VOCABULARY = core_vocabulary().extend(
    {
        "kinds": {"Line": {"begins": "began", "properties": {"began": "date", "firmware": "text"}}},
        "relationships": {"ABOUT": {"ends": ["Complaint -> Line"]}, "OWNS": {"ends": ["Customer -> Line"]}},
    }
)
ABOUT = Triple("Complaint", "ABOUT", "Line")
LINES, FIRST, FIXED = 900, date(2026, 1, 1), date(2026, 5, 1)
DAYS = 200
BAD = "v2.1 'beta'"


def fill(store: Store, firmware: Sequence[str], digest: int, until: int, helped: bool = True) -> None:
    """Write the lines, and their complaints up to a day; those of bad firmware stop when it was fixed."""
    time = VOCABULARY.get_kind("Complaint").properties["filed_at"].value_type
    draw, keys = Random(4), [f"l{i}" for i in range(LINES)]
    filed: list[tuple[str, date]] = []
    for i, key in enumerate(keys):
        for day in range(DAYS):
            fixed = helped and day >= (FIXED - FIRST).days
            rate = 0.02 if i % 9 == 0 and not fixed else 0.002
            if draw.random() < rate and day < until:
                filed.append((key, FIRST + timedelta(day)))
    ids = [f"c{i}" for i in range(len(filed))]
    with store.transaction() as t:
        t.begin_run("by hand")
        t.upsert_records("lines", keys, [digest] * LINES)
        began = [FIRST - timedelta(i % 100) for i in range(LINES)]
        t.upsert_nodes("Line", "lines", keys, keys, {"began": began, "firmware": list(firmware)})
        t.upsert_records("complaints", ids, [0] * len(ids))
        moments = [time.clean(f"{day}T10:00:00") for _, day in filed]
        t.upsert_nodes("Complaint", "complaints", ids, ids, {"filed_at": moments})
        t.upsert_relationships(ABOUT, "complaints", ids, ids, [line for line, _ in filed], {})
        t.keep_setting("project", {"root_causes": {"unit": "Line"}})
        t.finish_run()


def bad_first() -> list[str]:
    return [BAD if i % 9 == 0 else f"v{i % 3}" for i in range(LINES)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'motivo.db'}", VOCABULARY)
    fill(made, bad_first(), 0, 110)
    yield made
    made.close()


def add(store: Store, what: str = "Firmware replaced", start: date = FIXED) -> Action:
    cause = find_causes(store.reader()).root_causes[0]
    pinned = pin_cause(store.reader(), cause.id)
    assert (pinned.id, pinned.pattern, pinned.title) == (cause.id, cause.pattern, cause.title)
    assert len(pinned.exposed) == cause.exposed
    id_ = record_action(store, pinned.id, pinned.to_properties(), pinned.exposed, Measure(what, start, "Ana"))
    return get_action(store.reader(), id_)


def effect(store: Store, action: Action) -> Effect:
    [found] = find_effects(store.reader(), [action])
    return found


def test_an_action_is_kept_listed_and_taken_back(store: Store) -> None:
    first, second = add(store), add(store, "  Letters \n sent ")
    assert [a.id for a in list_actions(store.reader())] == [first.id, second.id]
    assert (second.what, second.by, second.starts_on) == ("Letters sent", "Ana", FIXED)
    assert first.pattern == (PatternPart("Line.firmware", "=", BAD),)
    remove_action(store, first.id, by="Ana")
    assert list_actions(store.reader()) == [second]
    assert store.reader().find("RootCause", first.cause) is not None
    remove_action(store, second.id)
    assert list_actions(store.reader()) == []
    assert store.reader().find("RootCause", first.cause) is None
    assert store.reader().history("Action", first.id)
    assert add(store).id == "a3", "an id never means something else"
    assert store.reader().check() == []


def test_whether_it_helped_is_told_when_it_can_be(store: Store) -> None:
    action = add(store)
    early = effect(store, action)
    assert (early.verdict, early.reason, early.ratio) == ("unknown", "early", None)
    assert early.explanation["es"].startswith("Aún no se sabe")
    # The fix gives these lines another firmware: they were exposed all the same.
    fill(store, [f"v{i % 3}" for i in range(LINES)], 1, DAYS)
    told = effect(store, action)
    assert told.exposed_units == LINES / 9
    assert told.verdict == "fewer"
    assert told.high is not None
    assert told.high < 0.4
    assert told.dated
    assert set(told.explanation) == set(LANGUAGES)
    assert len(set(told.explanation.values())) == len(LANGUAGES)
    assert not any("{" in text or "?" in text for text in told.explanation.values())
    assert told.exposed.rate_before is not None
    assert told.exposed.rate_after is not None
    assert told.exposed.rate_after < told.exposed.rate_before
    # Its pattern is found no more, and can still be acted on, as the store keeps it.
    again = pin_cause(store.reader(), action.cause)
    assert (again.pattern, again.exposed) == (action.pattern, ())
    with pytest.raises(NotFoundError, match="rc-none"):
        pin_cause(store.reader(), "rc-none")


def test_an_action_that_did_nothing_is_not_praised(store: Store) -> None:
    action = add(store)
    fill(store, bad_first(), 0, DAYS, helped=False)
    told = effect(store, action)
    assert told.verdict in ("same", "unknown")
    assert told.low is not None
    assert told.high is not None
    assert told.low < 1 < told.high


def test_what_cannot_be_recorded_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="what is done"):
        add(store, "  ")
    with pytest.raises(NotFoundError, match="a9"):
        remove_action(store, "a9")
    with pytest.raises(NotFoundError, match="none was recorded"):
        get_action(store.reader(), "a9")
    with store.transaction() as t:
        t.begin_run("cut off")
    with pytest.raises(RefusedError, match="not ended"):
        add(store)


def test_what_rises_is_told(store: Store) -> None:
    quiet = find_alerts(store.reader())
    assert (quiet.until, quiet.alerts) == (FIRST + timedelta(109), ())
    assert quiet.watched == 1
    draw, time = Random(7), VOCABULARY.get_kind("Complaint").properties["filed_at"].value_type
    lines = [f"l{draw.randrange(0, LINES, 9)}" for _ in range(90)]
    ids = [f"new{i}" for i in range(len(lines))]
    filed = [time.clean(f"{FIRST + timedelta(100 + i % 10)}T10:00:00") for i in range(len(lines))]
    with store.transaction() as t:
        t.begin_run("more")
        t.upsert_records("more", ids, [0] * len(ids))
        t.upsert_nodes("Complaint", "more", ids, ids, {"filed_at": filed})
        t.upsert_relationships(ABOUT, "more", ids, ids, lines, {})
        t.finish_run()
    [alert] = find_alerts(store.reader()).alerts
    assert (alert.kind, alert.id) == ("root_cause", find_causes(store.reader()).root_causes[0].id)
    assert abs((alert.since - (FIRST + timedelta(100))).days) <= 7
    assert alert.complaints > 2 * alert.expected


def test_the_units_of_a_pattern_are_found_again(store: Store) -> None:
    graph = store.reader().project(["Line"], [])
    features = {str(path): f for path, f in build_features(VOCABULARY, graph, "Line")}
    held = find_exposed(
        features, (PatternPart("Line.firmware", "=", BAD), PatternPart("Line.began", "<", "2025-12-01"))
    )
    assert held is not None
    keys = graph.nodes["Line"]["key"].to_pylist()
    numbers = [int(keys[i][1:]) for i in held.nonzero()[0]]
    assert sorted(numbers) == [i for i in range(LINES) if i % 9 == 0 and i % 100 > 31]
    assert find_exposed(features, (PatternPart("Line.gone", "=", 1),)) is None


@pytest.mark.parametrize(
    ("op", "value", "met"),
    [
        ("=", 2, [1]),
        ("<", 2, [0]),
        ("<=", 2, [0, 1]),
        (">", 2, [2]),
        (">=", 2, [1, 2]),
        ("between", [1, 3], [0, 1]),
        ("in", [1, 3], [0, 2]),
        ("is_null", None, [3]),
    ],
)
def test_conditions_on_numbers_and_sets(op: str, value: object, met: list[int]) -> None:
    part = PatternPart("x", op, value)
    assert meets(Feature.number("x", [1, 2, 3, float("nan")]), part).nonzero()[0].tolist() == met
    if op in ("=", "in", "is_null"):
        assert meets(Feature.coded("x", [0, 1, 2, -1], [1, 2, 3]), part).nonzero()[0].tolist() == met
        sets = Feature.sets("x", [0, 1, 2, 3, 3], [0, 1, 2], [1, 2, 3])
        assert meets(sets, part).nonzero()[0].tolist() == met
