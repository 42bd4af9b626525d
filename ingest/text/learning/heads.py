"""Heads fitted to labelled texts on frozen states: what the extra `encoder` alone can learn.

Each head stays what it was, plus a logistic regression that is drawn towards zero: how strongly is
chosen by leaving out a quarter of the texts at a time, and where no change does better on these, the
head is left as it is. `outside` is chosen on the texts left out, too. Texts of the corpus are fitted
beside them and never left out, so that what is not like the company's texts is read as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.text.corpus import MarkedText
from ingest.text.encoder import Linear
from ingest.text.fitting import Floats, fit_logistic
from ingest.text.learning.calibration import OUTSIDES, set_numbers
from ingest.text.learning.labelled import LabelledText, mark_text
from ingest.text.learning.scores import Answer, score_answers
from ingest.text.learning.states import find_state, read_docs
from ingest.text.training import OTHER, tag_units
from ingest.text.vector_model import Heads, VectorModel

if TYPE_CHECKING:
    from spacy.tokens import Doc

FOLDS = 4
PENALTIES = (3.0, 30.0, 300.0)
MOST_WORDS = 60_000  # that the tagger is fitted on, which take some 200 MB

Read = tuple[int, "Doc", LabelledText, MarkedText]  # number, or -1


@dataclass(frozen=True)
class Rows:
    """What one head learns from.

    offset: (rows, classes), its scores as it is. text: number of each row's text, -1 for one beside.
    """

    x: Floats
    y: NDArray[np.int64]
    offset: Floats
    text: NDArray[np.int64]

    def fit(self, penalty: float | None, left_out: int | None = None) -> Floats:
        """Fit what is added to the scores, (features, classes), but for the texts of one fold."""
        classes = self.offset.shape[1]
        kept = self._choose(left_out, out=False)
        if penalty is None or not kept.any():
            return np.zeros((self.x.shape[1], classes), np.float32)
        x, y, offset = self.x[kept], self.y[kept], self.offset[kept]
        return fit_logistic(x, y, classes, penalty=penalty, offset=offset, steps=40)

    def choose_penalty(self) -> float | None:
        """Give the penalty with the least loss on texts left out; None where that is no change at all."""
        losses = {penalty: self._measure(penalty) for penalty in (None, *PENALTIES)}
        return min(losses, key=lambda penalty: losses[penalty])

    def _measure(self, penalty: float | None) -> float:
        loss = 0.0
        for fold in range(FOLDS):
            out = self._choose(fold, out=True)
            if out.any():
                z = self.offset[out] + self.x[out] @ self.fit(penalty, fold)
                total = np.logaddexp.reduce(z, axis=1)
                loss += float((total - z[np.arange(len(z)), self.y[out]]).sum())
        return loss

    def _choose(self, fold: int | None, *, out: bool) -> NDArray[np.bool_]:
        if fold is None:
            return np.ones(len(self.y), dtype=bool)
        left = (self.text >= 0) & (self.text % FOLDS == fold)
        return np.asarray(left if out else ~left)


def fit_heads(
    docs: Sequence[Doc],
    texts: Sequence[LabelledText],
    model: VectorModel,
    beside: tuple[Sequence[Doc], Sequence[LabelledText]] = ((), ()),
) -> VectorModel:
    """Fit the heads of a model, whose layers the docs ran through, to the labels of their texts.

    beside: docs and texts to read as they are labelled, too, which are neither left out nor scored.
    """
    all_docs, all_texts = [*beside[0], *docs], [*beside[1], *texts]
    numbers = [-1] * len(beside[0]) + list(range(len(docs)))
    read = [
        (number, doc, text, mark_text(text, model.labels))
        for number, doc, text in zip(numbers, all_docs, all_texts, strict=True)
        if doc._.encoded is not None
    ]
    rows = (_collect_words(read, model), _collect_complaints(read, model), _collect_spans(read, model))
    penalties = [part.choose_penalty() for part in rows]

    def fit(left_out: int | None) -> VectorModel:
        changes = [part.fit(penalty, left_out) for part, penalty in zip(rows, penalties, strict=True)]
        return replace(model, heads=_add(model, *changes))

    trials = [fit(fold) for fold in range(FOLDS)]

    def measure(outside: float) -> float:
        answers: dict[int, Answer] = {}
        for fold, trial in enumerate(trials):
            places = range(fold, len(docs), FOLDS)
            found = read_docs([docs[k] for k in places], set_numbers(trial, outside=outside))
            answers.update(zip(places, found, strict=True))
        return score_answers(texts, [answers[k] for k in range(len(docs))]).span_f1

    # the present one first: of equals it stays
    outside = max((model.settings.outside, *OUTSIDES), key=lambda tried: round(measure(tried), 3))
    return set_numbers(fit(None), outside=outside)


def extend_labels(model: VectorModel, labels: Sequence[str]) -> VectorModel:
    """Give the model outputs for more labels, which it does not know yet."""
    new = [label for label in labels if label not in model.labels]
    known = model.heads.label
    head = Linear(
        np.vstack([known.weight, np.zeros((len(new), known.weight.shape[1]), np.float32)]),
        np.concatenate([known.bias, np.zeros(len(new), np.float32)]),
    )
    return replace(model, heads=replace(model.heads, label=head), labels=(*model.labels, *new))


def _collect_words(read: Sequence[Read], model: VectorModel) -> Rows:
    x, y, offset, place = [], [], [], []
    words = 0
    for number, doc, _, text in read:
        if words > MOST_WORDS:
            break
        first, _ = doc._.subwords
        there = np.flatnonzero(first >= 0)
        states, mean = doc._.encoded.states[first[there]], doc._.encoded.mean
        ones = np.ones((len(there), 1), np.float32)
        x.append(np.hstack([states, np.repeat(mean[None], len(there), axis=0), ones]))
        y.append(np.array(tag_units(doc._.units, text.marks))[there])
        odds = model.heads.score_tags(states, mean)
        offset.append(np.hstack([np.zeros((len(there), 1)), odds]))
        place.append(np.full(len(there), number))
        words += len(there)
    return Rows(np.vstack(x), np.concatenate(y), np.vstack(offset).astype(np.float32), np.concatenate(place))


def _collect_complaints(read: Sequence[Read], model: VectorModel) -> Rows:
    slope, bias = model.settings.complaint
    means = np.array([doc._.encoded.mean for _, doc, _, _ in read])
    odds = np.array([slope * model.heads.score_complaint(mean) + bias for mean in means])
    return Rows(
        np.hstack([means, np.ones((len(means), 1), np.float32)]),
        np.array([int(text.complaint) for _, _, text, _ in read]),
        np.column_stack([np.zeros(len(odds)), odds]).astype(np.float32),
        np.array([number for number, *_ in read]),
    )


def _collect_spans(read: Sequence[Read], model: VectorModel) -> Rows:
    output = {label: k for k, label in enumerate(model.labels)}
    heads = model.heads
    states, y, place = [], [], []
    for number, doc, _, text in read:
        for mark in text.marks:
            state = find_state(doc, mark)
            if state is not None:
                states.append(state)
                y.append(output.get(mark.label, output[OTHER]))
                place.append(number)
    inner = np.tanh(np.array(states) @ heads.span.weight.T + heads.span.bias)
    scores = (inner @ heads.label.weight.T + heads.label.bias) / model.settings.temperature
    ones = np.ones((len(inner), 1), np.float32)
    return Rows(np.hstack([inner, ones]), np.array(y), scores.astype(np.float32), np.array(place))


def _add(model: VectorModel, words: Floats, complaints: Floats, spans: Floats) -> Heads:
    """Add what was fitted to the heads; it was fitted behind their calibration."""
    heads, width = model.heads, len(model.heads.complaint.weight[0])
    odds = (complaints[:, 1:] - complaints[:, :1]) / model.settings.complaint[0]
    labels = spans * model.settings.temperature
    return replace(
        heads,
        tag=_shift(heads.tag, words[:width], words[-1]),
        mean_tag=_shift(heads.mean_tag, words[width:-1], np.zeros(3)),
        complaint=_shift(heads.complaint, odds[:-1], odds[-1]),
        label=_shift(heads.label, labels[:-1], labels[-1]),
    )


def _shift(linear: Linear, weight: NDArray[np.floating], bias: NDArray[np.floating]) -> Linear:
    return Linear(
        np.ascontiguousarray(linear.weight + weight.T, dtype=np.float32),
        np.asarray(linear.bias + bias, dtype=np.float32),
    )
