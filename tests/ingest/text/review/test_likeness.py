"""Quotes as vectors, and clusters of them."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text.review.clustering import cluster, find_medoid
from ingest.text.review.likeness import LexicalLikeness, Quote, cosines, fold_quote
from tests.ingest.text.review.office import LAMP, PARROT, ROOF, load_lexical

WORDS = st.lists(st.sampled_from(["tarde", "llegó", "roof", "leaking", "¡no!", "24", "é", "🙁"]), max_size=6)
QUOTES = st.lists(WORDS.map(" ".join) | st.text(max_size=20), min_size=1, max_size=8)


@settings(deadline=None)  # the first example loads the phrase bank
@given(QUOTES)
def test_vectors_are_of_length_one_or_nothing(words: list[str]) -> None:
    vectors = load_lexical().embed([Quote(w) for w in words])
    alike = cosines(vectors, vectors)
    assert ((alike >= 0) & (alike <= 1)).all()
    assert np.isin(np.diag(alike), (0.0, 1.0)).all()


@given(st.text(max_size=40))
def test_folding_is_stable_and_forgets_case_accents_and_signs(words: str) -> None:
    folded = fold_quote(words)
    assert fold_quote(folded) == folded
    assert fold_quote("¡Llegó TARDE, 3 días!") == fold_quote("llego tarde 4 dias") == "llego tarde 0 dias"


def test_a_quote_has_the_same_vector_in_any_company() -> None:
    alone = LexicalLikeness().embed([Quote(ROOF[0])])
    among = LexicalLikeness().embed([Quote(q) for q in (*PARROT, ROOF[0])])
    assert (alone != among[[4]]).nnz == 0


def test_rare_words_count_more() -> None:
    likeness = load_lexical()
    vectors = likeness.embed(
        [Quote("they never sent the helmet"), Quote("my helmet cracked"), Quote("they never came")]
    )
    alike = cosines(vectors, vectors)
    assert alike[0, 1] > alike[0, 2]


def test_clusters_are_what_is_alike_whatever_the_order() -> None:
    likeness = load_lexical()
    quotes = [*ROOF[:3], *PARROT, *LAMP, "nothing like it"]
    expected = {frozenset(ROOF[:3]), frozenset(PARROT), frozenset(LAMP), frozenset(["nothing like it"])}
    for seed in range(5):
        random.Random(seed).shuffle(quotes)
        found = cluster(likeness.embed([Quote(q) for q in quotes]), likeness.together)
        assert {frozenset(quotes[row] for row in rows) for rows in found} == expected
    assert cluster(likeness.embed([]), 0.5) == []
    assert cluster(likeness.embed([Quote("x")]), 0.5) == [[0]]


def test_what_is_too_much_for_linkage_joins(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("ingest.text.review.clustering.MOST", 6)
    likeness = load_lexical()
    quotes = [*ROOF[:2], *PARROT[:2], *LAMP[:2], ROOF[2], PARROT[3], "nothing like it"]
    found = cluster(likeness.embed([Quote(q) for q in quotes]), likeness.together)
    assert [[quotes[row] for row in rows] for rows in found] == [
        [*ROOF[:3]],
        [*PARROT[:2], PARROT[3]],
        [*LAMP[:2]],
    ]


def test_the_medoid_is_in_the_middle() -> None:
    likeness = load_lexical()
    vectors = likeness.embed([Quote(q) for q in ("red hat", "red hat torn", "hat torn")])
    assert find_medoid(vectors, [1, 1, 1]) == 1
    assert find_medoid(vectors, [9, 1, 1]) == 0
