"""Scores mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.learning import Answer, LabelledCause, LabelledText, score_answers
from ingest.text.learning.scores import count_hits, measure_surety

LATE = LabelledText(1, "it came late and broken", "en", True, (LabelledCause(0, 12, "delivery.late"),))
FINE = LabelledText(2, "all is well", "en", False, ())


def test_the_labels_themselves_score_full_marks() -> None:
    scores = score_answers([LATE, FINE], [Answer.read(LATE), Answer.read(FINE)])
    assert set(scores.to_dict().values()) == {1.0, 2}


def test_nothing_and_everything() -> None:
    silent = score_answers([LATE, FINE], [Answer(False, ())] * 2)
    assert (silent.span_f1, silent.cause_covered, silent.end_to_end, silent.exact) == (0, 0, 0, 0)
    assert silent.clean_precision == 1
    assert silent.complaint_f1 == pytest.approx((0 + 2 / 3) / 2)
    loud = score_answers([LATE, FINE], [Answer(True, ((0, 23, "delivery.late"),))] * 2)
    assert loud.span_recall == 1
    assert loud.span_precision == pytest.approx(3 / (3 + 2 + 3))
    assert loud.clean_precision == 0


def test_a_cause_counts_where_it_overlaps_by_half_and_has_its_name() -> None:
    def score(*spans: tuple[int, int, str | None]) -> tuple[float, float]:
        scores = score_answers([LATE], [Answer(True, spans)])
        return scores.cause_covered, scores.end_to_end

    assert score((3, 7, "delivery.late")) == (1, 1)
    assert score((3, 7, None)) == (1, 0)
    assert score((8, 23, "delivery.late")) == (0, 0)  # one of three words
    assert score((13, 16, "x.y"), (0, 7, "delivery.late")) == (1, 1)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 22), st.integers(1, 23)), min_size=2, max_size=2))
def test_all_scores_lie_between_none_and_full(said: list[tuple[bool, int, int]]) -> None:
    answers = [Answer(yes, ((a, b, None),) if yes and a < b else ()) for yes, a, b in said]
    for name, value in score_answers([LATE, FINE], answers).to_dict().items():
        assert name == "texts" or 0 <= value <= 1


def test_surety_is_none_for_the_same_and_all_for_better_everywhere() -> None:
    good = count_hits([LATE, FINE], [Answer.read(LATE), Answer.read(FINE)])
    bad = count_hits([LATE, FINE], [Answer(False, ()), Answer(True, ((0, 3, None),))])
    assert measure_surety(good, good) == 0
    assert measure_surety(bad, good) == 1
    assert good.shape == bad.shape
    assert np.isfinite(good).all()
