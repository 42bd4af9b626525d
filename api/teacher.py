"""The teacher that the settings name, for the commands that ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.settings import read_settings

if TYPE_CHECKING:
    from ingest.text.teacher import Endpoint


def name_endpoint(timeout: float = 120.0) -> Endpoint:
    """Return the endpoint that the settings name; raises UsageError if they name none."""
    from ingest.text.teacher import Endpoint

    settings = read_settings()
    return Endpoint(
        settings.teacher_url,
        settings.teacher_model,
        settings.teacher_key,
        settings.teacher_http,
        timeout,
    )
