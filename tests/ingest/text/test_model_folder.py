"""A company's models: versions, one of them in use, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.text.model_folder import PACKAGE, ModelFolder, ModelRecord
from ingest.text.vector_model import VectorModel, load_vector_model, read_vector_model
from schema import InputError, NotFoundError, RefusedError

A, B = "a" * 12, "ab" * 6


def record(version: str, parent: str = PACKAGE) -> ModelRecord:
    return ModelRecord(
        version, f"2026-01-0{len(parent) % 9 + 1}T10:00:00+00:00", parent, "p" * 12, "heads", 70, 30
    )


@pytest.fixture(scope="module")
def model() -> VectorModel:
    return load_vector_model()


@pytest.fixture
def folder(tmp_path: Path, model: VectorModel) -> ModelFolder:
    folder = ModelFolder(tmp_path / "models")
    folder.add(model, record(A))
    folder.add(model, record(B, A))
    return folder


def test_there_need_be_no_folder(tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path / "none")
    assert folder.current == PACKAGE
    assert folder.find_model() is None
    assert folder.list_records() == []
    with pytest.raises(RefusedError):
        folder.undo()
    assert not folder.path.exists()


def test_what_is_kept_is_not_in_use_before_it_is_taken(folder: ModelFolder, model: VectorModel) -> None:
    assert folder.current == PACKAGE
    assert folder.use("aa") == A
    path = folder.find_model()
    assert path is not None
    assert read_vector_model(path).digest() == model.digest()
    assert {r.version for r in folder.list_records()} == {A, B}
    assert not [p for p in folder.path.iterdir() if p.name.startswith(".")]


def test_every_change_can_be_undone(folder: ModelFolder) -> None:
    for version in (A, B, PACKAGE, A):
        folder.use(version)
    folder.use(A)  # no change
    assert [folder.undo() for _ in range(4)] == [PACKAGE, B, A, PACKAGE]
    with pytest.raises(RefusedError):
        folder.undo()


def test_a_version_must_be_there_and_be_one(folder: ModelFolder) -> None:
    for name in ("a", "", "zzz", "../" + A):
        with pytest.raises(NotFoundError):
            folder.use(name)
    assert folder.current == PACKAGE


def test_what_is_broken_is_told_with_the_way_out(folder: ModelFolder) -> None:
    folder.use(A)
    (folder.path / f"{A}.npz").unlink()
    with pytest.raises(InputError, match="is missing") as raised:
        folder.find_model()
    assert "--undo" in raised.value.hint
    (folder.path / "current").write_text("../../etc/passwd\n")
    with pytest.raises(InputError, match="names no model"):
        folder.find_model()
    (folder.path / f"{B}.json").write_text("{}")
    with pytest.raises(InputError, match="does not describe"):
        folder.list_records()
