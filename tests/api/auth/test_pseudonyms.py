"""Pseudonyms and the secret that they are made under."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth import Pseudonyms, Secret
from schema import UsageError

PSEUDONYMS = Pseudonyms(Secret("s" * 32))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXTS, TEXTS)
def test_a_text_has_one_pseudonym_which_leads_back(domain: str, text: str) -> None:
    hidden = PSEUDONYMS.hide(domain, text)
    assert hidden == PSEUDONYMS.hide(domain, text)
    assert PSEUDONYMS.find(domain, hidden) == text
    assert len(text) < 5 or text not in hidden


@given(TEXTS, TEXTS, TEXTS)
def test_elsewhere_it_is_another(text: str, one: str, other: str) -> None:
    if one != other:
        assert PSEUDONYMS.hide(one, text) != PSEUDONYMS.hide(other, text)
        assert PSEUDONYMS.find(other, PSEUDONYMS.hide(one, text)) is None
    stranger = Pseudonyms(Secret("t" * 32))
    assert stranger.find(one, PSEUDONYMS.hide(one, text)) is None


@given(TEXTS, st.data())
def test_what_was_altered_or_made_up_is_of_nobody(text: str, data: st.DataObject) -> None:
    hidden = PSEUDONYMS.hide("Customer", text)
    place = data.draw(st.integers(0, len(hidden) - 1))
    letter = data.draw(st.characters())
    altered = hidden[:place] + letter + hidden[place + 1 :]
    if altered != hidden:
        assert PSEUDONYMS.find("Customer", altered) is None
    for made_up in (
        text,
        "~" + text,
        hidden[1:],
        hidden + "=",
        hidden + "A",
        hidden[:-1],
        "~" + "A" * 100_000,
    ):
        assert PSEUDONYMS.find("Customer", made_up) is None


def test_a_pseudonym_hardly_tells_how_long_a_key_is() -> None:
    assert len({len(PSEUDONYMS.hide("Customer", "x" * n)) for n in range(16)}) == 1


@pytest.mark.parametrize("text", ["", "short", "x" * 31])
def test_a_secret_is_long_enough(text: str) -> None:
    with pytest.raises(UsageError):
        Secret(text)


def test_derived_keys_are_of_one_purpose_and_the_secret_is_not_shown() -> None:
    secret = Secret("a secret that nobody is to see, at all")
    assert secret.derive("a", 32) != secret.derive("b", 32)
    assert secret.derive("a", 32) == Secret("a secret that nobody is to see, at all").derive("a", 32)
    assert "nobody" not in repr(secret)
    assert Secret.passing().derive("a", 32) != Secret.passing().derive("a", 32)
