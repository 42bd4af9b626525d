"""Pages and files that were built from `web/`, and what is said where they were not."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.service.exchange import get_exchange
from api.service.negotiation import read_preferences
from api.service.words import say

STATIC = Path(__file__).parents[1] / "static"
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# What a page needs beside that.
ALLOWED: Mapping[str, Mapping[str, str]] = {
    "explorer": {},
    # Its fonts and signs are data in its style sheet; the explorer shows it in a frame.
    "graphiql": {"img-src": "'self' data:", "font-src": "'self' data:", "frame-ancestors": "'self'"},
    # Who may have it in a frame is a setting.
    "widget": {"img-src": "'none'", "font-src": "'none'", "worker-src": "'none'", "frame-src": "'none'"},
}
FOR_GOOD = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """The built files; those with their content in their name are kept by browsers for good."""

    async def check_config(self) -> None:
        """Let it be that nothing was built: then no file is there (404)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, packed if the build packed it and the client reads that."""
        response = await self._find_packed(path, scope) or await super().get_response(path, scope)
        response.headers["Vary"] = "Accept-Encoding"
        kept = path.startswith("assets/") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = FOR_GOOD if kept else "no-cache"
        return response

    async def _find_packed(self, path: str, scope: Scope) -> Response | None:
        wanted = dict(read_preferences(Headers(scope=scope).get("accept-encoding", "")))
        if wanted.get("gzip", wanted.get("*", 0)) <= 0:
            return None
        try:
            response = await super().get_response(f"{path}.gz", scope)
        except HTTPException:
            return None
        response.headers["Content-Encoding"] = "gzip"
        return response


def make_assets(folder: Path | None = None) -> Assets:
    """Return the application that serves built files."""
    return Assets(directory=folder or STATIC, check_dir=False)


def write_policy(name: str, more: Mapping[str, str] | None = None) -> str:
    """Return the content security policy of a page. more: parts of it that settings decide."""
    policy = {**STRICT, **ALLOWED[name], **(more or {})}
    return "; ".join(f"{part} {sources}" for part, sources in policy.items())


def show_page(request: Request, name: str, more: Mapping[str, str] | None = None) -> Response:
    """Return a built page (`explorer`, `graphiql`, `widget`), or one that says how to build it.

    more: parts of its policy that settings decide.
    """
    file = STATIC / f"{name}.html"
    policy = write_policy(name, more)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache", "Vary": "Accept"}
    if "frame-ancestors 'self';" in policy:
        headers["X-Frame-Options"] = "SAMEORIGIN"
    if file.is_file():
        return FileResponse(file, media_type="text/html; charset=utf-8", headers=headers)
    language = get_exchange(request.scope).language
    title, how, api = (escape(say(language, word)) for word in ("unbuilt", "unbuilt_how", "unbuilt_api"))
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Motivo</title>'
        f"<h1>{title}</h1><p>{how}</p><p>{api}</p></html>"
    )
    return HTMLResponse(page, 503, headers=headers)


async def show_explorer(request: Request) -> Response:
    """Return the explorer."""
    return show_page(request, "explorer")
