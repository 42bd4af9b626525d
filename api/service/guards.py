"""Who may call at all: by which name, from which pages; and what answers tell browsers."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.errors import StatusError
from api.service.exchange import is_loopback
from api.service.widget import SCRIPT

PROBES = ("/healthz", "/readyz")  # which are called by address, and tell nothing
NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": NOTHING,
}


class Hosts:
    """Answers only to names that are the service's, so that no page gets at it by a name that it rebinds.

    hosts: without port; none: all. local: this machine's names and addresses only.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str], local: bool) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request by another name."""
        watched = scope["type"] in ("http", "websocket") and scope["path"] not in PROBES
        if watched and (self._hosts or self._local):
            host = split_host(Headers(scope=scope).get("host", ""))
            if not (is_loopback(host) if self._local else host in self._hosts):
                raise StatusError(421, "host", "refused")
        await self.app(scope, receive, send)


def split_host(header: str) -> str:
    """Return the name in a Host header, in small letters and without the port."""
    if header.startswith("["):
        return header.partition("]")[0].removeprefix("[").lower()
    return header.partition(":")[0].lower()


class Origins:
    """Refuses what pages of other origins send, unless these are named.

    Nothing here goes by cookies, so it is --dev that needs this most: there, nobody has to sign in.
    """

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self.app = app
        self._origins = frozenset(origin.lower().rstrip("/") for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request from a page of another origin."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            origin = headers.get("origin", "").lower()
            # The host alone: before us there may be a proxy that speaks TLS.
            own = origin.partition("://")[2] == headers.get("host", "").lower()
            known = origin in self._origins or "*" in self._origins
            if origin and not own and not known:
                raise StatusError(403, "origin", "refused")
            # No Origin: an image, a script, or a link. Only a link may lead here; its page sees no answer.
            # The widget's script is for pages of others, and the same for everybody.
            elsewhere = headers.get("sec-fetch-site") == "cross-site" and scope["path"] != SCRIPT
            if elsewhere and not origin and headers.get("sec-fetch-mode") != "navigate":
                raise StatusError(403, "origin", "refused")
        await self.app(scope, receive, send)


def is_own_doing(headers: Headers) -> bool:
    """Tell whether a GET comes from who means it, and not from a page of another site.

    No link, image, script or form has a header of its own, as one that shows a key or token, or
    `GraphQL-Require-Preflight`, and browsers say of what they send themselves where it comes from.
    """
    own = headers.get("sec-fetch-site") in ("same-origin", "none")
    return own or "authorization" in headers or "graphql-require-preflight" in headers


class SecurityHeaders:
    """Adds the headers that keep browsers from doing more than they are asked; an answer may say its own.

    shared: pages of other origins may read answers (CORS).
    """

    def __init__(self, app: ASGIApp, *, shared: bool) -> None:
        self.app = app
        self._headers = dict(HEADERS)
        if shared:
            self._headers["Cross-Origin-Resource-Policy"] = "cross-origin"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                framed = "frame-ancestors 'none'" not in headers.get("content-security-policy", NOTHING)
                for name, value in self._headers.items():
                    # It knows no origins; what the policy says of frames holds in its place.
                    if not (framed and name == "X-Frame-Options"):
                        headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
