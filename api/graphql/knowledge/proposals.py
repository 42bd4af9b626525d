"""The review queue: what texts state and nobody has a name for yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLInt, GraphQLObjectType, GraphQLString

from api.auth import Caller, Role
from api.graphql.execution import Arguments
from api.graphql.knowledge.access import REVIEWERS, get_services, only, require_whole
from api.graphql.knowledge.reviews import open_desk
from api.graphql.request import Request
from api.graphql.types import (
    Fields,
    Types,
    argument,
    attribute,
    check_size,
    computed,
    free,
    list_of,
    make_enum,
    once,
    required,
)
from schema import CAUSE, COMPLAINT, Sensitivity

if TYPE_CHECKING:
    from ingest.text.review import Proposal, Queue

COST = 100
QUOTES = 10

STATE = make_enum(
    "ProposalState",
    "Why something is proposed.",
    [
        ("NEW", "new", "Found by likeness."),
        ("TOUCHED", "touched", "Somebody has decided on it before, and not yet accepted it."),
        ("AGAIN", "again", "It was rejected, and twice as many complaints state it since."),
    ],
)


@dataclass(frozen=True)
class Numbered:
    """A distinct quote of a proposal, with the number that `splitCauseProposal` takes."""

    number: int
    quote: str
    language: str
    complaint: str
    complaints: int | None


def _number(proposal: Proposal) -> list[Numbered]:
    return [
        Numbered(number, quote.words, quote.lang, said[0].complaint, len({s.complaint for s in said}))
        for number, (quote, said) in enumerate(proposal.quotes, 1)
    ]


def _complaints(quotes: Sequence[Numbered], _arguments: Arguments, request: Request) -> list[Any]:
    found = request.reader.get_many(COMPLAINT, list(dict.fromkeys(quote.complaint for quote in quotes)))
    return [found.get(quote.complaint) for quote in quotes]


def _nearest(proposals: Sequence[Proposal], _arguments: Arguments, request: Request) -> list[list[Any]]:
    keys = dict.fromkeys(key for proposal in proposals for key in proposal.nearest)
    found = request.reader.get_many(CAUSE, list(keys)) if keys else {}
    return [[found[key] for key in proposal.nearest if key in found] for proposal in proposals]


def _names(proposals: Sequence[Proposal], _arguments: Arguments, request: Request) -> list[str]:
    return [proposal.names[request.language] for proposal in proposals]


def _quotes(proposals: Sequence[Proposal], arguments: Arguments, _request: Request) -> list[list[Numbered]]:
    first = check_size("first", arguments["first"])
    return [_number(proposal)[:first] for proposal in proposals]


def _read_quotes(arguments: Arguments, request: Request) -> list[Numbered]:
    require_whole(request)
    first = check_size("first", arguments["first"])
    said = open_desk(request).statements(arguments["id"])[:first]
    return [Numbered(n, s.quote.words, s.quote.lang, s.complaint, None) for n, s in enumerate(said, 1)]


def _read_queue(_arguments: Arguments, request: Request) -> Queue:
    from ingest.text.review import TOPIC

    require_whole(request)
    services, reader, desk = get_services(request), request.reader, open_desk(request)
    # A decision just made is not waited for, as what was ingested just now is.
    decided = max((d.id for d in reader.decisions(TOPIC)), default=0)
    found = services.answers.find(
        ("queue", decided),
        reader.version(),
        lambda own, _report: desk.queue(own),
        lambda: services.open_reader(Caller(Role.ADMIN, request.caller.name)),
        patience=services.settings.patience,
    )
    return found.value


def proposal_fields(types: Types) -> Fields:
    """Return the root field of the review queue."""
    quote = GraphQLObjectType(
        "ProposalQuote",
        {
            "number": attribute(required(GraphQLInt), "number", "What `splitCauseProposal` names it by."),
            "quote": attribute(GraphQLString, "quote", "The words.", sensitivity=Sensitivity.PERSONAL),
            "language": attribute(required(GraphQLString), "language", "Their language; empty: not known."),
            "complaint": computed(
                types.objects[COMPLAINT], _complaints, "One of the complaints in which they stand."
            ),
            "complaints": attribute(
                GraphQLInt, "complaints", "How many complaints have them; null where that is not counted."
            ),
        },
        description="Words that state something, in one or several complaints.",
    )
    proposal = GraphQLObjectType(
        "CauseProposal",
        {
            "id": attribute(required(GraphQLString), "id", "Its id."),
            "state": attribute(required(STATE), "state", "Why it is proposed."),
            "name": computed(
                GraphQLString,
                _names,
                "The name suggested, in your language: some of the words.",
                sensitivity=Sensitivity.PERSONAL,
                cost=free,
            ),
            "complaints": attribute(required(GraphQLInt), "size", "Complaints that state it."),
            "nearest": computed(
                list_of(types.objects[CAUSE]), _nearest, "Causes that it may be, the likest first."
            ),
            "quotes": computed(
                list_of(quote),
                _quotes,
                "Its words, those most stated first.",
                args={"first": argument(GraphQLInt, "How many.", default=QUOTES)},
                cost=lambda arguments, below: 1 + max(arguments["first"], 0) * below,
            ),
        },
        description="Words that are alike and may state one cause.",
    )
    queue = GraphQLObjectType(
        "CauseProposals",
        {
            "nodes": attribute(list_of(proposal), "proposals", "What is proposed, the most stated first."),
            "waiting": attribute(required(GraphQLInt), "statements", "Statements without a cause, in all."),
            "unlike": attribute(
                required(GraphQLInt), "unlike", "Those too unlike any others to be in a proposal."
            ),
            "resting": attribute(required(GraphQLInt), "resting", "Those like what was rejected."),
        },
        description="What waits for a person to say which cause it is.",
    )
    return {
        "causeProposals": only(
            REVIEWERS,
            computed(
                required(queue),
                once(_read_queue),
                "What texts state and has no name yet, proposed as causes for a person to decide.",
                cost=lambda _arguments, below: COST + 20 * below,
            ),
        ),
        "causeQuotes": only(
            REVIEWERS,
            computed(
                list_of(quote),
                once(_read_quotes),
                "The words of a proposal, or those that were put to a cause by people, numbered.",
                args={
                    "id": argument(required(GraphQLString), "The id of the proposal or cause."),
                    "first": argument(GraphQLInt, "How many.", default=100),
                },
                cost=lambda arguments, below: COST + max(arguments["first"], 0) * below,
            ),
        ),
    }
