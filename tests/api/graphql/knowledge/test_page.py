"""The page on what the graph tells says what is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from graphql import OperationType

from api.graphql.building import make_types
from api.graphql.knowledge import mutation_fields, query_fields, subscription_fields
from tests.api.graphql.knowledge.office import Office

TEXT = (Path(__file__).parents[4] / "docs" / "graphql-knowledge.md").read_text("utf-8")
EXAMPLES = [
    pytest.param(match[1], match[2], id=f"line-{TEXT.count(chr(10), 0, match.start()) + 1}")
    for match in re.finditer(r"```graphql\n(.*?)```(?:\n```json\n(.*?)```)?", TEXT, re.DOTALL)
]


@pytest.mark.parametrize(("text", "answer"), EXAMPLES)
def test_an_example_is_answered_so(
    office: Office, request: pytest.FixtureRequest, text: str, answer: str | None
) -> None:
    plan = office.documents.prepare(text)
    if plan.kind is OperationType.SUBSCRIPTION:
        return  # it is valid; what it tells is tested with the news
    asked = office if plan.kind is OperationType.QUERY else request.getfixturevalue("own")
    given = {"complaint": "M1"}
    if "$id:" in text:
        given["id"] = asked.ask("{ rootCauses { nodes { id } } }")["rootCauses"]["nodes"][0]["id"]
    if "$job:" in text:
        started = asked.ask("mutation { startRootCauseSearch { id } }")["startRootCauseSearch"]
        given["job"] = asked.wait_for(started["id"])["id"]
    found = asked.ask(text, {name: value for name, value in given.items() if f"${name}:" in text})
    assert all(value is not None for value in found.values())
    if answer is not None:
        assert found == json.loads(answer)


def test_the_names_on_the_page_are_there(office: Office) -> None:
    types = office.schema.type_map.values()
    fields = {name: field for type_ in types for name, field in getattr(type_, "fields", {}).items()}
    every = [field for type_ in types for field in getattr(type_, "fields", {}).values()]
    known = {*office.schema.type_map, *fields}
    known |= {name for field in every for name in getattr(field, "args", ())}
    known |= {name for type_ in types for name in getattr(type_, "values", ())}
    for name in re.findall(r"(?<!`)`([A-Za-z]\w*)`(?!`)", TEXT):
        assert name in known | {"slow", "overtime", "refused", "MOTIVO_SMALLEST_GROUP"}, name


def test_every_field_of_ours_is_on_the_page(office: Office) -> None:
    types = make_types(office.store.reader().vocabulary)
    names = {n for fields in (query_fields, mutation_fields, subscription_fields) for n in fields(types)}
    missing = {name for name in names if not re.search(rf"\b{name}\b", TEXT)}
    assert missing <= {"causeQuotes", "causeDecisions", "identityDecisions"}
