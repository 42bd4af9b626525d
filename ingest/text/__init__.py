"""From what a customer wrote to the causes of the complaint. README.md says how the parts fit."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ingest.text.extraction import CauseSpan, Extraction, Extractor, Span
from ingest.text.lines import extract_lines
from ingest.text.taxonomy import Cause, Taxonomy, load_taxonomy

__all__ = [
    "Cause",
    "CauseSpan",
    "Extraction",
    "Extractor",
    "Span",
    "Taxonomy",
    "extract_lines",
    "load_extractor",
    "load_taxonomy",
]
_LOG = logging.getLogger("motivo")


def load_extractor(
    languages: Sequence[str] = ("es", "pt", "en"),
    vectors: bool | None = None,
    models: Path | None = None,
) -> Extractor:
    """Load an extractor for the given languages; the first is the fallback.

    vectors: True is the vector extractor, False the lexical one. None takes vectors where the extra
    `encoder` is installed, else the lexical one, with one warning that names the extra. models: folder of
    the company's own models; the vector extractor takes the one in use there, if there is one.
    Raises UsageError for a language that is not among es, pt and en, and MissingExtraError where
    vectors are asked for without the extra.
    """
    from ingest.text.encoder import require_extra
    from schema.errors import MissingExtraError

    if vectors is None:
        try:
            require_extra()
        except MissingExtraError as error:
            _warn_once(str(error))
            vectors = False
    if vectors is False:
        from ingest.text.lexical import LexicalExtractor

        return LexicalExtractor(languages)
    from ingest.text.vectors import VectorExtractor

    if models is None:
        return VectorExtractor(languages)
    from ingest.text.model_folder import ModelFolder

    return VectorExtractor(languages, ModelFolder(models).find_model())


@cache
def _warn_once(reason: str) -> None:
    _LOG.warning("motivo: texts are read by the lexical extractor; %s", reason)
