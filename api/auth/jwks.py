"""The public keys of an issuer of tokens, fetched and kept.

Two small answers every ten minutes: `urllib` is enough for that, and httpx stays an extra of the teacher.
"""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from schema import ServiceError, UsageError

PublicKey = RSAKey | ECKey | OKPKey
# Which keys an algorithm goes with: a key of another form is never tried, so that no public key is taken
# for a shared secret.
FORMS: Mapping[str, tuple[type[PublicKey], str]] = {
    "RS256": (RSAKey, ""),
    "ES256": (ECKey, "P-256"),
    "EdDSA": (OKPKey, "Ed25519"),
    "Ed25519": (OKPKey, "Ed25519"),  # the same, as RFC 9864 names it
}
FRESH = 600.0  # seconds after which keys are fetched again
STALE = 3600.0  # seconds for which the keys last fetched serve while the issuer does not answer
PAUSE = 30.0  # seconds between two fetches because of a key that is not known
RETRY = 1.0  # the same, as long as no keys are known
SECONDS = 5.0  # for an answer
LARGEST = 1 << 19  # bytes of an answer
SHORTEST_RSA = 2048  # bits


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: keys come from where the issuer says, over https."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Return nothing to go on with."""


class IssuerKeys:
    """The keys that an issuer signs with, found by OpenID Connect Discovery. May be shared between threads.

    http: allows plain http to this machine, for issuers under test.
    """

    def __init__(
        self, issuer: str, *, http: bool = False, pause: float = PAUSE, fresh: float = FRESH
    ) -> None:
        self._issuer, self._http = issuer, http
        self._pause, self._fresh = pause, fresh
        if not is_secure(issuer, http=http):
            raise UsageError(f"the issuer of tokens has no https address: {issuer!r}")
        self._opener = urllib.request.build_opener(_NoRedirects)
        self._lock = threading.Lock()  # held while keys are fetched
        self._keys: list[dict[str, Any]] = []
        self._problem = ServiceError("the issuer of tokens was not asked yet")
        self._fetched = self._tried = float("-inf")

    def find_key(self, algorithm: str, kid: str | None) -> PublicKey | None:
        """Return the key of an id that goes with an algorithm; without an id, the only one that does.

        An id that is not known makes the keys be fetched again, at most once in `pause` seconds.
        `ServiceError` where no keys are known, as the issuer does not answer.
        """
        found = self._choose(algorithm, kid)
        if found is None or time.monotonic() - self._fetched >= self._fresh:
            self._refresh()
            found = self._choose(algorithm, kid)
        if not self._keys:
            raise ServiceError(self._problem.message, hint=self._problem.hint)
        return found

    def _refresh(self) -> None:
        """Fetch the keys, unless that was tried a moment ago, or others do it and some are known."""
        if not self._lock.acquire(blocking=not self._keys):
            return
        try:
            now = time.monotonic()
            if now - self._tried < (self._pause if self._keys else RETRY):
                return
            self._tried = now
            try:
                self._keys = self._fetch_keys()
                self._fetched = now
            except ServiceError as error:
                self._problem = error
                if now - self._fetched >= STALE:
                    self._keys = []
        finally:
            self._lock.release()

    def _choose(self, algorithm: str, kid: str | None) -> PublicKey | None:
        form, curve = FORMS[algorithm]
        fits = [
            key
            for key in self._keys
            if key.get("kty") == form.key_type
            and key.get("crv", "") == curve
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
            and (kid is None or key.get("kid") == kid)
        ]
        if len(fits) != 1:
            return None
        public: dict[str, Any] = {
            name: fits[0][name] for name in ("kty", "crv", "n", "e", "x", "y") if name in fits[0]
        }
        try:
            key = form.import_key(public)
        except (JoseError, ValueError, TypeError, KeyError):
            return None
        if isinstance(key, RSAKey) and key.raw_value.key_size < SHORTEST_RSA:
            return None
        return key

    def _fetch_keys(self) -> list[dict[str, Any]]:
        said = self._fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self._issuer:
            raise ServiceError("the issuer of tokens calls itself by another name")
        address = said.get("jwks_uri")
        if not isinstance(address, str) or not is_secure(address, http=self._http):
            raise ServiceError("the issuer of tokens does not say where, over https, its keys are")
        keys = self._fetch(address).get("keys")
        if not isinstance(keys, list):
            raise ServiceError("what the issuer of tokens calls its keys are none")
        return [key for key in keys if isinstance(key, dict)]

    def _fetch(self, address: str) -> dict[str, Any]:
        request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310  checked
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                raw = answer.read(LARGEST + 1)
            said = orjson.loads(raw) if len(raw) <= LARGEST else None
        except (URLError, OSError, ValueError) as error:
            raise ServiceError(f"{address} does not answer as it must: {error}") from error
        if not isinstance(said, dict):
            raise ServiceError(f"{address} does not answer with an object of JSON")
        return said


def is_secure(address: str, *, http: bool = False) -> bool:
    """Tell whether an address is of https; with `http`, plain http to this machine will do."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    local = http and parts.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(parts.hostname) and parts.scheme in (("https", "http") if local else ("https",))
