"""News: complaints that come in, and root causes that show for the first time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

from graphql import GraphQLInt, GraphQLObjectType

from api.auth import Caller
from api.graphql.execution import Arguments, FieldRule, make_field
from api.graphql.knowledge.access import STAFF, find_smallest_group, get_services, only
from api.graphql.knowledge.causes import Causes, Question, Told, find_scope
from api.graphql.knowledge.events import Event, Feed, Poll
from api.graphql.knowledge.filters import question_arguments, read_question
from api.graphql.knowledge.findings import FINDING
from api.graphql.knowledge.root_causes import define_root_causes
from api.graphql.request import Request
from api.graphql.types import Fields, Types, argument, attribute, computed, read_filter, required
from graph import Condition, Reader
from schema import COMPLAINT, NotFoundError, OvertimeError, Sensitivity

PAGE = 500  # complaints looked at in one step
PAGES = 20  # steps at most between two looks at the store


def poll_complaints(where: Sequence[Condition]) -> Poll:
    """Return what tells the keys of complaints that came in and meet conditions."""
    mark: str | None = None

    def poll(reader: Reader, changed: bool) -> list[str]:
        nonlocal mark
        if mark is None:
            mark = reader.arrivals(COMPLAINT, limit=1).mark
            return []
        found: list[str] = []
        for _ in range(PAGES if changed else 0):
            come, before = reader.arrivals(COMPLAINT, after=mark, limit=PAGE), mark
            mark = come.mark
            keys = [node.key for node in come.nodes]
            if where and keys:
                meeting = reader.get_many(COMPLAINT, keys, where=where)
                keys = [key for key in keys if key in meeting]
            found += keys
            if mark == before:
                break
        return found

    return poll


def poll_root_causes(causes: Causes, question: Question, smallest: int) -> Poll:
    """Return what tells the root causes that were not there before."""
    known: set[str] | None = None

    def poll(reader: Reader, changed: bool) -> list[Told]:  # noqa: ARG001  (they are found later than that)
        nonlocal known
        try:
            found = causes.survey(reader, question, patience=0)
        except OvertimeError:  # they are being looked for
            return []
        except NotFoundError:  # there is nothing yet
            known = known or set()
            return []
        shown = [f for f in found.value.findings.root_causes if f.customers >= smallest]
        new = [] if known is None else [f for f in shown if f.id not in known]
        known = (known or set()) | {f.id for f in shown}
        return [Told(f, found.value, found.as_of, question) for f in new]

    return poll


def _open(request: Request) -> Callable[[], Reader]:
    open_reader, caller = get_services(request).open_reader, request.caller

    def opened(caller: Caller = caller) -> Reader:
        return open_reader(caller)

    return opened


async def follow_complaints(arguments: Arguments, request: Request) -> AsyncIterator[Event]:
    """Yield complaints that come in."""
    where = read_filter(arguments.get("filter"))
    request.reader.get_many(COMPLAINT, [], where=where)  # refuses what may not be asked by
    name = ("complaints", find_scope(request.reader), repr(where))
    events = get_services(request).events
    opened = _open(request)
    async with aclosing(events.follow(name, lambda: Feed(poll_complaints(where), opened))) as stream:
        async for event in stream:
            yield event


async def follow_root_causes(arguments: Arguments, request: Request) -> AsyncIterator[Event]:
    """Yield root causes that are found for the first time."""
    services, question = get_services(request), read_question(arguments, request)
    smallest = find_smallest_group(request)
    name = ("root causes", find_scope(request.reader), smallest, repr(question))
    opened = _open(request)

    def make() -> Feed:
        return Feed(poll_root_causes(services.causes, question, smallest), opened)

    async with aclosing(services.events.follow(name, make)) as stream:
        async for event in stream:
            yield event


def _complaints(events: Sequence[Event], _arguments: Arguments, request: Request) -> list[Any]:
    found = request.reader.get_many(COMPLAINT, list(dict.fromkeys(event.value for event in events)))
    return [found.get(event.value) for event in events]


def news_subscriptions(types: Types) -> Fields:
    """Return the fields that tell of what is new."""
    define_root_causes(types)
    finding = types.find(FINDING)
    assert isinstance(finding, GraphQLObjectType)  # noqa: S101
    missed = attribute(
        required(GraphQLInt), "missed", "How many before it were not told, because they came too fast."
    )
    new_complaint = GraphQLObjectType(
        "NewComplaint",
        {
            "complaint": computed(
                types.objects[COMPLAINT], _complaints, "The complaint; null if it is gone already."
            ),
            "missed": missed,
        },
        description="A complaint that came in.",
    )
    new_root_cause = GraphQLObjectType(
        "NewRootCause",
        {"rootCause": attribute(required(finding), "value", "The root cause."), "missed": missed},
        description="A root cause that was not found before.",
    )
    complaints = FieldRule("", subscribe=follow_complaints, sensitivity=Sensitivity.PUBLIC)
    causes = FieldRule("", subscribe=follow_root_causes, sensitivity=Sensitivity.PUBLIC)
    found = {
        "newComplaint": make_field(
            required(new_complaint),
            complaints,
            args={"filter": argument(types.filters[COMPLAINT], "Only those that meet these conditions.")},
            description="Each complaint that comes into the graph from now on.",
        ),
        "newRootCause": make_field(
            required(new_root_cause),
            causes,
            args=question_arguments(types),
            description="Each root cause that is found for the first time from now on.",
        ),
    }
    return {name: only(STAFF, field) for name, field in found.items()}
