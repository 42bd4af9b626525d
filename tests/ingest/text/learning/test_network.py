"""The network that is trained is the one that runs. Needs torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.text.corpus import read_texts
from ingest.text.encoder import load_weights
from ingest.text.encoder.network import INPUT, build_network, open_session
from ingest.text.learning import LabelledText
from ingest.text.vector_model import VectorSettings, make_model, read_vector_model, save_vector_model
from ingest.text.vectors import VectorExtractor, build_vector_pipeline

pytestmark = pytest.mark.usefixtures("torch_is_there")
LO, HI = 4, 6
LABELS = ("delivery_late", "billing_double_charge", "other")
TEXTS = [text for text in read_texts() if 40 < len(text.text) < 160][::150][:10]


def test_states_are_those_of_the_encoder_in_floats() -> None:
    import torch

    from ingest.text.learning.examples import ExampleReader
    from ingest.text.learning.network import Network, start_heads

    weights = load_weights()
    layers = [weights.read_layer(number) for number in range(LO, HI)]
    network = Network(weights, layers, start_heads(weights.width, len(LABELS), 0), LO, 0.1)
    below = [weights.read_layer(number) for number in range(LO)]
    floats = build_network(weights.read_embedding_norm(), [*below, *layers], weights.heads, weights.epsilon)
    session = open_session(floats)
    examples = [ExampleReader(weights, LABELS, "other").read(text) for text in TEXTS]
    longest = max(len(example.ids) for example in examples)
    ids = np.zeros((len(examples), longest), np.int64)
    mask = torch.zeros(len(examples), longest, dtype=torch.bool)
    for row, example in enumerate(examples):
        ids[row, : len(example.ids)] = example.ids
        mask[row, : len(example.ids)] = True
    with torch.no_grad():
        states, means = network.run(ids, mask, train=False)
    for row, example in enumerate(examples):
        embedded = weights.embed_words(example.ids) + weights.read_positions()[: len(example.ids)]
        true = session.run(None, {INPUT: embedded})[0]
        ours = states[row, : len(example.ids)].numpy()
        cosine = (true * ours).sum(1) / np.linalg.norm(true, axis=1) / np.linalg.norm(ours, axis=1)
        assert cosine.mean() >= 0.999
        mean = true.mean(axis=0)
        assert mean @ means[row].numpy() >= 0.999 * np.linalg.norm(mean) * np.linalg.norm(means[row])


def test_the_loss_falls_and_the_trained_model_answers_alike_from_its_file(tmp_path: Path) -> None:
    import torch

    from ingest.text.learning.examples import ExampleReader
    from ingest.text.learning.fitting import Recipe, measure_loss, train_network
    from ingest.text.learning.network import Network, start_heads

    weights = load_weights()
    reader = ExampleReader(weights, LABELS, "other")
    examples = [reader.read(text) for text in TEXTS]
    start = (
        [weights.read_layer(number) for number in range(LO, HI)],
        start_heads(weights.width, len(LABELS), 0),
    )
    recipe = Recipe(epochs=4, tokens=256, averaging=0.5)
    steps: list[tuple[int, int]] = []
    layers, heads = train_network(
        start, LO, weights, lambda _, __: examples, recipe, lambda done, of: steps.append((done, of))
    )
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    with torch.no_grad():
        before, after = (
            float(measure_loss(Network(weights, *state, LO, 0.0), examples, recipe))
            for state in (start, (layers, heads))
        )
    assert after < 0.9 * before
    model = make_model(layers, heads, LABELS, VectorSettings(LO, HI))
    path = tmp_path / "model.npz"
    save_vector_model(model, path)
    assert read_vector_model(path).digest() == model.digest()
    network = Network(weights, layers, heads, LO, 0.0)
    pipeline = build_vector_pipeline(model=path)
    extractor = VectorExtractor(model=path)
    for text, example in zip(TEXTS, examples, strict=True):
        with torch.no_grad():
            states, means = network.run(
                example.ids[None], torch.ones(1, len(example.ids), dtype=torch.bool), train=False
            )
            probability = float(torch.sigmoid(network.score_complaints(means))[0])
            tags = network.score_tags(states, means)[0, example.places].numpy()
        assert extractor.extract(text.text, text.lang).score == pytest.approx(probability, abs=0.06)
        doc = pipeline(text.text)
        first, _ = doc._.subwords
        ours = model.heads.score_tags(doc._.encoded.states, doc._.encoded.mean)[first[first >= 0]]
        assert np.abs((tags[:, 1:] - tags[:, :1]) - ours).mean() < 0.35  # weights are rounded


def test_layers_learn_beside_a_rehearsal(zoo: list[LabelledText]) -> None:
    from ingest.text.learning.layers import fit_layers
    from ingest.text.vector_model import load_vector_model

    parent = load_vector_model()
    some = zoo[::12]
    once = fit_layers(some, parent, epochs=1, rehearsed=(2, 2))
    assert once.labels == parent.labels
    assert once.settings == parent.settings
    assert once.digest() != parent.digest()
