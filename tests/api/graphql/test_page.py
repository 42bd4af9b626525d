"""The page on GraphQL says what is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from api.graphql.types.names import plural
from tests.api.graphql.shop import Desk

PAGE = Path(__file__).parents[3] / "docs" / "graphql.md"
TEXT = PAGE.read_text("utf-8")
EXAMPLES = [
    pytest.param(match[1], match[2], id=f"line-{TEXT.count(chr(10), 0, match.start()) + 1}")
    for match in re.finditer(r"```graphql\n(.*?)```(?:\n```json\n(.*?)```)?", TEXT, re.DOTALL)
]


@pytest.mark.parametrize(("query", "answer"), EXAMPLES)
def test_an_example_is_answered_so(desk: Desk, ids: dict[str, str], query: str, answer: str | None) -> None:
    given = {"id": ids["ana"], "from": ids["ana"], "to": ids["m2"]}
    found = desk.ask(query, {name: value for name, value in given.items() if f"${name}:" in query})
    assert all(value is not None for value in found.values())
    if answer is not None:
        assert found == json.loads(answer)


def test_the_types_and_arguments_that_the_page_names_are_there(desk: Desk) -> None:
    fields = {name for type_ in desk.schema.type_map.values() for name in getattr(type_, "fields", ())}
    arguments = {
        name
        for type_ in desk.schema.type_map.values()
        for field in getattr(type_, "fields", {}).values()
        for name in getattr(field, "args", ())
    }
    values = {name for type_ in desk.schema.type_map.values() for name in getattr(type_, "values", ())}
    declared = {
        "Money",
        "MoneyNode",
        "moneyNode",
        "moneyNodes",
        "caption_2",
        "filed_at",
        "From",
        "null",
        "{}",
    }
    spoken = {plural("y"), "ies", "es", "s", "y", "extensions.masked", "Accept-Language"}
    for name in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", TEXT):
        word = re.match(r"[\w.-]+", name)
        if word is None or word[0] in declared | spoken or "-" in word[0] or word[0][0].isdigit():
            continue
        assert word[0] in {*fields, *arguments, *values, *desk.schema.type_map}, name
