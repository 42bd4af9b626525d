"""How much one operation may ask for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields
from typing import Any

import pytest
from graphql import get_introspection_query
from hypothesis import given, settings
from hypothesis import strategies as st

from api.graphql.execution import Documents, InvalidOperationError, Limits
from api.graphql.execution import documents as module
from api.graphql.execution.words import WORDS, say
from schema import LANGUAGES
from tests.api.graphql.execution.company import Company

COMPANY = Company()


def chain(name: str, times: int, end: str) -> str:
    """Return a document whose fragments, each spreading the next one twice, write out to 2**times."""
    fragments = [
        f"fragment F{n} on Customer {{ {name.format(f'...F{n + 1}')} {name.format(f'...F{n + 1}')} }}"
        for n in range(times)
    ]
    return f"{{ customers {{ ...F0 }} }} {' '.join(fragments)} fragment F{times} on Customer {{ {end} }}"


TOO_MUCH = {
    "characters": "{ hello }" + "#" * 100_000,
    "tokens": "{" + "hello " * 5_000 + "}",
    "operations": " ".join(f"query Q{n} {{ hello }}" for n in range(101)),
    "depth": "{ nodes " + "{ cause " * 20 + "{ key }" + " }" * 20 + " }",
    "aliases": "{" + " ".join(f"a{n}: hello" for n in range(51)) + "}",
    "root_fields": "{" + " ".join(f"a{n}: hello" for n in range(31)) + "}",
    "fields": chain("{}", 60, "key"),
    "directives": "{ hello " + "@a " * 6 + "}",
    "overlaps": "{" + "hello " * 200 + "}",
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_refused_before_it_is_validated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "validate", None)
    (error,) = COMPANY.refuse(TOO_MUCH[name], aliases=50 if name == "aliases" else 100)
    limit = getattr(Limits(), name)
    assert f"{limit:,}" in error["message"] or str(limit) in error["message"]
    if name != "tokens":
        assert error["extensions"]["code"] == "over_limit"
        assert error["extensions"]["hint"]


@pytest.mark.parametrize("name", [name for name in TOO_MUCH if name != "tokens"])
def test_in_the_language_of_who_asks(name: str) -> None:
    given: Any = {"aliases": 50 if name == "aliases" else 100}
    told = {COMPANY.refuse(TOO_MUCH[name], language, **given)[0]["message"] for language in LANGUAGES}
    assert len(told) == len(LANGUAGES)


def test_as_much_as_one_may() -> None:
    documents = Documents(COMPANY.schema)
    documents.prepare("{ nodes " + "{ cause " * 18 + "{ key }" + " }" * 18 + " }")
    documents.prepare("{" + " ".join(f"a{n}: hello" for n in range(30)) + "}")
    documents.prepare("{" + "hello " * 141 + "}")
    documents.prepare(get_introspection_query(schema_description=True, input_value_deprecation=True))


@pytest.mark.parametrize(
    "text",
    [
        chain("complaints(first: 1) {{ cause {{ ... on Customer {{ {} }} }} }}", 40, "key"),
        chain("{}", 60, "... { __typename }"),
        "{ customers { ...A } } fragment A on Customer { key ...B } fragment B on Customer { ...A }",
        chain("{}", 90, "...Nowhere"),
        "{" + "... {" * 190 + "hello" + "}" * 190 + "}",
        "{" * 3000,
        "{ hello " + "[" * 3000,
        "query (" + " ".join(f"$v{n}: Int" for n in range(800)) + ") { hello }",
        "{" + " ".join(f"hello(a{n}: 1)" for n in range(100)) + "}",
    ],
)
def test_hostile_documents_end(text: str) -> None:
    with suppress(InvalidOperationError):
        Documents(COMPANY.schema).prepare(text)


def test_the_schema_is_shown_where_it_is_switched_on() -> None:
    (error,) = COMPANY.refuse("{ __schema { queryType { name } } }", introspection=False)
    assert error["extensions"]["code"] == "refused"
    (error,) = COMPANY.refuse('{ a: hello ... { t: __type(name: "A") { name } } }', introspection=False)
    assert error["extensions"]["code"] == "refused"
    Documents(COMPANY.schema, Limits(introspection=False)).prepare("{ __typename }")


def test_names_are_not_suggested_where_the_schema_is_not_shown() -> None:
    assert "hello" in COMPANY.refuse("{ helo }")[0]["message"]
    assert "hello" not in COMPANY.refuse("{ helo }", introspection=False)[0]["message"]
    variables = "query ($a: Boolean!) { hello @skip(if: $a) }"
    plan = Documents(COMPANY.schema, Limits(introspection=False)).prepare(variables)
    with pytest.raises(InvalidOperationError):
        plan.coerce_variables({"a": "tru"})


def test_the_schema_is_asked_for_no_more_than_twice() -> None:
    types = " ".join(f"t{n}: types {{ fields {{ type {{ fields {{ name }} }} }} }}" for n in range(40))
    (error,) = COMPANY.refuse(f"{{ __schema {{ {types} }} }}")
    assert error["extensions"]["code"] == "over_limit"
    circle = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    assert COMPANY.refuse(circle)[0]["message"] == "Maximum introspection depth exceeded"


COSTS = [
    ("{ hello }", 1),
    ("{ customers(first: 10) { key } }", 2),
    ("{ customers { complaints(first: 10) { key } } }", 12),
    ("{ customers { complaints(first: 10) { cause { key } quote } } }", 22),
    ("{ customers { complaints(first: 10) { key } complaints(first: 10) { cause { key } } } }", 22),
    ("{ customers { a: complaints(first: 5) { key } b: complaints(first: 3) { key } } }", 11),
    ("query ($n: Int!) { customers { complaints(first: $n) { key } } }", 9),
    ("{ nodes { key ... on Customer { complaints(first: 6) { key } } ... on Complaint { quote } } }", 8),
    ("{ customers { ...C } } fragment C on Customer { complaints(first: 4) { key } }", 6),
    ("{ customers { complaints(first: -99999) { key } } hello }", 3),
]


@pytest.mark.parametrize(("text", "cost"), COSTS)
def test_cost(text: str, cost: int) -> None:
    assert not COMPANY.ask(text, {"n": 7}, limits=Limits(cost=cost)).refused
    answer = COMPANY.ask(text, {"n": 7}, limits=Limits(cost=cost - 1))
    assert answer.refused
    (error,) = answer.errors
    assert error.message == f"the operation costs {cost}, more than {cost - 1}"
    assert error.extensions is not None
    assert error.extensions["code"] == "over_limit"
    assert "first" in error.extensions["hint"]


def test_what_is_dear_calls_nothing() -> None:
    company = Company()
    answer = company.ask("{ customers { complaints(first: 1000000) { key } } }")
    assert answer.refused
    assert not company.called


def test_a_plan_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.graphql.execution.selections.MOST_FIELDS", 6)
    answer = COMPANY.ask("{ nodes { key cause { key cause { key } } } }")
    assert answer.refused
    assert answer.errors[0].extensions is not None
    assert answer.errors[0].extensions["code"] == "over_limit"


def test_words_are_there_in_each_language() -> None:
    assert set(WORDS) == set(LANGUAGES)
    figures = dict.fromkeys(("found", "limit"), 1) | dict.fromkeys(("coordinate", "role", "request"), "x")
    for name in WORDS["en"]:
        said = {say(language, name, **figures) for language in LANGUAGES}
        assert len(said) == len(LANGUAGES), name
    for language in LANGUAGES:
        assert set(WORDS[language]) == set(WORDS["en"])
    for field in fields(Limits):
        assert field.name in WORDS["en"] or field.name == "tokens"


SIGNS = [*'{}()[:!@$#"\\\n\ufeff\0\ud83d', "...", '"""']
OTHERS = ["query", "mutation", "fragment", "on", "true", "null", "1", "-2.5e3", "skip", "include", "if"]
NAMES = ["hello", "customers", "nodes", "key", "cause", "first", "__schema", "__typename", "Customer", "Node"]
PIECES = [*SIGNS, *OTHERS, *NAMES]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_any_text_has_an_answer(text: str) -> None:
    try:
        errors = COMPANY.ask(text).errors
    except InvalidOperationError as refused:
        errors = refused.errors
    assert all(error.extensions and error.extensions["code"] for error in errors)
