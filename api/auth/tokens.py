"""Widget tokens: a few minutes in which a page of one origin may show one customer."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from api.auth.caller import Caller, Role
from api.auth.pseudonyms import Pseudonyms
from api.auth.secret import Secret
from schema import AuthenticationError, UsageError

TYPE = "motivo-widget+jwt"  # so that no other token is taken for one of these, nor one of these for another
ISSUER = "motivo"
ALGORITHM = "HS256"
LONGEST = 10  # minutes
LARGEST = 4096  # letters of a token
LEEWAY = 5  # seconds that a clock of ours may be behind another of ours
_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")


@dataclass(frozen=True)
class WidgetToken:
    """A token, the origin of pages that it is good for, and until when."""

    token: str
    audience: str
    expires_at: datetime


class WidgetTokens:
    """Makes and reads widget tokens: JWS under a key of their own, the customer in them as a pseudonym."""

    def __init__(self, secret: Secret, pseudonyms: Pseudonyms) -> None:
        self._key = OctKey.import_key(secret.derive("widget tokens", 32))
        self._pseudonyms = pseudonyms

    def issue(self, customer: str, audience: str, *, minutes: int = LONGEST) -> WidgetToken:
        """Return a token by which pages of an origin may show a customer, given by their key."""
        if not 1 <= minutes <= LONGEST:
            raise UsageError(f"a widget token is good for 1 to {LONGEST} minutes")
        now = int(time.time())
        ends = now + 60 * minutes
        origin = read_origin(audience)
        claims = {
            "iss": ISSUER,
            "aud": origin,
            "sub": self._pseudonyms.hide("widget", customer),
            "iat": now,
            "exp": ends,
            "jti": secrets.token_hex(8),
        }
        token = jwt.encode({"alg": ALGORITHM, "typ": TYPE}, claims, self._key, algorithms=[ALGORITHM])
        return WidgetToken(token, origin, datetime.fromtimestamp(ends, UTC))

    def get_caller(self, token: str, origin: str) -> Caller:
        """Return who comes with a token, for a page of this origin; `AuthenticationError` if nobody may."""
        try:
            if len(token) > LARGEST:
                raise ValueError("too long")
            read = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            if read.header.get("typ") != TYPE:
                raise ValueError("another type")
            claims = read.claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": ISSUER},
                aud={"essential": True, "value": read_origin(origin)},
                sub={"essential": True},
                jti={"essential": True},
                iat={"essential": True},
                exp={"essential": True},
            ).validate(claims)
            lasts = claims["exp"] - claims["iat"]
            if claims["exp"] <= time.time() or lasts > 60 * LONGEST or not isinstance(claims["aud"], str):
                raise ValueError("too late, too long, or for more than one audience")
            customer = self._pseudonyms.find("widget", claims["sub"])
            if customer is None:
                raise ValueError("of no customer")
        except (JoseError, ValueError, TypeError, KeyError, UsageError, RecursionError):
            raise AuthenticationError(
                "the widget token is not good (any more), or not for this page"
            ) from None
        ends = datetime.fromtimestamp(claims["exp"], UTC)
        return Caller(Role.WIDGET, f"widget:{claims['jti']}", customer=customer, expires_at=ends)


def read_origin(text: str) -> str:
    """Return an origin, `https://crm.example.com`, as browsers spell it; `UsageError` for anything else.

    Plain http is for this machine only.
    """
    try:
        parts = urlsplit(text.strip().lower())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    netloc = f"[{host}]" if ":" in host else host
    local = host in ("localhost", "127.0.0.1", "::1")
    bare = not (parts.path.rstrip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if (
        not _HOST.fullmatch(netloc)
        or not bare
        or parts.scheme not in (("https", "http") if local else ("https",))
    ):
        raise UsageError(
            f"{text!r} is not the origin of a page", hint="https://crm.example.com, without a path"
        )
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{netloc}" + (f":{port}" if port not in (None, usual) else "")
