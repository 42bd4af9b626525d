"""Which store a URL names."""

from __future__ import annotations

from graph.contract import Store
from schema.errors import UsageError
from schema.vocabulary import Vocabulary


def open_store(url: str, vocabulary: Vocabulary | None = None, *, create: bool = True) -> Store:
    """Open the store that a URL names, such as `sqlite:///motivo.db`.

    `vocabulary` is added to what the store holds. Without `create`, a store that is not there is a
    `StoreError`.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        from graph.sqlite.store import open_sqlite

        return open_sqlite(rest.removeprefix("/"), vocabulary, create=create)
    raise UsageError(f"no store is known for {scheme or url!r}", hint="such as sqlite:///motivo.db")
