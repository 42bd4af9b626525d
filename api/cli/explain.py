"""`motivo explain`: root causes of any flat table."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.causes import describe, spell_figures
from api.cli.main import json_option, language_option, split_names
from api.cli.output import note, print_json, print_table, say, spinner
from api.cli.words import WORDS

if TYPE_CHECKING:
    from algorithms import Explanation


@click.command(short_help="Find the root causes in any flat table.")
@click.argument("table", type=click.Path(path_type=Path), metavar="TABLE")
@click.option(
    "--outcome", required=True, metavar="COL", help="Column of the outcome: 0/1, true/false, a count."
)
@click.option("--features", multiple=True, metavar="A,B", help="Only these columns (default: all others).")
@click.option("--exclude", multiple=True, metavar="A,B", help="Not these columns.")
@click.option("--weight", metavar="COL", help="What each row is counted against: months, items, units.")
@click.option(
    "--max-order",
    type=click.IntRange(1, 5),
    default=3,
    show_default=True,
    help="Conditions a pattern may have.",
)
@click.option(
    "--why-not",
    multiple=True,
    metavar="A=X,B>=3",
    help="Say why this pattern, or a column, is no root cause. May come again.",
)
@language_option
@json_option
def explain(  # noqa: PLR0913, PLR0917  # one argument an option
    table: Path,
    outcome: str,
    features: tuple[str, ...],
    exclude: tuple[str, ...],
    weight: str | None,
    max_order: int,
    why_not: tuple[str, ...],
    lang: str,
    as_json: bool,
) -> None:
    """Find which patterns of columns raise the outcome: CSV (also packed, .csv.gz) or Parquet, a row a unit.

    Rows without the outcome belong into the table, too: a root cause is what rows with it share and
    the others lack. Leave out columns that are only known after the outcome.

    \b
    Examples:
      motivo explain customers.csv --outcome churned
      motivo explain orders.parquet --outcome complaints --exclude order_id,refund --json
      motivo explain customers.csv --outcome churned --why-not "plan=basic,age>=60"
    """
    from algorithms import explain_table
    from ingest import read_table

    with spinner() as report:
        report(f"reading {table}")
        read = read_table(table)
        found = explain_table(
            read,
            outcome,
            features=split_names(features, read.column_names),
            exclude=split_names(exclude, read.column_names),
            weight=weight,
            max_order=max_order,
            why_not=why_not,
            progress=report,
        )
    if as_json:
        print_json(asdict(found))
        return
    for name, why in found.left_out.items():
        note(f"motivo: {name} is left out: {why}")
    _show(found, lang)
    for absence in found.why_not:
        say(absence.explanation[lang])


def _show(found: Explanation, lang: str) -> None:
    words = WORDS[lang]
    looked = {"complaints": found.outcomes, "units": found.rows, "features": len(found.features)}
    say(words["table_looked"].format(**looked))
    if not found.root_causes:
        say(words["none" if found.outcomes else "no_outcomes"])
        return
    rows = [
        (
            cause.rank,
            describe(cause.pattern),
            cause.complaints,
            cause.exposed,
            *spell_figures(cause),
        )
        for cause in found.root_causes
    ]
    print_table(words["title"], words["table_headings"], rows)
    for cause in found.root_causes:
        for alias in cause.aliases:
            say(f"{cause.rank}: {words['alias']} {', '.join(map(str, alias))}")
    say(words["table_unexplained"].format(n=found.unexplained, all=found.outcomes))
