"""The endpoint that settings name: what may be sent where."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schema.errors import RefusedError, UsageError

PATH = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint: the URL of its API (`https://host/v1`) and the name of a model.

    timeout: seconds for one answer, from the request to its last byte.
    Raises UsageError for what cannot be asked, and RefusedError for plain http to another machine
    unless `allow_http`.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    allow_http: bool = False
    timeout: float = 120.0

    def __post_init__(self) -> None:
        if not (self.url and self.model):
            raise UsageError(
                "no teacher is named",
                hint="set MOTIVO_TEACHER_URL and MOTIVO_TEACHER_MODEL; see docs/teacher.md",
            )
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise UsageError("MOTIVO_TEACHER_URL is not a URL", hint="such as https://host/v1")
        if parts.username is not None or parts.query or parts.fragment:
            raise UsageError(
                "MOTIVO_TEACHER_URL may hold a host and a path only",
                hint="the key belongs into MOTIVO_TEACHER_KEY",
            )
        if not (self.key.isascii() and (self.key == "" or self.key.isprintable())) or " " in self.key:
            raise UsageError("MOTIVO_TEACHER_KEY has characters that no key has")
        if parts.scheme == "http" and not self.allow_http and not _is_loopback(host):
            raise RefusedError(
                f"texts are not sent to {host} unencrypted",
                hint="use https, or set MOTIVO_TEACHER_HTTP=1 if nobody can listen on the way",
            )

    @property
    def address(self) -> str:
        """The URL that is asked."""
        return self.url.rstrip("/").removesuffix(PATH) + PATH

    @property
    def host(self) -> str:
        """The host, and its port if the URL has one."""
        return urlsplit(self.url).netloc

    @property
    def is_local(self) -> bool:
        """Whether the teacher runs on this machine."""
        return _is_loopback(urlsplit(self.url).hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
