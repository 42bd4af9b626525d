"""Jobs go on when the request is over, belong to who began them, and end when they are told to."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from algorithms import Survey
from api.auth import Role
from api.graphql.knowledge.jobs import MESSAGES
from api.graphql.services import KnowledgeSettings
from tests.api.graphql.knowledge.office import JOB, LONG, Office

START = """mutation ($unit: KindName, $filter: RootCauseFilter, $limit: Float! = 60) {
  startRootCauseSearch(unit: $unit, filter: $filter, timeLimit: $limit) { id state createdAt }
}"""
GET = "query ($id: ID!) { job(id: $id) { " + JOB + " } }"
CANCEL = "mutation ($id: ID!) { cancelJob(id: $id) { id } }"


def start(office: Office, variables: dict[str, Any] | None = None, **options: Any) -> str:
    id_: str = office.ask(START, variables, **options)["startRootCauseSearch"]["id"]
    return id_


class Stuck:
    """A search that does not end by itself, but reports."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, _reader: Any, _question: Any, report: Any) -> Survey:
        self.begun.set()
        while True:
            report("still looking")
            self.go.wait(0.01)


@pytest.fixture
def stuck(own: Office) -> Stuck:
    made = Stuck()
    own.services.jobs._look = made
    return made


def test_what_comes_of_a_search_is_what_is_found_at_once(office: Office) -> None:
    variables = {"filter": {"causes": ["delivery.late"]}}
    job = office.wait_for(start(office, variables))
    assert (job["state"], job["error"]) == ("DONE", None)
    assert job["startedAt"] <= job["endedAt"]
    assert "gathering evidence" in job["messages"]
    text = "query ($filter: RootCauseFilter) { rootCauses(filter: $filter) { nodes { id } unexplained } }"
    assert job["result"] == office.ask(text, variables)["rootCauses"]


def test_what_a_search_finds_is_kept_for_who_asks_next(own: Office) -> None:
    variables = {"filter": {"from": "2026-01-01"}}
    found = own.wait_for(start(own, variables))
    own.services.answers._crew.take = lambda _task: pytest.fail("it is looked for again")  # type: ignore[method-assign]
    text = "query ($filter: RootCauseFilter) { rootCauses(filter: $filter) { nodes { id } unexplained } }"
    assert own.ask(text, variables)["rootCauses"] == found["result"]


def test_what_is_wrong_is_told_at_once_or_in_the_job(office: Office) -> None:
    hidden = {"filter": {"complaint": {"text": {"contains": "x"}}}}
    assert office.complain(START, hidden, role=Role.ANALYST)[0][0] == "refused"
    assert office.complain(START, {"limit": 0.1})[0][0] == "usage"
    assert office.complain(START, {"limit": 1e9})[0][0] == "usage"
    job = office.wait_for(start(office, {"unit": "Cause"}))
    assert (job["state"], job["result"]) == ("FAILED", None)
    assert job["error"]["code"] == "usage"


def test_a_job_is_shown_to_who_began_it_only(office: Office) -> None:
    id_ = start(office, name="ana", role=Role.ANALYST)
    assert office.wait_for(id_, name="ana", role=Role.ANALYST)["state"] == "DONE"
    for other in ({"name": "eva", "role": Role.ANALYST}, {"name": "ana", "role": Role.ADMIN}):
        assert office.complain(GET, {"id": id_}, **other)[0][0] == "not_found"
        assert office.complain(CANCEL, {"id": id_}, **other)[0][0] == "not_found"
    assert office.complain(GET, {"id": "none"})[0][0] == "not_found"
    assert office.complain(GET, {"id": id_}, name="ana", role=Role.AGENT)[0][0] == "refused"


@pytest.mark.parametrize(
    ("language", "told"), [("es", "ninguna tarea"), ("pt", "nenhuma tarefa"), ("en", "no such")]
)
def test_what_is_wrong_is_told_in_the_language_of_who_asks(office: Office, language: str, told: str) -> None:
    [(code, message)] = office.complain(GET, {"id": "none"}, language=language)
    assert code == "not_found"
    assert told in message


def test_cancelling_ends_it(own: Office, stuck: Stuck) -> None:
    id_ = start(own)
    assert stuck.begun.wait(LONG)
    assert own.ask(GET, {"id": id_})["job"]["state"] == "RUNNING"
    own.ask(CANCEL, {"id": id_})
    job = own.wait_for(id_)
    assert (job["state"], job["result"]) == ("CANCELLED", None)
    own.ask(CANCEL, {"id": id_})  # it stays as it is


def test_time_ends_it(own: Office, stuck: Stuck) -> None:
    job = own.wait_for(start(own, {"limit": 1}))
    assert (job["state"], job["error"]["code"]) == ("FAILED", "overtime")
    assert 0 < len(job["messages"]) <= MESSAGES


def test_there_are_so_many_of_a_caller_and_of_all(own: Office, stuck: Stuck) -> None:
    ids = [start(own, name="ana") for _ in range(2)]
    assert own.complain(START, name="ana")[0] == (
        "over_limit",
        "you have as many searches under way as one may have",
    )
    others = [start(own, name=f"n{i}") for i in range(own.services.settings.searches_waiting)]
    code, message = own.complain(START, name="last")[0]
    assert (code, message) == ("over_limit", "too much is being looked for already")
    own.ask(CANCEL, {"id": others[-1]}, name=f"n{len(others) - 1}")
    waiting = own.wait_for(others[-1], name=f"n{len(others) - 1}")
    assert (waiting["state"], waiting["startedAt"]) == ("CANCELLED", None), "it never began"
    start(own, name="last")
    own.ask(CANCEL, {"id": ids[0]}, name="ana")
    assert own.wait_for(ids[0], name="ana")["state"] == "CANCELLED"
    start(own, name="ana")


def test_what_came_of_it_is_kept_for_a_while_only(template: Any, tmp_path: Any) -> None:
    from datetime import timedelta

    office = Office.copy(template, tmp_path / "own", KnowledgeSettings(jobs_kept=timedelta(0)))
    id_ = start(office)
    job = office.services.jobs._jobs[id_]
    assert job.task is not None
    assert job.task.wait(LONG)
    assert office.complain(GET, {"id": id_})[0][0] == "not_found"
    office.close()


@pytest.mark.anyio
async def test_its_progress_is_followed_to_its_end(own: Office, stuck: Stuck) -> None:
    id_ = start(own)
    follow = "subscription ($id: ID!) { jobProgress(id: $id) { " + JOB + " } }"
    states = []
    async for response in own.follow(follow, {"id": id_}):
        job = response["data"]["jobProgress"]
        states.append(job["state"])
        if len(states) == 3:
            own.services.jobs._jobs[id_].task.cancel()  # type: ignore[union-attr]
    assert states[-1] == "CANCELLED"
    assert set(states[:-1]) <= {"QUEUED", "RUNNING"}
    assert len(own.services.jobs._jobs[id_].bell) == 0
    [refused] = [r async for r in own.follow(follow, {"id": id_}, name="other")]
    assert refused["errors"][0]["extensions"]["code"] == "not_found"
