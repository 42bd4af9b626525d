"""From headers to a caller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.auth import (
    Authenticator,
    Pseudonyms,
    Role,
    Secret,
    WidgetTokens,
    add_key,
    describe_challenge,
    open_authenticator,
)
from api.settings import AuthSettings, read_auth_settings
from graph import Store, open_store
from schema import AuthenticationError, UsageError
from tests.api.auth.issuer import AUDIENCE, make_key, running_issuer

SECRET = Secret("s" * 32)
PSEUDONYMS = Pseudonyms(SECRET)
CRM = "https://crm.example.com"
LOCAL = {"host": "127.0.0.1:8000"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'm.db'}")) as store:
        yield store


def door(store: Store, *, dev: bool = False, settings: AuthSettings | None = None) -> Authenticator:
    return open_authenticator(store, settings or AuthSettings(), SECRET, PSEUDONYMS, dev=dev)


def bearer(token: str, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **headers}


def test_a_key_a_widget_token_and_a_bearer_token(store: Store) -> None:
    key, kept = add_key(store, Role.INVESTIGATOR)
    widget = WidgetTokens(SECRET, PSEUDONYMS).issue("ana", CRM).token
    with running_issuer() as issuer:
        issuer.keys = [make_key("EC", "e1")]
        settings = AuthSettings(oidc_issuer=issuer.address, oidc_audience=AUDIENCE, oidc_http=True)
        there = door(store, settings=settings)
        assert there.authenticate(bearer(key)).name == f"key:{kept.id}"
        assert there.authenticate(bearer(widget, origin=CRM)).customer == "ana"
        token = issuer.sign(issuer.claims())
        assert there.authenticate(bearer(token)).name == "oidc:ana"
        assert there.authenticate({"authorization": f"bearer  {token} "}).name == "oidc:ana"
    with pytest.raises(AuthenticationError):
        door(store).authenticate(bearer(token))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "motivo_x",
        "Bearer motivo_x",
        "Bearer a.b.c",
        "Bearer é",
        "Bearer a b",
    ],
)
@pytest.mark.parametrize("dev", [False, True])
def test_what_tells_nobody(store: Store, given: str, dev: bool) -> None:
    headers = {"authorization": given, "host": "crm.example.com"}
    with pytest.raises(AuthenticationError) as failed:
        door(store, dev=dev).authenticate(headers, "127.0.0.1")
    challenge = describe_challenge(failed.value, headers)
    assert challenge.startswith('Bearer realm="motivo"')
    assert ("invalid_token" in challenge) == bool(given)
    assert challenge.count('"') % 2 == 0


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"origin": CRM}, True),
        ({"origin": CRM, "host": "motivo.example"}, True),
        ({"origin": "https://motivo.example", "host": "motivo.example", "motivo-audience": CRM}, True),
        ({"host": "motivo.example", "motivo-audience": CRM}, True),
        ({"host": "motivo.example"}, False),
        ({}, False),
        ({"origin": "null", "motivo-audience": CRM}, False),
        ({"origin": "https://elsewhere.example", "host": "motivo.example"}, False),
        ({"origin": "https://elsewhere.example", "host": "motivo.example", "motivo-audience": CRM}, False),
        (
            {
                "origin": "https://motivo.example",
                "host": "motivo.example",
                "motivo-audience": "https://b.example",
            },
            False,
        ),
        ({"origin": CRM, "host": "motivo.example", "motivo-audience": "https://b.example"}, True),
    ],
)
def test_a_page_cannot_say_that_it_is_another(store: Store, headers: dict[str, str], good: bool) -> None:
    token = WidgetTokens(SECRET, PSEUDONYMS).issue("ana", CRM).token
    if good:
        assert door(store).authenticate(bearer(token, **headers)).customer == "ana"
    else:
        with pytest.raises(AuthenticationError):
            door(store).authenticate(bearer(token, **headers))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1"])
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_a_developer_on_this_machine(store: Store, address: str, host: str) -> None:
    caller = door(store, dev=True).authenticate({"host": host}, address)
    assert (caller.role, caller.name) == (Role.ADMIN, "dev")
    assert door(store, dev=True).authenticate({"host": host, "origin": f"http://{host}"}, address) == caller
    with pytest.raises(AuthenticationError):
        door(store).authenticate({"host": host}, address)


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        (LOCAL, "10.0.0.7"),
        (LOCAL, ""),
        (LOCAL, "localhost.evil.example"),
        ({"host": "evil.example"}, "127.0.0.1"),
        ({"host": "127.0.0.1.evil.example"}, "127.0.0.1"),
        ({"host": "["}, "127.0.0.1"),
        ({}, "127.0.0.1"),
        (LOCAL | {"origin": "https://evil.example"}, "127.0.0.1"),
        (LOCAL | {"origin": "null"}, "127.0.0.1"),
        (LOCAL | {"origin": "http://["}, "127.0.0.1"),
        (LOCAL | {"x-forwarded-for": "127.0.0.1"}, "127.0.0.1"),
        (LOCAL | {"forwarded": "for=127.0.0.1"}, "127.0.0.1"),
        (LOCAL | {"authorization": "Bearer motivo_wrong"}, "127.0.0.1"),
    ],
)
def test_a_developer_is_nobody_else(store: Store, headers: dict[str, str], address: str) -> None:
    with pytest.raises(AuthenticationError):
        door(store, dev=True).authenticate(headers, address)


def test_settings() -> None:
    env = {
        "MOTIVO_SECRET": "s" * 40,
        "MOTIVO_OIDC_ISSUER": "https://id.example",
        "MOTIVO_OIDC_AUDIENCE": "motivo",
        "MOTIVO_OIDC_ROLE": "realm_access.roles",
        "MOTIVO_OIDC_ROWS": "regions",
        "MOTIVO_OIDC_HTTP": "0",
        "MOTIVO_AUDIT": "/var/log/motivo/audit.jsonl",
        "MOTIVO_SMALLEST_GROUP": "10",
    }
    settings = read_auth_settings(env)
    assert (settings.oidc_role, settings.oidc_rows, settings.oidc_http) == (
        "realm_access.roles",
        "regions",
        False,
    )
    assert settings.audit == Path("/var/log/motivo/audit.jsonl")
    assert settings.smallest_group == 10
    assert "ssss" not in repr(settings)
    assert read_auth_settings({}) == AuthSettings()
    assert read_auth_settings({"MOTIVO_AUDIT": " "}).audit is None
    with pytest.raises(UsageError):
        read_auth_settings({"MOTIVO_OIDC_ISSUER": "https://id.example"})
    for wrong in ("0", "-1", "few", "1.5"):
        with pytest.raises(UsageError):
            read_auth_settings({"MOTIVO_SMALLEST_GROUP": wrong})
