"""Who is who, as people judge it: customers merged and split, and those that a person should look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql import GraphQLField, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.knowledge.access import REVIEWERS, note_change, only, require_whole
from api.graphql.knowledge.reviews import find_true_key
from api.graphql.request import Request
from api.graphql.types import (
    TIME,
    Fields,
    Types,
    argument,
    attribute,
    check_size,
    computed,
    list_of,
    once,
    required,
)
from graph import Decision
from ingest.identity import Decided, Doubt, IdentityDesk, find_doubts
from schema import CUSTOMER, RECORD

COST = 100


@dataclass(frozen=True)
class Made:
    """A decision as it is told, and the keys of customers and records that it is about."""

    number: int
    action: str
    by: str
    at: datetime
    why: str
    customers: Sequence[str]
    records: Sequence[str]


def describe(made: Decision, customers: Sequence[str] = ()) -> Made:
    """Return a decision as it is told; `customers`: whom its records are of now."""
    records = tuple(dict.fromkeys(subject.key for subject in made.subjects))
    return Made(made.id, made.action, made.by, made.at, made.why, customers, records)


def _nodes(kind: str, name: str) -> Callable[..., list[list[Any]]]:
    def resolve(objects: Sequence[Any], _arguments: Arguments, request: Request) -> list[list[Any]]:
        keys = dict.fromkeys(key for one in objects for key in getattr(one, name))
        found = request.reader.get_many(kind, list(keys)) if keys else {}
        return [[found[key] for key in getattr(one, name) if key in found] for one in objects]

    return resolve


def define_made(types: Types) -> GraphQLObjectType:
    """Make the type of decisions on who is who."""
    known = types.find("IdentityDecision")
    if isinstance(known, GraphQLObjectType):
        return known
    return types.add(
        GraphQLObjectType(
            "IdentityDecision",
            {
                "number": attribute(required(GraphQLInt), "number", "Its number, greater than all before."),
                "action": attribute(required(GraphQLString), "action", "merge, split, apart or undo."),
                "by": attribute(required(GraphQLString), "by", "Who decided."),
                "at": attribute(required(TIME), "at", "When."),
                "why": attribute(required(GraphQLString), "why", "The reason given."),
                "customers": computed(
                    list_of(types.objects[CUSTOMER]),
                    _nodes(CUSTOMER, "customers"),
                    "The customers that its records were of just after it; of older decisions, none.",
                ),
                "records": computed(
                    list_of(types.objects[RECORD]), _nodes(RECORD, "records"), "The records that it is about."
                ),
            },
            description="What a person decided on who is who. Ingests keep to it, until it is undone.",
        )
    )


def _decide(decided: Decided, request: Request, name: str) -> Made:
    subjects = [(CUSTOMER, key) for key in decided.customers]
    records = dict.fromkeys((s.kind, s.key) for s in decided.decision.subjects)
    note_change(request, name, [*subjects, *records])
    return describe(decided.decision, decided.customers)


def _open_desk(request: Request) -> IdentityDesk:
    return IdentityDesk(request.store, by=request.caller.name)


def _merge(arguments: Arguments, request: Request) -> Made:
    into, *others = (
        find_true_key(request, CUSTOMER, key) for key in (arguments["into"], *arguments["customers"])
    )
    made = _open_desk(request).merge(into, others, why=arguments["why"])
    return _decide(made, request, "mergeCustomers")


def _split(arguments: Arguments, request: Request) -> Made:
    customer = find_true_key(request, CUSTOMER, arguments["customer"])
    records = [find_true_key(request, RECORD, key) for key in arguments["records"]]
    made = _open_desk(request).split(customer, records, why=arguments["why"])
    return _decide(made, request, "splitCustomer")


def _keep_apart(arguments: Arguments, request: Request) -> Made:
    customers = [find_true_key(request, CUSTOMER, key) for key in arguments["customers"]]
    made = _open_desk(request).keep_apart(customers, why=arguments["why"])
    return _decide(made, request, "keepCustomersApart")


def _undo(arguments: Arguments, request: Request) -> Made:
    require_whole(request)
    made = _open_desk(request).undo(arguments.get("number"), why=arguments["why"])
    return _decide(made, request, "undoIdentityDecision")


def _list_decisions(arguments: Arguments, request: Request) -> list[Made]:
    require_whole(request)
    first = check_size("first", arguments["first"])
    return [describe(made) for made in _open_desk(request).history()[::-1][:first]]


def _find_doubts(arguments: Arguments, request: Request) -> list[Doubt]:
    require_whole(request)
    reader = request.store.reader()
    try:
        rules = (reader.setting("project") or {}).get("identity", [])
        return find_doubts(reader, rules, limit=check_size("first", arguments["first"]))
    finally:
        reader.close()


WHY = {"why": argument(GraphQLString, "The reason, kept with the decision.", default="")}


def _texts(about: str) -> Any:
    return argument(required(GraphQLList(required(GraphQLString))), about)


def identity_fields(types: Types) -> Fields:
    """Return the root fields that show who may be who, and what was decided."""
    doubt = GraphQLObjectType(
        "IdentityDoubt",
        {
            "properties": attribute(
                list_of(GraphQLString), "properties", "The properties in which the records are equal."
            ),
            "customers": computed(
                list_of(types.objects[CUSTOMER]), _nodes(CUSTOMER, "customers"), "The customers."
            ),
            "records": computed(
                list_of(types.objects[RECORD]), _nodes(RECORD, "records"), "The records that are equal."
            ),
        },
        description="Customers whose records meet by a key and were kept apart, mostly by their tax numbers.",
    )
    return {
        "doubtfulIdentities": only(
            REVIEWERS,
            computed(
                list_of(doubt),
                once(_find_doubts),
                "Customers that may be one: merge them, or say with `keepCustomersApart` that they are not.",
                args={"first": argument(GraphQLInt, "How many.", default=20)},
                cost=lambda arguments, below: COST + max(arguments["first"], 0) * below,
            ),
        ),
        "identityDecisions": only(
            REVIEWERS,
            computed(
                list_of(define_made(types)),
                once(_list_decisions),
                "What was decided on who is who, the last first; undone decisions and undoings included.",
                args={"first": argument(GraphQLInt, "How many.", default=20)},
                cost=lambda arguments, below: COST + max(arguments["first"], 0) * below,
            ),
        ),
    }


def identity_mutations(types: Types) -> Fields:
    """Return the fields that decide who is who."""
    made = required(define_made(types))

    def field(decide: Callable[[Arguments, Request], Made], about: str, **args: Any) -> GraphQLField:
        return only(REVIEWERS, computed(made, once(decide), about, args={**args, **WHY}))

    return {
        "mergeCustomers": field(
            _merge,
            "Say that customers are one. Their records become those of `into`, and stay so in later ingests.",
            into=argument(required(GraphQLString), "The key of the customer that stays."),
            customers=_texts("The keys of the others."),
        ),
        "splitCustomer": field(
            _split,
            "Say that some records of a customer are of another one, who gets a key of their own. They stay "
            "apart in later ingests.",
            customer=argument(required(GraphQLString), "The key of the customer."),
            records=_texts("The keys of the records that leave."),
        ),
        "keepCustomersApart": field(
            _keep_apart,
            "Say that customers are not one. Nothing moves, nobody is asked again, and no ingest joins them.",
            customers=_texts("Their keys, two or more."),
        ),
        "undoIdentityDecision": field(
            _undo,
            "Take a decision on who is who back; it stays in the history.",
            number=argument(GraphQLInt, "The number of the decision; the last that counts if not said."),
        ),
    }
