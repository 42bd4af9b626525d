"""The server's secret, and the keys that are derived from it, one for each purpose."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from schema import UsageError

SHORTEST = 32  # letters; 64 hexadecimal ones are 256 bits
HOW = "openssl rand -hex 32 makes one; whoever has it can read pseudonyms and make widget tokens"


class Secret:
    """What only the server knows. Its derived keys (HKDF, RFC 5869) tell nothing of it or of each other."""

    def __init__(self, text: str) -> None:
        if not text:
            raise UsageError("MOTIVO_SECRET is not set", hint=HOW)
        if len(text) < SHORTEST:
            raise UsageError(f"MOTIVO_SECRET has less than {SHORTEST} letters", hint=HOW)
        self._bytes = text.encode()

    @classmethod
    def passing(cls) -> Secret:
        """Return a secret that is forgotten when the process ends: what it made is worth nothing then."""
        return cls(secrets.token_hex(32))

    def derive(self, purpose: str, length: int) -> bytes:
        """Return the key for a purpose, of this many bytes."""
        return HKDF(SHA256(), length, salt=None, info=f"motivo {purpose}".encode()).derive(self._bytes)

    def __repr__(self) -> str:
        return "Secret(...)"
