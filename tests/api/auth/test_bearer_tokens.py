"""Bearer tokens of an issuer: which are taken, and everything that is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from api.auth import Caller, Role
from api.auth.jwks import IssuerKeys
from api.auth.oidc import LARGEST, BearerTokens, ClaimNames
from schema import AuthenticationError, RefusedError, ServiceError, UsageError
from tests.api.auth.issuer import AUDIENCE, Issuer, make_key, running_issuer


@pytest.fixture(scope="module")
def keys() -> dict[str, Any]:
    return {kty: make_key(kty, kid) for kty, kid in (("RSA", "r1"), ("EC", "e1"), ("OKP", "o1"))}


@pytest.fixture
def issuer(keys: dict[str, Any]) -> Iterator[Issuer]:
    with running_issuer() as issuer:
        issuer.keys = list(keys.values())
        yield issuer


@pytest.fixture
def tokens(issuer: Issuer) -> BearerTokens:
    return BearerTokens(issuer.address, AUDIENCE, IssuerKeys(issuer.address, http=True))


def part(said: Any) -> str:
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize("kty", ["RSA", "EC", "OKP"])
def test_a_good_token_of_each_algorithm(
    issuer: Issuer, tokens: BearerTokens, keys: dict[str, Any], kty: str
) -> None:
    claims = issuer.claims()
    caller = tokens.get_caller(issuer.sign(claims, keys[kty]))
    assert (caller.role, caller.name, caller.rows, caller.customer) == (Role.ANALYST, "oidc:ana", {}, None)
    assert caller.expires_at is not None
    assert 0 <= caller.expires_at.timestamp() - claims["exp"] <= 60


def test_ed25519_by_its_newer_name(issuer: Issuer, tokens: BearerTokens) -> None:
    key = make_key("OKP", "o2")
    key.extra_parameters = {"kid": "o2"}  # type: ignore[attr-defined]
    issuer.keys = [type(key).import_key({**key.as_dict(private=True), "alg": "Ed25519"})]
    from joserfc import jws

    header = {"alg": "Ed25519", "kid": issuer.keys[0].kid, "typ": "at+jwt"}
    token = jws.serialize_compact(header, json.dumps(issuer.claims()), issuer.keys[0], algorithms=["Ed25519"])
    assert tokens.get_caller(token).role is Role.ANALYST


@pytest.mark.parametrize(
    "change",
    [
        {"exp": lambda: int(time.time()) - 31},
        {"exp": lambda: "later"},
        {"exp": lambda: float("nan")},
        {"exp": lambda: True},
        {"exp": lambda: 10**400},
        {"exp": lambda: None},
        {"nbf": lambda: int(time.time()) + 60},
        {"iat": lambda: int(time.time()) + 60},
        {"iat": lambda: None},
        {"aud": lambda: "https://another.example"},
        {"aud": lambda: ["https://another.example"]},
        {"aud": lambda: []},
        {"aud": lambda: {}},
        {"aud": lambda: None},
        {"iss": lambda: "https://another.example"},
        {"iss": lambda: None},
        {"sub": lambda: None},
        {"sub": lambda: 7},
    ],
    ids=lambda change: str(*change),  # what it changes: the same in every run
)
def test_wrong_claims(issuer: Issuer, tokens: BearerTokens, change: dict[str, Callable[[], Any]]) -> None:
    claims = issuer.claims(**{name: make() for name, make in change.items()})
    with pytest.raises(AuthenticationError):
        tokens.get_caller(issuer.sign(claims))


def test_clocks_may_differ_a_little_and_there_may_be_other_audiences(
    issuer: Issuer, tokens: BearerTokens
) -> None:
    now = int(time.time())
    for change in (
        {"exp": now - 10},
        {"iat": now + 10},
        {"nbf": now + 10},
        {"aud": ["https://a.example", AUDIENCE]},
    ):
        assert tokens.get_caller(issuer.sign(issuer.claims(**change)))


def test_alg_none(issuer: Issuer, tokens: BearerTokens) -> None:
    for name in ("none", "None", "NONE", ""):
        body = f"{part({'alg': name, 'kid': 'r1', 'typ': 'JWT'})}.{part(issuer.claims())}"
        for token in (f"{body}.", f"{body}.{part(b'x')}", body):
            with pytest.raises(AuthenticationError):
                tokens.get_caller(token)


def test_a_public_key_is_no_shared_secret(issuer: Issuer, tokens: BearerTokens, keys: dict[str, Any]) -> None:
    for shared in (
        keys["RSA"].as_pem(private=False),
        json.dumps(keys["RSA"].as_dict(private=False)).encode(),
    ):
        body = f"{part({'alg': 'HS256', 'kid': 'r1', 'typ': 'JWT'})}.{part(issuer.claims())}"
        signed = hmac.new(shared, body.encode(), hashlib.sha256).digest()
        with pytest.raises(AuthenticationError):
            tokens.get_caller(f"{body}.{part(signed)}")


def test_a_shared_secret_among_the_keys_is_not_used(issuer: Issuer, tokens: BearerTokens) -> None:
    secret = OctKey.generate_key(256, {"kid": "s1"})
    issuer.keys.append(secret)  # type: ignore[arg-type]
    body = f"{part({'alg': 'HS256', 'kid': 's1', 'typ': 'JWT'})}.{part(issuer.claims())}"
    signed = hmac.new(secret.raw_value, body.encode(), hashlib.sha256).digest()
    with pytest.raises(AuthenticationError):
        tokens.get_caller(f"{body}.{part(signed)}")


def test_a_wrong_signature_and_altered_claims(
    issuer: Issuer, tokens: BearerTokens, keys: dict[str, Any]
) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "r1"})
    good = issuer.sign(issuer.claims()).split(".")
    altered = part(issuer.claims(motivo_role="admin"))
    for token in (
        issuer.sign(issuer.claims(), stranger),
        ".".join((good[0], altered, good[2])),
        ".".join((*good[:2], "")),
        ".".join((*good[:2], good[2][:-6] + "AAAAAA")),
        issuer.sign(issuer.claims(), keys["EC"], kid="r1"),
    ):
        with pytest.raises(AuthenticationError):
            tokens.get_caller(token)


def test_where_a_key_is_said_to_be_is_not_looked_at(issuer: Issuer, tokens: BearerTokens) -> None:
    with running_issuer() as stranger:
        stranger.keys = [make_key("RSA", "r1")]
        own = stranger.keys[0].as_dict(private=False)
        tricks: list[dict[str, Any]] = [
            {"jku": f"{stranger.address}/keys"},
            {"x5u": f"{stranger.address}/keys"},
            {"jwk": own},
            {"jwk": own, "kid": None},
            {"kid": "../../keys"},
            {"kid": f"{stranger.address}/keys"},
            {"kid": ["r1"]},
            {"kid": {"r1": 1}},
            {"crit": ["exp"]},
            {"crit": ["b64"], "b64": True},
            {"typ": "motivo-widget+jwt"},
            {"typ": "dpop+jwt"},
        ]
        for trick in tricks:
            with pytest.raises(AuthenticationError):
                tokens.get_caller(issuer.sign(issuer.claims(), stranger.keys[0], **trick))
        assert stranger.asked == []
    assert tokens.get_caller(issuer.sign(issuer.claims(), jku="https://elsewhere.example/keys", x5t="abc"))
    for trick in ({"crit": ["exp"]}, {"typ": "motivo-widget+jwt"}):
        with pytest.raises(AuthenticationError):
            tokens.get_caller(issuer.sign(issuer.claims(), **trick))


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "a.b.c.d.e",
        "e30.e30.",
        part([1]) + ".e30.e30",
        part("x") + ".e30.e30",
        part(b"\xff\xfe") + ".e30.e30",
        "é.é.é",
        "=" * 50,
        part({"alg": ["RS256"]}) + ".e30.AAAA",
        part({"alg": {"RS256": 1}}) + ".e30.AAAA",
        part({"alg": 1}) + ".e30.AAAA",
        part(b"[" * 5000) + ".e30.AAAA",
    ],
    ids=range(15),
)
def test_what_is_no_token(tokens: BearerTokens, token: str) -> None:
    with pytest.raises(AuthenticationError):
        tokens.get_caller(token)


def test_huge_tokens_are_not_read(issuer: Issuer, tokens: BearerTokens) -> None:
    for claims, header in (
        (issuer.claims(groups="g" * LARGEST), {}),
        (issuer.claims(), {"x5c": ["a" * 8000]}),
    ):
        with pytest.raises(AuthenticationError):
            tokens.get_caller(issuer.sign(claims, **header))
    assert tokens.get_caller(issuer.sign(issuer.claims(groups=["group"] * 1000)))
    with pytest.raises(AuthenticationError):
        tokens.get_caller("a" * 10_000_000)


def test_a_payload_that_is_no_object(issuer: Issuer, tokens: BearerTokens) -> None:
    for claims in ([], "x", 1, None):
        with pytest.raises(AuthenticationError):
            tokens.get_caller(issuer.sign(claims))  # type: ignore[arg-type]


# Keys, fetched and kept


def test_keys_are_kept_and_fetched_again_for_one_that_is_not_known(issuer: Issuer) -> None:
    tokens = BearerTokens(issuer.address, AUDIENCE, IssuerKeys(issuer.address, http=True, pause=0.3))
    good = issuer.sign(issuer.claims())
    for _ in range(5):
        tokens.get_caller(good)
    assert issuer.fetches == 1
    time.sleep(0.31)
    old, new = issuer.keys, make_key("EC", "e2")
    issuer.keys = [new]
    assert tokens.get_caller(issuer.sign(issuer.claims(), new))
    assert issuer.fetches == 2
    with pytest.raises(AuthenticationError):
        tokens.get_caller(issuer.sign(issuer.claims(), old[0]))  # which the issuer has taken back
    for n in range(20):
        with pytest.raises(AuthenticationError):
            tokens.get_caller(issuer.sign(issuer.claims(), old[0], kid=f"made up {n}"))
    assert issuer.fetches == 2
    time.sleep(0.31)
    with pytest.raises(AuthenticationError):
        tokens.get_caller(issuer.sign(issuer.claims(), old[0]))
    assert issuer.fetches == 3


def test_without_an_id_the_only_key_that_fits_counts(issuer: Issuer, tokens: BearerTokens) -> None:
    assert tokens.get_caller(issuer.sign(issuer.claims(), kid=None))
    issuer.keys.append(make_key("RSA", "r9"))
    other = BearerTokens(issuer.address, AUDIENCE, IssuerKeys(issuer.address, http=True))
    with pytest.raises(AuthenticationError):
        other.get_caller(issuer.sign(issuer.claims(), kid=None))
    assert other.get_caller(issuer.sign(issuer.claims()))


def test_keys_serve_on_while_the_issuer_is_away(issuer: Issuer) -> None:
    tokens = BearerTokens(issuer.address, AUDIENCE, IssuerKeys(issuer.address, http=True, pause=0, fresh=0))
    good = issuer.sign(issuer.claims())
    tokens.get_caller(good)
    issuer.status = 500
    assert tokens.get_caller(good)
    issuer.status = 200
    issuer.keys = [make_key("RSA", "r3")]
    with pytest.raises(AuthenticationError):
        tokens.get_caller(good)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://another.example"},
        {"jwks_uri": "http://elsewhere.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "ftp://127.0.0.1/keys"},
        {"jwks_uri": None},
        {"jwks_uri": "elsewhere"},
        {"jwks_uri": "nowhere"},
    ],
    ids=lambda change: str(*change),  # what it changes: the same in every run
)
def test_an_issuer_that_does_not_answer_as_it_must(
    issuer: Issuer, tokens: BearerTokens, said: dict[str, Any]
) -> None:
    place = said.get("jwks_uri")
    issuer.said = {"jwks_uri": f"{issuer.address}/{place}"} if place in ("elsewhere", "nowhere") else said
    with pytest.raises(ServiceError):
        tokens.get_caller(issuer.sign(issuer.claims()))


def test_an_issuer_that_is_not_there() -> None:
    tokens = BearerTokens("http://127.0.0.1:9", AUDIENCE, IssuerKeys("http://127.0.0.1:9", http=True))
    token = f"{part({'alg': 'RS256', 'kid': 'r1'})}.e30.AAAA"
    for _ in range(2):
        with pytest.raises(ServiceError):
            tokens.get_caller(token)


def test_plain_http_is_for_this_machine_and_only_when_allowed(issuer: Issuer) -> None:
    for address, http in (
        (issuer.address, False),
        ("http://issuer.example", True),
        ("ftp://localhost", True),
        ("issuer", True),
        ("", True),
    ):
        with pytest.raises(UsageError):
            IssuerKeys(address, http=http)


def test_weak_and_damaged_keys_are_not_used(issuer: Issuer) -> None:
    weak = {
        "kty": "RSA",
        "kid": "weak",
        "e": "AQAB",
        "n": base64.urlsafe_b64encode((2**1023 + 1).to_bytes(128, "big")).rstrip(b"=").decode(),
    }
    curve = ECKey.generate_key("P-384", {"kid": "p384"}).as_dict(private=False)
    encrypts = make_key("RSA", "enc").as_dict(private=False) | {"use": "enc"}
    damaged = {"kty": "EC", "crv": "P-256", "kid": "damaged", "x": "AAAA", "y": "AAAA"}
    keys = IssuerKeys(issuer.address, http=True)

    class Raw:
        def __init__(self, said: dict[str, Any]) -> None:
            self.said = said

        def as_dict(self, **_: Any) -> dict[str, Any]:
            return self.said

    issuer.keys = [Raw(key) for key in (weak, curve, encrypts, damaged)]  # type: ignore[misc]
    for algorithm, kid in (("RS256", "weak"), ("ES256", "p384"), ("RS256", "enc"), ("ES256", "damaged")):
        assert keys.find_key(algorithm, kid) is None


# Roles and rows


@pytest.mark.parametrize(
    ("claim", "said", "role"),
    [
        ("motivo_role", "agent", Role.AGENT),
        ("motivo_role", ["others", "analyst", "investigator"], Role.INVESTIGATOR),
        ("realm_access.roles", {"realm_access": {"roles": ["admin"]}}, Role.ADMIN),
        ("https://motivo.example/role", "agent", Role.AGENT),
    ],
)
def test_the_role_comes_from_a_claim(issuer: Issuer, claim: str, said: Any, role: Role) -> None:
    keys = IssuerKeys(issuer.address, http=True)
    claims = said if isinstance(said, dict) else {claim: said}
    tokens = BearerTokens(issuer.address, AUDIENCE, keys, ClaimNames(claim))
    assert tokens.get_caller(issuer.sign(issuer.claims(**{"motivo_role": None} | claims))).role is role


@pytest.mark.parametrize("said", [None, "", "widget", "anyone", "Admin", "administrator", [], {}, 7, True])
def test_without_a_role_nothing_is_shown(issuer: Issuer, tokens: BearerTokens, said: Any) -> None:
    with pytest.raises(RefusedError) as refused:
        tokens.get_caller(issuer.sign(issuer.claims(motivo_role=said)))
    assert not isinstance(refused.value, AuthenticationError)


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ({"Region": ["north", "south"]}, {"Region": ("north", "south")}),
        ({"Region": "north"}, {"Region": ("north",)}),
        (["Region=north", "Product=a=b"], {"Region": ("north",), "Product": ("a=b",)}),
        ("Region=north", {"Region": ("north",)}),
        ("*", {}),
        (["*"], {}),
    ],
)
def test_rows_come_from_a_claim(issuer: Issuer, said: Any, rows: Any) -> None:
    tokens = BearerTokens(
        issuer.address, AUDIENCE, IssuerKeys(issuer.address, http=True), ClaimNames(rows="motivo_rows")
    )
    assert tokens.get_caller(issuer.sign(issuer.claims(motivo_rows=said))).rows == rows


@pytest.mark.parametrize(
    "said",
    [None, "", [], {}, {"Region": []}, "Region", ["Region"], 7, {"Region": [7]}, {"Region": 7}, [["a"]]],
)
def test_rows_that_are_missing_or_not_understood_are_none(issuer: Issuer, said: Any) -> None:
    tokens = BearerTokens(
        issuer.address, AUDIENCE, IssuerKeys(issuer.address, http=True), ClaimNames(rows="motivo_rows")
    )
    with pytest.raises(RefusedError):
        tokens.get_caller(issuer.sign(issuer.claims(motivo_rows=said)))


def test_a_caller_ends_with_their_token(issuer: Issuer, tokens: BearerTokens) -> None:
    caller: Caller = tokens.get_caller(issuer.sign(issuer.claims()))
    assert caller.expires_at is not None
    assert caller.expires_at > datetime.now(UTC)
