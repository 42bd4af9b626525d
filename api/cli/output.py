"""What commands print: JSON for scripts, tables for people, progress on a terminal."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.measure import Measurement
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

FOLDED = 24  # a column of a table is not folded to fewer letters


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def print_json(document: Any) -> None:
    """Print one JSON document, and nothing else, on stdout."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=_plain, allow_nan=False)
    click.echo(text.encode() + b"\n", nl=False)


def console() -> Console:
    """Return stdout for people: colour and the window's width on a terminal only."""
    return Console(width=None if sys.stdout.isatty() else 120, highlight=False, soft_wrap=False)


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table, columns of numbers set to the right.

    Where the window is too narrow for its columns, each row is a paragraph instead.
    """
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    table = Table(title=title or None, title_justify="left", title_style="bold", show_header=any(headings))
    for place, heading in enumerate(headings):
        numbers = bool(rows) and all(isinstance(row[place], int | float) for row in rows)
        widest = max(
            len(line) for text in (heading, *(row[place] for row in cells)) for line in text.split("\n")
        )
        table.add_column(
            heading,
            justify="right" if numbers else "left",
            overflow="fold",
            min_width=min(widest, FOLDED),
        )
    for row in cells:
        table.add_row(*map(Text, row))  # as Text, so that brackets in data are not taken for markup
    out = console()
    if Measurement.get(out, out.options.update(width=1000), table).minimum <= out.width:
        out.print(table)
        return
    if title:
        say(title, "bold")
    for row in cells:
        named = (f"{heading} {cell}".strip() for heading, cell in zip(headings, row, strict=True) if cell)
        say(" · ".join(named))


def say(message: str, style: str = "") -> None:
    """Print a line for people."""
    console().print(Text(message, style=style))


def say_command(*arguments: str) -> None:
    """Print a command that can be copied: on one line, with its folder if the shell does not find it."""
    called = Path(sys.argv[0])
    found = called.name != "motivo" or shutil.which("motivo")
    from graph.urls import hide_password

    shown = map(hide_password, arguments)
    command = shlex.join(["motivo" if found else str(called), *shown])
    console().print(Text(f"  {command}"), soft_wrap=True)


def say_plain(text: str) -> None:
    """Print a text that is to be copied: letter by letter, on one line however long it is."""
    console().print(Text(text), soft_wrap=True)


def note(message: str) -> None:
    """Print a line on stderr."""
    click.echo(message, err=True)


class ProgressBar:
    """An ingest's progress: a bar a source, with rows a second and the time left."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def begin(self, source: str, size: int | None, done: int) -> None:
        """Show a new bar."""
        self._tasks[source] = self._progress.add_task(source, total=size, completed=done, speed="")

    def advance(self, source: str, done: int, rows: int) -> None:
        """Move the bar on."""
        task = self._tasks[source]
        elapsed = self._progress.tasks[task].elapsed or 0
        speed = f"{rows:,} rows, {rows / elapsed:,.0f} rows/s" if elapsed else f"{rows:,} rows"
        self._progress.update(task, completed=done, speed=speed)

    def end(self, source: str) -> None:
        """Fill the bar."""
        task = self._tasks[source]
        done = self._progress.tasks[task].total or self._progress.tasks[task].completed or 1
        self._progress.update(task, total=done, completed=done)


@contextmanager
def progress_bar() -> Iterator[ProgressBar]:
    """Show progress on stderr while the block runs, if stderr is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    err = Console(stderr=True)
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield ProgressBar(progress)


@contextmanager
def spinner() -> Iterator[Any]:
    """Show what is being done, as told to what is yielded, if stderr is a terminal."""
    err = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("")
        yield lambda message: progress.update(task, description=message)
