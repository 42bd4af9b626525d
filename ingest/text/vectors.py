"""The vector extractor: reads causes off the states of the encoder. Needs the extra `encoder`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.text.encoder import MOST_SUBWORDS, require_extra
from ingest.text.pipeline import SUPPORTED, PipelineExtractor, build_pipeline, name_answers

if TYPE_CHECKING:
    from spacy.language import Language

# Part of every version. Raise it when the code begins to give another answer for the same model.
METHOD = 1


def build_vector_pipeline(languages: Sequence[str] = SUPPORTED, model: Path | None = None) -> Language:
    """Build the pipeline of the vector parts, with the model in a file or the one of the package.

    Raises MissingExtraError without the extra, InputError where model or weights cannot be read.
    """
    require_extra()
    from ingest.text.vector_parts import PARTS

    return build_pipeline(languages, PARTS, {"model": str(model) if model else ""})


class VectorExtractor(PipelineExtractor):
    """Reads causes by the encoder, the trained heads and the connectives.

    Texts are read one by one, so that no text can change the answer to another. Of one text
    `MOST_SUBWORDS` subwords are read. The version is a digest of the trained model, the encoder's
    weights, the connectives and the taxonomy.
    """

    def __init__(self, languages: Sequence[str] = SUPPORTED, model: Path | None = None) -> None:
        pipeline = build_vector_pipeline(languages, model)
        super().__init__(pipeline, f"vectors-{_digest(model)}")


def _digest(model: Path | None) -> str:
    from ingest.text.encoder import load_weights
    from ingest.text.vector_model import load_vector_model

    weights = load_weights().digest()
    return name_answers(str(METHOD), str(MOST_SUBWORDS), load_vector_model(model).digest(), weights)
