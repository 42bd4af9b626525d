"""Bearer tokens of an OpenID Connect provider: who signs in with the company's own accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from api.auth.caller import Caller, Role
from api.auth.jwks import FORMS, IssuerKeys
from schema import AuthenticationError, RefusedError

LARGEST = 16_384  # letters of a token; some providers put many groups into them
LEEWAY = 30  # seconds that clocks may differ
TYPES = ("JWT", "AT+JWT", "APPLICATION/AT+JWT")  # access tokens (RFC 9068), or those of older providers
ROLES = (Role.ANALYST, Role.AGENT, Role.INVESTIGATOR, Role.ADMIN)  # from who sees least on
EVERYTHING = "*"
_WRONG = "the bearer token is not good (any more)"


class _Registry(JWSRegistry):
    """Reads long headers, too; what they say of where a key is (jku, x5u, jwk, x5c) nobody looks at."""

    max_header_length = 4096

    def get_alg(self, name: str) -> Any:
        """Return an algorithm that we take; without a warning about the name of EdDSA."""
        if name not in FORMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


@dataclass(frozen=True)
class ClaimNames:
    """Where a provider says what somebody may do; a dot leads into an object (`realm_access.roles`).

    role: a name of a role, or a list that has some; the one that sees most counts. rows: such as
    `{"Region": ["north"]}`, `["Region=north"]`, or `"*"` for all; "" where the provider says nothing of
    rows, and all are seen.
    """

    role: str = "motivo_role"
    rows: str = ""


class BearerTokens:
    """Tells callers by tokens that an issuer signed for an audience, which is this service."""

    def __init__(
        self, issuer: str, audience: str, keys: IssuerKeys, claims: ClaimNames | None = None
    ) -> None:
        self._issuer, self._audience = issuer, audience
        self._keys = keys
        self._names = claims or ClaimNames()
        self._registry = _Registry(algorithms=list(FORMS), strict_check_header=False)

    def get_caller(self, token: str) -> Caller:
        """Return whose token it is.

        `AuthenticationError` where it is not good, `RefusedError` where it gives no role here.
        """
        claims = self._read(token)
        role = read_role(_look_up(claims, self._names.role))
        rows: Mapping[str, tuple[str, ...]] = {}
        if self._names.rows:
            rows = read_rows(_look_up(claims, self._names.rows))
        name = f"oidc:{claims['sub']}"
        return Caller(role, name, rows=rows, expires_at=datetime.fromtimestamp(claims["exp"] + LEEWAY, UTC))

    def _read(self, token: str) -> dict[str, Any]:
        try:
            header = read_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if not isinstance(algorithm, str) or algorithm not in FORMS:
                raise ValueError("of another algorithm")
            if str(header.get("typ", "JWT")).upper() not in TYPES:
                raise ValueError("of another form")
            if "crit" in header or not isinstance(kid, str | None):
                raise ValueError("asks for what is not known")
            key = self._keys.find_key(algorithm, kid)
            if key is None:
                raise ValueError("signed with no key of the issuer")
            claims = jwt.decode(token, key, algorithms=[algorithm], registry=self._registry).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._audience},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
            datetime.fromtimestamp(claims["exp"] + LEEWAY, UTC)
        except (JoseError, ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
            raise AuthenticationError(_WRONG, hint="sign in again") from None
        return claims


def read_header(token: str) -> dict[str, Any]:
    """Return the header of a token, of which nothing is proved yet; `ValueError` where it has none."""
    if len(token) > LARGEST:
        raise ValueError("too long")
    # Not the json of the standard library, which gives up on what is nested deeply with another error.
    header = orjson.loads(urlsafe_b64decode(token.partition(".")[0].encode("ascii")))
    if not isinstance(header, dict) or token.count(".") != 2:
        raise ValueError("no token")
    return header


def read_role(said: Any) -> Role:
    """Return the role that a claim gives; of several, the one that sees most."""
    names = said if isinstance(said, list) else [said]
    found = [role for role in ROLES if role.value in names]
    if not found:
        raise RefusedError("the token gives no role here", hint="one of " + ", ".join(ROLES))
    return found[-1]


def read_rows(said: Any) -> dict[str, tuple[str, ...]]:
    """Return the rows that a claim gives; none is given by a claim that is missing, or not understood."""
    if said in (EVERYTHING, [EVERYTHING]):
        return {}
    rows: dict[str, tuple[str, ...]] = {}
    try:
        if isinstance(said, Mapping):
            pairs = [
                (kind, key)
                for kind, keys in said.items()
                for key in ([keys] if isinstance(keys, str) else keys)
            ]
        else:
            pairs = [tuple(text.split("=", 1)) for text in ([said] if isinstance(said, str) else said)]
        for kind, key in pairs:
            if not isinstance(key, str) or not kind:
                raise ValueError("no key")
            rows[kind] = (*rows.get(kind, ()), key)
    except (TypeError, ValueError, AttributeError):
        rows = {}
    if not rows:
        raise RefusedError("the token does not say which customers are for its bearer")
    return rows


def _look_up(claims: Mapping[str, Any], path: str) -> Any:
    """Return what claims have under a name, else by a path with dots; None where there is nothing."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
