"""The teacher as an extractor: its answers are what is written into the graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.text.extraction import Extraction, Extractor
from ingest.text.teacher.answers import AnswerError
from ingest.text.teacher.endpoint import Endpoint
from ingest.text.teacher.teacher import Teacher


class TeacherExtractor:
    """Reads causes by asking the teacher; `version` names the model and the prompt.

    Every string has an answer: to a text that the teacher cannot read (too long, or it answers no
    JSON) `fallback` answers. Where the teacher cannot be asked at all, `extract` raises ServiceError:
    to go on would take "nobody answered" for "nothing was stated".
    """

    def __init__(self, teacher: Teacher, fallback: Extractor) -> None:
        self._teacher, self._fallback = teacher, fallback

    @property
    def version(self) -> str:
        """Name and version of the model, the prompt, and of the extractor that stands in."""
        return f"{self._teacher.version}+{self._fallback.version}"

    def extract(self, text: str, lang: str | None = None) -> Extraction:
        """Read one text; `lang` is its language where that is known."""
        try:
            return self._teacher.answer(self._teacher.prepare(text, lang)).reading.extraction
        except AnswerError:
            return self._fallback.extract(text, lang)

    def close(self) -> None:
        """Close the connections and the file of answers."""
        self._teacher.close()


def load_teacher(
    endpoint: Endpoint, languages: Sequence[str], cache: Path, fallback: Extractor
) -> TeacherExtractor:
    """Load the teacher as an extractor, for what `text: {extractor: teacher}` of a project asks for.

    Raises MissingExtraError without the extra `teacher`, StoreError for a file of answers that cannot
    be used.
    """
    return TeacherExtractor(Teacher(endpoint, languages, cache), fallback)
