"""Many wordings of every cause, in three languages, none with a hole in it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.demo.causes import plant_causes
from api.demo.messages import BASE_CAUSES
from api.demo.services import make_company
from api.demo.wording import load_wordings, roughen
from schema.kinds import LANGUAGES

PLANTED = [plant.cause.told_as for plant in plant_causes(make_company(1, 200))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_planted_cause_is_told_in_at_least_25_wordings(language: str) -> None:
    wordings = load_wordings(language)
    for cause in PLANTED:
        rng = Random(1)
        clauses = {
            wordings.fill(rng, rng.choice(wordings.causes[cause]), month=wordings.months[0])
            for _ in range(500)
        }
        assert len(clauses) >= 25, cause


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_word_the_same_causes(language: str) -> None:
    assert set(load_wordings(language).causes) == set(BASE_CAUSES)
    assert len(load_wordings(language).months) == 12


@given(st.sampled_from(LANGUAGES), st.integers(0, 10**6), st.integers(1, 12))
def test_texts_have_no_marks_of_a_template_left(language: str, seed: int, month: int) -> None:
    wordings, rng = load_wordings(language), Random(seed)
    causes = rng.sample(list(BASE_CAUSES), rng.choice((1, 2)))
    for text in (wordings.write_complaint(rng, causes, month), wordings.write_other(rng, month)):
        assert not set(text) & set("[]{}|")
        assert "  " not in text
        assert text == text.strip() != ""


@given(st.text(), st.integers(0, 10**6))
def test_roughening_takes_any_text_and_is_repeatable(text: str, seed: int) -> None:
    assert roughen(Random(seed), text) == roughen(Random(seed), text)
