"""`motivo text models`: the company's own models of texts, and which of them is in use."""

from __future__ import annotations

from dataclasses import asdict

import click

from api.cli.main import json_option
from api.cli.output import print_json, print_table, say
from api.models import open_models
from schema import UsageError


@click.command(short_help="List the models that were learned; choose another, or go back.")
@click.option("--use", metavar="VERSION", help="Use this one, or `package` for the one of the package.")
@click.option("--undo", is_flag=True, help="Use again what was in use before the last change.")
@json_option
def models(use: str | None, undo: bool, as_json: bool) -> None:
    """List the models that `motivo text train` kept, and choose the one that reads texts.

    They lie in the folder that MOTIVO_MODELS names (motivo.models by default). Nothing is ever
    deleted; a version may be named by its first letters.

    \b
    Examples:
      motivo text models
      motivo text models --undo
      motivo text models --use 3f2a
      motivo text models --use package
    """
    from ingest.text.model_folder import PACKAGE, name_package_version

    if use and undo:
        raise UsageError("--use and --undo do not go together", hint="choose one")
    folder = open_models()
    if use:
        folder.use(use)
    elif undo:
        folder.undo()
    current, records = folder.current, folder.list_records()
    shipped = name_package_version()
    if as_json:
        rows = [asdict(record) for record in records]
        print_json({"folder": str(folder.path), "current": current, "package": shipped, "models": rows})
        return
    rows_shown = [("*" if current == PACKAGE else "", PACKAGE, "", "", "", "", shipped)]
    rows_shown += [
        (
            "*" if record.version == current else "",
            record.version,
            record.made[:16].replace("T", " "),
            str(record.texts),
            f"{record.before.get('score', 0):.3f} → {record.after.get('score', 0):.3f}",
            record.learned,
            record.parent,
        )
        for record in records
    ]
    headings = ("", "version", "made (UTC)", "texts", "score, before → after", "learned", "from")
    print_table(f"Models in {folder.path}", headings, rows_shown)
    if use or undo:
        say(f"✓ {current} is in use. Next: motivo ingest PROJECT.yaml reads all texts again", "green")
