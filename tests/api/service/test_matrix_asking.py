"""Nobody finds out by asking what they are not shown: by filters, orders, words, groups, or as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import pytest

from api.auth import CLEARANCE
from api.auth.caller import RANKS
from api.graphql.types.names import camel
from schema import NodeKind, Property
from schema.paths import Path, Step
from tests.api.service.house import Asker, House

STAFF = ("analyst", "analyst of the north", "agent", "agent of the north", "investigator", "admin")
SOME_HIDDEN = STAFF[:4]
AT_ONCE = 25


def split(several: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """Yield some at a time."""
    waiting = iter(several)
    while some := tuple(islice(waiting, size)):
        yield some


def is_hidden(asker: Asker, kind: NodeKind, p: Property) -> bool:
    """Tell whether a property is hidden; what root causes are called, too, is for those who see all."""
    if kind.name == "RootCause" and (asker.caller.rows or asker.name.startswith("analyst")):
        return p.name.startswith("name_") or p.name == "pattern"
    return RANKS.index(p.sensitivity) > RANKS.index(CLEARANCE[asker.caller.role])


def get_list(house: House, kind: NodeKind) -> str:
    """Return the field of the root that lists a kind."""
    fields = house.coordinates.types["Query"].fields
    return next(n for n, f in fields.items() if str(f.type) == f"{kind.name}Connection")


def ask_many(house: House, asker: Asker, asked: Mapping[str, str]) -> dict[str, str]:
    """Ask for several fields of the root at once; return the codes of their errors, "" where none is."""
    codes = dict.fromkeys(asked, "")
    for some in split(asked.items(), AT_ONCE):
        answer = house.post(asker, f"{{ {' '.join(f'{alias}: {text}' for alias, text in some)} }}")
        for error in answer.json().get("errors", ()):
            codes[error["path"][0]] = error["extensions"]["code"]
    return codes


def list_loops(house: House, kind: str) -> list[str]:
    """Return the conditions on neighbours of a kind that are of the same kind."""
    own: Any = house.coordinates.schema.type_map[f"{kind}Filter"]
    loops = [label for label, field in own.fields.items() if field.type is own]
    return [label for label in loops if label != "not"]


@pytest.mark.parametrize("name", STAFF)
def test_what_is_hidden_is_not_filtered_or_sorted_by(house: House, name: str) -> None:
    asker, asked, expected = house.askers[name], dict[str, str](), dict[str, str]()
    for kind in house.vocabulary.kinds.values():
        every, loops = get_list(house, kind), list_loops(house, kind.name)
        for p in kind.properties.values():
            present, by = f"{camel(p.name)}: {{isNull: false}}", p.name.upper()
            ways = [
                f"{every}(filter: {{{present}}}) {{ totalCount nodes {{ key }} }}",
                f"{every}(filter: {{or: [{{not: {{{present}}}}}]}}) {{ totalCount }}",
                f"{every}(orderBy: {{field: {by}}}) {{ nodes {{ key }} pageInfo {{ endCursor }} }}",
                *(f"{every}(filter: {{{loop}: {{{present}}}}}) {{ totalCount }}" for loop in loops),
            ]
            for number, way in enumerate(ways):
                alias = f"{kind.name}_{p.name}_{number}"
                asked[alias], expected[alias] = way, "refused" if is_hidden(asker, kind, p) else ""
    assert ask_many(house, asker, asked) == expected


@pytest.mark.parametrize("name", STAFF)
def test_conditions_on_neighbours_are_no_way_round(house: House, name: str) -> None:
    asker, asked, expected = house.askers[name], dict[str, str](), dict[str, str]()
    customer = house.vocabulary.kinds["Customer"]
    for every, label in (
        ("orders", "placedFromCustomer"),
        ("complaints", "filedFromCustomer"),
        ("customers", "knowsCustomer"),
        ("regions", "inFromCustomer"),
    ):
        for p in customer.properties.values():
            alias = f"{every}_{p.name}"
            asked[alias] = (
                f"{every}(filter: {{{label}: {{{camel(p.name)}: {{isNull: false}}}}}}) {{ totalCount }}"
            )
            expected[alias] = "refused" if is_hidden(asker, customer, p) else ""
    assert ask_many(house, asker, asked) == expected


@pytest.mark.parametrize("name", ["widget", *STAFF])
def test_no_word_of_what_is_hidden_finds_anything(house: House, name: str) -> None:
    asker, marks = house.askers[name], house.company.marks
    hidden = [
        m for m in marks.known if not marks.is_shown(m, asker.caller, asker.people) and m.startswith("zq")
    ]
    asked: dict[str, str] = {}
    for number, mark in enumerate(house.company.draw.sample(hidden, min(len(hidden), 40))):
        asked[f"s{number}"] = f'search(text: "{mark}") {{ kind node {{ key }} snippet }}'
        asked[f"t{number}"] = f'suggest(text: "{mark}") {{ kind node {{ key }} }}'
        asked[f"u{number}"] = f'suggest(text: "crm:{mark}") {{ kind node {{ key }} }}'
    for some in split(asked.items(), AT_ONCE):
        answer = house.post(asker, f"{{ {' '.join(f'{alias}: {text}' for alias, text in some)} }}").json()
        assert not [value for value in answer["data"].values() if value], answer


def list_paths(house: House, kind: NodeKind) -> Iterator[Path]:
    """Yield paths to the properties of a kind, to what is next to it, and to the properties of that."""
    yield from (Path(kind.name, (), name) for name in kind.properties)
    for triple, direction in house.vocabulary.steps(kind.name):
        path = Path(kind.name, (Step(triple, direction),))
        yield path
        yield from (path.at(p) for p in house.vocabulary.kinds[path.kind].properties)


FACETS = """
facets(kind: %s, top: 20, facets: [{path: %s}]) {
  path
  total
  buckets { count group { value label } }
}
"""
GROUPS = """
aggregate(kind: %s, by: [{path: %s}], measures: [{op: COUNT}, {op: %s, of: %s}]) {
  rows { groups { value label } figures { value } }
}
"""
MOST = ("integer", "number", "money", "date", "time")  # of which there is a greatest


@pytest.mark.parametrize("name", STAFF[:4])
def test_groups_tell_nothing_that_is_hidden(house: House, name: str) -> None:
    asker, kinds = house.askers[name], house.vocabulary.kinds
    open_, hidden = list[str](), list[str]()
    for kind in kinds.values():
        for number, path in enumerate(list_paths(house, kind)):
            end = kinds[path.kind].properties.get(path.name)
            text, op = json.dumps(str(path)), "MAX" if end and end.type in MOST else "DISTINCT"
            asked = [FACETS % (kind.name, text), GROUPS % (kind.name, text, op, text)]
            if end and is_hidden(asker, kinds[path.kind], end):
                hidden += asked
            else:  # by one of both: what groups are called is the same
                open_.append(f"a{len(open_)}: {asked[number % 2]}")
    if name == "agent":
        open_ = []  # who sees all but what is sensitive is told of all other groups
    for some in split(open_, AT_ONCE):
        answer = house.post(asker, f"{{ {' '.join(some)} }}").json()
        assert "errors" not in answer, answer["errors"]
    for one in hidden:
        answer = house.post(asker, f"{{ {one} }}").json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["refused"], (one, answer)


SMALL = """
{
  aggregate(kind: Complaint, by: [{path: "%s"}], measures: [{op: COUNT}, {op: CUSTOMERS}], filter: {%s}) {
    rows { groups { value } figures { value } }
    total { value }
    withheld
  }
  facets(kind: Complaint, facets: [{path: "%s"}], filter: {%s}, skipOwn: false) {
    buckets { count group { value } }
    total
    others
  }
  trend(kind: Complaint, lens: {path: "%s"}, filter: {%s}) {
    total { count points { count } }
    series { count groups { value } }
  }
}
"""


def list_counts(found: Any) -> list[int]:
    """Return all numbers in an answer, but for how many groups are not shown."""
    if isinstance(found, list):
        return [count for one in found for count in list_counts(one)]
    if isinstance(found, dict):
        return [
            c for name, one in found.items() if name not in ("withheld", "others") for c in list_counts(one)
        ]
    return [found] if isinstance(found, int) else []


@pytest.mark.parametrize("name", ["analyst", "analyst of the north", "agent", "agent of the north"])
def test_small_groups_are_shown_to_who_may_know_people_only(house: House, name: str) -> None:
    """By a value that only one complaint has, by a filter that only one meets, and by both."""
    asker, marks = house.askers[name], house.company.marks
    status = next(t for t, m in marks.known.items() if m.about == "Complaint.status" and m.owners == {0})
    one = f'complaint: {{status: {{eq: "{status}"}}}}'
    for path, filter_ in (("status", ""), ("language", one), ("status", one)):
        said = house.post(asker, SMALL % ((path, filter_) * 3)).json()
        assert "errors" not in said, said["errors"]
        shown = [row["figures"][0]["value"] for row in said["data"]["aggregate"]["rows"]]
        shown += [bucket["count"] for facet in said["data"]["facets"] for bucket in facet["buckets"]]
        if name.startswith("agent"):
            assert 1 in shown
            continue
        assert shown == [], (path, filter_, said)
        assert not {1, 2, 3, 4} & set(list_counts(said["data"])), (path, filter_, said)
        assert said["data"]["aggregate"]["withheld"] > 0
