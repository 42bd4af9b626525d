"""Errors as answers of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from api.auth.words import translate as translate_refusal
from api.service.exchange import Exchange
from api.service.negotiation import JSON
from api.service.words import OF_ERRORS, say
from schema import MotivoError, StoreError


class StatusError(Exception):
    """A request ends here, with a status and a sentence from `words.py`."""

    def __init__(
        self,
        status: int,
        name: str,
        code: str,
        *,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(name)
        self.status, self.name, self.code = status, name, code
        self.headers, self.values = dict(headers or {}), values

    def answer(self, exchange: Exchange) -> Response:
        """Return the response that says so."""
        message = say(exchange.language, self.name, **self.values)
        return answer_error(self.status, message, self.code, headers=self.headers)


def answer_error(
    status: int,
    message: str,
    code: str,
    *,
    hint: str = "",
    headers: Mapping[str, str] | None = None,
    media_type: str = JSON,
) -> Response:
    """Return a response with one error, in the shape of GraphQL."""
    extensions: dict[str, Any] = {"code": code}
    if hint:
        extensions["hint"] = hint
    body = orjson.dumps({"errors": [{"message": message, "extensions": extensions}]})
    response = Response(body, status, dict(headers or {}), media_type)
    response.headers.setdefault("Cache-Control", "no-store")
    if status == 401:
        response.headers.setdefault("WWW-Authenticate", 'Bearer realm="motivo"')
    return response


def translate(error: MotivoError, language: str) -> str:
    """Return what to tell a person: the error's own message, or what its class says in their language.

    Of a store nothing more is told: its own message has its address.
    """
    told = translate_refusal(error.message, language)
    if told != error.message:
        return told
    if language != "en" or isinstance(error, StoreError):
        for kind, name in OF_ERRORS.items():
            if isinstance(error, kind):
                return say(language, name)
    return error.message


def get_hint(error: MotivoError, language: str) -> str:
    """Return what to do about an error, as far as a client can."""
    return "" if isinstance(error, StoreError) else translate_refusal(error.hint, language)


def answer_failure(error: MotivoError, exchange: Exchange) -> Response:
    """Return the response for an error of the family."""
    headers = {"Retry-After": "1"} if error.http_status in (429, 503) else {}
    message = translate(error, exchange.language)
    return answer_error(
        error.http_status, message, error.code, hint=get_hint(error, exchange.language), headers=headers
    )
