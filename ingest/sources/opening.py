"""Opening a source as the project file describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.project import SourceSpec
from ingest.sources.contract import Source
from ingest.sources.delimited import DelimitedSource
from ingest.sources.json_array import JsonArraySource
from ingest.sources.jsonl import JsonLinesSource
from ingest.sources.parquet import ParquetSource
from ingest.sources.sqlite_table import SqliteSource
from schema.errors import SourceError

_TAB = "\t"


def _open_delimited(path: Path, spec: SourceSpec) -> Source:
    tab = _TAB if path.suffix.lower() == ".tsv" else ""
    return DelimitedSource(path, spec.encoding, spec.delimiter or tab)


FORMATS: dict[str, Callable[[Path, SourceSpec], Source]] = {
    "csv": _open_delimited,
    "json": lambda path, spec: JsonArraySource(path, spec.encoding),
    "jsonl": lambda path, spec: JsonLinesSource(path, spec.encoding),
    "parquet": lambda path, spec: ParquetSource(path),  # noqa: ARG005
    "sqlite": lambda path, spec: SqliteSource(path, spec.table),
}


def find_path(spec: SourceSpec, base_dir: Path) -> Path | None:
    """Return the path of a source's file, None if there is no such file."""
    path = base_dir / spec.path
    try:
        return path if path.exists() else None
    except OSError:
        return path  # opening it will tell what is wrong


@contextmanager
def file_errors(name: str) -> Iterator[None]:
    """Turn what the system says of a source's file into a `SourceError`."""
    try:
        yield
    except OSError as error:
        raise SourceError(
            f"source {name!r}: {error.filename or 'its file'} cannot be read: {error.strerror or error}",
            hint="is it there, and may this user read it?",
        ) from None


def open_source(spec: SourceSpec, base_dir: Path) -> Source:
    """Return a source, ready to read. `SourceError` names the path tried and what is wrong.

    `base_dir` is where a relative path of the project file begins.
    """
    path = find_path(spec, base_dir)
    if path is None:
        raise SourceError(
            f"source {spec.name!r}: there is no file {base_dir / spec.path}",
            hint=f"{spec.place.file}:{spec.place.line} names it: mend the path, give --data the "
            "folder it is in, or write 'optional: true'",
        )
    with file_errors(spec.name):
        if not path.is_file():
            raise SourceError(f"source {spec.name!r}: {path} is not a file", hint="name one file")
        return FORMATS[spec.format](path, spec)
