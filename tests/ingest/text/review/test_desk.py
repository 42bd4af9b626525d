"""What each decision does to quotes, causes and ids."""

from __future__ import annotations

import pytest

from ingest.text.review import export_labels, find_undone
from schema import NotFoundError, RefusedError, UsageError
from tests.ingest.text.review.office import COMPLAINTS, LAMP, LATE, PARROT, ROOF, Office


def test_the_queue_proposes_what_is_alike(office: Office) -> None:
    queue = office.desk().queue()
    assert [(p.size, p.state) for p in queue.proposals] == [(9, "new"), (5, "new"), (3, "new")]
    roof = queue.proposals[0]
    assert {q.words for q, _ in roof.quotes} >= {ROOF[1], ROOF[2]}
    assert len(roof.quotes) == 3  # the same words in capitals are the same quote
    assert all(name for name in roof.names.values())
    assert len(roof.nearest) == 3
    assert (queue.statements, queue.unlike, queue.resting) == (17, 0, 0)
    assert office.desk(floor=4).queue().unlike == 3


def test_accepted_quotes_have_the_new_cause_and_later_ones_get_it(office: Office) -> None:
    made = office.desk("eva").accept(
        office.proposal("roof").id, {"en": "Leaking roof", "es": "Gotera"}, pack="buildings"
    )
    assert made.said["to"] == "own.leaking_roof"
    cause = office.store.reader().get("Cause", "own.leaking_roof")
    assert dict(cause.properties) == {
        "name_en": "Leaking roof",
        "name_es": "Gotera",
        "name_pt": "Leaking roof",
        "domain": "own",
        "pack": "buildings",
    }
    assert office.causes("r1") == ["own.leaking_roof"]
    assert office.causes("both") == ["own.leaking_roof", "unknown", "delivery.late"]
    [neighbour] = office.store.reader().neighbours("Complaint", "r1", types=["ATTRIBUTED_TO"])
    said = neighbour.relationship.properties
    assert (said["read_as"], said["decided_by"], said["quote"]) == ("unknown", "eva", ROOF[1])
    assert (said["extractor"], said["confidence"], said["manner"]) == ("hand-1", 0.8, "implicit")
    assert neighbour.relationship.source == "forms"
    office.read({"new": [("The roof of your waiting room is leaking", None)], "far": [("no soap", None)]})
    assert (office.causes("new"), office.causes("far")) == (["own.leaking_roof"], ["unknown"])


def test_a_renamed_cause_keeps_its_id_and_its_history(office: Office) -> None:
    office.desk().accept(office.proposal("roof").id, {"en": "Roof"})
    office.desk().rename("own.roof", {"pt": "Goteira"})
    reader = office.store.reader()
    assert reader.get("Cause", "own.roof").properties["name_pt"] == "Goteira"
    assert [c.properties["name_pt"] for c in reader.history("Cause", "own.roof")] == ["Roof", "Goteira"]


def test_a_renamed_proposal_waits_under_its_name(office: Office) -> None:
    name = office.proposal("parrot").id
    office.desk().rename(name, {"en": "Biting parrot"})
    found = office.proposal("parrot")
    assert (found.id, found.state, found.names["en"]) == (name, "touched", "Biting parrot")
    assert office.desk().accept(name).said["to"] == "own.biting_parrot"


def test_a_merged_cause_leads_to_the_other(office: Office) -> None:
    desk = office.desk()
    desk.accept(office.proposal("roof").id, {"en": "Roof"})
    desk.accept(office.proposal("parrot").id, {"en": "Parrot"})
    desk.merge("own.parrot", "own.roof")
    assert office.causes("p0") == ["own.roof"]
    assert desk.judgements().resolve("own.parrot") == "own.roof"
    reader = office.store.reader()
    assert reader.get("Cause", "own.parrot").caption == "Parrot"
    [link] = reader.neighbours("Cause", "own.parrot")
    assert (link.relationship.triple.type, link.node.key) == ("MERGED_INTO", "own.roof")
    desk.merge("own.roof", "delivery.damaged")
    assert (office.causes("p0"), office.causes("r0")) == (["delivery.damaged"], ["delivery.damaged"])
    assert desk.judgements().resolve("own.parrot") == "delivery.damaged"
    desk.correct("late", "own.parrot")
    assert office.causes("late") == ["delivery.damaged"]


def test_proposals_merge_into_causes_and_into_each_other(office: Office) -> None:
    desk = office.desk()
    lamp, parrot = office.proposal("lamp").id, office.proposal("parrot").id
    desk.merge(lamp, parrot)
    assert office.proposal("lamp").id == office.proposal("parrot").id == parrot
    desk.merge(parrot, "support.other")
    assert (office.causes("l0"), office.causes("p3")) == (["support.other"], ["support.other"])
    assert desk.judgements().resolve(lamp) == "support.other"
    assert office.store.reader().find("Cause", lamp) is None


def test_some_quotes_leave_a_cause(office: Office) -> None:
    desk = office.desk()
    roof = office.proposal("roof").id
    desk.accept(roof, {"en": "Roof"})
    listed = [s.quote.words for s in desk.statements("own.roof")]
    number = listed.index(ROOF[2]) + 1
    made = desk.split("own.roof", [number])
    assert office.causes("r2") == ["unknown"]
    assert office.proposal("May").id == made.said["to"]
    desk.split("own.roof", [1], to="repair.not_fixed")
    assert "repair.not_fixed" in office.causes("r0") + office.causes("r1")
    desk.accept(office.proposal("May").id, {"en": "Roof"})
    assert office.causes("r2") == ["own.roof_2"]  # an id is minted once


def test_what_was_rejected_comes_back_when_it_has_doubled(office: Office) -> None:
    desk = office.desk()
    lamp = office.proposal("lamp").id
    desk.reject(lamp, why="a matter of taste")
    assert lamp not in [p.id for p in desk.queue().proposals]
    assert desk.queue().resting == 3
    office.read({f"n{i}": [(LAMP[i % 3], None)] for i in range(2)})
    assert lamp not in [p.id for p in desk.queue().proposals]
    office.read({"n9": [(LAMP[0], None)]})
    again = office.proposal("lamp")
    assert (again.id, again.state, again.size) == (lamp, "again", 6)
    desk.reject(lamp)
    assert desk.queue().resting == 6
    assert office.causes("l0") == ["unknown"]


def test_a_rejected_cause_is_none_any_more(office: Office) -> None:
    desk = office.desk()
    desk.accept(office.proposal("lamp").id, {"en": "Lamp"})
    desk.reject("own.lamp")
    assert office.causes("l0") == ["unknown"]
    assert office.store.reader().find("Cause", "own.lamp") is None
    assert desk.queue().resting == 3


def test_a_correction_is_of_one_complaint_and_survives_reading_again(office: Office) -> None:
    desk = office.desk("ben")
    desk.accept(office.proposal("roof").id, {"en": "Roof"})
    desk.correct("late", "own.roof", why="it says so on the phone")
    desk.correct("both", "product.defective", quote=3)
    desk.correct("r0", "unknown")
    expected = (["own.roof"], ["own.roof", "unknown", "product.defective"], ["unknown"])
    assert tuple(map(office.causes, ("late", "both", "r0"))) == expected
    assert all(s.complaint != "r0" for p in desk.queue().proposals for s in p.statements)
    office.read({**COMPLAINTS, "late": [("Please. " + LATE, "delivery.not_received")]}, whole=True)
    assert tuple(map(office.causes, ("late", "both", "r0"))) == expected
    [link] = office.store.reader().neighbours("Complaint", "late", types=["ATTRIBUTED_TO"])
    assert link.relationship.properties["read_as"] == "delivery.not_received"
    office.read({**COMPLAINTS, "late": [("nobody answers the phone", "support.unreachable")]}, whole=True)
    assert office.causes("late") == ["support.unreachable"]


def test_undo_takes_back_and_history_stays(office: Office) -> None:
    desk = office.desk()
    before = office.graph()
    first = desk.accept(office.proposal("roof").id, why="clear")
    second = desk.reject(office.proposal("lamp").id)
    undoing = desk.undo(2, why="too early")
    assert office.graph() == before
    history = desk.history()
    assert [(d.action, d.by, d.why) for d in history] == [
        ("accept", "ana", "clear"),
        ("reject", "ana", ""),
        ("undo", "ana", "too early"),
    ]
    assert find_undone(history) == {first.id: undoing.id, second.id: undoing.id}
    with pytest.raises(NotFoundError):
        desk.undo()
    desk.reject(office.proposal("roof").id)
    with pytest.raises(UsageError):
        desk.undo(2)


def test_what_cannot_be_decided_says_what_to_do(office: Office) -> None:
    desk = office.desk()
    roof = office.proposal("roof").id
    for wrong, error in (
        (lambda: desk.accept("p0"), NotFoundError),
        (lambda: desk.accept("delivery.late"), NotFoundError),
        (lambda: desk.accept(roof, {"en": "  "}), UsageError),
        (lambda: desk.rename("delivery.late", {"en": "x"}), RefusedError),
        (lambda: desk.rename(roof, {}), UsageError),
        (lambda: desk.merge(roof, roof), UsageError),
        (lambda: desk.merge(roof, "own.nothing"), NotFoundError),
        (lambda: desk.merge("delivery.late", roof), RefusedError),
        (lambda: desk.split(roof, []), UsageError),
        (lambda: desk.split(roof, [99]), UsageError),
        (lambda: desk.split(roof, [1], to=roof), UsageError),
        (lambda: desk.reject("delivery.late"), RefusedError),
        (lambda: desk.correct("nobody", "delivery.late"), NotFoundError),
        (lambda: desk.correct("late", "own.nothing"), NotFoundError),
        (lambda: desk.correct("both", "delivery.late"), UsageError),
        (lambda: desk.correct("late", "delivery.late", quote=2), UsageError),
        (desk.undo, NotFoundError),
    ):
        before = office.graph()
        with pytest.raises(error):
            wrong()
        assert office.graph() == before
        assert desk.history() == []


def test_nothing_is_decided_while_an_ingest_goes_on(office: Office) -> None:
    with office.store.transaction() as transaction:
        transaction.begin_run("goes on")
    with pytest.raises(RefusedError, match="ingest"):
        office.desk().accept(office.proposal("roof").id)


def test_erased_words_leave_the_judgements(office: Office) -> None:
    store = office.store
    with store.transaction() as transaction:
        transaction.begin_run("who filed it")
        transaction.upsert_records("crm", ["ana"], [1])
        transaction.upsert_nodes("SourceRecord", "crm", ["ana"], ["crm:ana"], {"name": ["Ana"]})
        filed = transaction.reader.vocabulary.get_triple("Customer", "FILED", "Complaint")
        transaction.upsert_relationships(filed, "crm", ["ana"], ["crm:ana"], ["p2"], {})
        transaction.finish_run()
    office.desk().accept(office.proposal("parrot").id, {"en": "Parrot"})
    with store.transaction() as transaction:
        transaction.erase_customer("crm:ana")
    [decision] = office.desk().history()
    assert PARROT[2] not in str(decision)
    assert office.causes("p1") == ["own.parrot"]


def test_judged_complaints_are_exported_as_labelled_texts(office: Office) -> None:
    desk = office.desk()
    assert list(export_labels(office.store.reader())) == []
    desk.accept(office.proposal("roof").id, {"en": "Roof"})
    desk.reject(office.proposal("lamp").id)
    desk.correct("late", "delivery.not_received")
    rows = {row["id"]: row for row in export_labels(office.store.reader())}
    assert set(rows) == {*(f"r{i}" for i in range(8)), "l0", "l1", "l2", "both", "late"}
    assert rows["l0"]["causes"] == []
    assert [c["cause"] for c in rows["both"]["causes"]] == ["own.roof", None, "delivery.late"]
    assert [c["cause"] for c in rows["late"]["causes"]] == ["delivery.not_received"]
    for key, row in rows.items():
        assert set(row) == {"id", "text", "lang", "complaint", "causes"}
        quotes = [quote for quote, _ in COMPLAINTS[key]]
        assert all(row["text"][c["start"] : c["end"]] in quotes for c in row["causes"])
