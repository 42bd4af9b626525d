"""The parts that every pipeline has, as spaCy components, and the attributes that parts share.

Each reads and sets attributes of the `Doc`, and may be replaced by another of the same contract:

    motivo_language      sets  doc._.language (unless set already)
    sentencizer          spaCy's own, for whoever adds parts that work by sentences
    motivo_connectives   sets  doc._.units, doc.spans["connectives"] (span._.cause_side, .strong)
    an encoder           sets  doc._.encoded and, of each unit, doc._.subwords   (vector_parts.py)
    a tagger             sets  doc._.margins, doc.spans["failures"]: candidates for a cause
    a complaint part     sets  doc._.complaint_score, doc._.complaint
    relations            sets  doc.spans["causes"] (span._.kind, .confidence, .deeper_of) and
                               doc.spans["effects"]; both empty where there is no complaint
    a cause part         sets  span._.cause of each of doc.spans["causes"]

lexical_parts.py and vector_parts.py have one each of the last four.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from ingest.text.connectives import Connective, load_connectives
from ingest.text.decoding import find_best_clause
from ingest.text.language import LanguageIdentifier
from ingest.text.relations import Range, relate_spans, split_spans
from ingest.text.units import Units, list_units

_MOST_CAUSES = 5  # of one text; the surest are kept, as annotators do
_NO_UNITS = Units((), (), ())
for _name, _default in (
    ("language", None),
    ("units", _NO_UNITS),
    ("encoded", None),
    ("subwords", None),
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


def has_words(doc: Doc) -> bool:
    """Tell whether a text says anything in letters or digits."""
    return any(word[0].isalnum() for word in doc._.units.words)


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


class RelationPart:
    """Decides which failures are causes, how they hang together, and their effects."""

    def __init__(self, span: Sequence[float], proof: float | None) -> None:
        """Take the calibration of a span (weights of mean margin and log length, bias), and the proof.

        A failure of that confidence which the text itself links to its effect makes it a complaint,
        whatever the other words say; None lets no link decide that.
        """
        self._span = span
        self._proof = proof

    def __call__(self, doc: Doc) -> Doc:
        """Set doc.spans["causes"] and doc.spans["effects"]."""
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
        if self._proof is not None and proof >= self._proof:
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
        by_margin, by_length, bias = self._span
        return squash(by_margin * margin + by_length * log(units[1] - units[0] + 1) + bias)


@Language.factory("motivo_language", default_config={"languages": ["es", "pt", "en"]})
def make_language(nlp: Language, name: str, languages: list[str]) -> Any:  # noqa: ARG001
    """Make the part that names the language."""
    return LanguagePart(languages)


@Language.factory("motivo_connectives")
def make_connectives(nlp: Language, name: str) -> Any:  # noqa: ARG001
    """Make the part that finds connectives."""
    return ConnectivePart()
