"""What a CRM signs and the company's app believes: links, posted requests, and passes for a working day."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from typing import Any

MINUTES = 5  # for which a link or a posted request opens a page


class Signer:
    """Signs with HMAC-SHA-256 under a key that both sides know, each kind of thing apart from the others."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def sign(self, kind: str, text: str) -> str:
        """Return the signature of a text."""
        return hmac.new(self._key, f"{kind}\n{text}".encode(), hashlib.sha256).hexdigest()

    def make_pass(self, kind: str, customer: str, *, minutes: float) -> dict[str, str]:
        """Return the parameters of a link that names a customer and ends."""
        until = str(int(time.time() + 60 * minutes))
        return {
            "customer": customer,
            "until": until,
            "signature": self.sign(kind, f"{until}\n{customer}"),
        }

    def read_pass(self, kind: str, given: dict[str, str]) -> str | None:
        """Return the customer of such a link; None if it is not ours, or has ended."""
        customer, until = given.get("customer", ""), given.get("until", "")
        signature = self.sign(kind, f"{until}\n{customer}")
        if not hmac.compare_digest(signature.encode(), given.get("signature", "").encode()):
            return None
        if int(until) < time.time():
            return None
        return customer

    def make_request(self, context: dict[str, Any]) -> str:
        """Return a signed request, as Salesforce Canvas posts it: signature and context in base 64."""
        packed = base64.b64encode(json.dumps({"issuedAt": time.time(), **context}).encode()).decode()
        return f"{self._sign_packed(packed)}.{packed}"

    def read_request(self, signed: str) -> dict[str, Any] | None:
        """Return the context of such a request; None if it is not ours, or too old."""
        signature, _, packed = signed.partition(".")
        if not hmac.compare_digest(self._sign_packed(packed).encode(), signature.encode()):
            return None
        try:
            context: dict[str, Any] = json.loads(base64.b64decode(packed, validate=True))
            fresh = abs(time.time() - float(context["issuedAt"])) < 60 * MINUTES
        except (binascii.Error, ValueError, KeyError, TypeError):
            return None
        return context if fresh else None

    def _sign_packed(self, packed: str) -> str:
        return base64.b64encode(hmac.new(self._key, packed.encode(), hashlib.sha256).digest()).decode()
