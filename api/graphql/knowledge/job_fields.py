"""Searches for root causes that are begun now and asked for later."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLFloat, GraphQLID, GraphQLInt, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments, FieldRule, make_field
from api.graphql.knowledge.access import SEARCHERS, get_services, only
from api.graphql.knowledge.answers import Dated
from api.graphql.knowledge.filters import question_arguments, read_question
from api.graphql.knowledge.jobs import Job, JobState, follow_job
from api.graphql.knowledge.root_causes import SHOWN, Found, define_root_causes, show
from api.graphql.knowledge.words import say, speak
from api.graphql.request import Request
from api.graphql.types import (
    TIME,
    Fields,
    Types,
    argument,
    attribute,
    check_size,
    computed,
    enum_of,
    free,
    list_of,
    once,
    required,
)
from schema import MotivoError, Sensitivity, UsageError

SHORTEST = 1.0  # seconds
USUAL = 300.0

STATE = enum_of(
    JobState,
    "How far a job is.",
    {
        "QUEUED": "It waits for others.",
        "RUNNING": "It is being done.",
        "DONE": "It is done, and its result is there.",
        "FAILED": "It ended with an error.",
        "CANCELLED": "It was cancelled.",
    },
)


@dataclass(frozen=True)
class Failure:
    """Why a job has failed."""

    message: str
    code: str
    hint: str | None


FAILURE = GraphQLObjectType(
    "JobError",
    {
        "message": attribute(required(GraphQLString), "message", "What is wrong."),
        "code": attribute(required(GraphQLString), "code", "The kind of error, for programs."),
        "hint": attribute(GraphQLString, "hint", "What to do about it."),
    },
    description="Why a job has failed.",
)


def describe_failure(job: Job, language: str) -> Failure | None:
    """Return why a job has failed; of errors that are not of our family, only that there was one."""
    error = job.error
    if error is None:
        return None
    if isinstance(error, MotivoError):
        told = speak(error, language)
        return Failure(told.message, told.code, told.hint or None)
    return Failure(say("internal error", language), "internal", None)


def define_jobs(types: Types) -> GraphQLObjectType:
    """Make the type of jobs."""
    known = types.find("Job")
    if isinstance(known, GraphQLObjectType):
        return known

    def result(jobs: Sequence[Job], arguments: Arguments, request: Request) -> list[Found | None]:
        first = check_size("first", arguments["first"])
        return [_read_result(job, request, first) for job in jobs]

    return types.add(
        GraphQLObjectType(
            "Job",
            {
                "id": attribute(required(GraphQLID), "id", "Its id."),
                "state": attribute(required(STATE), "state", "How far it is."),
                "messages": computed(
                    list_of(GraphQLString), _tell, "What it has done, the last hundred steps.", cost=free
                ),
                "createdAt": attribute(required(TIME), "created_at", "When it was asked for."),
                "startedAt": attribute(TIME, "started_at", "When it began."),
                "endedAt": attribute(TIME, "ended_at", "When it ended."),
                "result": computed(
                    define_root_causes(types),
                    result,
                    "What came of it, once it is done.",
                    args={"first": argument(GraphQLInt, "How many root causes, by rank.", default=SHOWN)},
                    cost=lambda arguments, below: 1 + max(arguments["first"], 0) * below,
                ),
                "error": computed(FAILURE, _failures, "Why it failed, if it did.", cost=free),
            },
            description="A search for root causes that goes on when the request that began it is over. It is "
            "shown to who began it only.",
        )
    )


def _tell(jobs: Sequence[Job], _arguments: Arguments, request: Request) -> list[list[str]]:
    return [[say(text, request.language) for text in job.messages] for job in jobs]


def _failures(jobs: Sequence[Job], _arguments: Arguments, request: Request) -> list[Failure | None]:
    return [describe_failure(job, request.language) for job in jobs]


def _read_result(job: Job, request: Request, first: int) -> Found | None:
    survey = job.result
    if survey is None:
        return None
    as_of = survey.as_of or job.ended_at or datetime.now(UTC)
    return show(request, Dated(survey, survey.version, as_of), job.question, first)


def _get(arguments: Arguments, request: Request) -> Job:
    return get_services(request).jobs.get(request.caller, request.reader, arguments["id"])


def _cancel(arguments: Arguments, request: Request) -> Job:
    return get_services(request).jobs.cancel(request.caller, request.reader, arguments["id"])


def _start(arguments: Arguments, request: Request) -> Job:
    services, question = get_services(request), read_question(arguments, request)
    limit, most = arguments["timeLimit"], services.settings.job_seconds
    if not SHORTEST <= limit <= most:
        raise UsageError(f"`timeLimit` is from {SHORTEST:g} to {most:g} seconds, not {limit:g}")
    return services.jobs.start(request.caller, request.reader, question, limit)


def _id_argument() -> dict[str, Any]:
    return {"id": argument(required(GraphQLID), "The id of the job.")}


def job_fields(types: Types) -> Fields:
    """Return the root field that shows a job."""
    return {
        "job": only(
            SEARCHERS,
            computed(required(define_jobs(types)), once(_get), "A job of yours.", args=_id_argument()),
        )
    }


def job_mutations(types: Types) -> Fields:
    """Return the fields that begin and end jobs."""
    job = required(define_jobs(types))
    return {
        "startRootCauseSearch": only(
            SEARCHERS,
            computed(
                job,
                once(_start),
                "Begin a search for root causes, with any filter. Ask for it with `job`, or follow it with "
                "`jobProgress`; what comes of it is kept for an hour.",
                args={
                    **question_arguments(types),
                    "timeLimit": argument(
                        GraphQLFloat, "Seconds after which it ends, done or not.", default=USUAL
                    ),
                },
            ),
        ),
        "cancelJob": only(
            SEARCHERS,
            computed(job, once(_cancel), "End a job of yours; nothing comes of it.", args=_id_argument()),
        ),
    }


async def _follow(arguments: Arguments, request: Request) -> AsyncIterator[Job]:
    async for job in follow_job(_get(arguments, request)):
        yield job


def job_subscriptions(types: Types) -> Fields:
    """Return the field that follows a job."""
    rule = FieldRule("", subscribe=_follow, sensitivity=Sensitivity.PUBLIC)
    progress = make_field(
        required(define_jobs(types)),
        rule,
        args=_id_argument(),
        description="A job of yours, whenever something has happened to it, until it has ended.",
    )
    return {"jobProgress": only(SEARCHERS, progress)}
