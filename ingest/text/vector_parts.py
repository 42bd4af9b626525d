"""The parts of the vector pipeline: what the encoder's states say of words, spans and the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from ingest.text.components import RelationPart, has_words, make_span, read_ranges, squash
from ingest.text.decoding import decode_spans, measure_margins
from ingest.text.encoder import Encoder, load_weights
from ingest.text.relations import Range
from ingest.text.taxonomy import Taxonomy, load_taxonomy
from ingest.text.units import Units
from ingest.text.vector_model import VectorModel, load_vector_model

PARTS = (
    "motivo_encoder",
    "motivo_vector_complaint",
    "motivo_vector_tagger",
    "motivo_vector_relations",
    "motivo_vector_causes",
)
_UNREAD = -9.0  # margin of a word beyond what is read of a text
_FARTHEST = 6.0  # how far the score of outside is lowered until a complaint has a cause
_STEP = 0.5


class EncoderPart:
    """Runs the encoder, and finds the subwords of each unit."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.encoded and doc._.subwords: first and last of each unit, -1 where it has none."""
        units = doc._.units
        if not has_words(doc):
            return doc
        doc._.encoded = self._encoder.encode(doc.text)
        starts = np.array(units.starts, dtype=np.int64)
        ends = starts + np.array([len(word) for word in units.words], dtype=np.int64)
        doc._.subwords = doc._.encoded.subwords.locate(starts, ends)
        return doc


class VectorComplaintPart:
    """Tells complaints, from the mean state of the text."""

    def __init__(self, model: VectorModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.complaint_score and doc._.complaint."""
        if doc._.encoded is None:
            return doc
        slope, bias = self._model.settings.complaint
        logit = self._model.heads.score_complaint(doc._.encoded.mean)
        doc._.complaint_score = squash(slope * logit + bias)
        doc._.complaint = doc._.complaint_score >= self._model.settings.complaint_threshold
        return doc


class VectorTagger:
    """Tags the words that state a failure, from the state of each word's first subword.

    Words are the units of the text; one without a subword of its own (a break of line, a sign that
    the normaliser drops) is passed over. In a complaint the bar is lowered until there is a span.
    """

    def __init__(self, model: VectorModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.margins and doc.spans["failures"]."""
        units: Units = doc._.units
        doc._.margins = np.full(len(units), _UNREAD)
        doc.spans["failures"] = SpanGroup(doc)
        if doc._.encoded is None:
            return doc
        first, _ = doc._.subwords
        read = np.flatnonzero(first >= 0)
        if not len(read):
            return doc
        scores = self._model.heads.score_tags(doc._.encoded.states, doc._.encoded.mean)[first[read]]
        # a unit that is passed over belongs to what stands before it
        before = np.maximum(np.searchsorted(read, np.arange(read[-1] + 1), side="right") - 1, 0)
        doc._.margins[: read[-1] + 1] = measure_margins(scores)[before]
        settings = self._model.settings
        outside = settings.outside
        found = self._find(units, read, scores, outside)
        while doc._.complaint and not found and outside < _FARTHEST:
            outside += _STEP
            found = self._find(units, read, scores, outside)
        doc.spans["failures"] = SpanGroup(doc, spans=[make_span(doc, span, "FAILURE") for span in found])
        return doc

    def _find(
        self, units: Units, read: NDArray[np.int64], scores: NDArray[np.float64], outside: float
    ) -> list[Range]:
        spans = decode_spans(scores, outside, self._model.settings.transition)
        trimmed = (units.trim(int(read[first]), int(read[last])) for first, last in spans)
        return [span for span in trimmed if span is not None]


class VectorCausePart:
    """Names the canonical cause of each span from its mean state, or none where that is not sure."""

    def __init__(self, model: VectorModel, taxonomy: Taxonomy) -> None:
        self._model = model
        causes = (taxonomy.find_label(label) for label in model.labels)
        # a label that is no label of the taxonomy is the id of a cause of the company's own, with a dot
        known = zip(causes, model.labels, strict=True)
        self._ids = [cause.id if cause else label if "." in label else None for cause, label in known]

    def __call__(self, doc: Doc) -> Doc:
        """Set span._.cause of each cause."""
        for span, (first, last) in zip(doc.spans["causes"], read_ranges(doc, "causes"), strict=True):
            begin, end = doc._.subwords[0][first], doc._.subwords[1][last]
            if 0 <= begin <= end:
                span._.cause = self._classify(doc._.encoded.states[begin : end + 1].mean(axis=0))
        return doc

    def _classify(self, state: NDArray[np.float32]) -> str | None:
        settings = self._model.settings
        scores = self._model.heads.score_labels(state) / settings.temperature
        best = int(scores.argmax())
        probability = 1 / float(np.exp(scores - scores[best]).sum())
        return self._ids[best] if probability >= settings.reject_below else None


def _load(model: str) -> VectorModel:
    return load_vector_model(Path(model) if model else None)


# Each factory takes the path of a model; empty is the one that travels with the package.
_CONFIG = {"model": ""}


@Language.factory("motivo_encoder", default_config=_CONFIG)
def make_encoder(nlp: Language, name: str, model: str) -> Any:  # noqa: ARG001
    """Make the part that runs the encoder."""
    trained = _load(model)
    return EncoderPart(Encoder(load_weights(), trained.layers, trained.settings.lo))


@Language.factory("motivo_vector_complaint", default_config=_CONFIG)
def make_complaint(nlp: Language, name: str, model: str) -> Any:  # noqa: ARG001
    """Make the part that tells complaints."""
    return VectorComplaintPart(_load(model))


@Language.factory("motivo_vector_tagger", default_config=_CONFIG)
def make_tagger(nlp: Language, name: str, model: str) -> Any:  # noqa: ARG001
    """Make the tagger."""
    return VectorTagger(_load(model))


@Language.factory("motivo_vector_relations", default_config=_CONFIG)
def make_relations(nlp: Language, name: str, model: str) -> Any:  # noqa: ARG001
    """Make the part that relates causes."""
    settings = _load(model).settings
    return RelationPart(settings.span, settings.proof)


@Language.factory("motivo_vector_causes", default_config=_CONFIG)
def make_causes(nlp: Language, name: str, model: str) -> Any:  # noqa: ARG001
    """Make the part that names causes."""
    return VectorCausePart(_load(model), load_taxonomy())
