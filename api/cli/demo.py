"""`motivo demo`: a company with planted causes, and what is found."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from api.cli.causes import describe, find, print_findings
from api.cli.ingest import run_ingest
from api.cli.main import json_option, language_option
from api.cli.output import note, print_json, print_table, say, say_command
from api.cli.words import WORDS
from schema import RefusedError


@click.command(short_help="Generate a company with planted causes, and find them.")
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("motivo-demo"),
    show_default=True,
    help="Where to put the company's files and the store.",
)
@click.option("--store", metavar="URL", help="The store (default: an SQLite file in --dir).")
@click.option("--seed", default=1, show_default=True, help="Another number, another company.")
@language_option
@json_option
def demo(directory: Path, store: str | None, seed: int, lang: str, as_json: bool) -> None:
    """Generate a small telecom company with causes planted in its data, and find them.

    The company keeps its customers in a CRM's CSV file, its bills in an SQLite file and its support
    messages, in Spanish, Portuguese and English, as JSON lines. What was planted is printed beside
    what was found; what was missed is shown as missed.

    \b
    Examples:
      motivo demo
      motivo demo --dir /tmp/demo --seed 7 --json
    """
    from api.demo import generate_company, match_planted
    from graph import hide_password

    if directory.exists() and any(directory.iterdir()) and not (directory / "truth.json").exists():
        raise RefusedError(f"{directory} holds other files", hint="name an empty folder with --dir")
    note(f"Generating a company in {directory} ...")
    truth = generate_company(directory, seed=seed)
    note("Reading its files into the graph ...")
    store = store or f"sqlite:///{directory / 'motivo.db'}"
    report = run_ingest(directory / "motivo.yaml", store, None)
    note("Looking for root causes ...")
    found = find(store, None, ())
    reported = [asdict(cause) for cause in found.root_causes]
    match = match_planted(truth, reported)
    planted = [
        {
            "id": p.id,
            "title": dict(p.title),
            "told_as": p.told_as,
            "pattern": [asdict(c) for c in p.pattern],
            "hit": p.hit,
            "complaints": p.complaints,
            "found_as": [reported[i]["id"] for i in match.found.get(p.id, ())],
        }
        for p in truth.planted
    ]
    if as_json:
        print_json(
            {
                "dir": str(directory),
                "store": hide_password(store),
                "seconds": report.seconds,
                "planted": planted,
                "missed": list(match.missed),
                "false": [reported[i]["id"] for i in match.false],
                **asdict(found),
            }
        )
        return
    print_findings(found, lang)
    _print_planted(planted, match, found, lang)
    words = WORDS[lang]
    say(f"\n{words['next']}", "bold")
    told = f"cause={truth.planted[0].told_as}"
    steps: list[tuple[str, ...]] = [("causes", "--where", told), ("alerts",)]
    repaired = next((cause for cause in found.root_causes if cause.ended is not None), None)
    if repaired is not None:  # a cause that went, as if somebody had seen to it
        day = repaired.ended.isoformat()
        steps += [("action", "add", repaired.id, "--from", day, "--what", words["repaired"])]
        steps += [("action", "effect")]
    for arguments in (*steps, ("quarantine",), ("doctor",)):
        say_command(*arguments, "--store", store)


def _print_planted(planted: list[dict[str, Any]], match: Any, found: Any, lang: str) -> None:
    words = WORDS[lang]
    rows = []
    for cause in planted:
        places = match.found.get(cause["id"], ())
        shown = ", ".join(f"#{found.root_causes[i].rank}" for i in places)
        state = words["found"] if places else words["missed"]
        rows.append((cause["title"][lang], cause["hit"], shown, state))
    say("")
    print_table(words["planted"], words["planted_headings"], rows)
    if match.false:
        say(words["false"], "yellow")
        for i in match.false:
            say(f"  #{found.root_causes[i].rank} {describe(found.root_causes[i].pattern)}")
