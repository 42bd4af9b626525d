"""The trained model is written and read without loss, and refused where it is broken."""

import dataclasses
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.text.encoder import Layer, Linear, Norm
from ingest.text.vector_model import (
    Heads,
    VectorModel,
    VectorSettings,
    load_vector_model,
    make_model,
    read_vector_model,
    save_vector_model,
)
from ingest.text.vectors import VectorExtractor
from schema.errors import InputError

WIDTH, INNER = 8, 16
RNG = np.random.default_rng(0)


def linear(outputs: int, inputs: int) -> Linear:
    return Linear(
        RNG.normal(size=(outputs, inputs)).astype(np.float32), RNG.normal(size=outputs).astype(np.float32)
    )


def norm() -> Norm:
    return Norm(np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32))


def layer() -> Layer[Linear]:
    square = {name: linear(WIDTH, WIDTH) for name in ("query", "key", "value", "output")}
    return Layer(
        **square,
        up=linear(INNER, WIDTH),
        down=linear(WIDTH, INNER),
        attention_norm=norm(),
        output_norm=norm(),
    )


HEADS = Heads(
    tag=linear(3, WIDTH), mean_tag=linear(3, WIDTH), complaint=linear(1, WIDTH), span=linear(5, WIDTH),
    label=linear(2, 5),
)  # fmt: skip
MODEL = make_model([layer(), layer()], HEADS, ["delivery_late", "other"], VectorSettings(lo=4, hi=6))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "good.npz"
    save_vector_model(MODEL, path)
    return path


def change(good: Path, **arrays: Any) -> bytes:
    """Write the arrays of a file again, some of them others; None leaves one out."""
    with np.load(good) as archive:
        kept = {name: archive[name] for name in archive.files}
    kept.update({name.replace("__", "."): array for name, array in arrays.items()})
    file = io.BytesIO()
    np.savez(file, **{name: array for name, array in kept.items() if array is not None})
    return file.getvalue()


def test_what_is_written_is_read(good: Path, tmp_path: Path) -> None:
    model = read_vector_model(good)
    assert model.digest() == MODEL.digest()
    assert model.labels == MODEL.labels
    assert model.settings == MODEL.settings
    assert all(np.array_equal(a, MODEL.arrays()[name]) for name, a in model.arrays().items())
    save_vector_model(model, tmp_path / "twice.npz")
    assert (tmp_path / "twice.npz").read_bytes() == good.read_bytes()


def test_the_digest_tells_models_apart() -> None:
    settings = dataclasses.replace(MODEL.settings, outside=1.5)
    assert dataclasses.replace(MODEL, settings=settings).digest() != MODEL.digest()
    tag = Linear(HEADS.tag.weight + np.float32(1e-3), HEADS.tag.bias)
    assert dataclasses.replace(MODEL, heads=dataclasses.replace(HEADS, tag=tag)).digest() != MODEL.digest()


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"heads__tag__bias": None}, "heads.tag.bias is missing"),
        ({"settings": None}, "settings is missing"),
        ({"heads__tag__bias": np.zeros(4, np.float32)}, "tag"),
        ({"heads__tag__bias": np.zeros(3)}, "float64"),
        ({"heads__tag__bias": np.full(3, np.nan, np.float32)}, "heads.tag.bias"),
        ({"layers__up__rounded": np.full((2, INNER, WIDTH), 127, np.int8)}, "beyond 63"),
        ({"layers__up__scale": np.zeros((2, WIDTH), np.float32)}, "up"),
        ({"labels": np.array(["one"])}, "labels"),
        ({"settings": np.frombuffer(b'{"lo": 4, "hi": 9}', np.uint8)}, "no model"),
        ({"settings": np.frombuffer(b"{broken", np.uint8)}, "no model"),
        ({"settings": np.frombuffer(b"[]", np.uint8)}, "no model"),
        ({"labels": np.array([object()] * 2)}, "no model"),
    ],
)
def test_a_broken_model_is_refused(good: Path, tmp_path: Path, arrays: dict[str, Any], said: str) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(change(good, **arrays))
    with pytest.raises(InputError) as caught:
        read_vector_model(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(pickle.dumps({"lo": 4}))
    with pytest.raises(InputError, match=r"vectors\.npz"):
        VectorExtractor(model=path)
    with pytest.raises(InputError, match=r"none\.npz"):
        VectorExtractor(model=tmp_path / "none.npz")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_bytes_are_refused_or_read(good: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = good.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    new = data.draw(st.binary(min_size=1, max_size=6))
    path = tmp_path / "vectors.npz"
    path.write_bytes((content[:place] + new + content[place + len(new) :])[:end])
    try:
        assert isinstance(read_vector_model(path), VectorModel)
    except InputError as error:
        said = str(error)
    else:
        said = str(path)
    assert str(path) in said


@pytest.mark.parametrize(
    "wrong",
    [{"lo": -1}, {"lo": 6}, {"hi": 99}, {"outside": float("nan")}, {"temperature": 0.0}, {"span": (1.0,)},
     {"complaint_threshold": 2.0}, {"outside": "1"}, {"lo": 4.0}],
)  # fmt: skip
def test_settings_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        VectorSettings(**{"lo": 4, "hi": 6, **wrong})


def test_the_shipped_model() -> None:
    model = load_vector_model()
    assert model is load_vector_model()
    assert len(model.labels) == 49
    path = Path(__file__).parents[3] / "ingest" / "text" / "vectors.npz"
    assert path.stat().st_size < 12_000_000
