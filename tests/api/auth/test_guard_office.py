"""What the guarded reader tells of the store itself, of decisions and of the past; and whom it noted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.auth import Role
from graph import Decision, Subject
from schema import (
    Direction,
    RefusedError,
    Sensitivity,
)
from tests.api.auth import world
from tests.api.auth.conftest import PSEUDONYMS, Guard
from tests.api.auth.world import t

ANA = world.key("Customer", "ana")
COMPLAINT = world.key("Complaint", "ana")
SEE = {
    Role.ANALYST: {Sensitivity.PUBLIC},
    Role.AGENT: {Sensitivity.PUBLIC, Sensitivity.PERSONAL},
    Role.INVESTIGATOR: set(Sensitivity),
    Role.ADMIN: set(Sensitivity),
    Role.WIDGET: {Sensitivity.PUBLIC, Sensitivity.PERSONAL},
    Role.ANYONE: set(),
}


def shown(kind: str, key: str) -> str:
    return PSEUDONYMS.hide(kind, key)


def test_what_no_caller_needs_is_refused(guard: Guard) -> None:
    for role in Role:
        reader = guard(role, **({"customer": ANA} if role is Role.WIDGET else {}))
        for ask in (
            lambda reader=reader: list(reader.rejected_rows()),
            lambda reader=reader: reader.known_records("crm", ["kkrow-ana"]),
            lambda reader=reader: reader.progress(1, "crm"),
            lambda reader=reader: reader.setting("api_keys"),
        ):
            with pytest.raises(RefusedError):
                ask()
        if role is not Role.ADMIN:
            with pytest.raises(RefusedError):
                reader.check()
    assert guard(Role.ADMIN).check() == []
    with pytest.raises(RefusedError):
        guard(Role.ADMIN, rows={"Region": ("north",)}).check()


def test_of_settings_only_how_root_causes_are_looked_for(tmp_path: object, guard: Guard) -> None:
    from graph import open_store

    store = open_store(f"sqlite:///{tmp_path}/m.db", world.VOCABULARY)
    with store.transaction() as transaction:
        transaction.keep_setting("project", {"path": "/home/ana", "root_causes": {"unit": "Customer"}})
    assert guard(Role.ANALYST, store).setting("project") == {"root_causes": {"unit": "Customer"}}
    store.close()


def test_decisions_by_role(tmp_path: object, guard: Guard) -> None:
    from graph import open_store
    from tests.graph.conformance.company import BEFORE_ALL

    store = open_store(f"sqlite:///{tmp_path}/m.db", world.VOCABULARY)
    world.fill(store)
    ours, theirs = (
        Decision(
            "review",
            "correct",
            "eva",
            BEFORE_ALL,
            why=f"{name} qqpersonal",
            subjects=[Subject("Complaint", world.key("Complaint", name), {"quote": "qqpersonal"})],
        )
        for name in ("ana", "zzrui")
    )
    both = replace(ours, action="merge", subjects=(*ours.subjects, *theirs.subjects, Subject("Gone", "zz")))
    named = Decision("review", "name", "eva", BEFORE_ALL, said={"id": "late"})
    with store.transaction() as transaction:
        for decision in (ours, theirs, named, both):
            transaction.decide(decision)
    told = guard(Role.ANALYST, store).decisions("review")
    assert {d.why for d in told} == {""}
    assert [(s.key, s.detail) for d in told for s in d.subjects] == [
        (shown("Complaint", world.key("Complaint", name)), {}) for name in ("ana", "zzrui", "ana", "zzrui")
    ]
    agent = guard(Role.AGENT, store, rows={"Region": ("north",)}).decisions("review")
    assert [d.action for d in agent] == ["correct", "name", "merge"]
    assert [d.why for d in agent] == ["ana qqpersonal", "", ""]
    assert agent[0].subjects == agent[2].subjects == ours.subjects
    assert len(guard(Role.AGENT, store).decisions("review")) == 4
    with pytest.raises(RefusedError):
        guard(Role.WIDGET, store, customer=ANA).decisions("review")
    store.close()


def test_history_shows_what_is_seen_of_each_contribution(guard: Guard) -> None:
    (said,) = guard(Role.ANALYST).history("Customer", shown("Customer", ANA))[:1]
    assert set(said.properties) == {"segment", "language", "since"}
    assert said.record.startswith("~")
    assert guard(Role.ANALYST).history("Customer", ANA) == []
    assert guard(Role.AGENT).history("Customer", ANA)[0].record == "kkrow-ana"
    (catalog,) = guard(Role.ANALYST).history("Product", "fibre")
    assert catalog.properties == {"name": "Fibre"}


def test_sightings_say_who_was_seen_and_which_fields(guard: Guard) -> None:
    reader = guard(Role.AGENT)
    reader.get("Customer", ANA)
    reader.page("Product")
    assert reader.sightings.nodes == {"Customer": {ANA: None}}
    assert reader.sightings.fields == {"Customer.name", "Customer.nick", "Customer.income"}
    reader.follow(t("Complaint", "ATTRIBUTED_TO", "Cause"), Direction.OUT, [COMPLAINT])
    assert reader.sightings.nodes["Complaint"] == {COMPLAINT: None}
    assert "ATTRIBUTED_TO.quote" in reader.sightings.fields
    reader.aggregate("Contact", by=["subject"])
    assert "Contact.subject" in reader.sightings.fields
    reader.project(["Payment", "Ticket"])
    assert reader.sightings.rows == {"Payment": 4, "Ticket": 1}
    analyst = guard(Role.ANALYST)
    analyst.get("Customer", shown("Customer", ANA))
    assert analyst.sightings.nodes == {"Customer": {shown("Customer", ANA): None}}
    assert analyst.sightings.fields == set()
    for nobody in (guard(Role.AGENT), guard(Role.ANALYST)):
        nobody.find("Customer", "nobody")
        nobody.totals()
        assert not nobody.sightings
