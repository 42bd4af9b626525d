"""An office that asks the service of a shop, as any caller: files ingested into a real store."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Any

from api.auth import AuditLog, Caller, GuardedReader, Pseudonyms, Role, Secret
from api.graphql.building import build_schema
from api.graphql.execution import Documents, Limits, execute, subscribe
from api.graphql.request import Request
from api.graphql.services import KnowledgeSettings, Services
from graph import Reader, Store, open_store
from ingest import ingest, load_project
from tests.ingest.shop import make_shop

LONG = 120.0
PSEUDONYMS = Pseudonyms(Secret("a secret of at least thirty-two letters"))
SETTINGS = KnowledgeSettings(patience=LONG, jobs_kept=timedelta(minutes=5))


def make_template(folder: Path) -> Path:
    """Make the shop's files, and ingest them; returns the folder."""
    project = load_project(make_shop(folder))
    store = open_store(f"sqlite:///{folder / 'motivo.db'}")
    ingest(project, store)
    store.close()
    return folder


class Office:
    """The service on a shop's store, and those who ask it."""

    def __init__(
        self, folder: Path, settings: KnowledgeSettings = SETTINGS, store: Store | None = None
    ) -> None:
        self.folder = folder
        self.store: Store = store or open_store(f"sqlite:///{folder / 'motivo.db'}", create=False)
        self.log = folder / "audit.jsonl"
        self.services = Services(self.store, self.open_reader, settings, audit=AuditLog(self.log))
        self.schema = build_schema(self.store.reader().vocabulary)
        self.documents = Documents(self.schema, Limits())

    @classmethod
    def copy(cls, template: Path, folder: Path, settings: KnowledgeSettings = SETTINGS) -> Office:
        """Return an office of its own files and store."""
        shutil.copytree(template, folder, dirs_exist_ok=True)
        office = cls(folder, settings)
        kept = office.store.reader().setting("project")
        with office.store.transaction() as t:
            t.keep_setting("project", {**kept, "path": str(folder / "motivo.yaml"), "data": str(folder)})
        return office

    def close(self) -> None:
        self.services.close()
        self.store.close()

    def open_reader(self, caller: Caller) -> Reader:
        return GuardedReader(self.store.reader(), caller, PSEUDONYMS)  # type: ignore[return-value]

    def request(self, caller: Caller, language: str = "en") -> Request:
        return Request(caller, self.open_reader(caller), self.store, language, "r1", self.services)

    def respond(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        role: Role = Role.ADMIN,
        language: str = "en",
        **caller: Any,
    ) -> dict[str, Any]:
        """Return the response to an operation."""
        who = Caller(role, **{"name": role.value, **caller})
        request = self.request(who, language)
        try:
            return execute(self.documents.prepare(text), request, variables).to_response()
        finally:
            request.reader.close()

    def ask(self, text: str, variables: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Return the data of an answer that has no errors."""
        response = self.respond(text, variables, **options)
        assert "errors" not in response, response["errors"]
        return response["data"]

    def complain(self, text: str, variables: Mapping[str, Any] | None = None, **options: Any) -> list[Any]:
        """Return the errors of an answer as (code, message)."""
        errors = self.respond(text, variables, **options).get("errors", ())
        return [(error["extensions"]["code"], error["message"]) for error in errors]

    async def follow(
        self, text: str, variables: Mapping[str, Any] | None = None, **caller: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield the responses of a subscription."""
        who = Caller(**{"role": Role.ADMIN, "name": "admin", **caller})
        answers = subscribe(self.documents.prepare(text), self.request(who), variables)
        async with aclosing(answers):
            async for answer in answers:
                yield answer.to_response()

    def wait_for(self, id_: str, **options: Any) -> dict[str, Any]:
        """Return a job that has ended."""
        begun = time.monotonic()
        while True:
            job = self.ask("query ($id: ID!) { job(id: $id) { " + JOB + " } }", {"id": id_}, **options)["job"]
            if job["state"] not in ("QUEUED", "RUNNING"):
                return dict(job)
            assert time.monotonic() - begun < LONG
            time.sleep(0.02)


JOB = "id state messages startedAt endedAt error { code message } result { nodes { id } unexplained }"


async def until(check: Callable[[], bool]) -> None:
    """Wait until something is so."""
    begun = time.monotonic()
    while not check():
        assert time.monotonic() - begun < LONG
        await asyncio.sleep(0.01)
