"""A root cause as a type: its pattern, its figures, whom it holds for, and what speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from graphql import (
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLObjectType,
    GraphQLString,
)

from algorithms import Finding
from api.graphql.execution import Arguments
from api.graphql.knowledge.access import STAFF, only
from api.graphql.knowledge.caused import caused_field
from api.graphql.knowledge.causes import Told
from api.graphql.knowledge.effects import effects_field
from api.graphql.knowledge.evidence import evidence_fields
from api.graphql.knowledge.exposed import exposed_field
from api.graphql.request import Request
from api.graphql.types import (
    DATE,
    JSON,
    MONEY,
    Fields,
    Types,
    attribute,
    computed,
    each,
    free,
    list_of,
    make_enum,
    required,
)
from schema import Amount

FINDING = "Finding"

PART = GraphQLObjectType(
    "PatternPart",
    {
        "path": attribute(required(GraphQLString), "path", "The path from the unit to what is compared."),
        "op": attribute(required(GraphQLString), "op", "How: `=`, `in`, `>=`, `<`, `between`, `is_null`..."),
        "value": attribute(JSON, "value", "With what: a value, or several for `in` and `between`."),
    },
    description="One condition of a pattern.",
)
DOSE = GraphQLObjectType(
    "DoseRange",
    {
        "op": attribute(required(GraphQLString), "op", "How the range is bounded."),
        "value": attribute(JSON, "value", "Its bounds."),
        "exposed": attribute(required(GraphQLInt), "exposed", "Units in it."),
        "complaints": attribute(required(GraphQLInt), "complaints", "Their complaints."),
        "rate": attribute(required(GraphQLFloat), "rate", "Complaints a unit."),
    },
    description="A range of the number or date that a root cause is about, and its units' complaints.",
)
RISING = GraphQLObjectType(
    "Rising",
    {
        "since": attribute(required(DATE), "since", "Its first day."),
        "complaints": attribute(required(GraphQLInt), "complaints", "Complaints since then."),
        "expected": attribute(required(GraphQLFloat), "expected", "How many were to be expected."),
        "ratio": attribute(required(GraphQLFloat), "ratio", "How many times as many there are."),
    },
    description="A rise that is going on now.",
)
MONTH = GraphQLObjectType(
    "MonthlyComplaints",
    {
        "month": computed(required(GraphQLString), each(lambda m: m[0]), "The month: 2026-03.", cost=free),
        "complaints": computed(required(GraphQLInt), each(lambda m: m[1]), "Complaints filed.", cost=free),
    },
    description="The complaints of a month.",
)
COURSE = make_enum(
    "Course",
    "Where a root cause is going: its strength in the last third of the period over that before.",
    [
        ("RISING", "rising", "It grows stronger."),
        ("STEADY", "steady", "No change stands out."),
        ("FALLING", "falling", "It grows weaker."),
    ],
)


def list_sums(sums: dict[str, Decimal] | None) -> list[Amount] | None:
    """Return sums of money by currency as a list."""
    return None if sums is None else [Amount(value, currency) for currency, value in sums.items()]


def figure(type_: Any, get: Callable[[Finding], Any], about: str) -> Any:
    """Return a field of a root cause that staff may ask for; a customer's widget may not."""
    return only(STAFF, computed(type_, each(lambda told: get(told.finding)), about, cost=free))


def _spoken(name: str) -> Any:
    def resolve(told: Sequence[Told], _arguments: Arguments, request: Request) -> list[str]:
        return [getattr(one.finding, name)[request.language] for one in told]

    return resolve


def define_findings(types: Types) -> GraphQLObjectType:
    """Make the type of root causes, whose values are `Told`."""
    return types.add(
        GraphQLObjectType(
            FINDING,
            lambda: {
                **_identity(types),
                **_figures(),
                **_course(),
                **evidence_fields(types),
                "exposedCustomers": only(STAFF, exposed_field(types)),
                "causesOfCauses": only(STAFF, caused_field(types)),
                "effects": only(STAFF, effects_field()),
            },
            description="A root cause: a pattern of what units are joined to, whose units complain more than "
            "all others. It is associated with complaints; the judgement whether it causes them is yours.",
        )
    )


def _identity(types: Types) -> Fields:
    def unit(told: Sequence[Told], _arguments: Arguments, _request: Request) -> list[str]:
        return [one.survey.findings.unit for one in told]

    return {
        "id": computed(
            required(GraphQLID),
            each(lambda told: told.id),
            "Its id: the same pattern has the same one whenever it is found.",
            cost=free,
        ),
        "unit": computed(required(types.kind_names), unit, "What is exposed to it.", cost=free),
        "title": computed(
            required(GraphQLString), _spoken("title"), "The pattern in words, in your language.", cost=free
        ),
        "pattern": computed(
            list_of(PART), each(lambda told: told.finding.pattern), "The pattern.", cost=free
        ),
        "aliases": computed(
            required(GraphQLList(list_of(PART))),
            each(lambda told: told.finding.aliases),
            "Patterns that hold for nearly the same units.",
            cost=free,
        ),
        "explanation": only(
            STAFF,
            computed(
                required(GraphQLString),
                _spoken("explanation"),
                "It as a sentence, in your language.",
                cost=free,
            ),
        ),
    }


def _figures() -> Fields:
    whole, number = required(GraphQLInt), required(GraphQLFloat)
    money = GraphQLList(required(MONEY))
    return {
        "rank": figure(whole, lambda f: f.rank, "Its place among all, by complaints beyond the usual."),
        "complaints": figure(whole, lambda f: f.complaints, "Complaints of its units."),
        "customers": figure(whole, lambda f: f.customers, "Different customers who filed these."),
        "exposed": figure(whole, lambda f: f.exposed, "Units that it holds for."),
        "rate": figure(number, lambda f: f.rate, "Complaints a unit."),
        "baseRate": figure(number, lambda f: f.base_rate, "Complaints a unit among all others."),
        "lift": figure(number, lambda f: f.lift, "How many times the rate of all others."),
        "liftLow": figure(number, lambda f: f.lift_low, "Lower end of its 95 % interval."),
        "liftHigh": figure(number, lambda f: f.lift_high, "Upper end of its 95 % interval."),
        "qValue": figure(
            number, lambda f: f.q_value, "Expected share of false ones among those as sure as this."
        ),
        "coverage": figure(number, lambda f: f.coverage, "Share of all complaints, from 0 to 1."),
        "cumulativeCoverage": figure(
            number, lambda f: f.cumulative_coverage, "The same of this and all of better rank together."
        ),
        "cumulativeCustomers": figure(
            whole, lambda f: f.cumulative_customers, "Customers of this and all of better rank together."
        ),
        "money": figure(
            money,
            lambda f: list_sums(f.money),
            "Money at stake by currency: the project's measure of units that complained; null without one.",
        ),
        "cumulativeMoney": figure(
            money, lambda f: list_sums(f.cumulative_money), "The same of this and all of better rank."
        ),
        "dose": figure(
            list_of(DOSE), lambda f: f.dose, "Where it is about a number or date: complaints by ranges."
        ),
    }


def _course() -> Fields:
    def day(get: Callable[[Finding], date | None], about: str) -> Any:
        return figure(DATE, get, about)

    def ratio(get: Callable[[Finding], float | None], about: str) -> Any:
        return figure(GraphQLFloat, get, about)

    return {
        "onset": day(lambda f: f.onset, "The day since which it is stronger, or its first complaint."),
        "onsetLow": day(lambda f: f.onset_low, "The earliest day on which that may lie (95 %)."),
        "onsetHigh": day(lambda f: f.onset_high, "The latest day on which that may lie (95 %)."),
        "onsetRatio": ratio(lambda f: f.onset_ratio, "How many times stronger it became."),
        "ended": day(lambda f: f.ended, "The first day on which that was over."),
        "trend": figure(COURSE, lambda f: f.trend, "Where it is going; null where that is not known."),
        "trendRatio": ratio(lambda f: f.trend_ratio, "Its strength of late over that before."),
        "trendLow": ratio(lambda f: f.trend_low, "Lower end of the 95 % interval."),
        "trendHigh": ratio(lambda f: f.trend_high, "Upper end of the 95 % interval."),
        "emerging": figure(RISING, lambda f: f.emerging, "The rise that is going on now, if one is."),
        "monthly": figure(list_of(MONTH), lambda f: f.monthly, "Complaints by month."),
    }


def is_small(finding: Finding, smallest: int) -> bool:
    """Tell whether a root cause is of so few customers that it is not shown."""
    return finding.customers < smallest
