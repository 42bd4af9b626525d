"""The file of the wheel is read as it is, and refused where it is something else."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.text.encoder import Encoder, Weights, load_weights, round_layer
from schema.errors import InputError
from tests.ingest.text.encoder.wheel import INNER, LONGEST, NORMALISER, PIECES, WIDTH, make_file

GOOD = make_file()


def read_all(path: Path) -> Encoder:
    """Read everything that a file holds, and a text by it."""
    weights = Weights(path)
    encoder = Encoder(weights, [round_layer(weights.read_layer(0))], 0)
    encoder.encode("a ab no")
    return encoder


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(GOOD)
    weights = Weights(path)
    assert (weights.width, weights.inner, weights.longest, weights.layers) == (WIDTH, INNER, LONGEST, 1)
    assert weights.vocabulary.pieces["ab"] == (PIECES.index("ab"), -1.0 - 0.5 * PIECES.index("ab"))
    assert "<unk>" not in weights.vocabulary.pieces
    assert weights.vocabulary.normaliser == NORMALISER
    layer = weights.read_layer(0)
    assert layer.up.weight.shape == (INNER, WIDTH)
    assert layer.down.weight.shape == (WIDTH, INNER)
    assert weights.read_positions().shape == (LONGEST, WIDTH)
    assert weights.digest() == Weights(path).digest()
    assert read_all(path)


def test_numbers_of_four_bits(tmp_path: Path) -> None:
    """Block k of a row: float16 scale, then 16 bytes with number j low and number j + 16 high."""
    path = tmp_path / "e5.bin"
    path.write_bytes(GOOD)
    rows = Weights(path).embed_words(np.array([3, 0, 3]))
    assert rows.shape == (3, WIDTH)
    assert np.array_equal(rows[0], rows[2])
    start = GOOD.index(b"emb.word") + len(b"emb.word") + 1 + 4
    offset = int.from_bytes(GOOD[start : start + 8], "little") + 3 * 18
    scale = np.frombuffer(GOOD[offset : offset + 2], np.float16).astype(np.float32)[0]
    byte = GOOD[offset + 2]
    assert rows[0][0] == ((byte & 15) - 8) * scale
    assert rows[0][16] == ((byte >> 4) - 8) * scale


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not hold"),
        (b"GGUF" + GOOD[4:], "E5S1"),
        (GOOD[:4] + b"\x02\x00\x00\x00" + GOOD[8:], "version 2"),
        (GOOD[:8] + b"\xff\xff\xff\x7f" + GOOD[12:], "bounds"),
        (GOOD[:8] + b"\xff\xff\xff\xff" + GOOD[12:], "bounds"),
        (GOOD[:100], "too early"),
        (GOOD[:-1], "lies outside"),
        (GOOD.replace(b"l0.fi.w", b"l0.fx.w"), "l0.fi.w is missing"),
        (GOOD.replace(b"emb.word", b"emb.wood"), "emb.word is missing"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert "motivo[encoder]" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.bin"):
        Weights(tmp_path / "none.bin")


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, len(GOOD) - 1) | st.integers(0, 1500),
    new=st.binary(min_size=1, max_size=8),
    end=st.integers(0, len(GOOD)) | st.just(len(GOOD)),
)
def test_a_broken_file_is_read_or_refused(tmp_path: Path, place: int, new: bytes, end: int) -> None:
    path = tmp_path / "e5.bin"
    path.unlink(missing_ok=True)
    path.write_bytes((GOOD[:place] + new + GOOD[place + len(new) :])[:end])
    try:
        weights = Weights(path)
        weights.read_layer(0)
        weights.read_positions()
        weights.read_embedding_norm()
        weights.embed_words(np.arange(len(PIECES)) % len(PIECES))
    except InputError as error:
        said = str(error)
    else:
        said = str(path)
    assert str(path) in said


def test_the_wheel_is_multilingual_e5_small() -> None:
    weights = load_weights()
    assert (weights.width, weights.layers, weights.heads, weights.inner) == (384, 12, 12, 1536)
    assert weights.longest == 512
    assert len(weights.vocabulary.pieces) > 250_000
    assert weights is load_weights()
