"""The checks of graphql-cop, which no package has: each by what it asks, and what it takes for a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx

DEEP = "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
CIRCLE = """
query cop { __schema { ...A } }
fragment A on __Schema { __typename ...B }
fragment B on __Schema { ...A }
"""
PAGES = ("/graphiql", "/playground", "/console", "/graphql")
SIGNS = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def post(client: httpx.Client, query: str, **more: Any) -> Any:
    """Return what a POST says."""
    return client.post("/graphql", json={"query": query, "operationName": "cop"}, **more).json()


def shows_page(client: httpx.Client, headers: Mapping[str, str]) -> bool:
    """Tell whether there is a page to explore the schema by."""
    answers = (client.get(path, headers=dict(headers)).text for path in PAGES)
    return any(sign in text for text in answers for sign in SIGNS)


CHECKS: Mapping[str, Callable[[httpx.Client], Any]] = {
    "field suggestions": lambda c: (
        "Did you mean" in post(c, "query cop { __schema { directive } }")["errors"][0]["message"]
    ),
    "introspection": lambda c: post(c, "query cop { __schema { types { name fields { name } } } }")["data"],
    "circular introspection": lambda c: len(post(c, f"query cop {DEEP}")["data"]["__schema"]["types"]) > 25,
    "circular fragments": lambda c: "errors" not in post(c, CIRCLE),
    "an explorer": lambda c: shows_page(c, {}),
    "an explorer for browsers": lambda c: shows_page(c, BROWSER),
    "queries by GET": lambda c: c.get("/graphql", params={"query": "{__typename}"}).json()["data"][
        "__typename"
    ],
    "mutations by GET": lambda c: c.get("/graphql", params={"query": "mutation {__typename}"}).json()["data"],
    "queries by a form": lambda c: c.post("/graphql", data={"query": "query {__typename}"}).json()["data"],
    "queries by an address": lambda c: c.post("/graphql", params={"query": "{__typename}"}).json()["data"],
    "aliases": lambda c: post(
        c, "query cop { " + " ".join(f"alias{n}:__typename" for n in range(101)) + " }"
    )["data"]["alias100"],
    "batches": lambda c: len(
        c.post("/graphql", json=[{"query": "query cop { __typename }"}] * 10).json()[9]["data"]
    ),
    "repeated fields": lambda c: post(c, "query cop { " + "__typename \n" * 500 + "}")["data"]["__typename"],
    "directives": lambda c: len(post(c, "query cop { __typename " + "@aa" * 10 + " }")["errors"]) == 10,
    "tracing": lambda c: post(c, "query cop { __typename }", headers={"X-Apollo-Tracing": "1"})["extensions"],
    "unhandled errors": lambda c: post(c, "qwerty cop { abc }")["errors"][0]["extensions"]["exception"],
}


def scan(client: httpx.Client) -> list[str]:
    """Return what is found."""
    found = []
    for name, check in CHECKS.items():
        with suppress(KeyError, IndexError, TypeError, ValueError):  # the answer has no such part
            if check(client):
                found.append(name)
    return found
