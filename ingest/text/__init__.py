"""From what a customer wrote to the causes of the complaint. README.md says how the parts fit."""

from __future__ import annotations

from collections.abc import Sequence

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


def load_extractor(languages: Sequence[str] = ("es", "pt", "en")) -> Extractor:
    """Load the lexical extractor for the given languages; the first is the fallback.

    Raises UsageError for a language that is not among es, pt and en.
    """
    from ingest.text.lexical import LexicalExtractor

    return LexicalExtractor(languages)
