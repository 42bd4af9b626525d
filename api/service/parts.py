"""What answers, and what decides who is answered: all that the service stands on beside the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from api.auth import Caller
from api.graphql.execution import Documents
from graph import Reader

# A token or key (None: none was given) -> whose it is; `AuthenticationError` where it is nobody's.
Authenticate = Callable[[str | None], Awaitable[Caller]]


@dataclass(frozen=True)
class Parts:
    """What answers, and what decides who is answered.

    documents: on the schema that is served.
    guard: (reader, caller) -> a reader that shows what the caller may see.
    services: what outlives a request; closed with the application where it has `close`.
    """

    documents: Documents
    authenticate: Authenticate
    guard: Callable[[Reader, Caller], Reader]
    services: Any = None
