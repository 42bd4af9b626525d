"""Asking the endpoint: one request and its answer, with all that can go wrong in between."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from ingest.text.teacher.answers import AnswerError
from ingest.text.teacher.endpoint import Endpoint
from ingest.text.teacher.prompt import Message
from schema.errors import MissingExtraError, ServiceError

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 5
MOST_TOKENS = 2_000  # of an answer
MOST_BYTES = 4 * 2**20  # of a response
LONGEST_WAIT = 300.0  # seconds that a server may ask us to wait
_TRANSIENT = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529))
# Not all servers know these, or know them by this name; what one refuses is left out from then on.
_OPTIONAL: dict[str, Any] = {
    "response_format": {"type": "json_object"},
    "temperature": 0,
    "max_tokens": MOST_TOKENS,
}
_RENAMED = {"max_tokens": "max_completion_tokens"}


class UnavailableError(ServiceError):
    """The teacher was asked several times and gave no answer."""

    code = "service_unavailable"


class _TryAgainError(Exception):
    def __init__(self, message: str, wait: float | None = None, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.wait, self.unreachable = wait, unreachable


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model wrote, and the tokens that the server counted (0 if it did not say)."""

    content: str
    tokens_in: int = 0
    tokens_out: int = 0


class Client:
    """Asks one endpoint; threads may share it.

    Redirects are not followed, proxies and .netrc are not looked for: a text goes to the host that is
    named, or nowhere.
    """

    def __init__(self, endpoint: Endpoint, *, sleep: Callable[[float], None] = time.sleep) -> None:
        try:
            import httpx
        except ImportError:
            raise MissingExtraError("teacher", "asking a teacher") from None
        self._httpx = httpx
        self._endpoint = endpoint
        self._sleep = sleep
        headers = {"Accept-Encoding": "identity"}
        if endpoint.key:
            headers["Authorization"] = f"Bearer {endpoint.key}"
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(endpoint.timeout, connect=min(10.0, endpoint.timeout), pool=None),
            limits=httpx.Limits(max_connections=None),
            follow_redirects=False,
            trust_env=False,
        )
        self._optional = dict(_OPTIONAL)
        self._resume_at = 0.0  # monotonic; a server that is asked too often is left alone by all threads
        self._lock = Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def complete(self, messages: list[Message]) -> Reply:
        """Ask for the next message.

        Raises AnswerError if this request cannot be answered, UnavailableError if no attempt was,
        ServiceError if no request can be.
        """
        attempt = 0
        while True:
            attempt += 1
            self._sleep(max(0.0, self._resume_at - time.monotonic()))
            try:
                return self._send(messages)
            except _TryAgainError as error:
                if attempt == ATTEMPTS:
                    kind = ServiceError if error.unreachable else UnavailableError
                    raise kind(f"the teacher at {self._endpoint.host} {error}") from None
                jitter = random.uniform(0.5, 1)  # noqa: S311 - so that threads do not march in step
                if error.wait is None:
                    self._sleep(jitter * 2 ** (attempt - 1))
                else:
                    with self._lock:
                        self._resume_at = max(self._resume_at, time.monotonic() + error.wait + jitter)

    def _send(self, messages: list[Message]) -> Reply:
        """Ask once; a parameter that the server does not know is left out, and it is asked again."""
        optional = self._optional
        while True:
            status, headers, body = self._post(
                {"model": self._endpoint.model, "messages": messages, **optional}
            )
            if status == 200:
                self._optional = optional
                return self._read(body)
            said = self._quote(body)
            refused = [name for name in optional if name in said] if status in (400, 422) else []
            if not refused:
                self._fail(status, headers, said)
            renamed = {_RENAMED[name]: optional[name] for name in refused if name in _RENAMED}
            optional = {n: value for n, value in optional.items() if n not in refused} | renamed

    def _post(self, document: dict[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        end = time.monotonic() + self._endpoint.timeout
        httpx = self._httpx
        body = bytearray()
        try:
            with self._http.stream("POST", self._endpoint.address, json=document) as response:
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise AnswerError("the teacher's answer is compressed, which was not asked for")
                for chunk in response.iter_raw():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise AnswerError("the teacher's answer is too long")
                    if time.monotonic() > end:
                        raise _TryAgainError(f"did not end its answer in {self._endpoint.timeout:g} s")
                return response.status_code, response.headers, bytes(body)
        except httpx.ConnectError as error:
            raise _TryAgainError(f"cannot be reached: {error}", unreachable=True) from None
        except httpx.TimeoutException:
            raise _TryAgainError(f"did not answer in {self._endpoint.timeout:g} s") from None
        except httpx.TransportError as error:
            raise _TryAgainError(f"broke off: {error}") from None

    def _fail(self, status: int, headers: httpx.Headers, said: str) -> NoReturn:
        host = self._endpoint.host
        if status in _TRANSIENT:
            wait = _read_wait(headers.get("Retry-After", ""))
            if wait is not None and wait > LONGEST_WAIT:
                raise ServiceError(
                    f"the teacher at {host} asks to be left alone for {wait:.0f} s: {said}",
                    hint="run the same again then; what was answered is kept",
                )
            raise _TryAgainError(f"answered {status}: {said}", wait)
        if 300 <= status < 400:
            place = headers.get("Location", "")[:200]
            raise ServiceError(
                f"the teacher at {host} sends us to {place!r}, which is not followed",
                hint="set MOTIVO_TEACHER_URL to the right place",
            )
        if status in (401, 403):
            raise ServiceError(
                f"the teacher at {host} lets us not in ({status}: {said})", hint="set MOTIVO_TEACHER_KEY"
            )
        if status in (402, 404, 405, 410, 501):
            raise ServiceError(
                f"the teacher at {host} answered {status}: {said}",
                hint=f"is it {self._endpoint.address} with the model {self._endpoint.model!r}?",
            )
        raise AnswerError(f"the teacher answered {status}: {said}")

    def _read(self, body: bytes) -> Reply:
        """Read a response; one that is not of the form of the API may come from something in between."""
        try:
            document = json.loads(body)
            choice = document["choices"][0]
            content = choice["message"]["content"]
            if isinstance(content, list):
                content = "".join(part["text"] for part in content if part.get("type") == "text")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise _TryAgainError(f"answered no chat completion: {self._quote(body)}") from None
        if choice.get("finish_reason") == "length":
            raise AnswerError(f"the teacher's answer was cut off at {MOST_TOKENS} tokens")
        if not isinstance(content, str) or not content.strip():
            raise AnswerError("the teacher's answer is empty")
        usage = document.get("usage")
        counts = [_count(usage, name) for name in ("prompt_tokens", "completion_tokens")]
        return Reply(content, *counts)

    def _quote(self, body: bytes) -> str:
        """Return what a server said of an error, in a line that may be shown."""
        try:
            error = json.loads(body)["error"]
            said = error["message"] if isinstance(error, dict) else str(error)
        except (ValueError, LookupError, TypeError, RecursionError):
            said = body[:2_000].decode("utf-8", "replace")
        said = "".join(c if c.isprintable() else " " for c in str(said))
        if self._endpoint.key:
            said = re.sub(re.escape(self._endpoint.key), "(key)", said)
        return " ".join(said.split())[:200] or "(nothing)"


def _count(usage: object, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and 0 <= value < 2**31 else 0


def _read_wait(header: str) -> float | None:
    """Read a Retry-After header: seconds, or a date (RFC 9110, 10.2.3)."""
    if re.fullmatch(r"\d{1,9}(\.\d+)?", header.strip(), re.ASCII):
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError):
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())
