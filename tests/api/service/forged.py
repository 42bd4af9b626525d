"""Credentials that are not good (any more), and one that is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from api.auth import Role, Secret, add_key, revoke_key
from api.auth.tokens import ALGORITHM, ISSUER, TYPE
from graph import Store
from tests.api.auth.issuer import Issuer, make_key

Headers = Mapping[str, str]


def bear(token: str, **more: str) -> Headers:
    """Return the headers that show a token."""
    return {"Authorization": f"Bearer {token}", **more}


def list_bearers(issuer: Issuer) -> Iterator[tuple[str, Headers]]:
    """Yield tokens that an issuer has not signed so, not for us, or not for now."""
    now, own = int(time.time()), issuer.keys[0]

    def sign(key: Any = None, **changed: Any) -> Headers:
        return bear(issuer.sign(issuer.claims(motivo_role="admin", **changed), key))

    yield "expired", sign(iat=now - 900, exp=now - 60)
    yield "of another audience", sign(aud="https://elsewhere.example")
    yield "of another issuer", sign(iss="https://elsewhere.example")
    yield "without an end", sign(exp=None)
    yield "signed with another key of the same name", sign(make_key("OKP", own.kid or ""))
    yield "signed with a key that nobody knows", sign(make_key("EC", "unknown"))
    claims = issuer.claims(motivo_role="admin")
    good = issuer.sign(claims)
    head, body, signature = good.split(".")
    other = encode(issuer.claims(motivo_role="admin", sub="somebody else"))
    yield "altered", bear(f"{head}.{other}.{signature}")
    for none in ("none", "None", "NONE"):
        yield f"alg {none}", bear(f"{encode({'alg': none, 'typ': 'JWT'})}.{body}.")
        yield (
            f"alg {none}, with a signature",
            bear(f"{encode({'alg': none, 'typ': 'JWT'})}.{body}.{signature}"),
        )
    public = str(own.as_dict(private=False)["x"]).encode()
    signed = f"{encode({'alg': 'HS256', 'typ': 'JWT', 'kid': own.kid})}.{body}"
    yield "signed with the public key as a secret", bear(f"{signed}.{sign_with(public, signed)}")


def list_widgets(secret: str, subject: str, origin: str) -> Iterator[tuple[str, Headers]]:
    """Yield tokens of widgets; `subject`: what a good one says of whose it is."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": origin, "sub": subject, "iat": now, "exp": now + 60, "jti": "one"}

    def issue(of: str = secret, typ: str = TYPE, **changed: Any) -> Headers:
        key = OctKey.import_key(Secret(of).derive("widget tokens", 32))
        token = jwt.encode({"alg": ALGORITHM, "typ": typ}, good | changed, key, algorithms=[ALGORITHM])
        return bear(token, Origin=origin)

    yield "a widget's, expired", issue(iat=now - 300, exp=now - 1)
    yield "a widget's, for a day", issue(exp=now + 86_400)
    yield "a widget's, of another page", issue(aud="https://elsewhere.example")
    yield "a widget's, of all pages", issue(aud=[origin, "https://elsewhere.example"])
    yield "a widget's, under another secret", issue("f" * 64)
    yield "a widget's, of a customer in clear", issue(sub="crm:C1")
    yield "a widget's, of another type", issue(typ="JWT")
    body = encode(good)
    yield "a widget's, alg none", bear(f"{encode({'alg': 'none', 'typ': TYPE})}.{body}.", Origin=origin)


def list_keys(store: Store) -> Iterator[tuple[str, Headers]]:
    """Yield API keys that open nothing."""
    key, made = add_key(store, Role.ADMIN)
    revoke_key(store, made.id)
    yield "a revoked key", bear(key)
    yield "a key of which a letter is another", bear(key[:-1] + ("0" if key[-1] != "0" else "1"))
    yield "a key of nobody", bear("motivo_" + "0" * 12 + "_" + "0" * 72)


def list_nonsense() -> Iterator[tuple[str, Headers]]:
    """Yield what is no credential at all."""
    yield "nothing", {}
    yield "no token", {"Authorization": "Bearer"}
    yield "another scheme", {"Authorization": "Basic YWRtaW46YWRtaW4="}
    yield "nonsense", bear("a.b.c")


def encode(said: Mapping[str, Any]) -> str:
    """Return a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def sign_with(secret: bytes, text: str) -> str:
    """Return the signature of HS256."""
    digest = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
