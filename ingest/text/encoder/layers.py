"""The parts of a transformer layer, as floats and as the small integers that the network computes with.

Weights are rounded to 7 bits, one scale per output. Products with 8-bit activations then add up in
pairs within 16 bits, which is all that processors without special instructions have: the sums are
the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

MOST = 63  # the largest rounded weight

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Linear:
    """`x @ weight.T + bias`; weight: (outputs, inputs), bias: (outputs,)."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True)
class RoundedLinear:
    """A `Linear` whose weight is `rounded * scale[:, None]`; rounded: int8, from -MOST to MOST."""

    rounded: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def restore(self) -> Linear:
        """Give it in floats."""
        return Linear(self.rounded.astype(np.float32) * self.scale[:, None], self.bias)


@dataclass(frozen=True)
class Norm:
    """Scale and shift of a layer normalisation, each (width,)."""

    weight: Floats
    bias: Floats


L = TypeVar("L", Linear, RoundedLinear)


@dataclass(frozen=True)
class Layer(Generic[L]):
    """A transformer layer with its normalisations behind the sums, as in BERT."""

    query: L
    key: L
    value: L
    output: L
    attention_norm: Norm
    up: L
    down: L
    output_norm: Norm


LINEARS = ("query", "key", "value", "output", "up", "down")
NORMS = ("attention_norm", "output_norm")


def round_linear(linear: Linear) -> RoundedLinear:
    """Round the weights of each output to the nearest multiple of its own scale."""
    largest = np.abs(linear.weight).max(axis=1)
    scale = (np.where(largest > 0, largest, 1.0) / MOST).astype(np.float32)
    rounded = np.clip(np.round(linear.weight / scale[:, None]), -MOST, MOST).astype(np.int8)
    return RoundedLinear(rounded, scale, linear.bias.astype(np.float32))


def round_layer(layer: Layer[Linear]) -> Layer[RoundedLinear]:
    """Round all weights of a layer; its normalisations stay as they are."""
    rounded = {name: round_linear(getattr(layer, name)) for name in LINEARS}
    return Layer(**rounded, attention_norm=layer.attention_norm, output_norm=layer.output_norm)


def restore_layer(layer: Layer[RoundedLinear]) -> Layer[Linear]:
    """Give a layer in floats."""
    restored = {name: getattr(layer, name).restore() for name in LINEARS}
    return Layer(**restored, attention_norm=layer.attention_norm, output_norm=layer.output_norm)
