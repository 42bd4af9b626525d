"""Who is let in, and how often."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from starlette.requests import HTTPConnection

from api.auth import Caller, Role
from api.service.exchange import Exchange
from api.service.rates import Rates
from schema import AuthenticationError, MotivoError, RefusedError

# (headers with names in small letters, address of the client) -> who asks; may take its time.
Authenticate = Callable[[Mapping[str, str], str], Caller]
AGAIN = 60.0  # seconds until it is asked again whether what somebody has shown still opens


class Door:
    """Lets callers in by what they show, at the rates that are set."""

    def __init__(
        self,
        authenticate: Authenticate,
        rates: Rates,
        holds: Callable[[Caller], bool] = lambda _: True,
        waits: Callable[[Mapping[str, str]], bool] = lambda _: True,
    ) -> None:
        """`holds`: tells whether somebody who was let in would be let in still; `waits`: as in `Parts`."""
        self._authenticate = authenticate
        self._rates = rates
        self._holds = holds
        self._waits = waits

    async def admit(self, exchange: Exchange, headers: Mapping[str, str]) -> Caller:
        """Return who it is that shows these headers, and count the request.

        `AuthenticationError` where it is not known; `StatusError` (429) where it is too often.
        """
        place = name_place(exchange.address)
        await self._rates.count("address", place)
        try:
            caller = await self._find(exchange, headers)
        except AuthenticationError:
            if headers.get("authorization"):
                await self._rates.count("refused", place)
            raise
        exchange.caller, exchange.shown = caller, headers
        await self.count(exchange)
        return caller

    async def admit_known(self, exchange: Exchange, caller: Caller) -> None:
        """Let somebody in who is known already, unless their key was revoked, and count the request."""
        await self._rates.count("address", name_place(exchange.address))
        if not await asyncio.to_thread(self._holds, caller):
            raise AuthenticationError("this address is not good (any more)", hint="ask for another")
        exchange.caller = caller
        await self.count(exchange)

    async def _find(self, exchange: Exchange, headers: Mapping[str, str]) -> Caller:
        # It may have to ask the store or an issuer, which is not for the loop to wait for.
        if self._waits(headers):
            caller = await asyncio.to_thread(self._authenticate, headers, exchange.address)
        else:
            caller = self._authenticate(headers, exchange.address)
        if caller.role is Role.ANYONE:
            raise AuthenticationError("sign in first", hint="Authorization: Bearer, with a key or a token")
        return caller

    async def outlast(self, exchange: Exchange) -> None:
        """Return when what somebody who was let in has shown opens no more."""
        left = seconds_left(exchange.caller)
        while left is None or left > 0:
            pause = AGAIN if left is None else min(left, AGAIN)
            await asyncio.sleep(pause)
            left = None if left is None else left - pause
            if not await self._still_admits(exchange):
                return

    async def _still_admits(self, exchange: Exchange) -> bool:
        try:
            return (await self._find(exchange, exchange.shown)).name == exchange.caller.name
        except RefusedError:
            return False
        except MotivoError:  # whoever knows does not answer just now
            return True

    async def count(self, exchange: Exchange) -> None:
        """Count a request of somebody who was let in."""
        await self._rates.count("caller", exchange.caller.name or exchange.address)


def name_place(address: str) -> str:
    """Return by what an address is counted: of IPv6 the network (/64), which one client has all of."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


def read_headers(connection: HTTPConnection, authorization: str = "") -> Mapping[str, str]:
    """Return the headers of a request or handshake; `authorization` takes the place of theirs."""
    headers = {name.lower(): value for name, value in connection.headers.items()}
    return {**headers, "authorization": authorization} if authorization else headers


def seconds_left(caller: Caller) -> float | None:
    """Return for how long it is known who this is; None: for good."""
    if caller.expires_at is None:
        return None
    return max(0.0, (caller.expires_at - datetime.now(UTC)).total_seconds())
