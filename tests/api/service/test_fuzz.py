"""Hundreds of strange questions over HTTP: each is answered, none brings anything from inside to light.

`python -m tests.api.service.test_fuzz 10000` asks as many.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from api.auth import Role, add_key
from api.graphql.types.ids import encode_id
from api.service import create_app, open_parts
from api.settings import AuthSettings, ServiceSettings
from graph import Store, open_store
from tests.api.graphql.fuzzer import Fuzzer
from tests.api.graphql.shop import VOCABULARY, open_shop

QUESTIONS = 600
SECRET = "0123456789abcdef" * 4
# What only the inside knows: names of libraries and modules, and what Python and the stores say.
INSIDE = ("Traceback", "sqlite3", "site-packages", ".py", "object at 0x", "NoneType", "syntax error near")
KEYS = ("crm:ana", "crm:bruno", "m1", "o1", "i1", "box", "delivery.late")
KINDS = ("Customer", "Customer", "Complaint", "Order", "Invoice", "Product", "Cause")
KNOWN = (*KEYS, *map(encode_id, KINDS, KEYS), "Chegou tarde", "customer", "complaint")


@dataclass
class Told:
    """How many answers there were of each kind, and those that must not be."""

    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def take(self, question: str, response: httpx.Response) -> None:
        """Take in an answer."""
        errors = response.json().get("errors", [])
        kind = (
            "refused" if "data" not in response.json() else "answered with errors" if errors else "answered"
        )
        self.kinds[kind] += 1
        codes = {error["extensions"]["code"] for error in errors}
        if (
            response.status_code >= 500
            or codes & {"internal", "error"}
            or any(word in error["message"] for error in errors for word in INSIDE)
        ):
            self.wrong.append(f"{question}\n{response.status_code} {response.text[:1500]}")


async def ask_all(store: Store, folder: Path, questions: int, seed: int = 0) -> Told:
    """Ask as each role in turn."""
    settings = ServiceSettings(rate="", rate_address="", timeout=20)
    parts = open_parts(store, settings, AuthSettings(secret=SECRET, audit=folder / "audit.jsonl"))
    app = create_app(store, settings, parts)
    keys = [add_key(store, role)[0] for role in (Role.ADMIN, Role.ANALYST, Role.AGENT, Role.INVESTIGATOR)]
    fuzzer = Fuzzer(parts.documents.schema, seed, KNOWN)
    told = Told()
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://motivo", timeout=None) as client,
    ):
        for number in range(questions):
            query, variables = fuzzer.document()
            headers = {
                "Authorization": f"Bearer {keys[number % len(keys)]}",
                "Accept": "application/graphql-response+json",
            }
            body = {"query": query, "variables": variables}
            told.take(f"{query}\n{variables}", await client.post("/graphql", json=body, headers=headers))
    return told


@pytest.mark.timeout(600)
def test_whatever_is_asked_is_answered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/shop.db", VOCABULARY)) as store:
        told = asyncio.run(ask_all(open_shop(store), tmp_path, QUESTIONS))
    assert not told.wrong, told.wrong[0]
    assert told.kinds["answered"] > QUESTIONS / 4
    assert told.kinds["answered with errors"] > 0
    assert told.kinds["refused"] > 0
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    with (
        tempfile.TemporaryDirectory() as name,
        closing(open_store(f"sqlite:///{name}/shop.db", VOCABULARY)) as shop,
    ):
        outcome = asyncio.run(ask_all(open_shop(shop), Path(name), asked, seed=asked))
    print(*outcome.wrong, dict(outcome.kinds), sep="\n\n")  # noqa: T201
