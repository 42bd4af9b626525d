"""The numbers of a vector model that decide, fitted on texts that its weights have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.text.components import read_ranges
from ingest.text.corpus import MarkedText
from ingest.text.fitting import balance_weights
from ingest.text.learning.labelled import LabelledText, label_text
from ingest.text.learning.scores import Scores, score_answers
from ingest.text.learning.states import encode_texts, find_state, read_docs
from ingest.text.probability import Reals, fit_line, fit_temperature, list_reliability, soften, squash
from ingest.text.training import OTHER, tag_units
from ingest.text.vector_model import VectorModel

if TYPE_CHECKING:
    from spacy.tokens import Doc

OUTSIDES = tuple(k / 4 for k in range(11))  # what is tried for `outside`
THRESHOLDS = tuple(k / 20 for k in range(13))  # what is tried for `reject_below`
_WRONG = 0.25  # what a wrong name costs, where a right one gains 1; to name nothing costs nothing

Bin = tuple[float, float, float]  # share of all, mean confidence, share that is right


@dataclass(frozen=True)
class Reliability:
    """How far a probability can be trusted, by bins of it, before and after calibration."""

    before: list[Bin]
    after: list[Bin]

    @staticmethod
    def measure_error(bins: Sequence[Bin]) -> float:
        """Give the expected calibration error."""
        return sum(share * abs(p - right) for share, p, right in bins)


@dataclass(frozen=True)
class Calibration:
    """A model with its numbers fitted; scores on the texts by `outside`; reliability by what it is of."""

    model: VectorModel
    scores: dict[float, Scores] = field(default_factory=dict)
    reliability: dict[str, Reliability] = field(default_factory=dict)


def calibrate_model(
    model: VectorModel,
    texts: Sequence[MarkedText],
    short: Sequence[MarkedText],
    outside: float | None = None,
    reject: float | None = None,
) -> Calibration:
    """Fit the numbers that decide, on held-out texts; of the score of complaints only measure the error.

    Its slope and bias stay: fitted on the corpus, most of whose short texts are plainly neutral, they
    lower the macro F1 on annotated texts from .93 to .84. outside, reject: taken as given; None takes
    the one with the best span F1, and the one that gains most.
    """
    labelled = [label_text(text) for text in texts]
    docs = list(encode_texts(labelled, model))
    done = Calibration(model)
    done = _measure_complaint(done, (docs, texts), (list(encode_texts(map(label_text, short), model)), short))
    done = _fit_labels(done, docs, texts, THRESHOLDS if reject is None else (reject,))
    done = tune_outside(done, docs, labelled, OUTSIDES if outside is None else (outside,))
    done = _fit_spans(done, docs, texts)
    return tune_outside(done, docs, labelled, (done.model.settings.outside,))


def tune_outside(
    done: Calibration, docs: Sequence[Doc], texts: Sequence[LabelledText], tried: Sequence[float]
) -> Calibration:
    """Take the `outside` with the best span F1, the smallest of equals."""
    scores = dict(done.scores)
    for outside in tried:
        model = set_numbers(done.model, outside=outside)
        scores[outside] = score_answers(texts, read_docs(docs, model))
    best = max(tried, key=lambda outside: (round(scores[outside].span_f1, 6), -outside))
    return replace(done, model=set_numbers(done.model, outside=best), scores=scores)


def set_numbers(model: VectorModel, **numbers: object) -> VectorModel:
    """Give the model with other settings."""
    return replace(model, settings=replace(model.settings, **numbers))  # type: ignore[arg-type]


def _measure_complaint(
    done: Calibration,
    long: tuple[Sequence[Doc], Sequence[MarkedText]],
    short: tuple[Sequence[Doc], Sequence[MarkedText]],
) -> Calibration:
    """Measure: texts and short texts weigh the same, and so do complaints and others in each."""
    rows: list[list[float]] = []
    truth, weights = [], []
    for docs, texts in (long, short):
        y = np.array([bool(text.marks) for text in texts])
        rows.append(
            [done.model.heads.score_complaint(doc._.encoded.mean) if doc._.encoded else 0.0 for doc in docs]
        )
        truth.append(y)
        weights.append(balance_weights(y.astype(int)) / len(y))
    slope, bias = done.model.settings.complaint
    p = squash(slope * np.concatenate(rows) + bias)
    table = list_reliability(p, np.concatenate(truth), np.concatenate(weights))
    return replace(done, reliability={**done.reliability, "complaint": Reliability(table, table)})


def _fit_labels(
    done: Calibration, docs: Sequence[Doc], texts: Sequence[MarkedText], thresholds: Sequence[float]
) -> Calibration:
    """Fit temperature and, of those given, the threshold under which a name gains less than it costs."""
    model = done.model
    number = {label: k for k, label in enumerate(model.labels)}
    marks = [
        (find_state(doc, mark), mark) for doc, text in zip(docs, texts, strict=True) for mark in text.marks
    ]
    kept = [(state, mark) for state, mark in marks if state is not None]
    scores = np.array([model.heads.score_labels(state) for state, _ in kept])
    truth = np.array([number.get(mark.label, number[OTHER]) for _, mark in kept])
    temperature = fit_temperature(scores, truth)
    p = soften(scores / temperature)
    best, sure, right = p.argmax(axis=1), p.max(axis=1), p.argmax(axis=1) == truth
    nameless = truth == number[OTHER]

    def value(threshold: float) -> float:
        named = (sure >= threshold) & (best != number[OTHER])
        return float((nameless & ~named).sum() + (named & right).sum() - _WRONG * (named & ~right).sum())

    reject = max(thresholds, key=lambda threshold: (value(threshold), -threshold))
    model = set_numbers(model, temperature=temperature, reject_below=reject)
    before = list_reliability(soften(scores).max(axis=1), right)
    table = Reliability(before, list_reliability(sure, right))
    return replace(done, model=model, reliability={**done.reliability, "cause": table})


def _fit_spans(done: Calibration, docs: Sequence[Doc], texts: Sequence[MarkedText]) -> Calibration:
    """Fit the confidence of a span, by its mean margin and log length: that it overlaps a mark by half."""
    read_docs(docs, done.model)
    rows: list[tuple[float, float, float]] = []
    hits: list[bool] = []
    for doc, text in zip(docs, texts, strict=True):
        marked = np.array(tag_units(doc._.units, text.marks)) > 0
        for first, last in read_ranges(doc, "causes"):
            rows.append((float(np.mean(doc._.margins[first : last + 1])), np.log(last - first + 1), 1.0))
            hits.append(bool(marked[first : last + 1].mean() >= 0.5))
    x: Reals = np.array(rows)
    y: NDArray[np.bool_] = np.array(hits)
    line = fit_line(x, y)
    before = squash(x @ np.array(done.model.settings.span))
    table = Reliability(list_reliability(before, y), list_reliability(squash(x @ line), y))
    model = set_numbers(done.model, span=_round(line))
    return replace(done, model=model, reliability={**done.reliability, "span": table})


def _round(line: Reals) -> tuple[float, ...]:
    return tuple(round(weight, 4) for weight in line.tolist())
