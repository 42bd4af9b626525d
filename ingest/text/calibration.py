"""Scores into probabilities: complaint, confidence of a span, and when to name no cause.

All is fitted on predictions for blocks of the corpus that the weights behind them have not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.text.corpus import MarkedText
from ingest.text.decoding import decode_spans, find_peak, measure_margins
from ingest.text.features import hash_bag, hash_tokens
from ingest.text.fitting import balance_weights, measure_calibration
from ingest.text.model import sum_weights
from ingest.text.probability import (
    fit_line,
    fit_temperature,
    measure_macro_f1,
    soften,
    squash,
)
from ingest.text.training import (
    OTHER,
    Corpus,
    fit_causes,
    fit_complaint,
    fit_tagger,
    list_short_texts,
    tag_units,
)
from ingest.text.units import Units, read_units

FOLDS = 5
OUTSIDE = 1.25  # subtracted from "outside" when decoding; best on held-out blocks
REJECT_BELOW = 0.15  # probability of the best cause under which none is named


@dataclass
class HeldOut:
    """Predictions for texts that the weights have not seen."""

    complaint: list[tuple[float, float, bool]]  # bag score, peak, truth
    short: list[tuple[float, float, bool]]  # the same for phrases and single sentences
    spans: list[tuple[float, int, bool]]  # mean margin, words, overlaps a mark by half or more
    causes: list[tuple[NDArray[np.float64], int]]  # scores, true label


def predict_held_out(corpus: Corpus, labels: Sequence[str]) -> HeldOut:
    """Fit on all blocks but one group, predict that group, for every group in turn."""
    number = {label: k for k, label in enumerate(labels)}
    out = HeldOut([], [], [], [])
    for fold in range(FOLDS):
        seen = Corpus(
            [t for t in corpus.texts if t.block % FOLDS != fold],
            [p for p in corpus.phrases if p.block % FOLDS != fold],
        )
        tagger, complaint = fit_tagger(seen), fit_complaint(seen)
        causes = fit_causes(seen, labels)
        rest = Corpus(
            [t for t in corpus.texts if t.block % FOLDS == fold],
            [p for p in corpus.phrases if p.block % FOLDS == fold],
        )
        for place, text in enumerate([*rest.texts, *list_short_texts(rest)]):
            units = read_units(text.text)
            scores = sum_weights(tagger, hash_tokens(units.words))
            margins = measure_margins(scores)
            bag = float(sum_weights(complaint, hash_bag(units.words)))
            row = (bag, find_peak(margins), bool(text.marks))
            if place >= len(rest.texts):
                out.short.append(row)
                continue
            out.complaint.append(row)
            _add_spans(out, text, units, scores, margins)
            for mark in text.marks:
                words = read_units(text.text[mark.start : mark.end]).words
                named = sum_weights(causes, hash_bag(words))
                out.causes.append((named, number.get(mark.label, number[OTHER])))
    return out


def calibrate(held_out: HeldOut) -> tuple[dict[str, Any], dict[str, float]]:
    """Turn scores into probabilities; gives the settings, and how good they are held out."""
    z, y = _stack_scores(held_out.complaint)
    z_short, y_short = _stack_scores(held_out.short)
    complaint = fit_line(
        np.vstack([z, z_short]),
        np.concatenate([y, y_short]),
        # texts and short texts weigh the same, and so do complaints and others among each
        np.concatenate([balance_weights(y), balance_weights(y_short) * len(y) / len(y_short)]),
    )
    s = np.array([[margin, np.log(words), 1.0] for margin, words, _ in held_out.spans])
    hits = np.array([hit for *_, hit in held_out.spans])
    span = fit_line(s, hits, np.ones(len(hits)))
    p_span = squash(s @ span)
    scores = np.array([scores for scores, _ in held_out.causes])
    truth = np.array([label for _, label in held_out.causes])
    temperature = fit_temperature(scores, truth)
    p_cause = soften(scores / temperature)
    right = p_cause.argmax(axis=1) == truth
    settings = {
        "complaint": complaint.tolist(),
        "span": span.tolist(),
        "temperature": temperature,
        "outside": OUTSIDE,
        "reject_below": REJECT_BELOW,
    }
    figures = {
        "complaint macro F1": measure_macro_f1(z @ complaint >= 0, y),
        "complaint macro F1, short texts": measure_macro_f1(z_short @ complaint >= 0, y_short),
        "span precision": float(hits.mean()),
        "span confidence ECE": measure_calibration(p_span, hits),
        "cause accuracy": float(right.mean()),
        "cause accuracy where p >= .3": float(right[p_cause.max(axis=1) >= 0.3].mean()),
        "share of causes with p >= .3": float((p_cause.max(axis=1) >= 0.3).mean()),
        "cause ECE": measure_calibration(p_cause.max(axis=1), right),
    }
    return settings, figures


def _add_spans(
    out: HeldOut,
    text: MarkedText,
    units: Units,
    scores: NDArray[np.float64],
    margins: NDArray[np.float64],
) -> None:
    marked = np.array(tag_units(units, text.marks)) > 0
    for first, last in decode_spans(scores, OUTSIDE):
        hit = bool(marked[first : last + 1].mean() >= 0.5)
        out.spans.append((float(margins[first : last + 1].mean()), last - first + 1, hit))


def _stack_scores(
    rows: Sequence[tuple[float, float, bool]],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    return np.array([[bag, peak, 1.0] for bag, peak, _ in rows]), np.array([t for *_, t in rows])
