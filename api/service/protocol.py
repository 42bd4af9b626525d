"""HTTP/1.1 on a socket: uvicorn's, with limits on headers, and on clients that send or take too slowly."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_BYTES = 32 * 1024
HEADER_COUNT = 100
URL_BYTES = 16 * 1024


class LimitedProtocol(HttpToolsProtocol):
    """Ends a connection whose headers are too many (431), or that makes no headway.

    seconds: in which the headers of a request have to arrive, and some of an answer has to be taken on.
    """

    seconds = 20.0

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._arriving: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._header_bytes = 0
        self._unread = 0  # bytes that came since headers are awaited
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        super().connection_lost(exc)

    def _await_headers(self) -> None:
        self._unread = 0
        self._stop_waiting()
        self._arriving = self.loop.call_later(self.seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to count headers."""
        super().on_message_begin()
        unread, self._header_bytes = self._unread, 0
        self._await_headers()
        self._unread = unread

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self._count(len(url))
        super().on_url(url)
        if len(self.url) > URL_BYTES:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def _count(self, more: int) -> None:
        self._header_bytes += more
        if self._header_bytes > HEADER_BYTES or (self.headers and len(self.headers) > HEADER_COUNT):
            self._refuse(431)

    def _refuse(self, status: int) -> None:
        if self._refused:
            return
        self._refused = True
        phrase = {414: b"URI Too Long", 431: b"Request Header Fields Too Large"}[status]
        self.transport.write(
            b"HTTP/1.1 %d %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % (status, phrase)
        )
        self.transport.close()

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._stop_waiting()
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body."""
        if not self._refused:
            super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Take bytes; a request line or header that does not end is refused before it is complete."""
        if self._refused or self.transport.is_closing():
            return
        if self._arriving is not None:
            self._unread += len(data)
        super().data_received(data)
        # The parser shows a header only when it is complete.
        if self._arriving is not None and self._unread > HEADER_BYTES:
            self._refuse(431)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over."""
        self._stop_waiting()
        if not self._refused:
            super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take on what was sent."""
        super().pause_writing()
        self._watch_leaving(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop waiting."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        super().resume_writing()

    def _watch_leaving(self, before: int) -> None:
        def look() -> None:
            left = self.transport.get_write_buffer_size()
            if left >= before:
                self.transport.abort()
            else:
                self._watch_leaving(left)

        self._leaving = self.loop.call_later(self.seconds, look)
