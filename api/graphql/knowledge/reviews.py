"""What people decide on causes: proposals accepted, merged, split, rejected; complaints corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLObjectType,
    GraphQLString,
)

from api.auth import Role
from api.graphql.execution import Arguments
from api.graphql.knowledge.access import CORRECTORS, REVIEWERS, note_change, only, require_whole
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
from graph import Decision, Ref
from schema import CAUSE, COMPLAINT, LANGUAGES, NotFoundError

if TYPE_CHECKING:
    from ingest.text.review import Desk


@dataclass(frozen=True)
class Made:
    """A decision as it is told: who made it, when, of what."""

    number: int
    action: str
    by: str
    at: datetime
    id: str | None
    to: str | None
    why: str
    complaints: int


def describe(decision: Decision) -> Made:
    """Return a decision as it is told."""
    said = decision.said
    return Made(
        decision.id,
        decision.action,
        decision.by,
        decision.at,
        said.get("id"),
        said.get("to"),
        decision.why,
        len({subject.key for subject in decision.subjects}),
    )


MADE = GraphQLObjectType(
    "CauseDecision",
    {
        "number": attribute(required(GraphQLInt), "number", "Its number, greater than all before."),
        "action": attribute(required(GraphQLString), "action", "What was decided: accept, merge, correct..."),
        "by": attribute(required(GraphQLString), "by", "Who decided."),
        "at": attribute(required(TIME), "at", "When."),
        "id": attribute(GraphQLString, "id", "The proposal or cause that it is about."),
        "to": attribute(GraphQLString, "to", "The cause or proposal that became of it."),
        "why": attribute(required(GraphQLString), "why", "The reason given."),
        "complaints": attribute(required(GraphQLInt), "complaints", "Complaints that it moves."),
    },
    description="What a person decided on causes. It is kept, holds for later texts, and can be undone.",
)


def _read_names(given: dict[str, Any]) -> dict[str, str]:
    return {lang: text for lang, text in given.items() if text is not None}


NAMES = GraphQLInputObjectType(
    "CauseNames",
    {lang: GraphQLInputField(GraphQLString, description=f"The name ({lang}).") for lang in LANGUAGES},
    description="Names of a cause; a language that is left out has that of another.",
    out_type=_read_names,
)


def _argument(name: str, about: str, *, needed: bool = True) -> dict[str, Any]:
    return {name: argument(required(GraphQLString) if needed else GraphQLString, about)}


WHY = {"why": argument(GraphQLString, "The reason, kept with the decision.", default="")}
ID = _argument("id", "The id of the proposal or cause, as `causeProposals` shows it.")


def open_desk(request: Request) -> Desk:
    """Return the caller's desk."""
    from ingest.text.review import Desk

    return Desk(request.store, by=request.caller.name)


def _deciding(
    about: str,
    args: dict[str, Any],
    decide: Callable[[Desk, Arguments], Decision],
    name: str,
    roles: Sequence[Role] = REVIEWERS,
) -> GraphQLField:
    """Return a mutation that makes a decision."""

    def resolve(arguments: Arguments, request: Request) -> Made:
        require_whole(request)
        made = decide(open_desk(request), arguments)
        subjects = dict.fromkeys((s.kind, s.key) for s in made.subjects)
        note_change(request, name, [*_about(made), *subjects])
        return describe(made)

    return only(roles, computed(required(MADE), once(resolve), about, args={**args, **WHY}))


def _about(made: Decision) -> list[Ref]:
    return [(CAUSE, str(made.said[name])) for name in ("id", "to") if made.said.get(name)]


def decision_fields(types: Types) -> Fields:  # noqa: ARG001  (as all contributors)
    """Return the root field of what was decided."""

    def resolve(arguments: Arguments, request: Request) -> list[Made]:
        require_whole(request)
        first = check_size("first", arguments["first"])
        return [describe(made) for made in open_desk(request).history()[::-1][:first]]

    return {
        "causeDecisions": only(
            REVIEWERS,
            computed(
                list_of(MADE),
                once(resolve),
                "What was decided on causes, the last first; undone decisions and undoings included.",
                args={"first": argument(GraphQLInt, "How many.", default=20)},
            ),
        )
    }


def _correct(arguments: Arguments, request: Request) -> Made:
    # Who sees some customers only corrects their complaints, and finds no others.
    key = find_true_key(request, COMPLAINT, arguments["complaint"])
    made = open_desk(request).correct(
        key, arguments["cause"], quote=arguments.get("quote"), why=arguments["why"]
    )
    note_change(request, "correctComplaintCause", [(COMPLAINT, key), *_about(made)])
    return describe(made)


def find_true_key(request: Request, kind: str, given: str) -> str:
    """Return the own key of a node that the caller may see; `NotFoundError` if there is none."""
    reader: Any = request.reader
    find = getattr(reader, "find_true_key", None)
    node = reader.find(kind, given) if find is None else None
    found: str | None = find(kind, given) if find is not None else node and node.key
    if found is None:
        raise NotFoundError(f"there is no {kind} {given!r}")
    return found


def review_mutations(types: Types) -> Fields:  # noqa: ARG001  (as all contributors)
    """Return the fields that decide on causes."""
    return {
        "acceptCauseProposal": _deciding(
            "Make a cause of a proposal. Names that are not given are those suggested.",
            {
                **ID,
                "names": argument(NAMES, "What the cause is called."),
                "pack": argument(GraphQLString, "The pack of causes to put it in.", default="own"),
            },
            lambda desk, a: desk.accept(a["id"], a.get("names"), pack=a["pack"], why=a["why"]),
            "acceptCauseProposal",
        ),
        "renameCause": _deciding(
            "Give a proposal, or a cause of the company's own, other names.",
            {**ID, "names": argument(required(NAMES), "The new names.")},
            lambda desk, a: desk.rename(a["id"], a["names"], why=a["why"]),
            "renameCause",
        ),
        "mergeCauseProposal": _deciding(
            "Say that a proposal, or a cause of the company's own, is another one; its id leads there.",
            {**ID, **_argument("into", "The cause or proposal that it is.")},
            lambda desk, a: desk.merge(a["id"], a["into"], why=a["why"]),
            "mergeCauseProposal",
        ),
        "splitCauseProposal": _deciding(
            "Let some quotes leave a proposal or cause, for another or to be a proposal of their own.",
            {
                **ID,
                "quotes": argument(
                    required(GraphQLList(required(GraphQLInt))),
                    "Their numbers, as the quotes of the proposal have them.",
                ),
                **_argument("to", "Where they go.", needed=False),
            },
            lambda desk, a: desk.split(a["id"], a["quotes"], to=a.get("to"), why=a["why"]),
            "splitCauseProposal",
        ),
        "rejectCauseProposal": _deciding(
            "Say that a proposal is no cause. It comes back when twice as many complaints state it.",
            ID,
            lambda desk, a: desk.reject(a["id"], why=a["why"]),
            "rejectCauseProposal",
        ),
        "undoCauseDecisions": _deciding(
            "Take the last decisions on causes back; they stay in the history.",
            {
                "count": argument(GraphQLInt, "How many.", default=1),
                "last": argument(
                    GraphQLInt, "Only if the last decision that counts has this number; refused if not."
                ),
            },
            lambda desk, a: desk.undo(a["count"], last=a.get("last"), why=a["why"]),
            "undoCauseDecisions",
        ),
        "correctComplaintCause": only(
            CORRECTORS,
            computed(
                required(MADE),
                once(_correct),
                "Say which cause a complaint states. It is kept as a judgement with who and when, and holds "
                "when the complaint is read again.",
                args={
                    **_argument("complaint", "The key of the complaint."),
                    **_argument("cause", "The key of the cause, or `unknown`."),
                    "quote": argument(GraphQLInt, "Which of its quotes, from 1, where it has several."),
                    **WHY,
                },
            ),
        ),
    }
