"""What reads the texts of rows that are sent, opened once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from api.settings import read_settings
from schema import UsageError

if TYPE_CHECKING:
    from ingest import Project
    from ingest.text import Extractor


class Texts:
    """Extractors by what a project says of its texts; a teacher is not asked: texts would leave unasked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: dict[tuple[object, ...], Extractor] = {}

    def open(self, project: Project) -> Extractor | None:
        """Return what reads the texts of a project, None where it has none."""
        from ingest import has_texts, open_extractor

        if not has_texts(project):
            return None
        if project.extractor == "teacher":
            raise UsageError(
                "the texts of this project are read by a teacher, which is not asked here",
                hint="name another extractor in the project file, or ingest files",
            )
        name = (project.extractor, project.languages)
        with self._lock:
            if name not in self._opened:
                self._opened[name] = open_extractor(project, models=read_settings().models)
            return self._opened[name]

    def close(self) -> None:
        """Let go of all."""
        with self._lock:
            self._opened.clear()
