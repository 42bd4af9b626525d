"""The parts of the lexical pipeline: linear models on words in context (model.py)."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from ingest.text.components import RelationPart, has_words, make_span, read_ranges, squash
from ingest.text.decoding import decode_spans, extend_to_clause, find_peak, measure_margins
from ingest.text.features import hash_bag, hash_tokens
from ingest.text.model import LexicalModel, load_model, sum_weights
from ingest.text.taxonomy import Taxonomy, load_taxonomy

PARTS = ("motivo_tagger", "motivo_complaint", "motivo_relations", "motivo_causes")
_PROOF = 0.35  # confidence of a failure with a connective that makes a text a complaint


class LexicalTagger:
    """Tags the words that state a failure, by a linear model on words in context."""

    def __init__(self, model: LexicalModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.margins and doc.spans["failures"]."""
        units = doc._.units
        scores = sum_weights(self._model.tagger, hash_tokens(units.words))
        doc._.margins = measure_margins(scores)
        found = decode_spans(scores, self._model.settings["outside"])
        limits = [*(first for first, _ in found[1:]), len(units)]  # where the next span begins
        spans = []
        for (first, last), limit in zip(found, limits, strict=False):
            kept = units.trim(first, min(extend_to_clause(units.words, last), limit - 1))
            if kept is not None and kept[1] > kept[0]:
                spans.append(make_span(doc, kept, "FAILURE"))
        doc.spans["failures"] = SpanGroup(doc, spans=spans)
        return doc


class LexicalComplaintPart:
    """Tells complaints, from all words of the text and its most failure-like place."""

    def __init__(self, model: LexicalModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.complaint_score and doc._.complaint."""
        if not has_words(doc):
            return doc
        words = doc._.units.words
        bag = float(sum_weights(self._model.complaint, hash_bag(words)))
        by_bag, by_peak, bias = self._model.settings["complaint"]
        doc._.complaint_score = squash(by_bag * bag + by_peak * find_peak(doc._.margins) + bias)
        doc._.complaint = doc._.complaint_score >= 0.5
        return doc


class LexicalCausePart:
    """Names the canonical cause of each span, or none where the model is not sure enough."""

    def __init__(self, model: LexicalModel, taxonomy: Taxonomy) -> None:
        self._model = model
        causes = (taxonomy.find_label(label) for label in model.labels)
        self._ids = [cause.id if cause else None for cause in causes]

    def __call__(self, doc: Doc) -> Doc:
        """Set span._.cause of each cause."""
        words = doc._.units.words
        for span, (first, last) in zip(doc.spans["causes"], read_ranges(doc, "causes"), strict=True):
            span._.cause = self.classify(words[first : last + 1])
        return doc

    def classify(self, words: tuple[str, ...]) -> str | None:
        """Give the id of the cause that the words state, None if none is likely enough."""
        scores = sum_weights(self._model.causes, hash_bag(words))
        scores /= self._model.settings["temperature"]
        best = int(scores.argmax())
        probability = 1 / float(np.exp(scores - scores[best]).sum())
        return self._ids[best] if probability >= self._model.settings["reject_below"] else None


@Language.factory("motivo_tagger")
def make_tagger(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the lexical tagger."""
    return LexicalTagger(load_model())


@Language.factory("motivo_complaint")
def make_complaint(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that tells complaints."""
    return LexicalComplaintPart(load_model())


@Language.factory("motivo_relations")
def make_relations(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that relates causes."""
    return RelationPart(load_model().settings["span"], _PROOF)


@Language.factory("motivo_causes")
def make_causes(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that names causes."""
    return LexicalCausePart(load_model(), load_taxonomy())
