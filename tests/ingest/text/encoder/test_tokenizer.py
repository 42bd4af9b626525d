"""Subwords cover the text from left to right, whatever it holds."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text.encoder import Subwords, Tokenizer, load_weights

TOKENIZER = Tokenizer(load_weights().vocabulary)
NAMES = {number: piece for piece, (number, _) in load_weights().vocabulary.pieces.items()}
FRAGMENTS = (
    "atención ", "não ", "porque ", "e\u0301", "👩‍👩‍👧", "\x00", "\u202eمرحبا\u202c", "שלום ", "\u200b",
    "ﷺ", "…", "\u2581", "\x85", "\u3000", "漢字", "\ud800", "ﬁ", "\n\n", "!!!!!!", "https://a.example/x?y",
)  # fmt: skip
anything = st.text(st.characters(), max_size=80)
mixed = st.lists(st.sampled_from(FRAGMENTS) | anything, max_size=12).map("".join)


def check(text: str, found: Subwords) -> None:
    assert len(found.ids) == len(found.starts) == len(found.ends)
    assert (found.starts >= 0).all()
    assert (found.ends <= len(text)).all()
    assert (found.starts <= found.ends).all()
    assert (np.diff(found.starts) >= 0).all()
    assert (np.diff(found.ends) >= 0).all()
    assert ((found.ids >= 0) & (found.ids < 250_037)).all()
    assert not any(text[start].isspace() for start in found.starts.tolist())


@settings(deadline=None, max_examples=400)
@given(text=mixed, most=st.integers(1, 200))
def test_offsets_are_within_the_text_and_never_go_back(text: str, most: int) -> None:
    found = TOKENIZER.tokenize(text, most)
    check(text, found)
    assert len(found) <= most
    whole = TOKENIZER.tokenize(text, 10_000)
    assert whole.ids[:most].tolist() == found.ids.tolist()


@settings(deadline=None, max_examples=200)
@given(text=mixed, cut=st.integers(0, 80), length=st.integers(1, 10))
def test_a_stretch_of_text_has_the_subwords_that_touch_it(text: str, cut: int, length: int) -> None:
    found = TOKENIZER.tokenize(text, 10_000)
    first, last = (int(part[0]) for part in found.locate(np.array([cut]), np.array([cut + length])))
    touching = [
        place
        for place, (start, end) in enumerate(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
        if start < cut + length and max(end, start + 1) > cut
    ]
    assert (first, last) == ((touching[0], touching[-1]) if touching else (-1, -1))


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
def test_every_letter_is_covered(form: str) -> None:
    text = unicodedata.normalize(form, "Pésima atención: la operadora me colgó. ¡Não dá! I’m “angry” — ok?")
    found = TOKENIZER.tokenize(text, 1000)
    covered = {
        i for start, end in zip(found.starts, found.ends, strict=True) for i in range(int(start), int(end))
    }
    assert covered == {i for i, sign in enumerate(text) if not sign.isspace()}
    assert 3 not in found.ids  # the unknown sign


def test_the_likeliest_pieces_win() -> None:
    found = TOKENIZER.tokenize("query: me cobraron dos veces", 100)
    names = [NAMES[number] for number in found.ids.tolist()]
    assert names == ["▁que", "ry", ":", "▁me", "▁cobrar", "on", "▁dos", "▁veces"]


def test_blanks_make_no_difference() -> None:
    one, other = TOKENIZER.tokenize("no  me\tllega\n", 100), TOKENIZER.tokenize("no me llega", 100)
    assert one.ids.tolist() == other.ids.tolist()


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "é" * 1_000_000, "El pedido no llegó. " * 50_000, "porque " * 5_000, "😡" * 1_000_000,
     "\u202e" * 1_000_000, "ﷺ" * 1_000_000, "\x00" * 1_000_000, " " * 1_000_000],
    ids=["word", "accents", "prose", "connectives", "emoji", "marks", "ligatures", "nul", "blanks"],
)  # fmt: skip
def test_a_megabyte_is_read_as_far_as_asked(text: str) -> None:
    found = TOKENIZER.tokenize(text, 8192)
    check(text, found)
    assert len(found) <= 8192
