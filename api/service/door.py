"""Who is let in, and how often."""

from __future__ import annotations

from datetime import UTC, datetime

from api.auth import Caller, Role
from api.service.exchange import Exchange
from api.service.parts import Authenticate
from api.service.rates import Rates
from schema import AuthenticationError

DEVELOPER = Caller(role=Role.ADMIN, name="dev")


async def admit_developer(token: str | None) -> Caller:  # noqa: ARG001
    """Return the caller that everybody is with --dev."""
    return DEVELOPER


class Door:
    """Lets callers in by what they show, at the rates that are set."""

    def __init__(self, authenticate: Authenticate, rates: Rates) -> None:
        self._authenticate = authenticate
        self._rates = rates

    async def admit(self, exchange: Exchange, authorization: str) -> Caller:
        """Return who it is that shows this header (`Bearer ...`), and count the request.

        `AuthenticationError` where it is not known; `StatusError` (429) where it is too often.
        """
        await self._rates.count("address", exchange.address)
        await self._rates.check("refused", exchange.address)
        scheme, _, token = authorization.strip().partition(" ")
        if authorization and scheme.lower() != "bearer":
            raise AuthenticationError("credentials come as a bearer token", hint="Authorization: Bearer ...")
        try:
            caller = await self._authenticate(token.strip() or None)
            if caller.role is Role.ANYONE:
                raise AuthenticationError("sign in first", hint="Authorization: Bearer TOKEN-OR-KEY")
        except AuthenticationError:
            if token:
                await self._rates.count("refused", exchange.address)
            raise
        exchange.caller = caller
        await self.count(exchange)
        return caller

    async def still_admits(self, authorization: str) -> bool:
        """Tell whether what was shown once still opens."""
        try:
            await self._authenticate(authorization.partition(" ")[2].strip() or None)
        except AuthenticationError:
            return False
        return True

    async def count(self, exchange: Exchange) -> None:
        """Count a request of somebody who was let in."""
        await self._rates.count("caller", exchange.caller.name or exchange.address)


def seconds_left(caller: Caller) -> float | None:
    """Return for how long it is known who this is; None: for good."""
    if caller.expires_at is None:
        return None
    return max(0.0, (caller.expires_at - datetime.now(UTC)).total_seconds())
