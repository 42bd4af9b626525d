"""The encoder: multilingual-e5-small with trained layers, run on this machine. README.md says how."""

from ingest.text.encoder.encoder import MOST_SUBWORDS, Encoded, Encoder
from ingest.text.encoder.layers import (
    Layer,
    Linear,
    Norm,
    RoundedLinear,
    restore_layer,
    round_layer,
    round_linear,
)
from ingest.text.encoder.tokenizer import Subwords, Tokenizer
from ingest.text.encoder.weights import Weights, find_weights, load_weights, require_extra

__all__ = [
    "MOST_SUBWORDS",
    "Encoded",
    "Encoder",
    "Layer",
    "Linear",
    "Norm",
    "RoundedLinear",
    "Subwords",
    "Tokenizer",
    "Weights",
    "find_weights",
    "load_weights",
    "require_extra",
    "restore_layer",
    "round_layer",
    "round_linear",
]
