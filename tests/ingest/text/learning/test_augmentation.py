"""Variants keep what is marked: words of their own, labels, order."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text.corpus import Mark, MarkedText, read_background, read_texts
from ingest.text.learning.augmentation import retype_text, vary_text

CORPUS = [text for text in read_texts() if text.lang == "es"]
BACKGROUND = read_background("es")


@st.composite
def marked_texts(draw: st.DrawFn) -> MarkedText:
    """Draw any text, with marks that do not overlap and hold a word."""
    parts = draw(st.lists(st.tuples(st.text(max_size=12), st.booleans()), min_size=1, max_size=6))
    text, marks = "", []
    for number, (drawn, marked) in enumerate(parts):
        words = f"falla{drawn}x" if marked else drawn
        if marked:
            marks.append(Mark(len(text), len(text) + len(words), f"label_{number}", False))
        text += words
    return MarkedText(text, "es", tuple(marks), 0)


def check(text: MarkedText, variant: MarkedText) -> None:
    end = 0
    for mark in variant.marks:
        assert end <= mark.start < mark.end <= len(variant.text)
        assert variant.text[mark.start : mark.end].strip()
        end = mark.end
    assert (variant.lang, variant.block) == (text.lang, text.block)


@given(marked_texts(), st.integers())
def test_typed_again_every_mark_stays(text: MarkedText, seed: int) -> None:
    typed = retype_text(text, random.Random(seed))
    check(text, typed)
    assert [mark.label for mark in typed.marks] == [mark.label for mark in text.marks]


@given(marked_texts(), st.integers())
def test_varied_every_label_is_still_there(text: MarkedText, seed: int) -> None:
    other = MarkedText("Se cayó. Nada más.", "es", (Mark(0, 7, "other_text", False),), 0)
    varied = vary_text(text, [other], BACKGROUND, random.Random(seed))
    check(text, varied)
    added = [mark.label for mark in varied.marks if mark.label == "other_text"]
    assert len(added) <= 1
    labels = [mark.label for mark in varied.marks if mark.label != "other_text"]
    whole = [mark.label for mark in text.marks]
    assert labels == whole or (labels and not added and is_run(labels, whole))


def is_run(part: list[str], whole: list[str]) -> bool:
    """Tell whether the part stands in the whole, one after another; a variant may be of some sentences."""
    return any(whole[k : k + len(part)] == part for k in range(len(whole) - len(part) + 1))


@settings(max_examples=30)
@given(st.sampled_from([t for t in CORPUS if t.marks]), st.integers())
def test_marked_words_are_those_of_the_text_but_for_faults_of_typing(text: MarkedText, seed: int) -> None:
    varied = vary_text(text, CORPUS, BACKGROUND, random.Random(seed))
    check(text, varied)

    def pairs(first: int, count: int) -> bool:
        """Tell whether the first marks of the variant are those of the text from `first` on."""
        for before, after in zip(text.marks[first : first + count], varied.marks[:count], strict=True):
            length = after.end - after.start
            if before.label != after.label:
                return False
            if abs(length - (before.end - before.start)) > max(8, length // 3):
                return False
        return True

    everything = len(varied.marks) >= len(text.marks) and pairs(0, len(text.marks))
    run = len(varied.marks)
    assert everything or (run > 0 and any(pairs(first, run) for first in range(len(text.marks) - run + 1)))


def test_the_same_seed_gives_the_same_variant() -> None:
    once, twice = (vary_text(CORPUS[3], CORPUS, BACKGROUND, random.Random(7)) for _ in range(2))
    assert once == twice


def test_a_text_without_marks_gets_none() -> None:
    plain = MarkedText("Todo bien. Gracias.", "es", (), 0)
    for seed in range(20):
        assert not vary_text(plain, CORPUS, BACKGROUND, random.Random(seed)).marks
