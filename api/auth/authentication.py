"""Who asks: from the headers of a request to a caller."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from api.auth.caller import Caller, Role
from api.auth.jwks import IssuerKeys
from api.auth.keys import PREFIX, KeyRing
from api.auth.oidc import BearerTokens, ClaimNames, read_header
from api.auth.pseudonyms import Pseudonyms
from api.auth.secret import Secret
from api.auth.tokens import TYPE, WidgetTokens
from api.settings import AuthSettings
from graph import Store
from schema import AuthenticationError

AUDIENCE = "motivo-audience"  # header: the origin of the page that a widget is embedded in
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
DEVELOPER = Caller(Role.ADMIN, "dev")


@dataclass(frozen=True)
class Authenticator:
    """Tells who asks. May be shared between threads; may ask the store and the issuer of tokens.

    bearer: None where no issuer is set. dev: who says nothing is an administrator, from this machine only.
    """

    keys: KeyRing
    widgets: WidgetTokens
    bearer: BearerTokens | None = None
    dev: bool = False

    def authenticate(self, headers: Mapping[str, str], address: str = "") -> Caller:
        """Return who asks, by headers with names in small letters, and the address of the client.

        `AuthenticationError` where that is not told, or not true.
        """
        given = headers.get("authorization", "")
        if not given:
            if self.dev and is_from_here(headers, address):
                return DEVELOPER
            raise AuthenticationError("sign in first", hint="Authorization: Bearer, with a key or a token")
        scheme, _, token = given.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or not token.isascii():
            raise AuthenticationError("the header Authorization is not of the form: Bearer TOKEN")
        if token.startswith(PREFIX):
            return self.keys.get_caller(token)
        try:
            type_ = read_header(token).get("typ")
        except ValueError:
            raise AuthenticationError("that is neither a key nor a token") from None
        if type_ == TYPE:
            return self.widgets.get_caller(token, find_audience(headers))
        if self.bearer is None:
            raise AuthenticationError("tokens of other issuers are not taken here")
        return self.bearer.get_caller(token)

    def waits(self, headers: Mapping[str, str]) -> bool:
        """Tell whether it may have to wait for the store, or for an issuer, to tell who asks."""
        _, _, token = headers.get("authorization", "").partition(" ")
        return not token.startswith(PREFIX) or not self.keys.is_fresh

    def holds(self, caller: Caller) -> bool:
        """Tell whether the key of a caller is good still; of what is not kept here, nothing is known."""
        return self.keys.holds(caller)


def open_authenticator(
    store: Store, settings: AuthSettings, secret: Secret, pseudonyms: Pseudonyms, *, dev: bool = False
) -> Authenticator:
    """Return the authenticator of a service before a store, as settings say."""

    def read_setting(name: str) -> object:
        reader = store.reader()
        try:
            return reader.setting(name)
        finally:
            reader.close()

    bearer = None
    if settings.oidc_issuer:
        bearer = BearerTokens(
            settings.oidc_issuer,
            settings.oidc_audience,
            IssuerKeys(settings.oidc_issuer, http=settings.oidc_http),
            ClaimNames(settings.oidc_role, settings.oidc_rows),
        )
    return Authenticator(KeyRing(read_setting), WidgetTokens(secret, pseudonyms), bearer, dev)


def describe_challenge(error: AuthenticationError, headers: Mapping[str, str]) -> str:
    """Return what `WWW-Authenticate` says with a 401 (RFC 6750): why only to who has tried."""
    if not headers.get("authorization"):
        return 'Bearer realm="motivo"'
    said = error.message.replace("\\", "").replace('"', "")
    return f'Bearer realm="motivo", error="invalid_token", error_description="{said}"'


def find_audience(headers: Mapping[str, str]) -> str:
    """Return the origin of the page that asks with a widget token, or "".

    Our own page, in its frame, says which page it is embedded in (it was told by the browser); a page
    that asks by itself comes with its origin, and cannot say that it is another.
    """
    origin, host = headers.get("origin", ""), headers.get("host", "")
    if origin and (not host or origin.lower().partition("://")[2] != host.lower()):
        return origin
    return headers.get(AUDIENCE, "") or origin


def is_from_here(headers: Mapping[str, str], address: str) -> bool:
    """Tell whether a request is this machine's own: no proxy's, and no page's of another site."""
    origin = headers.get("origin", "")
    return (
        is_loopback(address)
        and is_loopback(_find_host(f"//{headers.get('host', '')}"))
        and (not origin or is_loopback(_find_host(origin)))
        and not any(name in headers for name in FORWARDED)
    )


def _find_host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is this machine's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
