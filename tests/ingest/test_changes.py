"""What becomes of rows that change, go, break and are mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import Counts, Store, open_store
from ingest import ingest, load_project, open_sources, retry_rejected
from schema import ProjectError, RefusedError, SourceError

PROJECT = """\
version: 1
name: clinic
kinds:
  Visit: {properties: {on: date, room: text}}
relationships:
  PAID: {ends: [Customer -> Visit]}
sources:
  visits: {path: visits.csv, key: id}
targets:
  nodes:
    - {source: visits, kind: Visit, key: id, properties: {on: {column: day, format: "%d/%m/%Y"}, room: room}}
    - {source: visits, kind: Customer, key: patient}
  relationships:
    - {source: visits, type: PAID, start: Customer, end: Visit}
"""


class Clinic:
    """A project of one file that is written anew before each ingest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store: Store = open_store(f"sqlite:///{folder / 'motivo.db'}")
        self.project = folder / "motivo.yaml"
        self.project.write_text(PROJECT)

    def read(self, *rows: str) -> Counts:
        (self.folder / "visits.csv").write_text("\n".join(["id,day,room,patient", *rows]) + "\n")
        return ingest(load_project(self.project), self.store).sources["visits"]

    def retry(self) -> Counts:
        return retry_rejected(load_project(self.project), self.store)

    def quarantine(self) -> list[tuple[str | None, list[str]]]:
        rows = self.store.reader().rejected_rows()
        return [(row.key, [error.field for error in row.errors]) for row in rows]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    made.store.close()


def test_a_changed_row_supersedes_and_history_shows_both(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p", "2,02/02/2026,B,q")
    assert clinic.read("1,01/02/2026,C,q", "2,02/02/2026,B,q") == Counts(2, 1, 1, 0)
    reader = clinic.store.reader()
    assert reader.get("Visit", "1").properties["room"] == "C"
    old, new = reader.history("Visit", "1")
    assert (old.properties["room"], new.properties["room"]) == ("A", "C")
    assert old.valid_to == new.valid_from
    assert new.valid_to is None
    assert reader.get("Visit", "1", at=old.valid_from).properties["room"] == "A"
    assert {n.relationship.start for n in reader.neighbours("Visit", "1")} == {"visits:q"}
    assert reader.totals().relationships["PAID"] == 2
    assert reader.find("Customer", "visits:p") is None


def test_a_vanished_row_closes_and_comes_back(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p", "2,02/02/2026,B,q")
    assert clinic.read("2,02/02/2026,B,q") == Counts(1, 0, 1, 0)
    reader = clinic.store.reader()
    assert reader.find("Visit", "1") is None
    assert reader.history("Visit", "1")[0].valid_to is not None
    assert reader.totals().relationships["PAID"] == 1
    assert clinic.read("1,01/02/2026,A,p", "2,02/02/2026,B,q") == Counts(2, 1, 1, 0)
    assert clinic.store.reader().totals().nodes["Visit"] == 2


def test_a_row_that_breaks_keeps_its_old_facts_until_it_is_mended(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p")
    assert clinic.read("1,31/02/2026,B,p") == Counts(1, 0, 0, 1)
    assert clinic.store.reader().get("Visit", "1").properties["room"] == "A"
    assert clinic.quarantine() == [("1", ["day"])]
    assert clinic.read("1,31/02/2026,B,p") == Counts(1, 0, 0, 1)
    assert clinic.store.reader().get("Visit", "1").properties["room"] == "A"
    assert clinic.read("1,28/02/2026,B,p") == Counts(1, 1, 0, 0)
    assert clinic.store.reader().get("Visit", "1").properties["room"] == "B"
    assert clinic.quarantine() == []


def test_a_row_that_breaks_and_is_set_back_is_unchanged(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p")
    clinic.read("1,31/02/2026,B,p")
    assert clinic.read("1,01/02/2026,A,p") == Counts(1, 0, 1, 0)
    assert clinic.quarantine() == []


def test_retry_writes_what_a_mended_mapping_can_read(clinic: Clinic) -> None:
    rows = ("1,01/02/2026,A,p", "2,2026-02-02,B,q", "3,soon,C,q", "4,1,2")
    assert clinic.read(*rows) == Counts(4, 1, 0, 3)
    assert clinic.retry() == Counts(2, 0, 0, 2)
    assert clinic.quarantine() == [(None, [""]), ("2", ["day"]), ("3", ["day"])]
    clinic.project.write_text(PROJECT.replace("%d/%m/%Y", "%Y-%m-%d"))
    assert clinic.retry() == Counts(2, 1, 0, 1)
    reader = clinic.store.reader()
    assert {n.key for n in reader.page("Visit").nodes} == {"1", "2"}
    assert sorted(key or "" for key, _ in clinic.quarantine()) == ["", "3"]
    # The mapping reads other days now: what it cannot read keeps what it said before.
    assert clinic.read(*rows) == Counts(4, 0, 1, 3)
    assert {n.key for n in clinic.store.reader().page("Visit").nodes} == {"1", "2"}


def test_a_retry_of_conflicting_rows_leaves_the_first_as_it_is(clinic: Clinic) -> None:
    rows = ("1,01/02/2026,A,p", "1,02/02/2026,B,q")
    assert clinic.read(*rows) == Counts(2, 1, 0, 1)
    clinic.retry()
    assert clinic.store.reader().get("Visit", "1").properties["room"] == "A"
    assert clinic.quarantine() == [("1", ["id"])]
    assert clinic.read(*rows) == Counts(2, 0, 1, 1)


def test_a_retry_of_nothing_says_so(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p")
    assert clinic.retry() == Counts()
    assert clinic.read("1,01/02/2026,A,p") == Counts(1, 0, 1, 0)


def test_a_changed_mapping_is_read_again_without_a_change_of_the_file(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p")
    clinic.project.write_text(PROJECT.replace("room: room", "room: patient"))
    assert clinic.read("1,01/02/2026,A,p") == Counts(1, 1, 0, 0)
    assert clinic.store.reader().get("Visit", "1").properties["room"] == "p"


def test_a_missing_file_or_column_is_told_before_anything_is_written(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p")
    before = clinic.store.reader().totals()
    (clinic.folder / "visits.csv").write_text("id,day,room\n1,02/02/2026,B\n")
    with pytest.raises(ProjectError, match=r"motivo\.yaml:\d+.*patient"):
        ingest(load_project(clinic.project), clinic.store)
    (clinic.folder / "visits.csv").unlink()
    with pytest.raises(SourceError, match=r"visits\.csv.*motivo\.yaml:\d+"):
        open_sources(load_project(clinic.project))
    with pytest.raises(SourceError, match=r"visits\.csv"):
        ingest(load_project(clinic.project), clinic.store)
    assert clinic.store.reader().totals() == before
    assert clinic.store.reader().latest_run().id == 1  # type: ignore[union-attr]


def test_an_optional_source_that_goes_away_keeps_what_it_said(clinic: Clinic) -> None:
    clinic.project.write_text(PROJECT.replace("key: id}\ntargets", "key: id, optional: true}\ntargets"))
    clinic.read("1,01/02/2026,A,p")
    (clinic.folder / "visits.csv").unlink()
    project = load_project(clinic.project)
    assert open_sources(project).missing == ["visits"]
    report = ingest(project, clinic.store)
    assert report.missing == ["visits"]
    assert report.sources == {}
    assert clinic.store.reader().get("Visit", "1").properties["room"] == "A"


def test_a_row_twice_in_a_file_goes_the_same_way(clinic: Clinic) -> None:
    good, bad = "1,01/02/2026,A,p1", "2,31/02/2026,B,p2"
    counts = clinic.read(good, good, bad, bad)
    assert (counts.read, counts.written, counts.unchanged, counts.quarantined) == (4, 1, 1, 2)
    assert clinic.quarantine() == [("2", ["day"]), ("2", ["day"])]


def test_another_ingest_meanwhile_is_refused(clinic: Clinic) -> None:
    clinic.read("1,01/02/2026,A,p1")
    (clinic.folder / "visits.csv").write_text("id,day,room,patient\n1,02/02/2026,A,p1\n2,02/02/2026,A,p1\n")
    project = load_project(clinic.project)

    class Other:
        """Ingests the same files while the first ingest is between two batches."""

        done = False

        def begin(self, source: str, size: int | None, done: int) -> None: ...

        def advance(self, source: str, done: int, rows: int) -> None:
            if not self.done:
                self.done = True
                other = open_store(clinic.store.url)
                ingest(project, other)
                other.close()

        def end(self, source: str) -> None: ...

    with pytest.raises(RefusedError, match="another ingest"):
        ingest(project, clinic.store, observer=Other(), batch_rows=1)
    assert clinic.store.reader().totals().nodes["Visit"] == 2
    assert clinic.store.reader().check() == []
