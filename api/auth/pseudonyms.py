"""Pseudonyms: keys that tell who is the same, and not who it is."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from api.auth.secret import Secret

MARK = "~"  # what a pseudonym begins with
BLOCK = 16  # bytes; texts are filled up to a multiple, so that a pseudonym hardly tells how long its key is
_SAFE = bytes.maketrans(b"+/", b"-_")
LONGEST = 8192  # letters; nothing longer is looked at


class Pseudonyms:
    """Hides texts by AES-SIV (RFC 5297) under the server's secret.

    The same text has the same pseudonym within a domain (a kind of node, say), and another one in each
    other domain. A text that was altered, or made up, is of no pseudonym.
    """

    def __init__(self, secret: Secret) -> None:
        self._cipher = AESSIV(secret.derive("pseudonyms", 64))

    def hide(self, domain: str, text: str) -> str:
        """Return the pseudonym of a text."""
        plain = text.encode()
        padded = plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK)
        hidden = self._cipher.encrypt(padded, [domain.encode()])
        return MARK + binascii.b2a_base64(hidden, newline=False).translate(_SAFE, b"=").decode()

    def find(self, domain: str, pseudonym: str) -> str | None:
        """Return the text that a pseudonym stands for, or None where it is no pseudonym of the domain."""
        if not pseudonym.startswith(MARK) or len(pseudonym) > LONGEST:
            return None
        try:
            body = pseudonym[1:].encode("ascii")
            hidden = base64.b64decode(body + b"=" * (-len(body) % 4), altchars=b"-_", validate=True)
            plain = self._cipher.decrypt(hidden, [domain.encode()])
        except (InvalidTag, ValueError, binascii.Error):
            return None
        # Of the spellings that Base64 has of some bytes, only ours counts.
        text = plain[: plain.rindex(b"\x80")].decode()
        return text if self.hide(domain, text) == pseudonym else None
