"""What answers, and what decides who is answered: all that the service stands on beside the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.auth import Caller, Secret
from api.graphql.execution import Documents
from api.graphql.request import Request
from api.service.door import Authenticate
from api.service.exchange import Exchange
from graph import Reader


@dataclass(frozen=True)
class Parts:
    """What answers, and what decides who is answered.

    documents: on the schema that is served.
    guard: (reader, caller) -> a reader that shows what the caller may see.
    waits: tells whether `authenticate` may have to wait for something, and is not for the loop to call.
    holds: tells whether somebody who was let in would be let in still, as far as that is known.
    audit: is told of each answer before it goes out.
    services: what outlives a request. secret: what export tokens are made under.
    starting: each called in a thread of its own when the service begins.
    closing: called in this order when the service has stopped.
    """

    documents: Documents
    authenticate: Authenticate
    guard: Callable[[Reader, Caller], Reader]
    holds: Callable[[Caller], bool] = lambda _caller: True
    waits: Callable[[Mapping[str, str]], bool] = lambda _headers: True
    audit: Callable[[Request, Exchange], None] = lambda _request, _exchange: None
    services: Any = None
    starting: Sequence[Callable[[], None]] = ()
    closing: Sequence[Callable[[], None]] = ()
    secret: Secret = field(default_factory=Secret.passing)
