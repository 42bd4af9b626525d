"""The lexical extractor: fast, and with nothing but the base installation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.text.pipeline import SUPPORTED, PipelineExtractor, build_pipeline, name_answers

if TYPE_CHECKING:
    from spacy.language import Language


def build_lexical_pipeline(languages: Sequence[str] = SUPPORTED) -> Language:
    """Build the pipeline of the lexical parts."""
    from ingest.text.lexical_parts import PARTS

    return build_pipeline(languages, PARTS)


class LexicalExtractor(PipelineExtractor):
    """Reads causes by the lexical model and the connectives; the version is a digest of both."""

    def __init__(self, languages: Sequence[str] = SUPPORTED) -> None:
        from ingest.text.model import load_model

        pipeline = build_lexical_pipeline(languages)
        super().__init__(pipeline, f"lexical-{name_answers(load_model().settings['version'])}")
