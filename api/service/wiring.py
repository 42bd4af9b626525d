"""The service over a store, put together as settings say."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.applications import Starlette

from api.auth import (
    CLEARANCE,
    AuditLog,
    Caller,
    GuardedReader,
    Pseudonyms,
    Role,
    Secret,
    Sightings,
    list_keys,
    open_authenticator,
)
from api.graphql.building import build_schema
from api.graphql.execution import Documents, Limits
from api.graphql.execution.trusted import read_trusted
from api.graphql.request import Request
from api.graphql.services import KnowledgeSettings, Services
from api.service.app import create_app
from api.service.exchange import Exchange, is_loopback
from api.service.parts import Parts
from api.service.widget import read_documents
from api.settings import AuthSettings, ServiceSettings
from graph import Reader, Store
from schema import RefusedError, UsageError


@dataclass(frozen=True)
class Audit:
    """Writes down who was shown whom, before it is shown."""

    log: AuditLog

    def __call__(self, asked: Request, exchange: Exchange) -> None:
        """Write whom a request saw; `StoreError` where that cannot be. Changes have been written."""
        sightings: Sightings = getattr(asked.reader, "sightings", None) or Sightings()
        self.log.record(asked.caller, request=exchange.id, operation=exchange.operation, sightings=sightings)
        for noted in (sightings.nodes, sightings.more, sightings.rows):
            noted.clear()  # of a file that goes out part by part, the next line tells of the next part


def open_parts(store: Store, settings: ServiceSettings, auth: AuthSettings, *, dev: bool = False) -> Parts:
    """Return what answers over a store, and what decides who is answered.

    `UsageError` where there is no secret, but for `dev`: there one is made up for as long as this runs.
    """
    secret = Secret(auth.secret) if auth.secret or not dev else Secret.passing()
    pseudonyms = Pseudonyms(secret)
    authenticator = open_authenticator(store, auth, secret, pseudonyms, dev=dev)

    def guard(reader: Reader, caller: Caller) -> Reader:
        guarded: Any = GuardedReader(reader, caller, pseudonyms, smallest_group=auth.smallest_group)
        return guarded  # type: ignore[no-any-return]

    reader = store.reader()
    try:
        schema = build_schema(reader.vocabulary)
    finally:
        reader.close()
    if settings.documents_only and settings.documents is None:
        raise UsageError(
            "MOTIVO_DOCUMENTS_ONLY is set without MOTIVO_DOCUMENTS", hint="name the file of them"
        )
    documents = Documents(
        schema,
        Limits(introspection=settings.introspection),
        trusted={**read_documents(), **(read_trusted(settings.documents) if settings.documents else {})},
        only_trusted=settings.documents_only,
    )
    audit = AuditLog(auth.audit)
    services = Services(
        store,
        lambda caller: guard(store.reader(), caller),
        KnowledgeSettings(smallest_group=auth.smallest_group),
        audit=audit,
    )
    return Parts(
        documents,
        authenticator.authenticate,
        guard,
        authenticator.holds,
        waits=authenticator.waits,
        audit=Audit(audit),
        services=services,
        closing=(services.close, audit.close),
        secret=secret,
    )


def open_service(
    store: Store,
    settings: ServiceSettings,
    auth: AuthSettings,
    *,
    host: str,
    dev: bool = False,
    language: str = "en",
) -> Starlette:
    """Return the service over a store. dev: nobody has to sign in, so `host` has to be this machine's own.

    `RefusedError` where it is not.
    """
    if dev and not is_loopback(host):
        raise RefusedError(
            f"--dev answers this machine only, not at {host}",
            hint="leave out --host; or leave out --dev, and set MOTIVO_SECRET",
        )
    parts = open_parts(store, settings, auth, dev=dev)
    services: Services = parts.services
    callers = find_callers(store, auth, dev=dev)
    parts = replace(parts, starting=(partial(services.causes.prepare, callers),))
    return create_app(store, settings, parts, dev=dev, language=language)


def find_callers(store: Store, auth: AuthSettings, *, dev: bool) -> list[Caller]:
    """Return callers who see all rows and may be the first to ask: one for each way that they are shown."""
    with closing(store.reader()) as reader:
        held = [key for key in list_keys(reader) if key.holds(datetime.now(UTC)) and not key.rows]
    roles = {key.role for key in held}
    if auth.oidc_issuer:
        roles |= {Role.ANALYST, Role.INVESTIGATOR}
    if dev:
        roles.add(Role.ADMIN)
    by_clearance = {CLEARANCE[role]: Caller(role) for role in sorted(roles)}
    return list(by_clearance.values())
