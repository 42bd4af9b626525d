"""What a client prefers: media types (Accept) and languages (Accept-Language)."""

from __future__ import annotations

from collections.abc import Sequence

from schema import LANGUAGES

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"
HTML = "text/html"


def read_preferences(header: str) -> list[tuple[str, float]]:
    """Return what a header lists with the weight of each (`q`), most wanted first (0: refused)."""
    found = []
    for part in header.split(",")[:50]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = min(max(float(parameter[2:]), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        if name:
            found.append((name, weight))
    return sorted(found, key=lambda preference: -preference[1])


def choose_media_type(accept: str, offered: Sequence[str]) -> str | None:
    """Return the first of the media types offered that is wanted most, or None.

    A client that says nothing gets the first one; `*/*` is no wish for an event stream or a page.
    """
    if not accept.strip():
        return offered[0]
    wanted = read_preferences(accept)
    refused = {name for name, weight in wanted if weight == 0}
    for name, weight in wanted:
        if weight == 0:
            break
        for media_type in offered:
            whole, _, rest = media_type.partition("/")
            if media_type not in refused and name in (media_type, f"{whole}/*", "*/*") and rest:
                return media_type
    return None


def choose_language(accept: str, default: str) -> str:
    """Return the language (es, pt or en) that a client understands best, or the default."""
    for name, weight in read_preferences(accept):
        language = name.partition("-")[0]
        if weight > 0 and language in LANGUAGES:
            return language
    return default
