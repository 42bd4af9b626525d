"""How right answers are, against labelled texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.text.extraction import Extraction
from ingest.text.learning.labelled import LabelledCause, LabelledText

_WORD = re.compile(r"\w+")
_DRAWS = 1000

Span = tuple[int, int, str | None]  # start, end, id of the cause


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a text, by an extractor or by people."""

    complaint: bool
    causes: tuple[Span, ...]

    @classmethod
    def read(cls, said: Extraction | LabelledText) -> Answer:
        """Take what counts of an extraction, or of labels."""
        return cls(said.complaint, tuple((c.start, c.end, c.cause) for c in said.causes))


@dataclass(frozen=True, slots=True)
class Scores:
    """How right the answers to some texts are; all but `texts` lie between 0 and 1.

    span_f1, span_precision, span_recall, by words. exact: share of the true causes of which an answer
    has exactly the words. complaint_f1: mean of yes and no. clean_precision: share of the texts that
    are no complaint for which no cause is found. cause_covered: share of the true causes that an
    answer overlaps by half or more; cause_accuracy: share of these that are named as they should be;
    end_to_end: both. score: the mean of span_f1, complaint_f1 and end_to_end, by which one model is
    called better than another.
    """

    texts: int
    score: float
    span_f1: float
    span_precision: float
    span_recall: float
    exact: float
    complaint_f1: float
    clean_precision: float
    cause_covered: float
    cause_accuracy: float
    end_to_end: float

    def to_dict(self) -> dict[str, Any]:
        """Give all scores, rounded."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def score_answers(texts: Sequence[LabelledText], answers: Sequence[Answer]) -> Scores:
    """Score the answers to labelled texts."""
    return _score(count_hits(texts, answers).sum(axis=0))


def count_hits(texts: Sequence[LabelledText], answers: Sequence[Answer]) -> NDArray[np.float64]:
    """Count for each text what scores are made of: (texts, 12)."""
    rows = [_count(text, answer) for text, answer in zip(texts, answers, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 12)


def measure_surety(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """Give in what share of samples drawn from the texts, with repeats, `score` is higher after.

    before, after: what `count_hits` gave for the same texts.
    """
    draws = np.random.default_rng(0).multinomial(len(before), [1 / len(before)] * len(before), _DRAWS)
    return float(np.mean([_score(draw @ after).score > _score(draw @ before).score for draw in draws]))


def _count(text: LabelledText, answer: Answer) -> list[float]:
    true = [_find_words(text.text, (c.start, c.end, c.cause)) for c in text.causes]
    said = [_find_words(text.text, span) for span in answer.causes]
    wanted, found = set[int]().union(*true), set[int]().union(*said)
    covered = named = 0
    for words, cause in zip(true, text.causes, strict=True):
        best = max(range(len(said)), key=lambda k: len(said[k] & words), default=None)
        shared = len(said[best] & words) if best is not None else 0
        if best is not None and shared and shared * 2 >= min(len(said[best]), len(words)):
            covered += 1
            named += _is_named(cause, answer.causes[best])
    clean = not text.complaint
    return [
        1, len(wanted & found), len(found - wanted), len(wanted - found),
        len(true), sum(words in said for words in true), covered, named,
        text.complaint and answer.complaint, text.complaint and not answer.complaint,
        clean and answer.complaint, clean and not answer.causes,
    ]  # fmt: skip


def _is_named(cause: LabelledCause, span: Span) -> bool:
    return cause.cause == span[2]


def _find_words(text: str, span: Span) -> set[int]:
    return {m.start() for m in _WORD.finditer(text) if m.start() < span[1] and m.end() > span[0]}


def _score(sums: NDArray[np.float64]) -> Scores:
    texts, hits, extra, missed, causes, exact, covered, named, called, lost, wrong, silent = sums.tolist()
    clean = texts - called - lost
    span_f1 = _divide(2 * hits, 2 * hits + extra + missed)
    yes, no = 2 * called + lost + wrong, 2 * (clean - wrong) + lost + wrong
    both = [_divide(2 * right, of) for right, of in ((called, yes), (clean - wrong, no)) if of]
    complaint_f1 = sum(both) / max(len(both), 1)
    end_to_end = _divide(named, causes)
    return Scores(
        texts=int(texts),
        score=(span_f1 + complaint_f1 + end_to_end) / 3,
        span_f1=span_f1,
        span_precision=_divide(hits, hits + extra),
        span_recall=_divide(hits, hits + missed),
        exact=_divide(exact, causes),
        complaint_f1=complaint_f1,
        clean_precision=_divide(silent, clean),
        cause_covered=_divide(covered, causes),
        cause_accuracy=_divide(named, covered) if covered or not causes else 0.0,
        end_to_end=end_to_end,
    )


def _divide(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
