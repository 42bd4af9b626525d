"""What is worth labelling: doubtful, of many kinds, never twice the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text.corpus import read_texts
from ingest.text.learning import Candidate, LabelledText, choose_texts
from ingest.text.learning.labelled import fold_text
from ingest.text.learning.selection import choose_candidates

TEXTS = [
    LabelledText(number, text.text, None, False, ())
    for number, text in enumerate([t for t in read_texts() if len(t.text) < 200][::60][:24])
]


def ids(chosen: list[Candidate]) -> list[object]:
    return [candidate.proposal.id for candidate in chosen]


def test_the_choice_is_the_same_in_any_order_and_leaves_out_what_is_labelled() -> None:
    chosen = choose_texts(TEXTS, [], 6)
    assert len(chosen) == 6
    assert ids(choose_texts(TEXTS[::-1], [], 6)) == ids(chosen)
    labelled = [candidate.proposal for candidate in chosen[:3]]
    rest = choose_texts(TEXTS, labelled, 50)
    assert set(ids(rest)) == {text.id for text in TEXTS} - set(ids(chosen[:3]))
    for candidate in chosen:
        assert 0 <= candidate.doubt <= 1
        text = candidate.proposal
        assert text.complaint or not text.causes
        assert all(text.text[c.start : c.end].strip() for c in text.causes)
        assert text.lang in ("es", "pt", "en")


def test_near_duplicates_are_chosen_once() -> None:
    again = [
        LabelledText(f"again {text.id}", text.text.upper() + " !!", None, False, ()) for text in TEXTS[:8]
    ]
    longer = [LabelledText(f"longer {text.id}", text.text + " Hola.", None, False, ()) for text in TEXTS[:8]]
    chosen = choose_texts([*TEXTS[:8], *again, *longer], [], 24)
    assert len(chosen) == 8
    assert not choose_texts(again, TEXTS, 5)


def test_nothing_to_choose() -> None:
    assert choose_texts([], [], 5) == []
    assert choose_texts([LabelledText(1, "🙂 ...", None, False, ())], [], 5) == []


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4)), max_size=30),
    st.integers(0, 12),
    st.integers(0, 9),
)
def test_any_candidates(rows: list[tuple[float, int]], count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(5, 8)).astype(np.float32)
    candidates = [
        Candidate(LabelledText(k, f"{chr(97 + k)}x {chr(97 + k)}y", "en", False, ()), doubt, centres[place])
        for k, (doubt, place) in enumerate(rows)
    ]
    chosen = choose_candidates(candidates, [], count)
    assert len(set(map(str, ids(chosen)))) == len(chosen) == min(count, len(candidates))


def test_the_doubtful_come_before_the_sure_and_kinds_before_more_of_a_kind() -> None:
    means = np.eye(3, dtype=np.float32)
    words = ("uno dos tres", "four five six", "sete oito nove", "ten eleven twelve", "trece catorce")
    rows = ((0.9, 0), (0.8, 0), (0.5, 1), (0.1, 2), (0.85, 0))
    candidates = [
        Candidate(LabelledText(k, words[k], "en", False, ()), doubt, means[place])
        for k, (doubt, place) in enumerate(rows)
    ]
    chosen = ids(choose_candidates(candidates, [], 3))
    assert chosen[1:] == [2, 3]
    assert chosen[0] in (0, 1, 4)
    assert len({fold_text(text) for text in words}) == 5
