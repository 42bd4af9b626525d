"""The log: one JSON object a line, one line a request. No variables, no values, no text of a query."""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson

from api.service.exchange import Exchange
from schema import StoreError

LOG = logging.getLogger("motivo.service")
FRAMES = 12


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; of an exception, its class and where it was raised.

    What an exception says may hold values of people, so that is only written when `messages` is set.
    """

    def __init__(self, *, messages: bool = False) -> None:
        super().__init__()
        self._messages = messages

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            if self._messages:
                line["message"] = str(error)
            frames = traceback.extract_tb(record.exc_info[2])[-FRAMES:]
            line["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return orjson.dumps(line, default=str).decode()


def start_logging(*, debug: bool = False) -> None:
    """Send the log to stderr as JSON, and what others warn of."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(messages=debug))
    levels = {"": logging.WARNING, "motivo": logging.INFO, "api": logging.INFO, "uvicorn": logging.WARNING}
    for name, level in {**levels, "strawberry": logging.ERROR}.items():
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False


def log_request(exchange: Exchange, **facts: object) -> None:
    """Write the line of a request."""
    caller = exchange.caller
    LOG.info(
        "request",
        extra={
            "facts": {
                "id": exchange.id,
                "caller": caller.name,
                "role": caller.role.value,
                "operation": exchange.operation,
                **facts,
            }
        },
    )


def log_store(exchange: Exchange, error: BaseException) -> None:
    """Write what a store said of itself, which clients are not told."""
    if isinstance(error, StoreError):
        LOG.warning("store", extra={"facts": {"id": exchange.id, "said": str(error)}})


def log_failure(exchange: Exchange, error: BaseException) -> None:
    """Write what went wrong inside, where it can be found by the id that the client was told."""
    LOG.error(
        "failure",
        exc_info=(type(error), error, error.__traceback__),
        extra={"facts": {"id": exchange.id, "operation": exchange.operation}},
    )
