"""What answers, and what decides who is answered: all that the service stands on beside the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.auth import Caller
from api.graphql.execution import Documents
from api.service.door import Authenticate
from graph import Reader


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
