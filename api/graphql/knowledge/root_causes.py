"""The root causes that complaints share: all, and one; and which causes are rising."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

from algorithms import Alert, Alerts, Considered, Finding, Survey
from api.graphql.execution import Arguments
from api.graphql.knowledge.access import STAFF, find_smallest_group, get_services, only
from api.graphql.knowledge.answers import Dated
from api.graphql.knowledge.causes import Question, Told
from api.graphql.knowledge.filters import question_arguments, read_question
from api.graphql.knowledge.findings import define_findings
from api.graphql.request import Request
from api.graphql.types import (
    DATE,
    TIME,
    Fields,
    Types,
    argument,
    attribute,
    check_size,
    computed,
    each,
    free,
    list_of,
    make_enum,
    once,
    required,
)

COST = 100
SHOWN = 50


@dataclass(frozen=True, eq=False)
class Found:
    """The root causes that were found, of which the first few are shown."""

    survey: Survey
    question: Question
    as_of: datetime
    current: bool
    first: int
    smallest: int

    @property
    def nodes(self) -> list[Told]:
        """The root causes that are shown, by rank; those of few customers are not shown to everyone."""
        shown = [f for f in self.survey.findings.root_causes if f.customers >= self.smallest]
        return [Told(f, self.survey, self.as_of, self.question) for f in shown[: self.first]]


def show(
    request: Request, found: Dated[Survey], question: Question, first: int, *, current: bool | None = None
) -> Found:
    """Return the root causes as a caller is shown them."""
    fresh = found.version == request.reader.version() if current is None else current
    return Found(found.value, question, found.as_of, fresh, first, find_smallest_group(request))


CONSIDERED = GraphQLObjectType(
    "ConsideredPath",
    {
        "path": attribute(required(GraphQLString), "path", "The path that was looked at."),
        "used": attribute(required(GraphQLBoolean), "used", "Whether it is used as a feature."),
        "reason": attribute(required(GraphQLString), "reason", "Why, as a code for programs."),
        "why": computed(
            required(GraphQLString),
            lambda paths, _arguments, request: _say_why(paths, request),
            "Why, in your language.",
            cost=free,
        ),
    },
    description="A path that was looked at for what may explain complaints, used or not.",
)
ALERT_KIND = make_enum(
    "AlertKind",
    "What is rising.",
    [
        ("STATED", "cause", "A cause that texts state; the id is its key."),
        ("ROOT_CAUSE", "root_cause", "A pattern; the id is that of the root cause."),
    ],
)


def _say_why(paths: Sequence[Considered], request: Request) -> list[str]:
    return [path.why[request.language] for path in paths]


def _titles(alerts: Sequence[Alert], _arguments: Arguments, request: Request) -> list[str]:
    return [alert.title[request.language] for alert in alerts]


ALERT = GraphQLObjectType(
    "Alert",
    {
        "kind": attribute(required(ALERT_KIND), "kind", "What is rising."),
        "id": attribute(required(GraphQLID), "id", "Which one."),
        "title": computed(required(GraphQLString), _titles, "It in words, in your language.", cost=free),
        "since": attribute(required(DATE), "since", "The first day of the rise."),
        "complaints": attribute(required(GraphQLInt), "complaints", "Complaints since then."),
        "expected": attribute(required(GraphQLFloat), "expected", "How many were to be expected."),
        "ratio": attribute(required(GraphQLFloat), "ratio", "How many times as many there are."),
    },
    description="A cause that is rising now.",
)


def define_root_causes(types: Types) -> GraphQLObjectType:
    """Make the type of all root causes that were found, whose values are `Found`."""
    known = types.find("RootCauses")
    if isinstance(known, GraphQLObjectType):
        return known
    finding = define_findings(types)

    def count(name: str, about: str) -> GraphQLField:
        get = each(lambda found: getattr(found.survey.findings, name))
        return computed(required(GraphQLInt), get, about, cost=free)

    return types.add(
        GraphQLObjectType(
            "RootCauses",
            {
                "nodes": attribute(list_of(finding), "nodes", "The root causes, by rank."),
                "unit": computed(
                    required(types.kind_names),
                    each(lambda found: found.survey.findings.unit),
                    "What is exposed.",
                    cost=free,
                ),
                "complaints": count("complaints", "Complaints of units of which anything is known."),
                "unlinked": count("unlinked", "Complaints of no such unit."),
                "units": count("units", "Units compared."),
                "features": count("features", "Features looked at."),
                "unexplained": count("unexplained", "Complaints that lie in no root cause."),
                "considered": computed(
                    list_of(CONSIDERED),
                    each(lambda found: found.survey.findings.considered),
                    "Each path that was looked at.",
                    cost=free,
                ),
                "asOf": attribute(required(TIME), "as_of", "Of when the graph is that this was found in."),
                "current": attribute(
                    required(GraphQLBoolean),
                    "current",
                    "Whether nothing has changed since; if not, it is found anew meanwhile.",
                ),
            },
            description="The root causes of a unit's complaints, and what stays outside them.",
        )
    )


def _alerts_type() -> GraphQLObjectType:
    return GraphQLObjectType(
        "Alerts",
        {
            "nodes": attribute(list_of(ALERT), "alerts", "What is rising, strongest first."),
            "until": attribute(DATE, "until", "The day of the last complaint; null where none has a date."),
            "watched": attribute(required(GraphQLInt), "watched", "How many causes were looked at."),
            "falseAYear": attribute(
                required(GraphQLFloat), "false_a_year", "False alarms that each gives a year, at most."
            ),
        },
        description="What is rising at the end of the records.",
    )


def root_cause_fields(types: Types) -> Fields:
    """Return the root fields of root causes and alerts."""
    found, finding = define_root_causes(types), types.find("Finding")
    assert isinstance(finding, GraphQLObjectType)  # noqa: S101
    asked = question_arguments(types)
    return {
        "rootCauses": only(
            STAFF,
            computed(
                GraphQLNonNull(found),
                once(_find_all),
                "The root causes that complaints share. They are kept while the graph is as it is; what has "
                "not been asked before takes a while, and a long search is better begun as a job.",
                args={
                    **asked,
                    "first": argument(GraphQLInt, "How many, by rank.", default=SHOWN),
                },
                cost=lambda arguments, below: COST + max(arguments["first"], 0) * below,
            ),
        ),
        "rootCause": only(
            STAFF,
            computed(
                finding,
                once(_find_one),
                "One of the root causes, by its id; null where it is not found with this unit and filter.",
                args={"id": argument(required(GraphQLID), "Its id: rc-1234567890."), **asked},
                cost=lambda _arguments, below: COST + below,
            ),
        ),
        "alerts": only(
            STAFF,
            computed(
                GraphQLNonNull(_alerts_type()),
                once(_find_alerts),
                "Which causes are rising now: those that texts state, and the root causes behind complaints.",
                args={name: of for name, of in asked.items() if name != "maxOrder"},
                cost=lambda _arguments, below: COST + 10 * below,
            ),
        ),
    }


def _find_all(arguments: Arguments, request: Request) -> Found:
    first, question = check_size("first", arguments["first"]), read_question(arguments, request)
    found = get_services(request).causes.survey(request.reader, question)
    return show(request, found, question, first)


def _find_one(arguments: Arguments, request: Request) -> Told | None:
    question = read_question(arguments, request)
    found = get_services(request).causes.survey(request.reader, question)
    finding: Finding | None = found.value.find(arguments["id"])
    if finding is None or finding.customers < find_smallest_group(request):
        return None
    return Told(finding, found.value, found.as_of, question)


def _find_alerts(arguments: Arguments, request: Request) -> Alerts:
    question = read_question({**arguments, "maxOrder": 3}, request)
    found = get_services(request).causes.alerts(request.reader, question).value
    smallest = find_smallest_group(request)
    return replace(found, alerts=tuple(a for a in found.alerts if a.customers >= smallest))
