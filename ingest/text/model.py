"""The arrays of the lexical model: what `python -m ingest.text.train` writes and the parts read.

Weights are small integers and are summed as integers, so a score is the same to the last bit on
every machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCALE = 40.0  # weights are stored as round(weight * SCALE)


@dataclass(frozen=True)
class LexicalModel:
    """Weights and settings.

    tagger: (features.SIZE, 2) log-odds of `begins a cause` and `inside a cause` against `outside`.
    complaint: (features.BAG_SIZE,) log-odds of a complaint.
    causes: (features.BAG_SIZE, labels) scores of each gold label, the last being "other".
    labels: the gold labels in the order of the columns.
    settings: the fitted numbers (`version`, `outside`, `complaint`, `span`, `cause`).
    """

    tagger: NDArray[np.int8]
    complaint: NDArray[np.int8]
    causes: NDArray[np.int8]
    labels: tuple[str, ...]
    settings: dict[str, Any]


def quantize(weights: NDArray[np.floating[Any]]) -> NDArray[np.int8]:
    """Round weights to stored form; what is beyond +-3 is cut, which hardly any weight needs."""
    return np.clip(np.round(weights * SCALE), -127, 127).astype(np.int8)


def sum_weights(weights: NDArray[np.int8], ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Add up the rows of `ids` over its first axis, exactly."""
    return np.asarray(weights[ids].sum(axis=0, dtype=np.int64) / SCALE)


def save_model(model: LexicalModel, path: Path) -> None:
    """Write a model as a compressed npz without pickles."""
    np.savez_compressed(
        path,
        tagger=model.tagger,
        complaint=model.complaint,
        causes=model.causes,
        labels=np.array(model.labels),
        settings=np.frombuffer(json.dumps(model.settings).encode(), dtype=np.uint8),
    )


def read_model(path: Path) -> LexicalModel:
    """Read what `save_model` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        return LexicalModel(
            tagger=arrays["tagger"],
            complaint=arrays["complaint"],
            causes=arrays["causes"],
            labels=tuple(str(label) for label in arrays["labels"]),
            settings=json.loads(arrays["settings"].tobytes()),
        )


@cache
def load_model() -> LexicalModel:
    """Read the model that travels with the package."""
    with as_file(files("ingest.text") / "lexical.npz") as path:
        return read_model(path)
