"""A company's own models: a folder of versions, of which one is in use.

    motivo.models/
      3f2a91c07d4e.npz    a model, named by its digest
      3f2a91c07d4e.json   what is known of it: when, from what, how right
      current             which one is in use, and which ones were before it

Files are written beside their place and moved into it: a reader sees all of one, or nothing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ingest.text.vector_model import VectorModel, load_vector_model, save_vector_model
from schema.errors import InputError, NotFoundError, RefusedError

PACKAGE = "package"  # stands for the model that travels with the package
_VERSION = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class ModelRecord:
    """What is known of a model.

    made: UTC, ISO 8601. parent: the version it was trained from, `package` for the model of the package.
    package: that model's version when this line of models began. learned: `layers` or `heads`. texts,
    held_out: how many it learned from, and how many it was judged on. before, after: scores on these of
    the parent and of this model. causes: ids of causes that it knows beside those of the taxonomy.
    """

    version: str
    made: str
    parent: str
    package: str
    learned: str
    texts: int
    held_out: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    causes: list[str] = field(default_factory=list)


class ModelFolder:
    """The folder; it need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def current(self) -> str:
        """The version in use; `package` where there is none of the company's own."""
        return self._read_pointer()[-1]

    def find_model(self) -> Path | None:
        """Give the file of the model in use; None for the one of the package. Raises InputError."""
        version = self.current
        if version == PACKAGE:
            return None
        path = self.path / f"{version}.npz"
        if not path.is_file():
            raise InputError(
                f"{path} is missing, and it is the model in use",
                hint="motivo text models --undo, or --use another",
            )
        return path

    def list_records(self) -> list[ModelRecord]:
        """List what is known of the models that are there, oldest first."""
        found = [self._read_record(path) for path in self.path.glob("*.json") if _is_version(path.stem)]
        return sorted(found, key=lambda record: (record.made, record.version))

    def get_record(self, version: str) -> ModelRecord:
        """Give what is known of a version, named by its first letters at least; raises NotFoundError."""
        found = [r for r in self.list_records() if version and r.version.startswith(version)]
        if len(found) != 1:
            many = f"{len(found)} models begin with '{version}'" if found else f"no model '{version}'"
            raise NotFoundError(f"{many} in {self.path}", hint="motivo text models lists them")
        return found[0]

    def add(self, model: VectorModel, record: ModelRecord) -> None:
        """Keep a model, under `record.version`, without taking it into use."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._write(f"{record.version}.npz", lambda path: save_vector_model(model, path))
            content = json.dumps(asdict(record), ensure_ascii=False, indent=2) + "\n"
            self._write(f"{record.version}.json", lambda path: path.write_text(content, "utf-8"))
        except OSError as error:
            raise self._refuse(error) from None

    def use(self, version: str) -> str:
        """Take a version into use, or `package`; gives its full name."""
        if version != PACKAGE:
            version = self.get_record(version).version
        before = self._read_pointer()
        if before[-1] != version:
            self._write_pointer([*before, version])
        return version

    def undo(self) -> str:
        """Take what was in use before the last change into use again; gives its name."""
        before = self._read_pointer()
        if len(before) == 1:
            raise RefusedError("there is nothing to undo: the package's model is in use, and always was")
        self._write_pointer(before[:-1])
        return before[-2]

    def _read_pointer(self) -> list[str]:
        """Give what was in use, the oldest first; the last one is now."""
        path = self.path / "current"
        try:
            lines = path.read_text("utf-8").split()
        except FileNotFoundError:
            return [PACKAGE]
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read: {error}") from None
        if not lines or not all(line == PACKAGE or _is_version(line) for line in lines):
            raise InputError(
                f"{path} names no model",
                hint="delete it to use the package's model, then motivo text models --use another",
            )
        return lines

    def _write_pointer(self, versions: list[str]) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            content = "\n".join(versions) + "\n"
            self._write("current", lambda path: path.write_text(content, "utf-8"))
        except OSError as error:
            raise self._refuse(error) from None

    def _write(self, name: str, write: Callable[[Path], object]) -> None:
        part = self.path / f".{name}.{os.getpid()}"
        try:
            write(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(self.path / name)
        finally:
            part.unlink(missing_ok=True)

    def _read_record(self, path: Path) -> ModelRecord:
        try:
            row = json.loads(path.read_text("utf-8"))
            return ModelRecord(**{each.name: row[each.name] for each in fields(ModelRecord)})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InputError(f"{path} does not describe a model: {error!r}", hint="delete it") from None

    def _refuse(self, error: OSError) -> InputError:
        return InputError(
            f"{self.path} cannot be written: {error.strerror}", hint="MOTIVO_MODELS names another folder"
        )


def name_version(model: VectorModel) -> str:
    """Give the version that a model has in a folder."""
    return model.digest()[:12]


def name_package_version() -> str:
    """Give the version of the model that travels with the package."""
    return name_version(load_vector_model())


def _is_version(name: str) -> bool:
    return _VERSION.fullmatch(name) is not None
