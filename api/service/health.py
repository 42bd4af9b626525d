"""`/healthz`: the process lives. `/readyz`: it can answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.service.errors import StatusError
from api.service.workers import Workers
from schema import MotivoError

SECONDS = 5.0
NO_STORE = {"Cache-Control": "no-store"}


async def show_health(request: Request) -> Response:  # noqa: ARG001
    """Say that the process answers."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


def make_readiness(workers: Workers, stopping: asyncio.Event) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint that says whether the store answers, and whether the service is about to stop."""

    async def show_readiness(request: Request) -> Response:  # noqa: ARG001
        if stopping.is_set():
            return JSONResponse({"status": "stopping"}, 503, headers=NO_STORE)
        try:
            await workers.run(lambda reader: reader.version(), seconds=SECONDS)
        except (MotivoError, StatusError) as error:
            return JSONResponse({"status": "not ready", "code": error.code}, 503, headers=NO_STORE)
        return JSONResponse({"status": "ok"}, headers=NO_STORE)

    return show_readiness
