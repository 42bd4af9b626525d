"""Answering operations: levels, nulls, errors, who may see what."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import pytest

from api.auth import Role
from api.graphql.execution import Documents, execute
from schema import LANGUAGES
from tests.api.graphql.execution.company import Company
from tests.api.graphql.execution.toys import make_request


@pytest.fixture
def company() -> Company:
    return Company()


def codes(answer: Any) -> list[tuple[Any, str]]:
    return [(error.path, error.extensions["code"]) for error in answer.errors]


def test_a_resolver_is_called_once_a_level(company: Company) -> None:
    text = "{ customers(first: 9) { key complaints(first: 5) { key cause { key cause { key } } } } }"
    answer = company.ask(text)
    assert not answer.errors
    assert company.called == {
        "customers": 1,
        "Customer.complaints": 1,
        "Complaint.cause": 1,
        "Cause.cause": 1,
    }
    assert company.sizes["Complaint.cause"] == company.sizes["Cause.cause"] == [45]
    assert answer.data is not None
    assert answer.data["customers"][8]["complaints"][4] == {
        "key": "c8-4",
        "cause": {"key": "4", "cause": {"key": "4"}},
    }


def test_and_once_a_runtime_type(company: Company) -> None:
    answer = company.ask("{ nodes { __typename key cause { key } ... on Customer { complaints { key } } } }")
    assert company.sizes["Customer.cause"] == [2]
    assert company.sizes["Complaint.cause"] == [1]
    assert answer.data is not None
    assert [node["key"] for node in answer.data["nodes"]] == ["c1", "k1", "c2"]
    assert list(answer.data["nodes"][0]) == ["__typename", "key", "cause", "complaints"]


def test_none_is_called_for_no_objects(company: Company) -> None:
    answer = company.ask("{ customers(first: 0) { complaints { cause { key } } } }")
    assert answer.to_response() == {"data": {"customers": []}}
    assert set(company.called) == {"customers"}


def test_the_answer_is_ready_for_json(company: Company) -> None:
    response = company.ask("{ hello nodes { key } missing }").to_response()
    assert json.loads(json.dumps(response)) == response


def test_what_is_no_type_of_an_interface_is_an_error_there(company: Company) -> None:
    answer = company.ask("{ odd { key } }")
    assert answer.data == {"odd": [None, None, None]}
    assert codes(answer) == [(["odd", n], "internal") for n in range(3)]


def test_errors_of_the_family_are_told(company: Company) -> None:
    answer = company.ask("{ hello missing down }")
    assert answer.data == {"hello": "world", "missing": None, "down": None}
    first, second = (error.formatted for error in answer.errors)
    assert first == {
        "message": "no such customer",
        "locations": [{"line": 1, "column": 9}],
        "path": ["missing"],
        "extensions": {"code": "not_found", "hint": "look at the key"},
    }
    assert second["extensions"] == {"code": "store_unreachable"}


@pytest.mark.parametrize(("language", "message"), [("en", "internal error"), ("es", "error interno")])
def test_others_are_not(
    company: Company, caplog: pytest.LogCaptureFixture, language: str, message: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = company.ask("{ broken }", request=make_request(language=language))
    (error,) = answer.errors
    assert error.message == message
    assert error.extensions is not None
    assert error.extensions["code"] == "internal"
    assert error.extensions["request"] == "r-1"
    assert "hunter2" not in json.dumps(answer.to_response())
    assert "hunter2" in caplog.text
    assert "Traceback" in caplog.text
    assert "r-1" in caplog.text


def test_an_error_for_a_whole_level_is_logged_once(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    text = "{ a: customers(first: 40) { key } broken }"
    company.ask(text)
    assert len(caplog.records) == 1


def test_a_resolver_gives_a_value_for_each_object(company: Company) -> None:
    assert codes(company.ask("{ short }")) == [(["short"], "internal")]


def test_a_null_that_may_not_be_leaves_nothing(company: Company) -> None:
    answer = company.ask("{ hello nothing }")
    assert answer.data is None
    assert "data" in answer.to_response()
    assert [error.message for error in answer.errors] == [
        "Cannot return null for non-nullable field Query.nothing."
    ]


def test_variables_are_checked_before(company: Company) -> None:
    answer = company.ask("query ($n: Int!) { customers(first: $n) { key } }", {"n": "many"})
    assert answer.refused
    assert "data" not in answer.to_response()
    assert codes(answer) == [(None, "usage")]
    assert not company.called


def test_an_argument_that_a_variable_leaves_out_is_an_error_there(company: Company) -> None:
    text = "query ($n: Int = 1) { customers { complaints(first: $n) { key } } }"
    answer = company.ask(text, {"n": None})
    assert answer.data == {"customers": [None, None]}
    assert codes(answer) == [(["customers", n, "complaints"], "bad_input") for n in range(2)]
    assert not company.ask(text).errors


def test_skip_and_include(company: Company) -> None:
    text = """query ($with: Boolean!, $without: Boolean = true) {
        customers(first: 1) {
            key @skip(if: $without)
            ... @include(if: $with) { complaints(first: 1) { key } }
        }
    }"""
    plan = Documents(company.schema).prepare(text)
    one = execute(plan, make_request(), {"with": True})
    other = execute(plan, make_request(), {"with": False, "without": False})
    neither = execute(plan, make_request(), {"with": False})
    assert one.data == {"customers": [{"complaints": [{"key": "c0-0"}]}]}
    assert other.data == {"customers": [{"key": "c0"}]}
    assert neither.data == {"customers": [{}]}
    assert execute(plan, make_request(), {"with": True, "without": None}).refused


def test_the_schema_and_data_in_one_operation(company: Company) -> None:
    text = """query ($name: String!) {
        hello ...Shown what: __typename
        type: __type(name: $name) { name fields { name } }
    }
    fragment Shown on Query { __schema { queryType { name } } }"""
    plan = Documents(company.schema).prepare(text)
    for name in ("Cause", "Nobody"):
        data = execute(plan, make_request(), {"name": name}).data
        assert data is not None
        assert list(data) == ["hello", "__schema", "what", "type"]
        assert data["__schema"] == {"queryType": {"name": "Query"}}
        assert data["what"] == "Query"
        found = data["type"] and [field["name"] for field in data["type"]["fields"]]
        assert found == (["key", "cause"] if name == "Cause" else None)


MASKED = "{ customers(first: 2) { complaints(first: 1) { key quote secret } } }"


@pytest.mark.parametrize(
    ("role", "shown", "masked"),
    [
        (Role.ANALYST, {"key"}, ["Complaint.quote", "Complaint.secret"]),
        (Role.AGENT, {"key", "quote"}, ["Complaint.secret"]),
        (Role.ADMIN, {"key", "quote", "secret"}, None),
    ],
)
def test_what_is_too_sensitive_is_null(company: Company, role: Role, shown: set[str], masked: Any) -> None:
    response = company.ask(MASKED, request=make_request(role)).to_response()
    assert "errors" not in response
    (complaint,) = response["data"]["customers"][1]["complaints"]
    assert {name for name, value in complaint.items() if value is not None} == shown
    assert response.get("extensions", {}).get("masked") == masked


def test_what_may_not_be_null_is_refused_instead(company: Company) -> None:
    answer = company.ask("{ customers(first: 1) { complaints(first: 1) { key owed } } }")
    assert codes(answer) == [(["customers", 0, "complaints", 0, "owed"], "refused")]
    assert answer.data == {"customers": [None]}


def test_a_field_for_some_roles(company: Company) -> None:
    text = "{ customers(first: 1) { complaints(first: 2) { judged } } }"
    answer = company.ask(text)
    assert codes(answer) == [(["customers", 0, "complaints", n, "judged"], "refused") for n in range(2)]
    assert not company.ask(text, request=make_request(Role.AGENT)).errors


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_not_said_who_they_are_sees_the_schema_alone(company: Company, language: str) -> None:
    request = make_request(Role.ANYONE, language)
    text = "{ __typename hello customers { key } __schema { queryType { name } } }"
    answer = company.ask(text, request=request)
    assert answer.data == {
        "__typename": "Query",
        "hello": None,
        "customers": None,
        "__schema": {"queryType": {"name": "Query"}},
    }
    assert codes(answer) == [(["hello"], "unauthenticated"), (["customers"], "unauthenticated")]
    assert not company.called
    assert company.ask("mutation { first }", request=request).data == {"first": None}
    assert not company.done


def test_mutations_one_after_the_other_until_one_may_not_be_null(company: Company) -> None:
    answer = company.ask("mutation { third first second again: first }")
    assert company.done == ["third", "first", "second"]
    assert answer.data is None
    assert codes(answer) == [(["second"], "internal")]


def test_after_its_time_no_resolver_is_called(company: Company) -> None:
    answer = company.ask("{ hello slow customers { key } }")
    assert answer.data == {"hello": "world", "slow": None, "customers": None}
    assert codes(answer) == [(["slow"], "overtime"), (["customers"], "overtime")]
    late = company.ask("{ hello __typename }", until=time.monotonic() - 1)
    assert late.data == {"hello": None, "__typename": "Query"}
    assert codes(late) == [(["hello"], "overtime")]


def test_a_subscription_is_not_executed(company: Company) -> None:
    assert company.ask("subscription { complaint { key } }").refused
