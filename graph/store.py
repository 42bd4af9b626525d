"""Which store a URL names."""

from __future__ import annotations

from graph.contract import Store
from schema.errors import MissingExtraError, UsageError
from schema.vocabulary import Vocabulary

NEO4J = ("neo4j", "bolt")  # and with +s or +ssc, for TLS


def open_store(
    url: str, vocabulary: Vocabulary | None = None, *, create: bool = True, password: str = ""
) -> Store:
    """Open the store that a URL names: `sqlite:///motivo.db`, `neo4j://user@host:7687/database?graph=name`.

    `vocabulary` is added to what the store holds. Without `create`, a store that is not there is a
    `StoreError`. `password` is for a server whose URL has none.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        from graph.sqlite.store import open_sqlite

        return open_sqlite(rest.removeprefix("/"), vocabulary, create=create)
    if scheme.partition("+")[0] in NEO4J:
        try:
            from graph.neo4j.store import open_neo4j
        except ModuleNotFoundError as error:
            if error.name != "neo4j":
                raise
            raise MissingExtraError("neo4j", "a store on Neo4j") from None
        return open_neo4j(url, vocabulary, create=create, password=password)
    raise UsageError(
        f"no store is known for {scheme or url!r}",
        hint="such as sqlite:///motivo.db, or neo4j://neo4j@localhost:7687/neo4j",
    )
