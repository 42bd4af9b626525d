"""Opening the store that a URL names, as settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.settings import read_settings

if TYPE_CHECKING:
    from graph import Store
    from schema import Vocabulary


def open_graph(url: str, vocabulary: Vocabulary | None = None, *, create: bool = False) -> Store:
    """Open a store; a server's password that is not in the URL is that of the settings.

    Without `create`, a store that is not there is a `StoreError`.
    """
    from graph import open_store

    return open_store(url, vocabulary, create=create, password=read_settings().store_password)
