"""`motivo quarantine`: the rows that could not be written, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from api.cli.extractors import opened_extractor
from api.cli.main import json_option, store_option
from api.cli.output import print_json, print_table, progress_bar, say
from api.stores import open_graph
from schema import NotFoundError

SHOWN = 50


@click.command(short_help="Show the rows that could not be written, and why.")
@click.option("--retry", is_flag=True, help="Try the rows again with the project file as it is now.")
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    metavar="PROJECT.yaml",
    help="With --retry: the project file (default: the one last ingested).",
)
@store_option
@json_option
def quarantine(retry: bool, project: Path | None, store: str, as_json: bool) -> None:
    """Show the rows that could not be written, with everything that is wrong with each.

    Mend the rows in the source and ingest again, or mend the mapping and use --retry.

    \b
    Examples:
      motivo quarantine
      motivo quarantine --json | jq '.rows[].errors'
      motivo quarantine --retry
    """
    opened = open_graph(store)
    try:
        tried = _retry(opened, project) if retry else None
        rows = list(opened.reader().rejected_rows())
    finally:
        opened.close()
    if as_json:
        document: dict[str, Any] = {
            "rows": [
                {**asdict(row), "row": dict(row.row), "errors": [asdict(e) for e in row.errors]}
                for row in rows
            ]
        }
        print_json(document | ({} if tried is None else {"retried": tried}))
        return
    if tried is not None:
        say(f"{tried['written']:,} of {tried['read']:,} rows are in the graph now.")
    if not rows:
        say("Nothing is in quarantine.", "green")
        return
    shown = [
        (row.source, row.position, row.key or "", "\n".join(f"{e.field}: {e.message}" for e in row.errors))
        for row in rows[:SHOWN]
    ]
    print_table(f"In quarantine: {len(rows):,} rows", ("source", "where", "key", "what is wrong"), shown)
    if len(rows) > SHOWN:
        say(f"... and {len(rows) - SHOWN:,} more; --json prints all.")


def _retry(store: Any, project: Path | None) -> dict[str, int]:
    from ingest import load_project, retry_rejected

    kept = store.reader().setting("project")
    if project is None and kept is None:
        raise NotFoundError("nothing was ingested into this store", hint="name the project file")
    loaded = load_project(project or Path(kept["path"]))
    with opened_extractor(loaded) as extractor, progress_bar() as bar:
        counts = retry_rejected(loaded, store, extractor=extractor, observer=bar)
    return {"read": counts.read, "written": counts.written, "quarantined": counts.quarantined}
