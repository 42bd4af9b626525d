"""What reads the texts of a project, opened as project and settings say, for the commands that ingest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.output import note
from api.models import tell_model
from api.settings import Settings, read_settings
from api.teacher import name_endpoint

if TYPE_CHECKING:
    from ingest import Project
    from ingest.text import Extractor


@contextmanager
def opened_extractor(project: Project) -> Iterator[Extractor | None]:
    """Open the extractor of a project; None where it has no texts to read.

    Says on stderr whose model reads, where texts go, and at the end what a new model changed.
    """
    from ingest import has_texts, open_extractor
    from ingest.text.cache import CachedExtractor

    if not has_texts(project):
        yield None
        return
    settings = read_settings()
    if project.extractor == "teacher":
        teacher = _load_teacher(project, settings)
        note(f"Texts are read by {teacher.version}: they leave for where MOTIVO_TEACHER_URL says.")
        yield teacher
        return
    extractor = open_extractor(project, models=settings.models)
    if told := tell_model(extractor.version):
        note(told)
    if not settings.text_cache or extractor.version.startswith("lexical"):  # quicker than looking up
        yield extractor
        return
    cached = CachedExtractor(extractor, Path(settings.text_cache))
    try:
        yield cached
    finally:
        cached.close()
    counts = cached.counts
    if counts.read_again:
        note(
            f"{counts.read_again:,} texts that another model had read were read again by "
            f"{cached.version}: {counts.changed:,} of them have other causes now."
        )


def _load_teacher(project: Project, settings: Settings) -> Extractor:
    from ingest import load_extractor
    from ingest.text.teacher import load_teacher

    offline = load_extractor(project.languages, models=settings.models)
    return load_teacher(name_endpoint(), project.languages, Path(settings.teacher_cache), offline)
