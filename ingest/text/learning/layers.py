"""Layers and heads trained on labelled texts, with texts of the corpus beside them. Needs torch.

Without these rehearsals a few hundred texts of one company would overwrite what the model knows of
all others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from ingest.text.corpus import read_background
from ingest.text.encoder import load_weights, restore_layer
from ingest.text.learning.augmentation import retype_text, vary_text
from ingest.text.learning.labelled import LabelledText, mark_text
from ingest.text.learning.package import draw_from, split_corpus
from ingest.text.pipeline import SUPPORTED
from ingest.text.training import OTHER, Corpus, read_corpus
from ingest.text.vector_model import VectorModel, make_model
from schema.errors import MissingExtraError

EXTRA = "train"
EPOCHS, RATE, HEAD_RATE = 4, 1e-4, 5e-4
REHEARSED = (200, 600)  # texts of the corpus in an epoch: twice as many as labelled ones, within this


def is_trainable() -> bool:
    """Tell whether layers can be trained here."""
    return find_spec("torch") is not None


def require_torch() -> None:
    """Raise MissingExtraError without the extra `train`."""
    if not is_trainable():
        raise MissingExtraError(EXTRA, "training layers")


def fit_layers(
    texts: Sequence[LabelledText],
    model: VectorModel,
    report: Callable[[int, int], None] | None = None,
    *,
    epochs: int = EPOCHS,
    rehearsed: tuple[int, int] = REHEARSED,
    seed: int = 0,
) -> VectorModel:
    """Train layers and heads of a model on; every text must have a language.

    report: called with steps done and steps in all. rehearsed: least and most texts of the corpus.
    """
    require_torch()
    from ingest.text.learning.examples import Example, ExampleReader
    from ingest.text.learning.fitting import Recipe, train_network

    weights = load_weights()
    reader = ExampleReader(weights, model.labels, OTHER)
    corpus = split_corpus(read_corpus())[0]
    count = min(max(2 * len(texts), rehearsed[0]), rehearsed[1])
    background = {lang: read_background(lang) for lang in SUPPORTED}
    marked = [mark_text(text, model.labels) for text in texts]
    others = {lang: [text for text in marked if text.lang == lang] for lang in SUPPORTED}

    def draw(epoch: int, rng: random.Random) -> list[Example]:
        examples = []
        for place, (text, said) in enumerate(zip(marked, texts, strict=True)):
            drawn = text
            if epoch:  # the first time as they are
                varied = (place + epoch) % 2
                drawn = (
                    vary_text(text, others[text.lang], background[text.lang], rng)
                    if varied
                    else retype_text(text, rng)
                )
            examples.append(reader.read(drawn, complaint=said.complaint))
        some = Corpus(
            rng.sample(corpus.texts, min(count, len(corpus.texts))),
            rng.sample(corpus.phrases, min(count, len(corpus.phrases))),
        )
        rehearsal = draw_from(some)(epoch, rng)
        return examples + [reader.read(text, weight=weight) for text, weight in rehearsal]

    layers, heads = train_network(
        ([restore_layer(layer) for layer in model.layers], model.heads),
        model.settings.lo,
        weights,
        draw,
        Recipe(epochs=epochs, rate=RATE, head_rate=HEAD_RATE, seed=seed),
        report,
    )
    return make_model(layers, heads, model.labels, model.settings)
