"""The server: uvicorn, configured here and nowhere else."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from uvicorn import Config, Server
from uvicorn.server import HANDLED_SIGNALS

from api.service.logs import start_logging
from api.service.protocol import LimitedProtocol
from api.settings import ServiceSettings
from schema import UsageError


class Service(Server):
    """A server that tells the application before it stops, so that streams end and answers are finished."""

    def __init__(self, config: Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and SIGINT, as one ends who was asked to: well."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell the application, end what streams, let answers under way end, and stop."""
        self._stopping.set()
        await asyncio.sleep(0)
        await super().shutdown(sockets)


def make_server(app: Starlette, settings: ServiceSettings, *, host: str, port: int) -> Service:
    """Return the server of an application that `create_app` made."""
    protocol = type("Protocol", (LimitedProtocol,), {"seconds": settings.body_seconds})
    config = Config(
        app,
        host=host,
        port=port,
        loop="asyncio",
        http=protocol,
        ws="websockets-sansio",
        ws_max_size=settings.body_limit,
        ws_per_message_deflate=False,  # what is compressed with a secret beside it tells of the secret
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        limit_concurrency=settings.connections,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=max(1, round(settings.grace)),
        backlog=1024,
    )
    return Service(config, app.state.stopping)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; `UsageError` where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, since asyncio sends without delay (TCP_NODELAY) only where it is.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"cannot listen at {host}, port {port}: {said}", hint="try another --port") from None
    return listening


def serve(app: Starlette, settings: ServiceSettings, listening: socket.socket, *, debug: bool) -> None:
    """Answer requests until the process is told to stop (SIGTERM, SIGINT)."""
    start_logging(debug=debug)
    gc.collect()
    gc.freeze()  # else it is all looked through again now and then, which takes some 30 ms
    host, port = listening.getsockname()[:2]
    make_server(app, settings, host=host, port=port).run([listening])
