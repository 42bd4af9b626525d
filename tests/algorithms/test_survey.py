"""Whom root causes hold for: units, the customers that they belong to, and who has not complained yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from algorithms import Survey, find_causes, survey_causes
from graph import Store, open_store
from schema import NotFoundError, Triple
from schema.vocabulary import core_vocabulary

VOCABULARY = core_vocabulary().extend(
    {
        "kinds": {"Line": {"properties": {"firmware": "text"}}},
        "relationships": {"ABOUT": {"ends": ["Complaint -> Line"]}, "OWNS": {"ends": ["Customer -> Line"]}},
    }
)
LINES = 600
BAD = [i for i in range(LINES) if i % 10 == 0]
COMPLAINED = [i for i in BAD if i % 20] + [i for i in range(LINES) if i % 97 == 0 and i % 10]


def fill(store: Store, *, owned: bool) -> None:
    """Write lines, owner `k<i//2>` of two each, and complaints about half of the bad ones by their owners."""
    lines = [f"l{i}" for i in range(LINES)]
    ids = [f"c{i}" for i in COMPLAINED]
    with store.transaction() as t:
        t.begin_run("by hand")
        t.upsert_records("lines", lines, [0] * LINES)
        firmware = ["bad" if i in BAD else f"v{i % 3}" for i in range(LINES)]
        t.upsert_nodes("Line", "lines", lines, lines, {"firmware": firmware})
        owners = [f"k{i // 2}" for i in range(LINES)]
        t.upsert_nodes("SourceRecord", "lines", lines, owners, {"system": ["crm"] * LINES})
        if owned:
            t.upsert_relationships(Triple("Customer", "OWNS", "Line"), "lines", lines, owners, lines, {})
        t.upsert_records("complaints", ids, [0] * len(ids))
        t.upsert_nodes("Complaint", "complaints", ids, ids, {"text": ["It fails."] * len(ids)})
        about = Triple("Complaint", "ABOUT", "Line")
        t.upsert_relationships(about, "complaints", ids, ids, [f"l{i}" for i in COMPLAINED], {})
        filed = Triple("Customer", "FILED", "Complaint")
        t.upsert_relationships(filed, "complaints", ids, [f"k{i // 2}" for i in COMPLAINED], ids, {})
        t.keep_setting("project", {"root_causes": {"unit": "Line"}})
        t.finish_run()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'motivo.db'}", VOCABULARY)
    yield made
    made.close()


def survey(store: Store) -> tuple[Survey, str]:
    found = survey_causes(store.reader())
    assert found.findings == find_causes(store.reader())
    [cause] = found.findings.root_causes
    assert str(cause.pattern[0]) == "Line.firmware = bad"
    return found, cause.id


def test_customers_are_exposed_by_what_is_theirs(store: Store) -> None:
    fill(store, owned=True)
    found, id_ = survey(store)
    everyone = sorted(f"k{i // 2}" for i in BAD)
    quiet = sorted(f"k{i // 2}" for i in BAD if i not in COMPLAINED)
    assert (found.count_exposed(id_), found.count_exposed(id_, quiet=True)) == (len(everyone), len(quiet))
    assert found.list_exposed(id_, limit=999) == everyone
    pages, after = [], None
    while page := found.list_exposed(id_, quiet=True, after=after, limit=7):
        pages += page
        after = page[-1]
    assert pages == quiet
    behind = [key for key in quiet if key > "k1000"]
    assert found.list_exposed(id_, quiet=True, after="k1000", limit=999) == behind, "a key that is not there"
    asked = ["k0", "k1", "k999999", "", *everyone]
    exposing = found.find_exposing(asked)
    assert {key for key, causes in exposing.items() if causes} == set(everyone)
    assert exposing["k0"] == list(found.findings.root_causes)


def test_a_cause_is_pinned_with_the_keys_of_its_units(store: Store) -> None:
    fill(store, owned=True)
    found, id_ = survey(store)
    pinned = found.pin(id_)
    assert sorted(pinned.exposed) == sorted(f"l{i}" for i in BAD)
    assert (pinned.unit, pinned.pattern) == ("Line", found.get(id_).pattern)
    assert found.find("rc-none") is None
    with pytest.raises(NotFoundError, match="rc-none"):
        found.pin("rc-none")


def test_without_a_way_to_owners_it_holds_for_those_who_complained(store: Store) -> None:
    fill(store, owned=False)
    found, id_ = survey(store)
    assert found.count_exposed(id_, quiet=True) == 0
    assert found.list_exposed(id_, limit=99) == sorted(f"k{i // 2}" for i in BAD if i in COMPLAINED)
