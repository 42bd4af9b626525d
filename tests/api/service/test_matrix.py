"""Each role x each field of the schema: what is hidden is nowhere in an answer, and what is not is there.

The service stands as `motivo serve` puts it together, on a store in which every value that may be hidden is
a mark. Questions are made of the schema (`coordinates.py`): a field that is added is asked for by each role,
and one that no question reaches, or of which nobody gets a value, fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

import pytest

from api.auth import Role
from tests.api.service.coordinates import Question, fill, list_values
from tests.api.service.house import Asker, House

ROLES = (
    "anyone",
    "widget",
    "analyst",
    "analyst of the north",
    "agent",
    "agent of the north",
    "investigator",
    "admin",
)
# Fields of which an administrator is shown no value here, and why.
EXCEPTIONS: Mapping[str, str] = {
    "Contribution.validTo": "nothing was said otherwise later",
    "Provenance.validTo": "nothing has ended",
    "Effect.daysNeeded": "an effect cannot be planned on so few days",
    "Finding.ended": "no cause has ended",
    "Finding.aliases": "no two patterns hold for the same orders",
    "Me.customer": "of widgets",
    "Me.expiresAt": "the key does not end",
    "Me.rows": "the key is for all rows",
    "IdentityDecision.customers": "told by the mutation alone",
    "CauseDecision.id": "of decisions on proposals, which are made in another test",
}
# What others are not shown of what is there, beside what is above their clearance or refused to their role.
# Of two customers, of two regions.
FEW = r"Alert\..*|Alerts.nodes|Rising\..*|Finding.(emerging|onset(Low|High|Ratio))"
SOME = r"Totals.relationships|RelationshipTotal\..*"  # not told to who sees some customers only
SHARED = "Product|Campaign|Channel|Region|Depot|SKU|Cause|RootCause|Action"
UNSEEN = {
    "analyst": FEW,
    "analyst of the north": f"{FEW}|{SOME}",
    "agent of the north": f"{FEW}|{SOME}",
    "widget": rf"{SOME}|({SHARED})(Connection|Edge)\..*|Query.\w*s|Query.rootCauseNode|RootCause\..*"
    r"|AddressesRootCause.*|KnowsCustomer.*",
}
Told = dict[Question, set[str]]  # of what a question gets values


@pytest.fixture(scope="module")
def questions(house: House) -> Told:
    """Return the questions by which an administrator gets values of all fields."""
    asked: Told = {}
    found: set[str] = set()
    for name, type_ in house.coordinates.types.items():
        wanted = {f"{name}.{field}" for field in type_.fields} - EXCEPTIONS.keys()
        if name in ("Mutation", "Events") or name not in house.coordinates.distances:
            continue
        for question in house.coordinates.list_questions(name):
            if wanted <= found and name != "Query":
                break
            told = get_values(house, house.askers["admin"], house.coordinates.write(question))
            if name == "Query" or told & wanted - found:
                asked[question] = told
            found |= told
    return asked


def get_values(
    house: House, asker: Asker, text: str, known: Mapping[str, str] | None = None, *, refused: bool = True
) -> set[str]:
    """Ask, see that there is no leak, and return the coordinates of which there is a value."""
    answer = house.post(asker, fill(text, asker.own if known is None else known))
    if asker.caller.role is Role.ANYONE:
        assert answer.status_code == 401
        return set()
    said = answer.json()
    assert answer.status_code == 200, (text, said)
    codes = {error["extensions"]["code"] for error in said.get("errors", ())}
    assert codes <= {"refused", "not_found", "usage"} if refused else not codes, (
        asker.name,
        text,
        said["errors"],
    )
    return {coordinate for coordinate, value in list_values(said["data"]) if value not in (None, [])}


def test_every_field_is_reached(house: House, questions: Told) -> None:
    found = set().union(*questions.values())
    reachable = {c for c in house.coordinates.every if c.partition(".")[0] in house.coordinates.distances}
    assert sorted(reachable - found - EXCEPTIONS.keys()) == []
    assert sorted(EXCEPTIONS.keys() & found) == []


def test_what_no_query_reaches_is_asked_for_elsewhere(house: House) -> None:
    """By changes and by streams, in modules of their own: a type that is new here has to be asked for."""
    changes = {"Mutation", "RecordedAction", "EventReport", "RejectedRow", "FieldError"}
    streams = {"Events", "NewComplaint", "NewRootCause"}
    assert house.coordinates.types.keys() - house.coordinates.distances.keys() == changes | streams


@pytest.mark.parametrize("name", ROLES)
def test_everybody_is_shown_what_is_for_them_and_nothing_else(
    house: House, questions: Told, name: str
) -> None:
    asker, write = house.askers[name], house.coordinates.write
    refused, found = house.list_refused(asker), set[str]()

    def ask(question: Question) -> None:
        if all(f"{owner}.{field}" not in refused for owner, field in question.way):
            found.update(get_values(house, asker, write(question, refused)))

    found |= set().union(*questions.values()) if name == "admin" else set()  # who has asked them all
    for question in questions if name != "admin" else ():
        text = write(question)
        found |= get_values(house, asker, text)
        for known in asker.others if "<" in text else ():
            get_values(house, asker, text, known)
        if write(question, refused) != text:
            ask(question)
    if asker.caller.role is Role.ANYONE:
        return
    reachable = set().union(*questions.values()) & house.coordinates.list_reachable(refused)
    expected = {c for c in reachable if not house.is_above(c, asker.caller)}
    for type_ in {coordinate.partition(".")[0] for coordinate in expected - found}:
        for question in islice(house.coordinates.list_questions(type_), 8):
            ask(question)  # another way, where that of the administrator is not open
    missing = {c for c in expected - found if not re.fullmatch(UNSEEN.get(name, ""), c)}
    assert not missing, sorted(missing)
