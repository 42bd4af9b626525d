"""Texts with their states: encoded once, and read by any heads as often as needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.text.components import RelationPart
from ingest.text.corpus import Mark
from ingest.text.encoder import Encoder, load_weights
from ingest.text.learning.labelled import LabelledText
from ingest.text.learning.scores import Answer
from ingest.text.pipeline import SUPPORTED, build_pipeline
from ingest.text.taxonomy import load_taxonomy
from ingest.text.vector_model import VectorModel
from ingest.text.vector_parts import EncoderPart, VectorCausePart, VectorComplaintPart, VectorTagger

if TYPE_CHECKING:
    from spacy.tokens import Doc


def encode_texts(
    texts: Iterable[LabelledText], model: VectorModel, languages: Sequence[str] = SUPPORTED
) -> Iterator[Doc]:
    """Run the pipeline up to the encoder: docs with language, units, connectives and states."""
    pipeline = build_pipeline(languages, ())
    encode = EncoderPart(Encoder(load_weights(), model.layers, model.settings.lo))
    for text in texts:
        doc = pipeline.make_doc(text.text)
        doc._.language = text.lang
        yield encode(pipeline(doc))


def read_docs(docs: Iterable[Doc], model: VectorModel) -> list[Answer]:
    """Read encoded docs as the extractor with this model would, whose layers must be those they ran through.

    Leaves in each doc what the parts set.
    """
    parts = (
        VectorComplaintPart(model),
        VectorTagger(model),
        RelationPart(model.settings.span, model.settings.proof),
        VectorCausePart(model, load_taxonomy()),
    )
    answers = []
    for doc in docs:
        for part in parts:
            part(doc)
        causes = tuple((s.start_char, s.end_char, s._.cause) for s in doc.spans["causes"])
        answers.append(Answer(doc._.complaint, causes))
    return answers


def find_inside(doc: Doc, mark: Mark) -> NDArray[np.int64]:
    """Give the units of a mark that have a state."""
    units = doc._.units
    inside = [
        k
        for k in range(len(units))
        if units.starts[k] < mark.end and units.end_of(k) > mark.start and doc._.subwords[0][k] >= 0
    ]
    return np.array(inside, dtype=np.int64)


def find_state(doc: Doc, mark: Mark) -> NDArray[np.float32] | None:
    """Give the mean state of the words of a mark; None where nothing of it was read."""
    if doc._.encoded is None:
        return None
    inside = find_inside(doc, mark)
    if not len(inside):
        return None
    first, last = doc._.subwords[0][inside[0]], doc._.subwords[1][inside[-1]]
    return np.asarray(doc._.encoded.states[first : last + 1].mean(axis=0))
