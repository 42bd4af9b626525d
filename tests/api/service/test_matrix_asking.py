"""Nobody finds out by asking what they are not shown: by filters, orders, words, groups, or as a file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from api.auth import CLEARANCE
from api.auth.caller import RANKS
from api.graphql.types.names import camel
from schema import NodeKind, Property
from schema.paths import Path, Step
from tests.api.service.house import Asker, House

STAFF = ("analyst", "analyst of the north", "agent of the north", "investigator", "admin")
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
    """Ask for several fields of the root at once; return the codes of their errors, "" where there is none."""
    codes = dict.fromkeys(asked, "")
    for some in split(asked.items(), AT_ONCE):
        answer = house.post(asker, f"{{ {' '.join(f'{alias}: {text}' for alias, text in some)} }}")
        for error in answer.json().get("errors", ()):
            codes[error["path"][0]] = error["extensions"]["code"]
    return codes


@pytest.mark.parametrize("name", STAFF)
def test_what_is_hidden_is_not_filtered_or_sorted_by(house: House, name: str) -> None:
    asker, asked, expected = house.askers[name], dict[str, str](), dict[str, str]()
    for kind in house.vocabulary.kinds.values():
        every, own = get_list(house, kind), f"{kind.name}Filter"
        for p in kind.properties.values():
            near = [
                (label, f"{kind.name}.{label}")
                for label, field in house.coordinates.schema.type_map[own].fields.items()  # type: ignore[attr-defined]
                if str(field.type) == own and label not in ("and", "or", "not")
            ]
            present = f"{camel(p.name)}: {{isNull: false}}"
            ways = [
                f"{every}(filter: {{{present}}}) {{ totalCount nodes {{ key }} }}",
                f"{every}(filter: {{or: [{{not: {{{present}}}}}]}}) {{ totalCount }}",
                f"{every}(orderBy: {{field: {p.name.upper()}}}) {{ nodes {{ key }} pageInfo {{ endCursor }} }}",
                *(f"{every}(filter: {{{label}: {{{present}}}}}) {{ totalCount }}" for label, _ in near),
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


def list_paths(house: House, kind: NodeKind) -> Iterator[str]:
    """Yield the properties of a kind, and paths to what is next to it."""
    yield from kind.properties
    for triple, direction in house.vocabulary.steps(kind.name):
        path = Path(kind.name, (Step(triple, direction),))
        yield str(path)
        yield from (str(path.at(p)) for p in house.vocabulary.kinds[path.kind].properties)


@pytest.mark.parametrize("name", STAFF)
def test_groups_tell_nothing_that_is_hidden(house: House, name: str) -> None:
    asker = house.askers[name]
    for kind in house.vocabulary.kinds.values():
        paths = [json.dumps(path) for path in list_paths(house, kind)]
        for some in split(paths, 20):
            facets = ", ".join(f"{{path: {path}}}" for path in some)
            house.post(
                asker,
                f"{{ facets(kind: {kind.name}, top: 20, facets: [{facets}]) {{ path total buckets {{ count group {{ value label }} }} }} }}",
            )
        for some in split(paths, AT_ONCE):
            fields = (
                f"a{n}: aggregate(kind: {kind.name}, by: [{{path: {path}}}], measures: [{{op: COUNT}}, {{op: DISTINCT, of: {path}}}, {{op: MAX, of: {path}}}]) "
                "{ rows { groups { value label } figures { value } } }"
                for n, path in enumerate(some)
            )
            for field in fields:
                answer = house.post(asker, f"{{ {field} }}").json()
