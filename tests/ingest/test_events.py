"""Rows that come one by one: they take the way of all rows, and close nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from graph import Counts, Store, open_store
from ingest import Project, ingest, load_project
from ingest.events import EventReport, ingest_events
from schema import LimitError, NotFoundError, RefusedError, UsageError
from tests.ingest.shop import TEXTS, make_shop

PROJECT = """\
version: 1
name: clinic
kinds:
  Visit: {properties: {on: date, room: text, late: boolean}}
relationships:
  PAID: {ends: [Customer -> Visit]}
sources:
  visits: {path: visits.csv, key: id, computed: {late: "Minutes::int > 10"}}
targets:
  nodes:
    - {source: visits, kind: Visit, key: id, properties: {on: day, room: room, late: late}}
    - {source: visits, kind: Customer, key: patient, where: patient <> ''}
  relationships:
    - {source: visits, type: PAID, start: Customer, end: Visit}
"""
HEADER = "id,day,room,minutes,patient\n"
FILE = HEADER + "1,2026-01-02,A,3,ana\n2,2026-01-02,B,20,eva\n"


class Clinic:
    """A project of one file, and events on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "visits.csv"
        self.store: Store = open_store(f"sqlite:///{folder / 'motivo.db'}")
        path = folder / "motivo.yaml"
        path.write_text(PROJECT)
        self.write(FILE)
        self.project: Project = load_project(path)

    def write(self, text: str, *, later: bool = False) -> None:
        """Write the file, as if long ago or later than all events."""
        self.file.write_text(text)
        moment = 4_000_000_000 if later else 1_000_000_000
        os.utime(self.file, (moment, moment))

    def read(self) -> Counts:
        return ingest(self.project, self.store).sources["visits"]

    def send(self, *rows: Any) -> EventReport:
        return ingest_events(self.project, self.store, "visits", rows, by="crm")

    def rooms(self) -> dict[str, str]:
        nodes = self.store.reader().page("Visit").nodes
        return {node.key: node.properties.get("room", "") for node in nodes}


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    made = Clinic(tmp_path)
    made.read()
    return made


def test_good_rows_are_written_and_bad_ones_told_by_row_and_field(clinic: Clinic) -> None:
    told = clinic.send(
        {"id": 3, "day": "2026-01-03", "room": "C", "minutes": 12, "patient": "ana", "colour": "red"},
        {"id": 4, "day": "someday", "room": "C"},
        "no row",
        {"day": "2026-01-03"},
        {"id": "5", "day": "2026-01-04", "room": None, "ROOM": "X"},
    )
    assert (told.counts.read, told.counts.written, told.counts.quarantined) == (5, 2, 3)
    assert [(bad.row, bad.key, [e.field for e in bad.errors]) for bad in told.rejected] == [
        (1, "4", ["day"]),
        (2, None, [""]),
        (3, None, ["id"]),
    ]
    assert told.unused == ("colour", "ROOM")
    assert ("Visit", "3") in told.nodes
    assert clinic.store.reader().get("Visit", "3").properties["late"] is True
    assert clinic.rooms().keys() >= {"1", "2", "3"}, "nothing is closed"
    waiting = {row.key: row for row in clinic.store.reader().rejected_rows(source="visits")}
    assert len(waiting) == 2, "two have no key"
    assert {"id": "4", "day": "someday", "room": "C"}.items() <= dict(waiting["4"].row).items()
    assert clinic.store.reader().check() == []


def test_the_last_of_one_key_holds_and_the_same_again_changes_nothing(clinic: Clinic) -> None:
    rows = [{"id": "1", "room": room, "day": "2026-01-02"} for room in "XYZ"]
    assert clinic.send(*rows).counts.written == 3
    assert clinic.rooms() == {"1": "Z", "2": "B"}
    again = clinic.send(rows[-1])
    assert (again.counts.written, again.counts.unchanged) == (0, 1)
    history = clinic.store.reader().history("Visit", "1")
    assert [said.properties["room"] for said in history] == ["A", "X", "Y", "Z"]


def test_an_older_file_does_not_gainsay_what_was_told(clinic: Clinic) -> None:
    clinic.send({"id": "1", "room": "Z"}, {"id": "3", "room": "C"}, {"id": "4", "day": "someday"})
    for text in (FILE, FILE, FILE.replace(",B,", ",D,")):
        clinic.write(text)
        counts = clinic.read()
        assert counts.read == counts.written + counts.unchanged + counts.quarantined
        assert {"1": "Z", "3": "C"}.items() <= clinic.rooms().items()
        assert [row.key for row in clinic.store.reader().rejected_rows()] == ["4"]
    assert clinic.rooms()["2"] == "D", "what no event told is as the file says"
    clinic.write(FILE, later=True)
    clinic.read()
    assert clinic.rooms() == {"1": "A", "2": "B"}
    assert list(clinic.store.reader().rejected_rows()) == []
    assert clinic.store.reader().check() == []


def test_the_same_row_in_a_later_file_is_no_news(clinic: Clinic) -> None:
    clinic.send({"patient": "ana", "id": 3, "minutes": 1.0, "room": "C", "day": "2026-01-03", "x": None})
    clinic.write(FILE + "3,2026-01-03,C,1,ana\n", later=True)
    counts = clinic.read()
    assert (counts.written, counts.unchanged) == (0, 3)


def test_nothing_is_left_of_who_is_erased(clinic: Clinic) -> None:
    clinic.send({"id": "9", "room": "C", "patient": "bob"})
    with clinic.store.transaction() as t:
        t.erase_customer("visits:bob")
    reader = clinic.store.reader()
    topics = [f"events of visits on {day}" for day in {run_day(clinic)}]
    assert [s for topic in topics for d in reader.decisions(topic) for s in d.subjects] == []


def run_day(clinic: Clinic) -> str:
    run = clinic.store.reader().latest_run()
    assert run is not None
    return run.started.date().isoformat()


def test_what_cannot_be_taken_is_refused(clinic: Clinic) -> None:
    with pytest.raises(NotFoundError, match="nothing"):
        ingest_events(clinic.project, clinic.store, "nothing", [{}])
    with pytest.raises(LimitError, match="1001"):
        clinic.send(*[{"id": str(i)} for i in range(1001)])
    with pytest.raises(UsageError, match="no rows"):
        clinic.send()
    with clinic.store.transaction() as t:
        t.begin_run("cut off")
    with pytest.raises(RefusedError, match="not ended"):
        clinic.send({"id": "1"})


def test_texts_are_read_and_customers_matched(tmp_path: Path) -> None:
    make_shop(tmp_path)
    project = load_project(tmp_path / "motivo.yaml")
    store = open_store(f"sqlite:///{tmp_path / 'motivo.db'}")
    ingest(project, store)
    reader = store.reader()
    before = reader.totals().nodes
    email = next(
        n.properties["email"] for n in reader.page("Customer", limit=500).nodes if "email" in n.properties
    )
    row = {"id": "new1", "email": email, "text": TEXTS[0], "at": "2026-03-04T10:00:00Z"}
    told = ingest_events(project, store, "messages", [row])
    assert told.counts.written == 1
    assert told.rejected == ()
    reader = store.reader()
    assert reader.totals().nodes["Complaint"] == before["Complaint"] + 1
    assert reader.totals().nodes["Customer"] == before["Customer"], "known by the e-mail address"
    near = reader.neighbours("Complaint", "new1")
    assert {n.relationship.triple.type for n in near} >= {"FILED", "ATTRIBUTED_TO"}
    ingest(project, store)
    assert store.reader().find("Complaint", "new1") is not None
    assert store.reader().check() == []
