"""Labelled texts of a zoo: failures that no taxonomy has, told in a few ways."""

from __future__ import annotations

from itertools import product

from ingest.text.learning import LabelledCause, LabelledText
from ingest.text.learning.labelled import place_text

BITES = "zoo.bitten"
_WHO = ("a parrot", "the goat", "one of the monkeys", "a llama", "the old donkey", "a swan", "some camel")
_WHAT = ("bit my finger", "bit my little son", "bit through my jacket", "bit the baby's hand")
_FRAMES = (
    "We came on Sunday. {} while the keeper looked on. The café was nice.",
    "Never again: {}, and nobody at the desk had a plaster!",
    "{}. We had paid for the full family ticket.",
)
_PRAISE = (
    "The keepers were friendly and the children loved {}.",
    "A lovely day, thank you. We will come back to see {}!",
)


def make_texts() -> list[LabelledText]:
    """Make some seventy texts, a third of them praise; the same each time."""
    texts = []
    for number, (who, what) in enumerate(product(_WHO, _WHAT)):
        for frame in _FRAMES[number % 3 : number % 3 + 2]:
            quote = f"{who} {what}"
            text = frame.format(quote)
            start = text.index(quote)
            cause = LabelledCause(start, start + len(quote), BITES)
            texts.append(LabelledText(f"b{len(texts)}", text, "en", True, (cause,)))
    for who, frame in product(_WHO, _PRAISE):
        texts.append(LabelledText(f"p{len(texts)}", frame.format(who), "en", False, ()))
    return texts


def find_learned() -> LabelledText:
    """Give a text with a cause that is learned from, and not held out."""
    return next(text for text in make_texts() if text.causes and place_text(text.text) >= 0.3)
