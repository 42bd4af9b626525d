"""Actions on root causes: recorded with the units that are exposed then, and taken back."""

from __future__ import annotations

from contextlib import suppress

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLObjectType, GraphQLString

from algorithms import Action, Pinned, get_action, pin_cause
from api.auth import Caller, Role
from api.graphql.execution import Arguments
from api.graphql.knowledge.access import SEARCHERS, get_services, note_change, only, require_whole
from api.graphql.knowledge.causes import Question, find_scope, shows_pattern
from api.graphql.knowledge.effects import ACTION
from api.graphql.knowledge.filters import question_arguments, read_question
from api.graphql.request import Request
from api.graphql.types import DATE, Fields, Types, argument, attribute, computed, once, required
from ingest.actions import Measure, record_action, remove_action
from schema import NotFoundError

NODE, ROOT_CAUSE = "Action", "RootCause"


class Recorded:
    """An action that was recorded, and how many units are exposed."""

    def __init__(self, action: Action, exposed: int) -> None:
        self.action, self.exposed = action, exposed


def _pin(request: Request, id_: str, question: Question) -> Pinned:
    """Return a root cause with the own keys of its units, whoever asks: nobody is shown them.

    One that names what is not for the caller to know is not there, nor are others named.
    """
    with suppress(NotFoundError):
        pinned = _find_pinned(request, id_, question)
        if shows_pattern(request.reader, pinned.pattern):
            return pinned
    raise NotFoundError(f"there is no root cause {id_!r}")


def _find_pinned(request: Request, id_: str, question: Question) -> Pinned:
    services = get_services(request)
    reader = services.open_reader(Caller(Role.ADMIN, request.caller.name))
    try:
        found = services.causes.survey(reader, question)
        if found.version == reader.version() and found.value.find(id_) is not None:
            return found.value.pin(id_)
        return pin_cause(
            services.snapshots.view(reader, find_scope(reader)),
            id_,
            unit=question.unit,
            where=question.where,
            max_order=question.max_order,
        )
    finally:
        reader.close()


def _record(arguments: Arguments, request: Request) -> Recorded:
    require_whole(request)
    pinned = _pin(request, arguments["rootCause"], read_question(arguments, request))
    by = arguments.get("by") or request.caller.name
    measure = Measure(arguments["what"], arguments["startsOn"], by, arguments["newOnly"])
    id_ = record_action(request.store, pinned.id, pinned.to_properties(), pinned.exposed, measure)
    note_change(request, "recordAction", [(NODE, id_), (ROOT_CAUSE, pinned.id)])
    reader = request.store.reader()
    try:
        return Recorded(get_action(reader, id_), len(pinned.exposed))
    finally:
        reader.close()


def _remove(arguments: Arguments, request: Request) -> str:
    require_whole(request)
    id_ = arguments["id"]
    if not id_.startswith("a"):
        raise NotFoundError(f"there is no action {id_!r}")
    remove_action(request.store, id_, by=request.caller.name)
    note_change(request, "removeAction", [(NODE, id_)])
    return str(id_)


def action_mutations(types: Types) -> Fields:
    """Return the fields that record what is done about root causes."""
    recorded = GraphQLObjectType(
        "RecordedAction",
        {
            "action": attribute(required(ACTION), "action", "The action."),
            "exposed": attribute(
                required(GraphQLInt), "exposed", "Units that are exposed now, and stay so for its effect."
            ),
        },
        description="An action that was recorded.",
    )
    return {
        "recordAction": only(
            SEARCHERS,
            computed(
                required(recorded),
                once(_record),
                "Record what is done about a root cause, with its pattern and the units it holds for now.",
                args={
                    "rootCause": argument(required(GraphQLID), "The id of the root cause."),
                    "what": argument(required(GraphQLString), "What is done."),
                    "startsOn": argument(required(DATE), "The first day that it is in force."),
                    "newOnly": argument(
                        GraphQLBoolean,
                        "Whether it reaches only units that begin then or later.",
                        default=False,
                    ),
                    "by": argument(GraphQLString, "Who does it; you, if not said."),
                    **question_arguments(types),
                },
            ),
        ),
        "removeAction": only(
            SEARCHERS,
            computed(
                required(GraphQLID),
                once(_remove),
                "Take back an action that was recorded; that it was there stays in the history.",
                args={"id": argument(required(GraphQLID), "The id of the action: a1.")},
            ),
        ),
    }
