"""`motivo ingest`: a company's files into the graph."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from api.cli.extractors import opened_extractor
from api.cli.main import json_option, store_option
from api.cli.output import note, print_json, print_table, progress_bar, say, say_command
from api.settings import read_settings
from api.stores import open_graph


def run_ingest(project_file: Path, store_url: str, data: Path | None) -> Any:
    """Ingest a project and return its report, showing progress."""
    from ingest import ingest as ingest_project
    from ingest import load_project, open_sources

    project = load_project(project_file)
    sources = open_sources(project, data=data)  # before a store is made for nothing
    with (
        opened_extractor(project) as extractor,
        closing(open_graph(store_url, project.vocabulary, create=True)) as store,
        progress_bar() as bar,
    ):
        return ingest_project(project, store, sources=sources, extractor=extractor, observer=bar)


@click.command(short_help="Read a project's sources into the graph.")
@click.argument("project", type=click.Path(path_type=Path), metavar="PROJECT.yaml")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the sources (default: the project file's own).",
)
@store_option
@json_option
def ingest(project: Path, data: Path | None, store: str, as_json: bool) -> None:
    """Read the sources that a project file names into the graph.

    Run it again whenever the sources have changed: rows that are as they were are left alone,
    changed ones supersede, and what has gone is closed. A run that was cut off is resumed. Rows with
    errors go to quarantine, and nothing of them is lost.

    \b
    Examples:
      motivo ingest motivo.yaml
      motivo ingest examples/olist/motivo.yaml --data ~/olist --store sqlite:///olist.db
    """
    report = run_ingest(project, store, data)
    if as_json:
        print_json(
            {
                "sources": report.sources,
                "missing": report.missing,
                "nodes": report.nodes,
                "relationships": report.relationships,
                "complaints": report.complaints,
                "extractor": report.extractor,
                "seconds": report.seconds,
            }
        )
        return
    print_table(
        "Sources",
        ("source", "read", "written", "unchanged", "quarantined"),
        [(name, c.read, c.written, c.unchanged, c.quarantined) for name, c in report.sources.items()],
    )
    print_table("The graph now", ("nodes", ""), list(report.nodes.items()))
    print_table("", ("relationships", ""), list(report.relationships.items()))
    for name in report.missing:
        note(f"motivo: the optional source {name} is not there; left out")
    here = () if store == read_settings().store else ("--store", store)
    say(f"{report.complaints:,} complaints in {report.seconds:.1f} s.")
    if any(c.quarantined for c in report.sources.values()):
        say("Some rows could not be read:", "yellow")
        say_command("quarantine", *here)
    say("Next:")
    say_command("causes", *here)
