"""What the measures share: an extractor under test, the data folders, tables.

A measure is a module with `measure(run) -> Tables`. It names what each figure is over in a column
`n`, and raises NotRun where something it needs is not there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar

from ingest.text import Extractor, load_extractor
from schema import MotivoError

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("MOTIVO_DATA") or ROOT.parent / "shared" / "data")

Row = dict[str, Any]
Tables = dict[str, list[Row]]
T = TypeVar("T")


class NotRun(Exception):  # noqa: N818 - no error: what is needed is not installed, or not there
    """Why a measure cannot be run."""


@dataclass(frozen=True)
class Run:
    """One extractor under test.

    limit: items read of each large set, None for all. svg: where to draw the reliability plot.
    """

    extractor: Extractor
    name: str
    limit: int | None = None
    svg: Path | None = None

    def sample(self, rows: Sequence[T]) -> list[T]:
        """Give `limit` of the rows, at even distances."""
        most = len(rows) if self.limit is None else self.limit
        if len(rows) <= most:
            return list(rows)
        return [rows[k * len(rows) // most] for k in range(most)]


def load_named(name: str) -> Extractor:
    """Load the extractor called `lexical` or `vectors`; raises NotRun."""
    if "vectors" not in signature(load_extractor).parameters:
        if name == "vectors":
            raise NotRun("there is no extractor by vectors")
        return load_extractor()
    load: Any = load_extractor
    try:
        extractor: Extractor = load(vectors=name == "vectors")
    except (ImportError, MotivoError) as error:
        raise NotRun(str(error)) from error
    return extractor


def find_folder(name: str) -> Path:
    """Give a folder of the data; raises NotRun."""
    folder = DATA / name
    if not folder.is_dir():
        raise NotRun(f"{folder} is not there (set MOTIVO_DATA)")
    return folder


def format_tables(tables: Tables) -> str:
    """Lay tables out in columns, each under its name."""
    return "\n".join(line for name, rows in tables.items() for line in _format_rows(name, rows))


def _format_rows(name: str, rows: Sequence[Row]) -> list[str]:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    grid = [columns, *([_format_cell(row.get(column)) for column in columns] for row in rows)]
    widths = [max(len(line[k]) for line in grid) for k in range(len(columns))]
    text = {k for k, column in enumerate(columns) if any(isinstance(r.get(column), str) for r in rows)}
    lines = [
        "  ".join(
            cell.ljust(width) if k in text else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in grid
    ]
    return [f"-- {name}", *lines]


def _format_cell(value: Any) -> str:
    if value is None:
        return "-"
    if not isinstance(value, float):
        return str(value)
    return f"{value:.1f}" if value > 1 else f"{value:.3f}"
