"""`motivo localize`: where a KPI left its forecast."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.cli.main import json_option, language_option, split_names
from api.cli.output import print_json, print_table, say, spinner
from api.cli.words import WORDS
from schema import InputError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from algorithms import Localization


@click.command(short_help="Find where a KPI left its forecast.")
@click.argument("tables", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="TABLE...")
@click.option("--real", required=True, metavar="COL", help="Column of the actual value.")
@click.option("--predict", required=True, metavar="COL", help="Column of the forecast.")
@click.option(
    "--dimensions",
    multiple=True,
    metavar="A,B",
    help="Columns to combine (default: all that are no numbers).",
)
@click.option(
    "--max-order",
    type=click.IntRange(min=1),
    help="Dimensions that are combined (default: as many as can be).",
)
@language_option
@json_option
def localize(
    tables: tuple[Path, ...],
    real: str,
    predict: str,
    dimensions: tuple[str, ...],
    max_order: int | None,
    lang: str,
    as_json: bool,
) -> None:
    """Find which combinations of values explain that a KPI left its forecast.

    Tables are CSV (also packed, .csv.gz) or Parquet, each answered by itself. A row has the values of
    some dimensions (region, product...), and what was counted and forecast there. All of a root cause
    left its forecast by the same ratio; each may have its own, up or down.

    \b
    Examples:
      motivo localize sales.csv --real sold --predict forecast
      motivo localize h*.parquet --real real --predict predict --dimensions region,product --json
    """
    # imported before the clock runs
    from algorithms import localize as find
    from ingest import read_table

    results = []
    with spinner() as report:
        for path in tables:
            report(f"localizing {path}")
            start = time.perf_counter()
            table = read_table(path)
            kpi = _read_kpi(path, table, real, predict, split_names(dimensions, table.column_names))
            results.append((path, find(kpi, max_order=max_order), time.perf_counter() - start))
    if as_json:
        print_json({"results": [_document(*result) for result in results]})
        return
    for path, found, _ in results:
        _show(path, found, lang)


def _read_kpi(path: Path, table: pa.Table, real: str, predict: str, dimensions: list[str]) -> Any:
    from pyarrow import types

    from algorithms import Dimension, KpiTable

    columns = table.column_names
    for option, names in (("--real", [real]), ("--predict", [predict]), ("--dimensions", dimensions)):
        for name in names:
            if name not in columns:
                raise UsageError(f"{option}: {path} has no column {name!r}", hint=f"it has {_list(columns)}")
    if not dimensions:
        dimensions = [
            field.name
            for field in table.schema
            if field.name not in (real, predict)
            and not (
                types.is_integer(field.type) or types.is_floating(field.type) or types.is_decimal(field.type)
            )
        ]
    if not dimensions:
        raise UsageError(f"{path}: there is no column but numbers to localize in", hint="name --dimensions")
    for name in dimensions:
        if name in (real, predict):
            raise UsageError(f"--dimensions: {name!r} is the KPI itself", hint="name the other columns")
    try:
        numbers = [_read_numbers(table, name) for name in (real, predict)]
        named = dict.fromkeys(dimensions)
        return KpiTable(tuple(Dimension.from_arrow(name, table[name]) for name in named), *numbers)
    except InputError as error:
        said = error.message.replace("'real'", repr(real)).replace("'predict'", repr(predict))
        raise InputError(f"{path}: {said}", hint=error.hint) from None


def _read_numbers(table: pa.Table, name: str) -> Any:
    import pyarrow as pa

    try:
        return table[name].cast(pa.float64(), safe=False).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise InputError(
            f"column {name!r} is not a number in every row", hint="mend the cells that are none"
        ) from None


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")


def _document(path: Path, found: Localization, seconds: float) -> dict[str, Any]:
    causes = [
        asdict(cause) | {"pattern": {name: _plain(value) for name, value in cause.pattern.items()}}
        for cause in found.root_causes
    ]
    return {
        "table": str(path),
        "root_causes": causes,
        "external": found.external,
        "explained": found.explained,
        "noise": found.noise,
        "leaves": found.leaves,
        "max_order": found.max_order,
        "seconds": round(seconds, 6),
    }


def _plain(value: Any) -> Any:
    """The value as JSON has it, as text where it has no such type."""
    if isinstance(value, date):
        return value.isoformat()
    if (
        value is None
        or isinstance(value, bool | int | str)
        or (isinstance(value, float) and math.isfinite(value))
    ):
        return value
    return str(value)


def _show(path: Path, found: Localization, lang: str) -> None:
    words = WORDS[lang]
    rows = [
        (
            rank,
            "\n".join(f"{name} = {_plain(value)}" for name, value in cause.pattern.items()),
            f"{cause.real:,.6g}",
            f"{cause.predict:,.6g}",
            f"{cause.real / cause.predict - 1:+.0%}" if cause.predict else "",
            f"{cause.score:,.1f}",
        )
        for rank, cause in enumerate(found.root_causes, start=1)
    ]
    if rows:
        print_table(str(path), words["localize_headings"], rows)
    else:
        say(str(path), "bold")
    if found.external:
        say(words["external"])
    elif not rows:
        say(words["as_forecast"])
