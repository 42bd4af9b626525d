"""Answering a subscription: one answer for each event."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.auth import Role
from api.graphql.execution import Answer, Documents, subscribe
from api.graphql.request import Request
from tests.api.graphql.execution.company import Company
from tests.api.graphql.execution.toys import make_request


@pytest.fixture
def company() -> Company:
    return Company()


def collect(company: Company, text: str, request: Request | None = None, **given: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        plan = Documents(company.schema).prepare(text)
        variables = given.pop("variables", {"n": 3})
        answers = subscribe(plan, request or make_request(), variables, **given)
        return [answer async for answer in answers]

    return asyncio.run(run())


def test_an_event_is_the_value_of_the_field(company: Company) -> None:
    text = "subscription ($n: Int!) { new: complaint(first: $n) { key cause { key } secret } }"
    answers = collect(company, text)
    assert [answer.data for answer in answers] == [
        {"new": {"key": f"k{n}", "cause": {"key": str(n)}, "secret": None}} for n in range(3)
    ]
    assert answers[0].extensions == {"masked": ["Complaint.secret"]}
    assert company.closed


def test_or_what_its_resolver_makes_of_it(company: Company) -> None:
    assert [answer.data for answer in collect(company, "subscription { key }")] == [
        {"key": "k0"},
        {"key": "k1"},
    ]


def test_an_error_of_the_source_ends_it(company: Company) -> None:
    answers = collect(company, "subscription { key(first: 20) }")
    assert len(answers) == 9
    assert answers[-1].data is None
    (error,) = answers[-1].errors
    assert error.message == "internal error"
    assert error.path == ["key"]


def test_it_ends_when_it_is_no_longer_known_who_asks(company: Company) -> None:
    request = make_request()
    ends = datetime.now(UTC) - timedelta(seconds=1)
    request.caller = replace(request.caller, expires_at=ends)
    (answer,) = collect(company, "subscription { key }", request)
    (error,) = answer.errors
    assert error.extensions is not None
    assert error.extensions["code"] == "unauthenticated"


def test_also_where_nothing_happens() -> None:
    company = Company()
    field = company.schema.subscription_type.fields["key"]  # type: ignore[union-attr]
    closed = []

    async def wait(_arguments: Any, _request: Request) -> Any:
        try:
            await asyncio.sleep(3600)
            yield None
        finally:
            closed.append(True)

    field.extensions["motivo"] = replace(field.extensions["motivo"], subscribe=wait)
    request = make_request()
    request.caller = replace(request.caller, expires_at=datetime.now(UTC) + timedelta(seconds=0.5))
    (answer,) = collect(company, "subscription { key }", request)
    assert answer.errors[0].message == "it is no longer known who asks"
    assert closed


@pytest.mark.parametrize(
    ("text", "role", "code"),
    [
        ("subscription { key }", Role.ANYONE, "unauthenticated"),
        ("subscription { hidden }", Role.ANALYST, "refused"),
        ("subscription ($n: Int = 1) { key(first: $n) }", Role.ANALYST, "bad_input"),
        ("subscription ($m: Int!) { key(first: $m) }", Role.ANALYST, "usage"),
        ("{ hello }", Role.ANALYST, "usage"),
    ],
)
def test_who_may_not_is_told_once(company: Company, text: str, role: Role, code: str) -> None:
    (answer,) = collect(company, text, make_request(role), variables={"n": None})
    assert answer.data is None
    assert answer.errors[0].extensions is not None
    assert answer.errors[0].extensions["code"] == code
    assert not company.called


def test_each_event_may_be_answered_elsewhere(company: Company) -> None:
    requests = []

    async def answerer(work: Any) -> Answer:
        requests.append(make_request(Role.ADMIN))
        answer: Answer = await asyncio.to_thread(work, requests[-1])
        return answer

    answers = collect(company, "subscription { complaint { key secret } }", answerer=answerer)
    assert [answer.data for answer in answers] == [
        {"complaint": {"key": f"k{n}", "secret": f"k{n}"}} for n in range(2)
    ]
    assert len(requests) == 2


def test_who_leaves_closes_the_source(company: Company) -> None:
    async def run() -> None:
        plan = Documents(company.schema).prepare("subscription { key(first: 5) }")
        answers = subscribe(plan, make_request())
        assert (await anext(answers)).data == {"key": "k0"}
        await answers.aclose()

    asyncio.run(run())
    assert company.closed
