"""Pages and files that were built from `web/`, and what is said where they were not."""

from __future__ import annotations

from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.service.errors import StatusError
from api.service.exchange import get_exchange
from api.service.words import say

STATIC = Path(__file__).parents[1] / "static"
# GraphiQL's fonts and signs are data in its style sheet; everything else comes from here.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
FOR_GOOD = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """The built files; those with their content in their name are kept by browsers for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        response = await super().get_response(path, scope)
        kept = path.startswith("assets/") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = FOR_GOOD if kept else "no-cache"
        return response


def make_assets(folder: Path | None = None) -> Assets:
    """Return the application that serves built files."""
    return Assets(directory=folder or STATIC, check_dir=False)


def show_page(request: Request, name: str) -> Response:
    """Return a built page (`graphiql`), or one that says how to build it."""
    file = STATIC / f"{name}.html"
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "Vary": "Accept"}
    if file.is_file():
        return FileResponse(file, media_type="text/html; charset=utf-8", headers=headers)
    language = get_exchange(request.scope).language
    title, how, api = (escape(say(language, word)) for word in ("unbuilt", "unbuilt_how", "unbuilt_api"))
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Motivo</title>'
        f"<h1>{title}</h1><p>{how}</p><p>{api}</p></html>"
    )
    return HTMLResponse(page, 503, headers=headers)


async def show_later(request: Request) -> Response:  # noqa: ARG001
    """Say that a page is not there yet."""
    raise StatusError(404, "later", "not_found")
