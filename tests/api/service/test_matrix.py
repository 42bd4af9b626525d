"""Each role x each field of the schema: what is hidden is nowhere in an answer, and what is not is there.

The service stands as `motivo serve` puts it together, on a store in which every value that may be hidden is a mark.
Questions are made of the schema (`coordinates.py`): a field that is added is asked for by each role, and one that
no question reaches, or of which nobody gets a value, fails a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.api.service.coordinates import fill, list_values
from tests.api.service.house import House, open_house

# Fields of which an administrator is shown no value here, and why.
EXCEPTIONS: Mapping[str, str] = {}
ROLES = (
    "anyone",
    "widget",
    "analyst",
    "analyst of the north",
    "agent of the north",
    "investigator",
    "admin",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("marked")) as opened:
        opened.prepare()
        yield opened


@pytest.fixture(scope="module")
def questions(house: House) -> dict[str, set[str]]:
    """Return the questions by which an administrator gets values of all fields, and of which each does."""
    asked: dict[str, set[str]] = {}
    found: set[str] = set()
    for name, type_ in house.coordinates.types.items():
        wanted = {f"{name}.{field}" for field in type_.fields} - found - EXCEPTIONS.keys()
        for text in house.coordinates.list_questions(name):
            told = get_values(house, "admin", text)
            if text not in asked and (told - found or name == "Query"):
                asked[text] = told
            found |= told
            if wanted <= found and name != "Query":
                break
    return asked


def get_values(house: House, name: str, text: str, known: Mapping[str, str] | None = None) -> set[str]:
    """Ask as somebody; return the coordinates of which there is a value."""
    asker = house.askers[name]
    answer = house.post(asker, fill(text, asker.own if known is None else known))
    if name == "anyone":
        assert answer.status_code == 401
        return set()
    assert answer.status_code == 200, (text, answer.text)
    return {coordinate for coordinate, value in list_values(answer.json()["data"]) if value not in (None, [])}


def test_every_field_is_reached(house: House, questions: dict[str, set[str]]) -> None:
    found = set().union(*questions.values())
    reachable = {c for c in house.coordinates.every if not c.startswith(("Mutation.", "Events."))}
    assert sorted(reachable - found - EXCEPTIONS.keys()) == []
    assert sorted(EXCEPTIONS.keys() & found) == []


@pytest.mark.parametrize("name", ROLES)
def test_nobody_is_shown_what_is_not_for_them(house: House, questions: dict[str, set[str]], name: str) -> None:
    for text in questions:
        get_values(house, name, text)
        for known in house.askers[name].others:
            if "<" in text:
                get_values(house, name, text, known)
