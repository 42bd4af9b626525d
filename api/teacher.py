"""The teacher that the settings name, for the commands that ask it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import read_settings

if TYPE_CHECKING:
    from ingest import Project
    from ingest.text import Extractor
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


def find_extractor(project: Project) -> Extractor | None:
    """Return the teacher where a project has its texts read by it; None where another extractor does."""
    if project.extractor != "teacher":
        return None
    from ingest import load_extractor
    from ingest.text.teacher import load_teacher

    endpoint, cache = name_endpoint(), Path(read_settings().teacher_cache)
    return load_teacher(endpoint, project.languages, cache, load_extractor(project.languages))
