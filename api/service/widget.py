"""The widget: the script that CRMs load, the page in its frame, and whose pages may have it there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.graphql.execution.trusted import read_trusted
from api.service.exchange import get_exchange
from api.service.pages import STATIC, make_assets, show_page
from api.service.words import say
from schema import UsageError

SCRIPT = "/widget.js"
PAGE = "/widget"
BRIEFLY = "public, max-age=600"  # its name stays, and a new one is to be taken up soon
DOCUMENTS = STATIC / "documents.json"
HERE = ("http://localhost:*", "http://127.0.0.1:*", "https://localhost:*", "https://127.0.0.1:*")
_ORIGIN = re.compile(r"(https?)://(\*\.)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(:(?:\d{1,5}|\*))?")


def read_frames(origins: Sequence[str], *, dev: bool = False) -> tuple[str, ...]:
    """Return the origins of pages that may have the widget in a frame, as a policy has them.

    `https://*.example.com` names all below it; plain http is for this machine only. dev: this machine's, too.
    `UsageError` for anything that is none.
    """
    found = []
    for text in origins:
        read = _ORIGIN.fullmatch(text.strip().lower().rstrip("/"))
        if read is None or (read[1] == "http" and read[3] not in ("localhost", "127.0.0.1")):
            raise UsageError(
                f"MOTIVO_FRAMES: {text!r} is not the origin of pages",
                hint="https://crm.example.com, or https://*.example.com, without a path",
            )
        found.append(read[0])
    return tuple(dict.fromkeys((*found, *(HERE if dev else ()))))


def read_documents() -> Mapping[str, str]:
    """Return the documents that the widget asks for by their hash; none where it was not built."""
    return read_trusted(DOCUMENTS) if DOCUMENTS.is_file() else {}


class Widget:
    """Answers with the script and the page of the widget. frames: as `read_frames` gives them."""

    def __init__(self, frames: Sequence[str]) -> None:
        self._frames = " ".join(("'self'", *frames))
        self._assets = make_assets()

    async def show(self, request: Request) -> Response:
        """Return the page in the frame."""
        response = show_page(request, "widget", {"frame-ancestors": self._frames})
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # for pages that are isolated
        return response

    async def send_script(self, request: Request) -> Response:
        """Return the script that pages of others load."""
        if not (STATIC / SCRIPT[1:]).is_file():
            language = get_exchange(request.scope).language
            said = f"{say(language, 'unbuilt')}: {say(language, 'unbuilt_how')}"
            return PlainTextResponse(said, 503, {"Cache-Control": "no-store"})
        response = await self._assets.get_response(SCRIPT[1:], request.scope)
        response.headers["Cache-Control"] = BRIEFLY
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
