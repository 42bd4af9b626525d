"""What the driver and the server say of themselves, as errors that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from schema.errors import OvertimeError, StoreError

OLDEST = (5, 26)  # the long-term line; older ones lack scoped subqueries

_HINTS = {
    "Security.AuthenticationRateLimit": "wait a few seconds, then give the right password",
    "Security.CredentialsExpired": "change the password first, in Neo4j Browser or cypher-shell",
    "Security.Forbidden": "ask for a user who may write to the database, or read only",
    "Database.DatabaseNotFound": "name one that is there at the end of the URL, such as /neo4j",
    "ReadOnlyDatabase": "the database is read-only: ask who runs it, or name another",
    "WriteOnReadOnlyAccessDatabase": "the database is read-only: ask who runs it, or name another",
    "MemoryPoolOutOfMemoryError": "give the server more memory (server.memory.heap.max_size)",
    "NoSuchIndex": "run 'motivo ingest' again, which makes what is missing; motivo doctor tells more",
}


@contextmanager
def store_errors(url: str) -> Iterator[None]:
    """Turn what the driver raises into a `StoreError`; url: the store's, without a password."""
    try:
        yield
    except AuthError as error:
        raise _error(
            url,
            "user or password is wrong" if "Unauthorized" in _code(error) else _said(error),
            _hint(error, "give them in the URL, or the password in MOTIVO_STORE_PASSWORD"),
        ) from error
    except (ServiceUnavailable, SessionExpired) as error:
        hint = "start the server, or check host, port and scheme; nothing kept so far is lost"
        raise _error(url, f"no answer from the server: {_said(error)}", hint) from error
    except ConfigurationError as error:
        raise _error(url, _said(error), "check the URL's scheme: neo4j://, or neo4j+s:// with TLS") from error
    except TransientError as error:
        hint = _hint(error, "the server is busy or changing; run it again, nothing kept so far is lost")
        raise _error(url, _said(error), hint) from error
    except (Neo4jError, DriverError) as error:
        if "TransactionTimedOut" in _code(error):
            raise OvertimeError(
                f"{url}: the server took longer than it may", hint="ask for less, or try again later"
            ) from error
        if isinstance(error, ClientError) and "no such fulltext schema index" in str(error.message):
            raise _error(url, "the full-text index is missing", _HINTS["NoSuchIndex"]) from error
        raise _error(url, _said(error), _hint(error, "motivo doctor tells more")) from error


def _error(url: str, what: str, hint: str) -> StoreError:
    return StoreError(f"{url}: {what}", hint=hint)


def _code(error: BaseException) -> str:
    return str(getattr(error, "code", "") or "")


def _hint(error: BaseException, otherwise: str) -> str:
    code = _code(error)
    return next((hint for part, hint in _HINTS.items() if part in code), otherwise)


def _said(error: BaseException) -> str:
    """Return the first line of what an error says."""
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return str(text).strip().split("\n")[0].rstrip(".")


def check_version(url: str, agent: str) -> None:
    """Refuse a server that is too old; agent: how it names itself, such as `Neo4j/5.26.12`."""
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if found is None or tuple(map(int, found.groups())) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise _error(
            url, f"the server is {agent or 'of no known kind'}", f"Motivo needs Neo4j {wanted} or newer"
        )
