"""The model that travels with the package: what of the corpus it is trained and calibrated on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.text.corpus import BLOCKS, MarkedText, read_background
from ingest.text.encoder import load_weights
from ingest.text.learning.augmentation import retype_text, vary_text
from ingest.text.learning.calibration import Calibration, calibrate_model
from ingest.text.learning.labelled import LabelledText, label_text
from ingest.text.pipeline import SUPPORTED
from ingest.text.training import OTHER, Corpus, list_labels, list_short_texts, read_corpus
from ingest.text.vector_model import VectorModel, VectorSettings, make_model

if TYPE_CHECKING:
    from ingest.text.learning.fitting import Recipe

HELD_OUT = BLOCKS - 1  # the block that is calibrated on, and not trained on
PHRASE_WEIGHT = 0.5  # of a phrase as a text, beside 1 of a text; with less, plain short failures are missed
RUNS = 2  # whose weights are averaged: what they agree on is better named, and complaints better told
OTHER_LOWERED = 2.0  # by this the score of the label for other causes, so frequent in the corpus, is lowered
_SHORT = 500  # characters of a text that is quickly read again
_RETYPED = 0.3  # share of what is not varied that is typed again

Draw = Callable[[int, random.Random], list[tuple[MarkedText, float]]]


def split_corpus(corpus: Corpus) -> tuple[Corpus, Corpus]:
    """Split into what is seen in training, and the block held out."""
    seen, held = (
        Corpus(
            [t for t in corpus.texts if (t.block == HELD_OUT) is out],
            [p for p in corpus.phrases if (p.block == HELD_OUT) is out],
        )
        for out in (False, True)
    )
    return seen, held


def draw_from(corpus: Corpus) -> Draw:
    """Give what draws the texts of an epoch, with their weights.

    Each text is varied every other epoch, and else as it is or typed again; beside them the background,
    sentence by sentence, and every phrase as a text of its own.
    """
    others = {lang: [text for text in corpus.texts if text.lang == lang] for lang in SUPPORTED}
    background = {lang: read_background(lang) for lang in SUPPORTED}
    alone = [MarkedText(line, lang, (), 0) for lang in SUPPORTED for line in background[lang]]
    phrases = list_short_texts(Corpus((), corpus.phrases))

    def draw(epoch: int, rng: random.Random) -> list[tuple[MarkedText, float]]:
        texts = [
            vary_text(text, others[text.lang], background[text.lang], rng)
            if (place + epoch) % 2
            else _retype_some(text, rng)
            for place, text in enumerate(corpus.texts)
        ]
        drawn = [(text, 1.0) for text in (*texts, *alone)]
        return drawn + [(_retype_some(phrase, rng), PHRASE_WEIGHT) for phrase in phrases]

    return draw


def draw_rehearsal(count: int, phrase_count: int) -> list[LabelledText]:
    """Draw so many texts of the corpus, so many phrases, and all background; the same each time."""
    seen = split_corpus(read_corpus())[0]
    short = [text for text in seen.texts if len(text.text) <= _SHORT]
    background = [MarkedText(line, lang, (), 0) for lang in SUPPORTED for line in read_background(lang)]
    phrases = list_short_texts(Corpus((), seen.phrases))
    return [label_text(text) for text in (*_take(short, count), *_take(phrases, phrase_count), *background)]


def train_model(
    recipe: Recipe, lo: int, hi: int, report: Callable[[int, int], None] | None = None
) -> VectorModel:
    """Train layers lo..hi-1 and the heads on all blocks but the one held out. Needs the extra `train`.

    The runs begin alike and see other variants of the texts in another order; their weights are averaged
    (Wortsman et al., Model soups, 2022).
    """
    from ingest.text.learning.examples import ExampleReader
    from ingest.text.learning.fitting import average_networks, train_network
    from ingest.text.learning.network import start_heads

    corpus = read_corpus()
    labels = list_labels(corpus)
    draw = draw_from(split_corpus(corpus)[0])
    weights = load_weights()
    reader = ExampleReader(weights, labels, OTHER)
    start = [weights.read_layer(number) for number in range(lo, hi)]
    heads = start_heads(weights.width, len(labels), recipe.seed)
    trained = [
        train_network(
            (start, heads),
            lo,
            weights,
            lambda epoch, rng: [reader.read(text, weight=weight) for text, weight in draw(epoch, rng)],
            replace(recipe, seed=recipe.seed + run),
            report,
        )
        for run in range(RUNS)
    ]
    layers, heads = average_networks(trained)
    heads.label.bias[labels.index(OTHER)] -= OTHER_LOWERED
    return make_model(layers, heads, labels, VectorSettings(lo=lo, hi=hi))


def calibrate_on_corpus(
    model: VectorModel,
    outside: float | None = None,
    texts: int | None = None,
    reject: float | None = None,
) -> Calibration:
    """Calibrate on the block held out. texts: at most so many of it, for a trial."""
    held = split_corpus(read_corpus())[1]
    short = list_short_texts(held)
    settings = replace(model.settings, complaint=(1.0, 0.0), span=(1.0, 0.0, 0.0), temperature=1.0)
    return calibrate_model(
        replace(model, settings=replace(settings, reject_below=0.0)),
        _take(held.texts, texts),
        _take(short, texts),
        outside,
        reject,
    )


def _retype_some(text: MarkedText, rng: random.Random) -> MarkedText:
    return retype_text(text, rng) if rng.random() < _RETYPED else text


def _take(texts: Sequence[MarkedText], most: int | None) -> list[MarkedText]:
    if most is None or len(texts) <= most:
        return list(texts)
    return [texts[k * len(texts) // most] for k in range(most)]
