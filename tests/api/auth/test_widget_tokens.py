"""Widget tokens: one customer, one origin, ten minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from api.auth import Pseudonyms, Role, Secret, WidgetTokens
from api.auth.tokens import TYPE, read_origin
from schema import AuthenticationError, UsageError

CRM = "https://crm.example.com"
SECRET = Secret("s" * 32)
PSEUDONYMS = Pseudonyms(SECRET)
TOKENS = WidgetTokens(SECRET, PSEUDONYMS)
KEY = OctKey.import_key(SECRET.derive("widget tokens", 32))


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "iss": "motivo",
        "aud": CRM,
        "sub": PSEUDONYMS.hide("widget", "ana@correo.example"),
        "iat": now,
        "exp": now + 600,
        "jti": "1",
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def sign(said: dict[str, Any], key: OctKey = KEY, **header: Any) -> str:
    return jwt.encode({"alg": "HS256", "typ": TYPE} | header, said, key, algorithms=["HS256", "HS384"])


def test_a_token_is_of_one_customer_and_one_origin_for_some_minutes() -> None:
    made = TOKENS.issue("ana@correo.example", "HTTPS://CRM.Example.com:443/", minutes=3)
    assert made.audience == CRM
    assert timedelta(minutes=2) < made.expires_at - datetime.now(UTC) <= timedelta(minutes=3)
    caller = TOKENS.get_caller(made.token, CRM)
    assert (caller.role, caller.customer, caller.rows) == (Role.WIDGET, "ana@correo.example", {})
    assert caller.expires_at == made.expires_at
    assert caller.name.startswith("widget:")
    assert TOKENS.get_caller(sign(claims()), CRM).customer == "ana@correo.example"


def test_a_token_does_not_tell_whose_it_is() -> None:
    token = TOKENS.issue("ana@correo.example", CRM).token
    assert "ana" not in repr(jwt.decode(token, KEY, algorithms=["HS256"]).claims)


@pytest.mark.parametrize("minutes", [0, -1, 11, 1000])
def test_no_token_is_good_for_longer(minutes: int) -> None:
    with pytest.raises(UsageError):
        TOKENS.issue("ana", CRM, minutes=minutes)


@pytest.mark.parametrize(
    "change",
    [
        {"exp": lambda: int(time.time()) - 1},
        {"exp": lambda: int(time.time()) + 3600},
        {"exp": lambda: None},
        {"exp": lambda: "soon"},
        {"exp": lambda: float("inf")},
        {"exp": lambda: 10**400},
        {"iat": lambda: int(time.time()) + 60},
        {"iat": lambda: None},
        {"iat": lambda: int(time.time()) - 3600},
        {"aud": lambda: "https://elsewhere.example"},
        {"aud": lambda: [CRM, "https://elsewhere.example"]},
        {"aud": lambda: None},
        {"iss": lambda: "another"},
        {"iss": lambda: None},
        {"sub": lambda: "ana@correo.example"},
        {"sub": lambda: PSEUDONYMS.hide("Customer", "ana@correo.example")},
        {"sub": lambda: None},
        {"jti": lambda: None},
    ],
    ids=lambda change: str(*change),  # what it changes: the same in every run
)
def test_wrong_claims(change: dict[str, Callable[[], Any]]) -> None:
    said = claims(**{name: make() for name, make in change.items()})
    with pytest.raises(AuthenticationError):
        TOKENS.get_caller(sign(said), CRM)


@pytest.mark.parametrize(
    "origin", ["", "null", "https://elsewhere.example", "http://crm.example.com", CRM + ":8443"]
)
def test_pages_of_other_origins(origin: str) -> None:
    with pytest.raises(AuthenticationError):
        TOKENS.get_caller(TOKENS.issue("ana", CRM).token, origin)


def test_other_tokens_and_keys() -> None:
    good = sign(claims()).split(".")
    for token in (
        sign(claims(), typ="JWT"),
        sign(claims(), typ="motivo-other+jwt"),
        sign(claims(), OctKey.import_key(SECRET.derive("pseudonyms", 32))),
        sign(claims(), OctKey.import_key("s" * 32)),
        sign(claims(), alg="HS384"),
        ".".join((*good[:2], "")),
        ".".join((good[0], sign(claims(sub="other")).split(".")[1], good[2])),
        "",
        "a.b.c",
        "a" * 1_000_000,
        sign(claims(jti="j" * 5000)),
    ):
        with pytest.raises(AuthenticationError):
            TOKENS.get_caller(token, CRM)
    other = WidgetTokens(Secret("t" * 32), Pseudonyms(Secret("t" * 32)))
    with pytest.raises(AuthenticationError):
        other.get_caller(TOKENS.issue("ana", CRM).token, CRM)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://a.example", "https://a.example"),
        (" HTTPS://A.example/ ", "https://a.example"),
        ("https://a.example:443", "https://a.example"),
        ("https://a.example:8443", "https://a.example:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_origins(text: str, origin: str) -> None:
    assert read_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "*",
        "crm.example.com",
        "http://crm.example.com",
        "https://crm.example.com/page",
        "https://crm.example.com?x",
        "https://me@crm.example.com",
        "https://crm.example.com:99999",
        "https://[::1",
        "https://*.example.com",
        "https://a b.example",
        "ftp://crm.example.com",
        "https://",
    ],
)
def test_what_is_no_origin(text: str) -> None:
    with pytest.raises(UsageError):
        read_origin(text)
