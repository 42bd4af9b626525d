"""The spaCy pipeline of parts, and the extractor's contract in front of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any

from ingest.text.extraction import CauseSpan, Extraction, Span
from schema.errors import UsageError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

SUPPORTED = ("es", "pt", "en")


def build_pipeline(
    languages: Sequence[str], parts: Sequence[str], config: Mapping[str, Any] | None = None
) -> Language:
    """Build the spaCy pipeline: language, sentences, connectives, then the parts with the config given.

    Texts of any length are accepted. Raises UsageError for a language that is not supported.
    """
    unknown = [lang for lang in languages if lang not in SUPPORTED]
    if unknown or not languages:
        raise UsageError(
            f"no extractor for the languages {', '.join(unknown) or '(none given)'}",
            hint=f"choose among {', '.join(SUPPORTED)}",
        )
    import spacy

    from ingest.text import components  # noqa: F401 - registers the parts that all share
    from ingest.text.tokens import WordTokenizer

    nlp = spacy.blank("xx")
    nlp.tokenizer = WordTokenizer(nlp.vocab)
    nlp.max_length = sys.maxsize  # spaCy's limit guards its parser, which is not used here
    nlp.add_pipe("motivo_language", config={"languages": list(languages)})
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("motivo_connectives")
    for part in parts:
        nlp.add_pipe(part, config=dict(config or {}))
    return nlp


def name_answers(*made_by: str) -> str:
    """Digest what answers come from: the parts named, and the connectives and taxonomy that all share."""
    digest = sha256(" ".join(made_by).encode())
    for name in ("connectives.yaml", "taxonomy.yaml"):
        digest.update(files("ingest.text").joinpath(name).read_bytes())
    return digest.hexdigest()[:12]


class PipelineExtractor:
    """Reads causes by a pipeline. Threads may share one."""

    def __init__(self, pipeline: Language, version: str) -> None:
        self._pipeline = pipeline
        self._lock = Lock()  # spaCy's memory zones do not nest
        self.version = version

    def extract(self, text: str, lang: str | None = None) -> Extraction:
        """Read one text; `lang` is its language where that is known."""
        with self._lock, self._pipeline.memory_zone():
            doc = self._pipeline.make_doc(text)
            doc._.language = lang
            return _read_doc(self._pipeline(doc), text)


def _read_doc(doc: Doc, text: str) -> Extraction:
    causes = tuple(
        CauseSpan(*_locate(span, text), span._.kind, span._.cause, span._.confidence, span._.deeper_of)
        for span in doc.spans["causes"]
    )
    effects = tuple(Span(*_locate(span, text)) for span in doc.spans["effects"])
    return Extraction(doc._.language, doc._.complaint, doc._.complaint_score, causes, effects)


def _locate(span: DocSpan, text: str) -> tuple[str, int, int]:
    return text[span.start_char : span.end_char], span.start_char, span.end_char
