"""`motivo alerts`: which causes are rising now."""

from __future__ import annotations

from dataclasses import asdict

import click

from api.cli.action_words import ACTION_WORDS
from api.cli.main import json_option, language_option, store_option
from api.cli.output import print_json, print_table, say, spinner


@click.command(short_help="Tell which causes are rising now.")
@click.option("--unit", metavar="KIND", help="Unit of exposure (default: the project's).")
@click.option(
    "--where", multiple=True, metavar="CONDITION", help="Only these complaints or units, as for `causes`."
)
@store_option
@language_option
@json_option
def alerts(unit: str | None, where: tuple[str, ...], store: str, lang: str, as_json: bool) -> None:
    """Tell which causes are rising in the last eight weeks of the records, against what came before.

    Watched are the causes that texts state and the root causes behind complaints, both against all other
    complaints, so that a season or a new inbox raises no alarm. What has nothing to rise from raises none.

    \b
    Examples:
      motivo alerts
      motivo alerts --lang pt --json
    """
    from algorithms import find_alerts, parse_condition
    from graph import open_store

    opened = open_store(store, create=False)
    try:
        reader = opened.reader()
        conditions = [parse_condition(text, reader.vocabulary) for text in where]
        with spinner() as report:
            found = find_alerts(reader, unit=unit, where=conditions, progress=report)
    finally:
        opened.close()
    if as_json:
        print_json(asdict(found))
        return
    words = ACTION_WORDS[lang]
    if found.until is None:
        say(words["no_dates"])
        return
    say(words["watched"].format(n=found.watched, until=found.until, rate=found.false_a_year))
    if not found.alerts:
        say(words["quiet"])
        return
    rows = [
        (a.title[lang], str(a.since), a.complaints, f"{a.expected:.0f}", f"{a.ratio:.1f}")
        for a in found.alerts
    ]
    print_table(words["alerts"], words["alert_headings"], rows)
