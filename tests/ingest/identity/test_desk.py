"""What a person decides on who is who holds through later ingests, and can be undone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import Store, open_store
from ingest.identity import Decided, IdentityDesk, find_doubts, load_identities
from ingest.identity.judgements import in_force
from schema import NotFoundError, RefusedError, UsageError
from tests.ingest.identity.test_exact import DNI, Person, groups, read

ANA = {"id": "1", "name": "Ana Gil", "email": "ana@x.example"}
ANNE = {"id": "9", "name": "Anne Gil", "email": "anne@y.example"}
RULES = [["tax_number"], ["email"], ["name", "birth_date"]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'motivo.db'}")


def customers(store: Store, *records: str) -> list[str | None]:
    found = store.reader().customers_of(records)
    return [found.get(record) for record in records]


def changed(people: list[Person], note: str) -> list[Person]:
    """Return the same people, of whom each row says something else of no importance."""
    return [{**p, "name": f"{p.get('name', '')} {note}"} for p in people]


def test_a_merge_survives_rows_that_change_and_is_undone(tmp_path: Path, store: Store) -> None:
    systems = {"crm": [ANA], "shop": [ANNE]}
    assert read(tmp_path, systems, store) == [{"crm:1"}, {"shop:9"}]
    desk = IdentityDesk(store, by="Eva")
    told = desk.merge("shop:9", ["crm:1"], why="she rang")
    assert told.customers == ("shop:9",)
    assert customers(store, "crm:1", "shop:9") == ["shop:9", "shop:9"]
    [link] = store.reader().neighbours("SourceRecord", "crm:1", types=["RESOLVES_TO"])
    assert link.relationship.properties["decided_by"] == "Eva"
    for system, people in systems.items():  # one at a time, then all
        assert read(tmp_path, {**systems, system: changed(people, "2")}, store) == [{"crm:1", "shop:9"}]
    assert read(tmp_path, {s: changed(p, "3") for s, p in systems.items()}, store) == [{"crm:1", "shop:9"}]
    assert customers(store, "crm:1") == ["shop:9"]
    assert desk.undo().customers == ("crm:1", "shop:9")
    assert read(tmp_path, {s: changed(p, "4") for s, p in systems.items()}, store) == [{"crm:1"}, {"shop:9"}]
    with pytest.raises(NotFoundError, match="nothing was decided"):
        desk.undo()
    assert [d.action for d in desk.history()] == ["merge", "undo"]
    assert store.reader().check() == []


def test_a_merge_goes_before_tax_numbers_and_is_joined_by_new_records(tmp_path: Path, store: Store) -> None:
    systems = {"crm": [{**ANA, "tax": DNI[0]}], "shop": [{**ANNE, "tax": DNI[1]}]}
    read(tmp_path, systems, store)
    IdentityDesk(store, by="Eva").merge("crm:1", ["shop:9"])
    more = {**systems, "bank": [{"id": "5", "tax": DNI[1]}]}
    assert read(tmp_path, more, store) == [{"bank:5", "crm:1", "shop:9"}]
    again = {s: changed(p, "2") for s, p in more.items()}
    assert len(read(tmp_path, again, store)) == 1


def test_a_split_survives_equal_keys_and_is_undone(tmp_path: Path, store: Store) -> None:
    systems = {"crm": [ANA], "shop": [{**ANNE, "email": ANA["email"]}], "bank": [{**ANA, "id": "4"}]}
    assert len(read(tmp_path, systems, store)) == 1
    desk = IdentityDesk(store, by="Eva")
    [customer] = set(customers(store, "crm:1", "shop:9", "bank:4"))
    assert customer is not None
    told = desk.split(customer, ["shop:9"])
    apart = [{"bank:4", "crm:1"}, {"shop:9"}]
    assert (groups(store), len(told.customers)) == (apart, 2)
    assert customers(store, "crm:1") == [customer], "those who stay keep their key"
    again = {s: changed(p, "2") for s, p in systems.items()}
    assert read(tmp_path, again, store) == apart
    assert find_doubts(store.reader(), RULES) == [], "it was judged"
    desk.undo(told.decision.id)
    assert customers(store, "shop:9") == [customer]
    assert len(read(tmp_path, {s: changed(p, "3") for s, p in systems.items()}, store)) == 1


def test_later_decisions_go_before_earlier_ones(tmp_path: Path, store: Store) -> None:
    systems = {"crm": [ANA], "shop": [ANNE], "bank": [{"id": "4", "email": ANA["email"]}]}
    read(tmp_path, systems, store)
    desk = IdentityDesk(store, by="Eva")
    [both] = set(customers(store, "crm:1", "bank:4"))
    desk.split(str(both), ["bank:4"])
    merged = desk.merge("shop:9", [str(c) for c in customers(store, "crm:1", "bank:4")])
    assert groups(store) == [{"bank:4", "crm:1", "shop:9"}]
    again = {s: changed(p, "2") for s, p in systems.items()}
    assert len(read(tmp_path, again, store)) == 1
    desk.split("shop:9", ["shop:9"])
    assert groups(store) == [{"bank:4", "crm:1"}, {"shop:9"}]
    # Who was split from them since does not come back with the merge undone; the others stay.
    desk.undo(merged.decision.id)
    assert [g for g in groups(store) if "shop:9" in g] == [{"shop:9"}]
    assert store.reader().check() == []


def test_who_was_kept_apart_by_tax_numbers_is_asked_about(tmp_path: Path, store: Store) -> None:
    systems = {"crm": [{**ANA, "tax": DNI[0]}], "shop": [{**ANA, "id": "9", "tax": DNI[1]}]}
    read(tmp_path, systems, store)
    [doubt] = find_doubts(store.reader(), RULES)
    assert (doubt.properties, doubt.records) == (("email",), ("crm:1", "shop:9"))
    assert len(doubt.customers) == 2
    IdentityDesk(store, by="Eva").merge(*(doubt.customers[0], doubt.customers[1:]))
    assert find_doubts(store.reader(), RULES) == []
    assert find_doubts(store.reader(), [["no_such"]]) == []


def test_who_is_said_not_to_be_one_stays_two(tmp_path: Path, store: Store) -> None:
    systems = {
        "crm": [{**ANA, "tax": DNI[0]}],
        "shop": [{**ANA, "id": "9", "tax": DNI[1]}],
        "bank": [{**ANNE, "id": "4", "tax": DNI[2]}],
    }
    read(tmp_path, systems, store)
    desk = IdentityDesk(store, by="Eva")
    told = desk.keep_apart([str(c) for c in customers(store, "crm:1", "shop:9", "bank:4")], why="twins")
    assert len(told.customers) == 3
    assert find_doubts(store.reader(), RULES) == []
    one = {s: [{**p, "email": "ana@x.example", "tax": ""} for p in people] for s, people in systems.items()}
    three = [{"bank:4"}, {"crm:1"}, {"shop:9"}]
    assert read(tmp_path, one, store) == three, "nothing but the judgement keeps them apart"
    desk.undo(told.decision.id)
    assert groups(store) == three, "an undone judgement moves nobody"
    assert read(tmp_path, {s: changed(p, "2") for s, p in one.items()}, store) == [
        {"bank:4", "crm:1", "shop:9"}
    ]
    with pytest.raises(UsageError, match="two customers"):
        desk.keep_apart(["crm:1", "crm:1"])


def test_what_cannot_be_decided_is_refused(tmp_path: Path, store: Store) -> None:
    desk = IdentityDesk(store, by="Eva")
    with pytest.raises(NotFoundError, match="nothing was ingested"):
        desk.undo()
    read(tmp_path, {"crm": [ANA]}, store)
    with pytest.raises(NotFoundError, match="crm:2"):
        desk.merge("crm:1", ["crm:2"])
    with pytest.raises(UsageError, match="two customers"):
        desk.merge("crm:1", ["crm:1"])
    with pytest.raises(UsageError, match="not all"):
        desk.split("crm:1", ["crm:1"])
    with pytest.raises(UsageError, match="crm:7"):
        desk.split("crm:1", ["crm:7"])
    with pytest.raises(NotFoundError, match="decision 7"):
        desk.undo(7)
    with store.transaction() as t:
        t.begin_run("cut off")
    with pytest.raises(RefusedError, match="not ended"):
        desk.merge("crm:1", ["crm:1", "crm:2"])


def test_nothing_is_left_of_who_is_erased(tmp_path: Path, store: Store) -> None:
    read(tmp_path, {"crm": [ANA], "shop": [ANNE]}, store)
    desk = IdentityDesk(store, by="Eva")
    desk.merge("crm:1", ["shop:9"])
    desk.split("crm:1", ["shop:9"])
    with store.transaction() as t:
        t.erase_customer("shop:9")
    assert "shop:9" not in repr(desk.history())
    desk.undo(1)
    assert groups(store) == [{"crm:1"}]


IDS = "abcd"


@settings(max_examples=25, deadline=None)
@given(
    emails=st.lists(st.sampled_from(["x@a.example", "y@a.example", ""]), min_size=4, max_size=4),
    steps=st.lists(
        st.tuples(st.sampled_from(["merge", "split", "apart", "undo"]), st.integers(0, 99)), max_size=6
    ),
)
def test_a_fresh_ingest_gives_what_was_decided(emails: list[str], steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/motivo.db")
        people = [{"id": i, "email": email} for i, email in zip(IDS, emails, strict=True)]
        read(Path(folder), {"crm": people}, store)
        desk = IdentityDesk(store, by="Eva")
        for step, number in steps:
            decide(desk, store, step, number)
        judged = load_identities(store.reader())
        for note in ("1", "2"):
            found = read(Path(folder), {"crm": changed(people, note)}, store)
            for record in (f"crm:{i}" for i in IDS):
                [group] = [g for g in found if record in g]
                assert judged.tied(record) <= group
                for other in group:
                    for n, side in judged.sides.get(other, {}).items():
                        assert judged.sides.get(record, {}).get(n, side) is side
        assert store.reader().check() == []
        store.close()


def decide(desk: IdentityDesk, store: Store, step: str, number: int) -> Decided | None:
    there = sorted(set(store.reader().customers_of([f"crm:{i}" for i in IDS]).values()))
    one, other = there[number % len(there)], there[(number // 7) % len(there)]
    records = store.reader().records_of([one])[one]
    if step == "undo":
        return desk.undo() if in_force(desk.history()) else None
    if step == "split" and len(records) > 1:
        return desk.split(one, records[: 1 + number % (len(records) - 1)])
    if step == "apart" and one != other:
        return desk.keep_apart([one, other])
    return desk.merge(one, [other]) if step == "merge" and one != other else None
