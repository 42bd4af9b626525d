"""Who may ask for what the graph tells, and who may change it; each change goes into the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField

from api.auth import Change, Role
from api.graphql.execution import Arguments, Resolver, Subscriber, get_rule, make_field
from api.graphql.knowledge.words import speak
from api.graphql.request import Request
from graph import Ref
from schema import MotivoError, RefusedError, Sensitivity, StoreError

if TYPE_CHECKING:
    from api.graphql.services import Services

STAFF = (Role.ANALYST, Role.AGENT, Role.INVESTIGATOR, Role.ADMIN)
SEARCHERS = (Role.ANALYST, Role.INVESTIGATOR, Role.ADMIN)
CORRECTORS = (Role.AGENT, Role.INVESTIGATOR, Role.ADMIN)
REVIEWERS = (Role.INVESTIGATOR, Role.ADMIN)
SENDERS = (Role.ADMIN,)


def only(roles: Collection[Role], field: GraphQLField) -> GraphQLField:
    """Return a field that only these roles may ask for, and that fails in the language of who asks."""
    rule = replace(get_rule(field), roles=roles)
    if rule.resolve is not None:
        rule = replace(rule, resolve=_speaking(rule.resolve))
    if rule.subscribe is not None:
        rule = replace(rule, subscribe=_speaking_on(rule.subscribe))
    return make_field(field.type, rule, args=field.args, description=field.description or "")


def _speaking(resolve: Resolver) -> Resolver:
    def spoken(objects: Sequence[Any], arguments: Arguments, request: Request) -> Sequence[Any]:
        try:
            return resolve(objects, arguments, request)
        except MotivoError as error:
            raise speak(error, request.language) from error

    return spoken


def _speaking_on(subscribe: Subscriber) -> Subscriber:
    async def spoken(arguments: Arguments, request: Request) -> AsyncIterator[Any]:
        events: Any = subscribe(arguments, request)
        try:
            async with aclosing(events):
                async for event in events:
                    yield event
        except MotivoError as error:
            raise speak(error, request.language) from error

    return spoken


def get_services(request: Request) -> Services:
    """Return what lives longer than a request; `StoreError` where the service was begun without."""
    found: Services | None = request.services
    if found is None:
        raise StoreError("root causes are not offered here", hint="start the service with its services")
    return found


def find_smallest_group(request: Request, asked: int = 0) -> int:
    """Return how many customers a group has at least to be shown: for who may not know people, never fewer
    than the settings say.
    """
    if request.caller.may_see(Sensitivity.PERSONAL):
        return max(asked, 0)
    return max(asked, get_services(request).settings.smallest_group)


def require_whole(request: Request) -> None:
    """Refuse those who see some customers only what is about all of them."""
    if request.caller.rows or request.caller.customer is not None:
        raise RefusedError("this is about all customers, and you see some only")


def note_change(request: Request, action: str, subjects: Sequence[Ref]) -> None:
    """Write into the audit log that the caller changed something of these nodes."""
    audit = get_services(request).audit
    if audit is not None:
        audit.record(request.caller, request=request.id, changes=[Change(action, tuple(subjects))])
