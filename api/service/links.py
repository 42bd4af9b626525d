"""Addresses that give one export to one caller for a short while, for browsers, which show no key."""

from __future__ import annotations

import base64
import secrets
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.auth import Caller, Role, Secret
from api.service.exchange import Exchange
from schema import AuthenticationError, UsageError

SECONDS = 120
NONCE = 12  # bytes
LONGEST = 8_000  # letters: an address has to hold it
FOR = b"motivo export"


class Links:
    """Makes and reads the tokens of such addresses.

    They are sealed (AES-GCM under a key of their own), so that the logs of proxies tell nothing of what was
    asked for, and nobody can ask for anything else by them.
    """

    def __init__(self, secret: Secret) -> None:
        self._cipher = AESGCM(secret.derive("export tokens", 32))

    def make(self, exchange: Exchange, wanted: Mapping[str, Any]) -> tuple[str, datetime]:
        """Return a token for an export by the caller, and until when it is good."""
        caller = exchange.caller
        ends = datetime.now(UTC) + timedelta(seconds=SECONDS)
        if caller.expires_at is not None:
            ends = min(ends, caller.expires_at)
        said = {
            "role": caller.role,
            "name": caller.name,
            "rows": caller.rows,
            "language": exchange.language,
            "wanted": wanted,
            "ends": ends.timestamp(),
        }
        nonce = secrets.token_bytes(NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, zlib.compress(orjson.dumps(said)), FOR)
        token = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
        if len(token) > LONGEST:
            raise UsageError("what is asked for is too long for an address", hint="ask for it by POST")
        return token, ends

    def read(self, token: str) -> tuple[Caller, dict[str, Any], str]:
        """Return who is given what by a token, and in which language; `AuthenticationError` if nobody is."""
        try:
            sealed = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
            opened = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], FOR)
            said = orjson.loads(zlib.decompress(opened))
            ends = datetime.fromtimestamp(said["ends"], UTC)
            if ends <= datetime.now(UTC):
                raise ValueError("too late")
        except (ValueError, InvalidTag):
            raise AuthenticationError("this address is not good (any more)", hint="ask for another") from None
        rows = {kind: tuple(keys) for kind, keys in said["rows"].items()}
        return (
            Caller(Role(said["role"]), said["name"], rows=rows, expires_at=ends),
            said["wanted"],
            said["language"],
        )
