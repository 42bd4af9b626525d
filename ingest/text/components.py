"""The parts of the pipeline as spaCy components.

Each reads and sets attributes of the `Doc`, and may be replaced by another of the same contract:

    motivo_language      sets  doc._.language (unless set already)
    sentencizer          spaCy's own, for whoever adds parts that work by sentences
    motivo_connectives   sets  doc._.units, doc.spans["connectives"] (span._.cause_side, .strong)
    motivo_tagger        sets  doc._.margins, doc.spans["failures"]: candidates for a cause
    motivo_complaint     sets  doc._.complaint_score, doc._.complaint
    motivo_relations     sets  doc.spans["causes"] (span._.kind, .confidence, .deeper_of) and
                               doc.spans["effects"]; both empty where there is no complaint
    motivo_causes        sets  span._.cause of each of doc.spans["causes"]
"""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from ingest.text.connectives import Connective, load_connectives
from ingest.text.decoding import (
    decode_spans,
    extend_to_clause,
    find_best_clause,
    find_peak,
    measure_margins,
)
from ingest.text.features import hash_bag, hash_tokens
from ingest.text.language import LanguageIdentifier
from ingest.text.model import LexicalModel, load_model, sum_weights
from ingest.text.relations import Range, relate_spans, split_spans
from ingest.text.taxonomy import Taxonomy, load_taxonomy
from ingest.text.units import Units, list_units

PARTS = (
    "motivo_connectives",
    "motivo_tagger",
    "motivo_complaint",
    "motivo_relations",
    "motivo_causes",
)

_MOST_CAUSES = 5  # of one text; the surest are kept, as annotators do
_PROOF = 0.35  # confidence of a failure with a connective that makes a text a complaint
_NO_UNITS = Units((), (), ())
for _name, _default in (
    ("language", None),
    ("units", _NO_UNITS),
    ("margins", None),
    ("complaint", False),
    ("complaint_score", 0.0),
):
    Doc.set_extension(_name, default=_default, force=True)
for _name in ("cause_side", "strong", "kind", "confidence", "deeper_of", "cause"):
    Span.set_extension(_name, default=None, force=True)


def squash(z: float) -> float:
    """Turn log-odds into a probability, rounded so that it prints alike everywhere."""
    return round(1 / (1 + exp(-max(-60.0, min(60.0, z)))), 4)


def make_span(doc: Doc, units: Range, label: str) -> Span:
    """Make a spaCy span of the units first..last."""
    tokens = doc._.units.tokens
    return Span(doc, tokens[units[0]], tokens[units[1]] + 1, label=label)


def read_ranges(doc: Doc, group: str) -> list[Range]:
    """Give the spans of a group back as (first, last) unit."""
    place = {token: unit for unit, token in enumerate(doc._.units.tokens)}
    return [(place[span.start], place[span.end - 1]) for span in doc.spans.get(group, ())]


class LanguagePart:
    """Names the language, unless the caller did."""

    def __init__(self, languages: list[str]) -> None:
        self._identifier = LanguageIdentifier(languages)

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.language."""
        doc._.language = self._identifier.identify(doc.text, doc._.language)
        return doc


class ConnectivePart:
    """Lists the units and finds the connectives among them."""

    def __init__(self) -> None:
        self._connectives = load_connectives()

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.units and doc.spans["connectives"]."""
        doc._.units = list_units([(token.text, token.idx) for token in doc])
        spans = []
        for found in self._connectives.find_all(doc._.units.fold(), doc._.language):
            span = make_span(doc, (found.first, found.last), "CONNECTIVE")
            span._.cause_side, span._.strong = found.cause, found.strong
            spans.append(span)
        doc.spans["connectives"] = SpanGroup(doc, spans=spans)
        return doc


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


class ComplaintPart:
    """Tells complaints, from all words of the text and its most failure-like place."""

    def __init__(self, model: LexicalModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set doc._.complaint_score and doc._.complaint."""
        words = doc._.units.words
        if not any(word[0].isalnum() for word in words):
            return doc
        bag = float(sum_weights(self._model.complaint, hash_bag(words)))
        by_bag, by_peak, bias = self._model.settings["complaint"]
        doc._.complaint_score = squash(by_bag * bag + by_peak * find_peak(doc._.margins) + bias)
        doc._.complaint = doc._.complaint_score >= 0.5
        return doc


class RelationPart:
    """Decides which failures are causes, how they hang together, and their effects."""

    def __init__(self, model: LexicalModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set doc.spans["causes"] and doc.spans["effects"].

        A failure that the text itself links to its effect makes it a complaint, whatever the other
        words say.
        """
        doc.spans["causes"], doc.spans["effects"] = SpanGroup(doc), SpanGroup(doc)
        units = doc._.units
        connectives = [
            Connective(*units_of, span._.cause_side, span._.strong)
            for units_of, span in zip(read_ranges(doc, "connectives"), doc.spans["connectives"], strict=True)
        ]
        found = read_ranges(doc, "failures")
        if not found and doc._.complaint:
            clause = find_best_clause(units.words, doc._.margins)
            found = [clause] if clause else []
        sure = {span: self._measure_confidence(doc, span) for span in split_spans(units, found, connectives)}
        kept = sorted(sorted(sure, key=lambda span: (-sure[span], span))[:_MOST_CAUSES])
        relations, effects = relate_spans(units, kept, connectives)
        proof = max((sure[relation.span] for relation in relations if relation.explicit), default=0.0)
        if proof >= _PROOF:
            doc._.complaint = True
            # The link itself is evidence: the score is as far above one half as the failure is sure.
            doc._.complaint_score = max(doc._.complaint_score, round((1 + proof) / 2, 4))
        if not doc._.complaint:
            return doc
        causes = []
        for relation in relations:
            span = make_span(doc, relation.span, "CAUSE")
            span._.kind = "explicit" if relation.explicit else "implicit"
            span._.confidence = sure[relation.span]
            span._.deeper_of = relation.deeper_of
            causes.append(span)
        doc.spans["causes"] = SpanGroup(doc, spans=causes)
        doc.spans["effects"] = SpanGroup(doc, spans=[make_span(doc, e, "EFFECT") for e in effects])
        return doc

    def _measure_confidence(self, doc: Doc, units: Range) -> float:
        margin = float(np.mean(doc._.margins[units[0] : units[1] + 1]))
        by_margin, by_length, bias = self._model.settings["span"]
        return squash(by_margin * margin + by_length * log(units[1] - units[0] + 1) + bias)


class CausePart:
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


@Language.factory("motivo_language", default_config={"languages": ["es", "pt", "en"]})
def make_language(nlp: Language, name: str, languages: list[str]) -> Any:  # noqa: ARG001
    """Make the part that names the language."""
    return LanguagePart(languages)


@Language.factory("motivo_connectives")
def make_connectives(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that finds connectives."""
    return ConnectivePart()


@Language.factory("motivo_tagger")
def make_tagger(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the lexical tagger."""
    return LexicalTagger(load_model())


@Language.factory("motivo_complaint")
def make_complaint(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that tells complaints."""
    return ComplaintPart(load_model())


@Language.factory("motivo_relations")
def make_relations(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that relates causes."""
    return RelationPart(load_model())


@Language.factory("motivo_causes")
def make_causes(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that names causes."""
    return CausePart(load_model(), load_taxonomy())
