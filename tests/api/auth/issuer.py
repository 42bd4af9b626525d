"""An OpenID Connect issuer on this machine: a small server with keys of its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

AUDIENCE = "https://motivo.example"
Key = RSAKey | ECKey | OKPKey
ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


def make_key(kty: str, kid: str) -> Key:
    options: dict[str, Any] = {"kid": kid, "use": "sig", "alg": ALGORITHMS[kty]}
    if kty == "RSA":
        return RSAKey.generate_key(2048, options)
    if kty == "EC":
        return ECKey.generate_key("P-256", options)
    return OKPKey.generate_key("Ed25519", options)


class _Lenient(jws.JWSRegistry):
    """Signs whatever is asked."""

    def check_header(self, header: Any) -> None:
        pass

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


@dataclass
class Issuer:
    """What the server answers, and how often it was asked for its keys."""

    address: str = ""
    keys: list[Key] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)  # instead of what discovery says
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, Any]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return self.status, {"issuer": self.address, "jwks_uri": f"{self.address}/keys"} | self.said
        if path == "/keys":
            return self.status, {"keys": [key.as_dict(private=False) for key in self.keys]}
        return (302, f"{self.address}/keys") if path == "/elsewhere" else (404, None)

    @property
    def fetches(self) -> int:
        return self.asked.count("/keys")

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return claims that are good, but for what is changed; None takes one away."""
        now = int(time.time())
        good = {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "ana",
            "iat": now,
            "exp": now + 300,
            "motivo_role": "analyst",
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    def sign(self, claims: dict[str, Any], key: Key | None = None, **header: Any) -> str:
        key = key or self.keys[0]
        said = {"alg": ALGORITHMS[key.key_type], "kid": key.kid, "typ": "JWT"} | header
        said = {name: value for name, value in said.items() if value is not None}
        return jws.serialize_compact(said, json.dumps(claims), key, registry=_Lenient())


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = issuer.answer(self.path)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
