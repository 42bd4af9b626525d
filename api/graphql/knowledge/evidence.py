"""What speaks for a root cause: customers' own words, and the causes that their complaints state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLFloat, GraphQLInt, GraphQLObjectType, GraphQLString

from api.graphql.execution import Arguments
from api.graphql.knowledge.access import STAFF, only
from api.graphql.knowledge.causes import Told
from api.graphql.request import Request
from api.graphql.types import Fields, Types, attribute, computed, each, free, list_of, required
from schema import CAUSE, COMPLAINT, Sensitivity


@dataclass(frozen=True)
class _Shown:
    """A quote or a stated cause, with the nodes that it names."""

    of: Any
    complaint: Any
    cause: Any


def _read(request: Request, kind: str, keys: Sequence[str]) -> dict[str, Any]:
    wanted = list(dict.fromkeys(keys))
    return request.reader.get_many(kind, wanted) if wanted else {}


def _evidence(told: Sequence[Told], _arguments: Arguments, request: Request) -> list[list[_Shown]]:
    """Return the quotes of complaints that are there still, and that may be seen."""
    every = [e for one in told for e in one.finding.evidence]
    complaints = _read(request, COMPLAINT, [e.complaint for e in every])
    causes = _read(request, CAUSE, [e.cause for e in every if e.cause is not None])
    return [
        [
            _Shown(e, complaints[e.complaint], causes.get(e.cause or ""))
            for e in one.finding.evidence
            if e.complaint in complaints
        ]
        for one in told
    ]


def _stated(told: Sequence[Told], _arguments: Arguments, request: Request) -> list[list[_Shown]]:
    causes = _read(request, CAUSE, [s.cause for one in told for s in one.finding.stated])
    return [[_Shown(s, None, causes.get(s.cause)) for s in one.finding.stated] for one in told]


def evidence_fields(types: Types) -> Fields:
    """Return the fields of a root cause for what speaks for it."""
    cause, complaint = types.objects[CAUSE], types.objects[COMPLAINT]
    quote = GraphQLObjectType(
        "Quote",
        {
            "complaint": attribute(required(complaint), "complaint", "Whose words these are."),
            "quote": computed(
                GraphQLString,
                each(lambda shown: shown.of.quote),
                "The words, letter by letter.",
                sensitivity=Sensitivity.PERSONAL,
                cost=free,
            ),
            "cause": attribute(cause, "cause", "The cause that they state; null if that is not told."),
        },
        description="Words of a complaint.",
    )

    def name(shown: Sequence[_Shown], _arguments: Arguments, request: Request) -> list[str]:
        return [one.of.names[request.language] for one in shown]

    def of_stated(type_: Any, name: str, about: str) -> Any:
        return computed(required(type_), each(lambda shown: getattr(shown.of, name)), about, cost=free)

    stated = GraphQLObjectType(
        "StatedCause",
        {
            "cause": attribute(cause, "cause", "The cause."),
            "name": computed(required(GraphQLString), name, "Its name, in your language.", cost=free),
            "complaints": of_stated(GraphQLInt, "complaints", "Complaints of the root cause that state it."),
            "share": of_stated(GraphQLFloat, "share", "Their share of the root cause's complaints."),
            "shareElsewhere": of_stated(
                GraphQLFloat, "share_elsewhere", "The share of all other complaints that state it."
            ),
        },
        description="A cause that the complaints of a root cause state more often than others do.",
    )
    return {
        "evidence": only(
            STAFF, computed(list_of(quote), _evidence, "Customers' own words, the surest first.")
        ),
        "stated": only(STAFF, computed(list_of(stated), _stated, "What they state, most telling first.")),
    }
