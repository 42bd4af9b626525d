"""The service on a real socket, in a thread of the tests."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from api.service import Parts, bind, create_app, make_server
from api.service.server import Service
from api.settings import ServiceSettings
from graph import Store


@dataclass
class Running:
    """A service that runs."""

    url: str
    port: int
    server: Service
    thread: threading.Thread

    def client(self, **more: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=20, **more)  # type: ignore[arg-type]

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@contextmanager
def running(
    store: Store, parts: Parts, settings: ServiceSettings | None = None, *, dev: bool = False
) -> Iterator[Running]:
    chosen = settings or ServiceSettings()
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    made = threading.Event()
    found: list[Service] = []

    def run() -> None:
        async def serve() -> None:
            app = create_app(store, chosen, parts, dev=dev)
            server = make_server(app, chosen, host="127.0.0.1", port=port)
            found.append(server)
            made.set()
            await server.serve(sockets=[listening])

        asyncio.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert made.wait(10)
    while not found[0].started:
        time.sleep(0.01)
        assert thread.is_alive()
    service = Running(f"http://127.0.0.1:{port}", port, found[0], thread)
    try:
        yield service
    finally:
        service.stop()
