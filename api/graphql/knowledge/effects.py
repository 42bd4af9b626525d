"""What became of complaints since something was done about their root cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLString,
)

from algorithms import Action, Effect
from api.graphql.execution import Arguments
from api.graphql.knowledge.access import STAFF, get_services, only
from api.graphql.knowledge.causes import Told
from api.graphql.request import Request
from api.graphql.types import (
    DATE,
    Fields,
    argument,
    attribute,
    computed,
    free,
    list_of,
    make_enum,
    once,
    required,
)

COST = 100

VERDICT = make_enum(
    "EffectVerdict",
    "Whether complaints fell among the exposed, against all others.",
    [
        ("FEWER", "fewer", "There are fewer than were to be expected."),
        ("MORE", "more", "There are more."),
        ("SAME", "same", "An effect that matters is ruled out."),
        ("UNKNOWN", "unknown", "The data do not tell; the reason says why."),
    ],
)
REASON = make_enum(
    "EffectReason",
    "Why it is not known whether an action helped.",
    [
        ("EARLY", "early", "Hardly any day has passed since."),
        ("UNDATED", "undated", "Complaints have no dates."),
        ("NO_UNITS", "no_units", "Nothing is exposed."),
        ("FEW_BEFORE", "few_before", "There were too few complaints before."),
        ("FEW_AFTER", "few_after", "There have been too few complaints since."),
        ("NO_COMPARISON", "no_comparison", "There are too few others to compare with."),
        ("WIDE", "wide", "The interval is too wide."),
    ],
)


def describe_action(title: Any) -> GraphQLObjectType:
    """Return the type of actions on root causes."""
    return GraphQLObjectType(
        "CorrectiveAction",
        {
            "id": attribute(required(GraphQLID), "id", "Its id: a1."),
            "rootCause": attribute(required(GraphQLID), "cause", "The id of the root cause that it is on."),
            "title": computed(
                required(GraphQLString), title, "The pattern of that in words, in your language.", cost=free
            ),
            "what": attribute(required(GraphQLString), "what", "What is done."),
            "by": attribute(GraphQLString, "by", "Who does it."),
            "startsOn": attribute(required(DATE), "starts_on", "The first day that it is in force."),
            "newOnly": attribute(
                required(GraphQLBoolean), "new_only", "Whether it reaches only units that begin from then on."
            ),
        },
        description="Something that is done about a root cause.",
    )


def _title(actions: Sequence[Action], _arguments: Arguments, request: Request) -> list[str]:
    return [action.title[request.language] for action in actions]


def _explanation(effects: Sequence[Effect], _arguments: Arguments, request: Request) -> list[str]:
    return [effect.explanation[request.language] for effect in effects]


ACTION = describe_action(_title)
PERIODS = GraphQLObjectType(
    "BeforeAndAfter",
    {
        "complaintsBefore": attribute(required(GraphQLInt), "complaints_before", "Complaints before it."),
        "unitDaysBefore": attribute(
            required(GraphQLInt), "unit_days_before", "Days before it, of all units together."
        ),
        "rateBefore": attribute(GraphQLFloat, "rate_before", "Complaints a unit and 30 days before it."),
        "complaintsAfter": attribute(required(GraphQLInt), "complaints_after", "Complaints since."),
        "unitDaysAfter": attribute(
            required(GraphQLInt), "unit_days_after", "Days since, of all units together."
        ),
        "rateAfter": attribute(GraphQLFloat, "rate_after", "Complaints a unit and 30 days since."),
    },
    description="Complaints before and after an action.",
)
EFFECT = GraphQLObjectType(
    "Effect",
    {
        "action": attribute(required(ACTION), "action", "The action."),
        "since": attribute(required(DATE), "since", "The first day looked at."),
        "until": attribute(required(DATE), "until", "The last day looked at."),
        "exposedUnits": attribute(required(GraphQLInt), "exposed_units", "Units that it is for."),
        "exposed": attribute(required(PERIODS), "exposed", "Complaints of these."),
        "others": attribute(required(PERIODS), "others", "Complaints of those they are compared with."),
        "dated": attribute(required(GraphQLBoolean), "dated", "Whether it is known when units began."),
        "expected": attribute(GraphQLFloat, "expected", "Complaints to be expected without the action."),
        "ratio": attribute(GraphQLFloat, "ratio", "How many times as many there are."),
        "low": attribute(GraphQLFloat, "low", "Lower end of its 95 % interval."),
        "high": attribute(GraphQLFloat, "high", "Upper end of its 95 % interval."),
        "verdict": attribute(required(VERDICT), "verdict", "What that says."),
        "reason": attribute(REASON, "reason", "Why nothing is known, where that is so."),
        "daysNeeded": attribute(
            GraphQLInt, "days_needed", "Days after the action in which a halving would show."
        ),
        "explanation": computed(
            required(GraphQLString), _explanation, "It as a sentence, in your language.", cost=free
        ),
    },
    description="What became of complaints among the exposed since an action, against all others.",
)


def _find(request: Request) -> Sequence[Effect]:
    return request.keep("effects", lambda: get_services(request).causes.effects(request.reader).value)


def effects_field() -> GraphQLField:
    """Return the field of a root cause for what was done about it, and whether it helped."""

    def resolve(told: Sequence[Told], _arguments: Arguments, request: Request) -> list[list[Effect]]:
        found = _find(request)
        return [[effect for effect in found if effect.action.cause == one.id] for one in told]

    return computed(
        list_of(EFFECT),
        resolve,
        "What was done about it, and what became of complaints since.",
        cost=lambda _arguments, below: COST + 10 * below,
    )


def effects_fields() -> Fields:
    """Return the root field of the effects of all actions, or of one."""

    def resolve(arguments: Arguments, request: Request) -> list[Effect]:
        wanted = arguments.get("action")
        return [effect for effect in _find(request) if wanted in (None, effect.action.id)]

    return {
        "effects": only(
            STAFF,
            computed(
                list_of(EFFECT),
                once(resolve),
                "What became of complaints since each action on a root cause, oldest first.",
                args={"action": argument(GraphQLID, "Of this action only: a1.")},
                cost=lambda _arguments, below: COST + 10 * below,
            ),
        )
    }
