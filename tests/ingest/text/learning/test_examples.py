"""Marked texts become tokens, tags and spans that say the same."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text.corpus import Mark, MarkedText, read_texts
from ingest.text.encoder import Tokenizer, load_weights
from ingest.text.learning.examples import ExampleReader, make_batches
from tests.ingest.text.learning.test_augmentation import marked_texts

LABELS = ("delivery_late", "support_rude", "other")
CORPUS = list(read_texts())


@pytest.fixture(scope="module")
def reader() -> ExampleReader:
    return ExampleReader(load_weights(), LABELS, "other")


@settings(max_examples=40, deadline=None)
@given(text=st.one_of(marked_texts(), st.sampled_from(CORPUS)))
def test_every_mark_is_a_span_of_tokens_that_begins_with_its_tag(
    reader: ExampleReader, text: MarkedText
) -> None:
    example = reader.read(text)
    assert len(example.places) == len(example.tags)
    assert (np.diff(example.places) >= 0).all()
    assert example.complaint is bool(text.marks)
    assert len(example.ids) <= load_weights().longest
    whole = len(Tokenizer(load_weights().vocabulary).tokenize(text.text, 10_000)) + 6 <= len(example.ids) + 2
    if whole:
        assert len(example.spans) == len(text.marks)
    tags = dict(zip(example.places.tolist(), example.tags.tolist(), strict=True))
    for first, end, label in example.spans:
        assert 0 < first < end < len(example.ids)
        assert tags[first] in (1, 2)
        assert 0 <= label < len(LABELS)


def test_labels_that_are_not_outputs_are_the_rest(reader: ExampleReader) -> None:
    marks = (Mark(0, 5, "delivery_late", False), Mark(8, 13, "never_heard_of", False))
    example = reader.read(MarkedText("tarde y falla", "es", marks, 0))
    assert [label for *_, label in example.spans] == [0, 2]


def test_a_complaint_need_not_state_a_cause(reader: ExampleReader) -> None:
    example = reader.read(MarkedText("muy mal", "es", (), 0), complaint=True, weight=0.25)
    assert example.complaint
    assert example.weight == 0.25
    assert not example.spans


def test_batches_hold_every_example_once_within_their_size(reader: ExampleReader) -> None:
    examples = [reader.read(text) for text in CORPUS[::40]]
    batches = make_batches(examples, 1024, random.Random(0))
    assert sorted(id(e) for batch in batches for e in batch) == sorted(map(id, examples))
    for batch in batches:
        longest = max(len(example.ids) for example in batch)
        assert longest * len(batch) <= 1024 or len(batch) == 1
