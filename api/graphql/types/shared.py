"""Types that are of no kind: money, pages, where something comes from, and the words for them."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLString,
)

from api.auth import Role
from api.graphql.types.fields import attribute, enum_of, make_enum, required
from api.graphql.types.scalars import DECIMAL, JSON, TIME
from schema import Amount, Direction, Sensitivity

MONEY = GraphQLObjectType(
    "Money",
    {
        "amount": attribute(required(DECIMAL), "value", "The sum, exact to four places."),
        "currency": attribute(required(GraphQLString), "currency", "The currency, ISO 4217: BRL."),
    },
    description="A sum of money.",
)


def _read_money(given: dict[str, Any]) -> Amount:
    return Amount(given["amount"], given["currency"])


MONEY_INPUT = GraphQLInputObjectType(
    "MoneyInput",
    {
        "amount": GraphQLInputField(required(DECIMAL), description="The sum, exact to four places."),
        "currency": GraphQLInputField(required(GraphQLString), description="The currency, ISO 4217: BRL."),
    },
    description="A sum of money. Sums are compared within their currency.",
    out_type=_read_money,
)
PAGE_INFO = GraphQLObjectType(
    "PageInfo",
    {
        "hasNextPage": attribute(
            required(GraphQLBoolean), "has_next", "Whether more comes behind this page."
        ),
        "hasPreviousPage": attribute(
            required(GraphQLBoolean), "has_previous", "Whether anything comes before this page."
        ),
        "startCursor": attribute(GraphQLString, "start", "The cursor of the first edge."),
        "endCursor": attribute(
            GraphQLString, "end", "The cursor of the last edge: `after` for the next page."
        ),
    },
    description="Where a page of a connection lies.",
)
PROVENANCE = GraphQLObjectType(
    "Provenance",
    {
        "source": attribute(required(GraphQLString), "source", "The source that says so."),
        "run": attribute(required(GraphQLInt), "run", "The ingest that brought it."),
        "validFrom": attribute(required(TIME), "valid_from", "Since when it is said."),
        "validTo": attribute(TIME, "valid_to", "Until when it was said; null while it is."),
    },
    description="Where something comes from, and while it holds.",
)
DIRECTION = make_enum(
    "Direction",
    "Which way a relationship is walked.",
    [
        ("OUT", Direction.OUT, "From its start to its end."),
        ("IN", Direction.IN, "From its end to its start."),
    ],
)
SORT_DIRECTION = make_enum(
    "SortDirection",
    "Which way values are sorted.",
    [
        ("ASC", False, "Least first; what has no value comes first."),
        ("DESC", True, "Greatest first; what has no value comes last."),
    ],
)
SENSITIVITY = enum_of(
    Sensitivity,
    "Who may see a value.",
    {
        "PUBLIC": "Everyone who is signed in.",
        "PERSONAL": "Who works with customers: agents, investigators, admins, and a customer's own widget.",
        "SENSITIVE": "Investigators and admins.",
    },
)
ROLE = enum_of(
    Role,
    "What somebody does with the service.",
    {
        "ANYONE": "Has not said who they are.",
        "WIDGET": "A page that shows one customer.",
        "ANALYST": "Works with causes and figures, without personal data.",
        "AGENT": "Talks with customers.",
        "INVESTIGATOR": "Walks the graph down to the evidence.",
        "ADMIN": "Runs the service.",
    },
)

CONTRIBUTION = GraphQLObjectType(
    "Contribution",
    {
        "source": attribute(required(GraphQLString), "source", "The source of the record."),
        "record": attribute(
            GraphQLString,
            "record",
            "The key of the record in its source.",
            sensitivity=Sensitivity.PERSONAL,
        ),
        "run": attribute(required(GraphQLInt), "run", "The ingest that brought it."),
        "validFrom": attribute(required(TIME), "valid_from", "Since when the record says so."),
        "validTo": attribute(TIME, "valid_to", "Until when it said so; null while it does."),
        "properties": attribute(
            required(JSON), "properties", "What it says of properties that you may see, by their names."
        ),
    },
    description="What one record of a source says, or said, of a node.",
)
