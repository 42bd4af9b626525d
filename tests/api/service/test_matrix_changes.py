"""Changes: who may not is refused, who may is told of what they may see only; all with every role."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import pytest

from api.auth import Role
from tests.api.service.coordinates import fill, list_values
from tests.api.service.house import Asker, House
from tests.api.service.marked import TODAY
from tests.api.service.project import LATE

ROLES = (
    "admin",  # the first, who is told what all of it becomes
    "anyone",
    "widget",
    "analyst",
    "analyst of the north",
    "agent",
    "agent of the north",
    "investigator",
)
NAMES = '{en: "Queue", es: "Cola", pt: "Fila"}'
UNDO = ("undoCauseDecisions", "count: 1")
# What is asked for, one after the other, so that each finds something to do.
CHANGES: Sequence[tuple[str, str]] = (
    ("startRootCauseSearch", "unit: Order, timeLimit: 60"),
    ("cancelJob", "id: <Job.id>"),
    ("correctComplaintCause", 'complaint: <Complaint.key>, cause: "delivery.late", quote: 1, why: "told so"'),
    ("acceptCauseProposal", f'id: <Proposal.id>, names: {NAMES}, why: "they wait"'),
    ("renameCause", f'id: "own.queue", names: {NAMES}'),
    UNDO,
    UNDO,
    ("splitCauseProposal", "id: <Proposal.id>, quotes: [1]"),
    UNDO,
    ("mergeCauseProposal", 'id: <Proposal.id>, into: "delivery.late"'),
    UNDO,
    ("rejectCauseProposal", 'id: <Proposal.id>, why: "none"'),
    UNDO,
    ("mergeCustomers", "into: <Customer.key>, customers: [<Other.key>]"),
    ("undoIdentityDecision", 'why: "they are two"'),
    ("keepCustomersApart", "customers: [<Customer.key>, <Other.key>]"),
    ("undoIdentityDecision", 'why: "who knows"'),
    ("splitCustomer", "customer: <Customer.key>, records: [<SourceRecord.key>]"),
    ("undoIdentityDecision", 'why: "they are one"'),
    ("recordAction", 'rootCause: <late.id>, what: "vans", startsOn: "2026-09-02"'),
    ("removeAction", 'id: "a3"'),
    ("ingestEvents", 'source: "messages", rows: <rows>'),
)


def list_changes(house: House, asker: Asker, known: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the texts of all changes, by field, for somebody who knows this."""
    other = f"crm:{house.company.keys[14 if 'north' in asker.name else 15]['Customer'][0]}"
    sends = asker.caller.role is Role.ADMIN
    knows, good = (
        {**known, "Other.key": other},
        house.company.message(0, LATE, TODAY) if sends else {"id": "new"},
    )
    rows = json.dumps([good, {**good, "id": "bad", "at": "yesterday", "strange": 1}])
    rows = re.sub(r'"(\w+)":', r"\1:", rows)
    found = []
    for name, arguments in CHANGES:
        to = house.coordinates.get_target("Mutation", name).name
        shown = house.coordinates.select(to, 2, house.list_refused(asker))
        text = fill(arguments.replace("<rows>", rows), knows)
        found.append((name, f"mutation {{ __typename {name}({text}) {shown} }}"))
    return found


@pytest.mark.parametrize("name", ROLES)
def test_changes_are_for_some_and_show_nothing_that_is_hidden(house: House, name: str) -> None:
    asker, refused = house.askers[name], house.list_refused(house.askers[name])
    found: set[str] = set()
    for known in (*asker.others, asker.own):
        for field, text in list_changes(house, asker, known):
            answer = house.post(asker, text)
            if asker.caller.role is Role.ANYONE:
                assert answer.status_code == 401
                continue
            said = answer.json()
            assert answer.status_code == 200, (text, said)
            codes = {error["extensions"]["code"] for error in said.get("errors", ())}
            assert codes <= {"refused", "not_found", "usage", "input", "over_limit"}, (name, text, said)
            if f"Mutation.{field}" in refused:
                assert codes == {"refused"}, (name, text, said)
            found |= {place for place, value in list_values(said["data"]) if value not in (None, [])}
    if name == "admin":  # else what is above proves nothing
        told = ("Mutation", "RecordedAction", "EventReport", "RejectedRow", "FieldError")
        missing = {c for c in house.coordinates.every if c.startswith(tuple(f"{t}." for t in told))} - found
        assert not missing, sorted(missing)
