"""The encoder's layers and the heads in torch, to be trained."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ingest.text.encoder import Layer, Linear, Norm, Weights
from ingest.text.encoder.layers import LINEARS, NORMS
from ingest.text.vector_model import Heads

Part = dict[str, Tensor]  # weight and bias


class Network:
    """Frozen embeddings and lower layers 0..lo-1, trained layers on them, trained heads.

    Products are made in bfloat16, which is several times as fast where the processor has it, and as
    exact as the four bits of the encoder's weights deserve.
    """

    def __init__(
        self, weights: Weights, layers: list[Layer[Linear]], heads: Heads, lo: int, dropout: float
    ) -> None:
        self._weights = weights
        self._dropout = dropout
        self._positions = torch.from_numpy(weights.read_positions())
        self._norm = _read_part(weights.read_embedding_norm())
        self._below = [_read_layer(weights.read_layer(number)) for number in range(lo)]
        self.layers = [_read_layer(layer) for layer in layers]
        self.heads = {field.name: _read_part(getattr(heads, field.name)) for field in fields(Heads)}
        for parameter in (*self.layer_parameters(), *self.head_parameters()):
            parameter.requires_grad_(True)

    def layer_parameters(self) -> list[Tensor]:
        """Give what is trained of the layers."""
        return [tensor for layer in self.layers for part in layer.values() for tensor in part.values()]

    def head_parameters(self) -> list[Tensor]:
        """Give what is trained of the heads."""
        return [tensor for part in self.heads.values() for tensor in part.values()]

    def run(self, ids: NDArray[np.int64], mask: Tensor, *, train: bool) -> tuple[Tensor, Tensor]:
        """Run texts (texts, tokens): states (texts, tokens, width) and their means (texts, width).

        mask: which tokens are of the text; the others pad it.
        """
        texts, length = ids.shape
        words = torch.from_numpy(self._weights.embed_words(ids.reshape(-1))).view(texts, length, -1)
        bias = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None, :]
        rate = self._dropout if train else 0.0
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                x = self._normalise(self._norm, words + self._positions[:length])
                for layer in self._below:
                    x = self._transform(layer, x, bias, 0.0)
            x = functional.dropout(x, rate)
            for layer in self.layers:
                x = self._transform(layer, x, bias, rate)
        x = functional.dropout(x.float(), rate)
        here = mask[..., None].float()
        return x, (x * here).sum(1) / here.sum(1)

    def score_tags(self, states: Tensor, means: Tensor) -> Tensor:
        """Give the scores of outside, begins and inside: (texts, tokens, 3)."""
        return _apply(self.heads["tag"], states) + _apply(self.heads["mean_tag"], means)[:, None]

    def score_complaints(self, means: Tensor) -> Tensor:
        """Give the logit of a complaint for each text."""
        return _apply(self.heads["complaint"], means)[:, 0]

    def score_labels(self, states: Tensor, spans: list[tuple[int, int, int]]) -> Tensor:
        """Give the scores of the labels of spans (text, first token, token after the last)."""
        means = torch.stack([states[text, first:end].mean(0) for text, first, end in spans])
        return _apply(self.heads["label"], torch.tanh(_apply(self.heads["span"], means)))

    def read(self) -> tuple[list[Layer[Linear]], Heads]:
        """Give layers and heads as they are now."""
        layers = []
        for layer in self.layers:
            parts: dict[str, Any] = {name: Linear(*_write_part(layer[name])) for name in LINEARS}
            parts |= {name: Norm(*_write_part(layer[name])) for name in NORMS}
            layers.append(Layer[Linear](**parts))
        return layers, Heads(**{name: Linear(*_write_part(part)) for name, part in self.heads.items()})

    def _normalise(self, norm: Part, x: Tensor) -> Tensor:
        width = (x.shape[-1],)
        return functional.layer_norm(x, width, norm["weight"], norm["bias"], self._weights.epsilon)

    def _transform(self, layer: dict[str, Part], x: Tensor, bias: Tensor, rate: float) -> Tensor:
        texts, length, width = x.shape

        def split(name: str) -> Tensor:
            return _apply(layer[name], x).view(texts, length, self._weights.heads, -1).transpose(1, 2)

        query, key, value = split("query"), split("key"), split("value")
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        mixed = _apply(layer["output"], mixed.transpose(1, 2).reshape(texts, length, width))
        x = self._normalise(layer["attention_norm"], x + functional.dropout(mixed, rate))
        inner = _apply(layer["down"], functional.gelu(_apply(layer["up"], x)))
        return self._normalise(layer["output_norm"], x + functional.dropout(inner, rate))


def start_heads(width: int, labels: int, seed: int) -> Heads:
    """Give heads that know nothing yet."""
    rng = np.random.default_rng(seed)

    def draw(outputs: int) -> Linear:
        weight = rng.normal(0, 0.02, (outputs, width)).astype(np.float32)
        return Linear(weight, np.zeros(outputs, np.float32))

    bound = width**-0.5
    inner = rng.uniform(-bound, bound, (width, width)).astype(np.float32)
    return Heads(
        tag=draw(3),
        mean_tag=draw(3),
        complaint=draw(1),
        span=Linear(inner, np.zeros(width, np.float32)),
        label=draw(labels),
    )


def _apply(part: Part, x: Tensor) -> Tensor:
    return functional.linear(x, part["weight"], part["bias"])


def _read_part(part: Linear | Norm) -> Part:
    return {"weight": torch.tensor(part.weight), "bias": torch.tensor(part.bias)}


def _read_layer(layer: Layer[Linear]) -> dict[str, Part]:
    return {name: _read_part(getattr(layer, name)) for name in (*LINEARS, *NORMS)}


def _write_part(part: Part) -> tuple[Any, Any]:
    return part["weight"].detach().numpy().copy(), part["bias"].detach().numpy().copy()
