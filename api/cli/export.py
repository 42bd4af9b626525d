"""`motivo export`: the graph as files."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from api.cli.main import json_option, store_option
from api.cli.output import print_json, print_table, progress_bar, say
from api.stores import open_graph


@click.command(short_help="Write the graph as files, for a bulk import into Neo4j.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["neo4j-admin"]),
    default="neo4j-admin",
    show_default=True,
    help="The form of the files.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="An empty folder for them.",
)
@click.option("--graph", default="", metavar="NAME", help="Name that the graph is to have in the database.")
@store_option
@json_option
def export(format_: str, out: Path, graph: str, store: str, as_json: bool) -> None:
    """Write all that a store keeps as CSV files, with the command that imports them into Neo4j.

    `neo4j-admin database import` reads a million nodes in seconds, into an empty database of a server that
    is stopped. What it makes is a graph that Motivo goes on with.

    \b
    Examples:
      motivo export --format neo4j-admin --out files
      sh files/import.sh
    """
    from graph import export_neo4j_admin

    with closing(open_graph(store)) as opened, progress_bar() as bar:
        written = export_neo4j_admin(opened, out, graph=graph, watcher=bar)
    if as_json:
        print_json({"dir": str(out), "format": format_, **asdict(written)})
        return
    rows = [*written.nodes.items(), *written.relationships.items()]
    print_table(f"In {out}", ("file", "rows"), rows)
    say("Stop the server, then import them:")
    say(f"  sh {out / 'import.sh'}")
