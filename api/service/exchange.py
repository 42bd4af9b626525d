"""A request on its way through the service, and what is said of it in the log."""

from __future__ import annotations

import ipaddress
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from api.auth import Caller
from api.service.negotiation import choose_language

ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass
class Exchange:
    """A request, or a socket, and whose it is.

    address: of the client, as far as it is known. direct: it came through no proxy.
    operation: the name that the client gave to what it asks (never its text or values). span: what spans of
    this request lie in, where there are any. shown: the headers by which the caller was let in.
    """

    id: str
    language: str
    address: str
    direct: bool
    caller: Caller = field(default_factory=Caller)
    operation: str = ""
    kind: str = ""
    span: Any = None
    shown: Mapping[str, str] = field(default_factory=dict, repr=False)
    started: float = field(default_factory=time.perf_counter)

    @property
    def is_local(self) -> bool:
        """Whether it came from this machine itself."""
        return self.direct and is_loopback(self.address)


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is this machine's own."""
    bare = host.strip("[]").lower().rstrip(".")
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare.partition("%")[0]).is_loopback
    except ValueError:
        return False


def open_exchange(scope: Scope, language: str) -> Exchange:
    """Return what is known of a request from its headers, and keep it beside it."""
    headers = Headers(scope=scope)
    given = headers.get("x-request-id", "")
    client = scope.get("client")
    exchange = Exchange(
        id=given if ID.fullmatch(given) else uuid.uuid4().hex,
        language=choose_language(headers.get("accept-language", ""), language),
        address=client[0] if client else "",
        direct=not any(name in headers for name in FORWARDED),
    )
    scope.setdefault("state", {})["exchange"] = exchange
    return exchange


def get_exchange(scope: Scope) -> Exchange:
    """Return what `open_exchange` kept."""
    exchange: Exchange = scope["state"]["exchange"]
    return exchange
