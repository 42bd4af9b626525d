"""A chat completion server on loopback that answers as it is told to, faults included."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: Body, number: int) -> None:
        self._handler = handler
        self.body, self.number, self.headers = body, number, handler.headers

    @property
    def text(self) -> str:
        """The text that is asked about."""
        asked = [m["content"] for m in self.body["messages"] if m["content"].startswith("Text:\n<<<\n")]
        return asked[-1].removeprefix("Text:\n<<<\n").removesuffix("\n>>>")

    def send(self, status: int, body: bytes | str | object, **headers: str) -> None:
        """Send a response; what is neither bytes nor text is sent as JSON."""
        if not isinstance(body, bytes | str):
            body = json.dumps(body)
        raw = body if isinstance(body, bytes) else body.encode()
        self._handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.send_header("Content-Length", str(len(raw)))
        self._handler.end_headers()
        self._handler.wfile.write(raw)

    def reply(self, content: object, *, finish: str = "stop", usage: object = None) -> None:
        """Send a chat completion; what is no text is written as JSON."""
        said = content if isinstance(content, str | None) else json.dumps(content, ensure_ascii=False)
        choice = {"message": {"role": "assistant", "content": said}, "finish_reason": finish}
        counted = {"prompt_tokens": 1000, "completion_tokens": 100} if usage is None else usage
        self.send(200, {"choices": [choice], "usage": counted})

    def fail(self, status: int, message: str, **headers: str) -> None:
        """Send an error in the form of the API."""
        self.send(status, {"error": {"message": message}}, **headers)

    def send_half(self) -> None:
        """Promise more than is sent."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Length", "1000")
        self._handler.end_headers()
        self._handler.wfile.write(b'{"choices": [{"message": {"con')

    def cut(self) -> None:
        """Close the connection, as a crash does."""
        linger = struct.pack("ii", 1, 0)
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._handler.close_connection = True
        self._handler.connection.close()

    def drip(self, seconds: float) -> None:
        """Send byte after byte, without an end."""
        self._handler.send_response(200)
        self._handler.end_headers()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._handler.wfile.write(b" ")
            time.sleep(0.01)

    def pour(self, megabytes: int) -> None:
        """Send more than anybody wants to read."""
        self._handler.send_response(200)
        self._handler.end_headers()
        for _ in range(megabytes):
            self._handler.wfile.write(b"x" * 2**20)


Script = Callable[[Exchange], None]


def mark(exchange: Exchange) -> None:
    """Answer as a good teacher would: what stands between asterisks is a cause, `id*words*`."""
    found = re.findall(r"([\w.]+)?\*([^*]+)\*", exchange.text)
    causes = [
        {"quote": words, "kind": "implicit", "cause": cause or None, "deeper_of": None}
        for cause, words in found
    ]
    exchange.reply({"complaint": bool(causes), "causes": causes, "effects": []})


class Server:
    """What a running server was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.asked: list[Exchange] = []
        self.paths: list[str] = []
        self.most_at_once = 0

    @property
    def texts(self) -> list[str]:
        """The texts it was asked about, in order."""
        return [exchange.text for exchange in self.asked]


@contextmanager
def serve(script: Script = mark) -> Iterator[Server]:
    """Run a server that answers each request by a script."""
    lock = threading.Lock()
    now = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_POST(self) -> None:
            nonlocal now
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                exchange = Exchange(self, body, len(server.asked))
                server.asked.append(exchange)
                server.paths.append(self.path)
                now += 1
                server.most_at_once = max(server.most_at_once, now)
            try:
                script(exchange)
            except OSError:
                pass  # the client has gone
            finally:
                with lock:
                    now -= 1

        def log_message(self, *args: object) -> None:
            pass

    class Threads(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *args: object) -> None:
            pass

    http = Threads(("127.0.0.1", 0), Handler)
    server = Server(http.server_address[1])
    thread = threading.Thread(target=lambda: http.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
