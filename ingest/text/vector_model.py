"""What is trained on top of the encoder: its upper layers, the heads, and the numbers that decide.

`vectors.npz` holds it, without pickles: weights of layers as small integers with a scale per output,
everything else in float32, labels, and the settings as JSON. `make_model` makes one of what a
training run has in floats, `save_vector_model` writes it, `load_vector_model` reads and checks it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.text.encoder.layers import (
    LINEARS,
    MOST,
    NORMS,
    Floats,
    Layer,
    Linear,
    Norm,
    RoundedLinear,
    round_layer,
)
from schema.errors import InputError

FILE = "vectors.npz"
_HEADS = {"tag": 3, "mean_tag": 3, "complaint": 1, "span": 0, "label": 0}  # outputs; 0: any number


@dataclass(frozen=True)
class VectorSettings:
    """The numbers that decide, beside the weights.

    lo, hi: layers lo..hi-1 of the encoder (from 0) are the trained ones; above hi there are none.
    outside: subtracted from the score of a word to lie outside a cause; larger finds more.
    transition: weight of the log-probabilities of moving between tags.
    complaint: slope and bias that turn the logit of a complaint into log-odds.
    complaint_threshold: probability of a complaint from which a text is one.
    span: weights of a span's mean margin and of its log length, and bias: log-odds that it is right.
    temperature: by which the scores of labels are divided.
    reject_below: probability of the best label under which no cause is named.
    proof: confidence of a span with a connective that makes a text a complaint; None: none does.
    """

    lo: int
    hi: int
    outside: float = 1.0
    transition: float = 0.5
    complaint: tuple[float, float] = (1.0, 0.0)
    complaint_threshold: float = 0.6
    span: tuple[float, float, float] = (1.0, 0.0, 0.0)
    temperature: float = 1.0
    reject_below: float = 0.0
    proof: float | None = None

    def __post_init__(self) -> None:
        numbers = (
            self.outside, self.transition, self.complaint_threshold, self.temperature,
            self.reject_below, self.proof or 0, *self.complaint, *self.span,
        )  # fmt: skip
        if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
            raise ValueError("a setting is not a number")
        if not (type(self.lo) is int and type(self.hi) is int and 0 <= self.lo < self.hi <= 64):
            raise ValueError("lo and hi are no numbers of layers")
        if len(self.complaint) != 2 or len(self.span) != 3:
            raise ValueError("a calibration has the wrong number of weights")
        if self.temperature <= 0 or self.transition < 0 or not 0 <= self.complaint_threshold <= 1:
            raise ValueError("a setting is out of bounds")


@dataclass(frozen=True)
class Heads:
    """What is read off the states; products are summed in one order on any number of threads.

    tag: (3, width) scores of outside, begins, inside from a token's state. mean_tag: added to them,
    from the mean of the text. complaint: (1, width) logit from that mean. span: (inner, width), then
    tanh, then label: (labels, inner), from the mean state of a span.
    """

    tag: Linear
    mean_tag: Linear
    complaint: Linear
    span: Linear
    label: Linear

    def score_tags(self, states: Floats, mean: Floats) -> NDArray[np.float64]:
        """Give the log-odds of begins and inside against outside: (tokens, 2)."""
        scores = _apply(self.tag, states) + _apply(self.mean_tag, mean[None])
        return np.asarray(scores[:, 1:] - scores[:, :1], dtype=np.float64)

    def score_complaint(self, mean: Floats) -> float:
        """Give the logit of a complaint."""
        return float(_apply(self.complaint, mean[None])[0, 0])

    def score_labels(self, span: Floats) -> NDArray[np.float64]:
        """Give the score of each label for the mean state of a span."""
        inner = np.tanh(_apply(self.span, span[None]))
        return np.asarray(_apply(self.label, inner)[0], dtype=np.float64)


@dataclass(frozen=True)
class VectorModel:
    """Trained layers (from `settings.lo` on), heads, the label of each output, settings."""

    layers: tuple[Layer[RoundedLinear], ...]
    heads: Heads
    labels: tuple[str, ...]
    settings: VectorSettings

    def __post_init__(self) -> None:
        for name, array in self.arrays().items():
            if array.dtype == np.float32 and not np.isfinite(array).all():
                raise ValueError(f"{name} holds numbers that are none")
        if len(self.layers) != self.settings.hi - self.settings.lo:
            raise ValueError(f"{len(self.layers)} layers are not those from lo to hi")
        if len(self.labels) != len(self.heads.label.weight) or len(set(self.labels)) < len(self.labels):
            raise ValueError("the labels are not those of the outputs")

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give all arrays by the names they have in the file; those of layers stacked."""
        found: dict[str, NDArray[Any]] = {}
        for name, part in _parts(self.layers[0]):
            of_layers = [getattr(layer, name) for layer in self.layers]
            for field in fields(part):
                found[f"layers.{name}.{field.name}"] = np.stack([getattr(p, field.name) for p in of_layers])
        for name in _HEADS:
            head = getattr(self.heads, name)
            found[f"heads.{name}.weight"], found[f"heads.{name}.bias"] = head.weight, head.bias
        return found

    def digest(self) -> str:
        """Give a digest (hex) over everything in the model."""
        digest = sha256(json.dumps([self.labels, asdict(self.settings)], sort_keys=True).encode())
        for name, array in sorted(self.arrays().items()):
            digest.update(f"{name} {array.dtype} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


def make_model(
    layers: Sequence[Layer[Linear]], heads: Heads, labels: Sequence[str], settings: VectorSettings
) -> VectorModel:
    """Make a model of trained floats: the weights of layers are rounded."""
    return VectorModel(tuple(round_layer(layer) for layer in layers), heads, tuple(labels), settings)


def save_vector_model(model: VectorModel, path: Path) -> None:
    """Write a model as a compressed npz without pickles."""
    arrays = model.arrays()
    arrays["labels"] = np.array(model.labels)
    arrays["settings"] = np.frombuffer(json.dumps(asdict(model.settings)).encode(), dtype=np.uint8)
    with path.open("wb") as file:  # given a file, numpy leaves its name as it is
        np.savez_compressed(file, allow_pickle=False, **arrays)


def read_vector_model(path: Path) -> VectorModel:
    """Read what `save_vector_model` wrote; raises InputError where it is something else."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return _read_arrays({name: archive[name] for name in archive.files})
    except Exception as error:  # a damaged archive fails in a dozen ways
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else error
        raise InputError(
            f"{path} is no model of vectors: {reason}", hint="train it again, or install motivo again"
        ) from None


def load_vector_model(path: Path | None = None) -> VectorModel:
    """Read the model in a file, by default the one that travels with the package.

    Kept for as long as the file is not written again: the parts of a pipeline share it.
    """
    if path is not None:
        return _load(path, _stamp(path))
    with as_file(files("ingest.text") / FILE) as shipped:
        return _load(shipped, _stamp(shipped))


@lru_cache(maxsize=2)
def _load(path: Path, stamp: tuple[int, int]) -> VectorModel:  # noqa: ARG001 - the key of the cache
    return read_vector_model(path)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="install motivo again") from None
    return state.st_mtime_ns, state.st_size


def _read_arrays(arrays: dict[str, NDArray[Any]]) -> VectorModel:
    settings = json.loads(arrays["settings"].tobytes())
    for name in ("complaint", "span"):
        settings[name] = tuple(settings[name])
    labels = tuple(str(label) for label in arrays["labels"])
    width = arrays["layers.query.rounded"].shape[-1]
    inner = arrays["layers.up.rounded"].shape[1]
    count = len(arrays["layers.query.rounded"])
    layers = tuple(_read_layer(arrays, number, count, width, inner) for number in range(count))
    heads = {}
    for name, outputs in _HEADS.items():
        weight, bias = arrays[f"heads.{name}.weight"], arrays[f"heads.{name}.bias"]
        inputs = len(arrays["heads.span.weight"]) if name == "label" else width
        _check(name, weight, np.float32, (outputs or len(weight), inputs))
        _check(name, bias, np.float32, (len(weight),))
        heads[name] = Linear(weight, bias)
    return VectorModel(layers, Heads(**heads), labels, VectorSettings(**settings))


def _read_layer(
    arrays: dict[str, NDArray[Any]], number: int, count: int, width: int, inner: int
) -> Layer[RoundedLinear]:
    parts: dict[str, Any] = {}
    for name in LINEARS:
        outputs, inputs = inner if name == "up" else width, inner if name == "down" else width
        rounded, scale, bias = (arrays[f"layers.{name}.{field}"] for field in ("rounded", "scale", "bias"))
        _check(name, rounded, np.int8, (count, outputs, inputs))
        _check(name, scale, np.float32, (count, outputs))
        _check(name, bias, np.float32, (count, outputs))
        if rounded.size and max(int(rounded.max()), -int(rounded.min())) > MOST:
            raise ValueError(f"{name} has weights beyond {MOST}")
        parts[name] = RoundedLinear(rounded[number], scale[number], bias[number])
    for name in NORMS:
        weight, bias = arrays[f"layers.{name}.weight"], arrays[f"layers.{name}.bias"]
        _check(name, weight, np.float32, (count, width))
        _check(name, bias, np.float32, (count, width))
        parts[name] = Norm(weight[number], bias[number])
    return Layer(**parts)


def _check(name: str, array: NDArray[Any], kind: type, shape: tuple[int, ...]) -> None:
    if array.dtype != kind or array.shape != shape:
        raise ValueError(f"{name} is {array.dtype} {array.shape}, not {np.dtype(kind)} {shape}")


def _parts(layer: Layer[RoundedLinear]) -> Iterator[tuple[str, RoundedLinear | Norm]]:
    for name in (*LINEARS, *NORMS):
        yield name, getattr(layer, name)


def _apply(linear: Linear, x: Floats) -> Floats:
    # einsum, and not @: a library of linear algebra sums in an order that depends on its threads
    return np.asarray(np.einsum("ni,oi->no", x, linear.weight) + linear.bias)
