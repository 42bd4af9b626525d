"""`motivo migrate`: one store into another."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from api.cli.main import json_option
from api.cli.output import print_json, print_table, progress_bar, say
from api.stores import open_graph
from schema import UsageError


@click.command(short_help="Copy a store into another, such as SQLite into Neo4j.")
@click.option("--from", "source", metavar="URL", required=True, help="The store to copy.")
@click.option("--to", "target", metavar="URL", required=True, help="The empty store to copy it into.")
@json_option
def migrate(source: str, target: str, as_json: bool) -> None:
    """Copy all that a store keeps, with its history and quarantine, into an empty one.

    A copy that was cut off goes on where it was: run the same again. At the end counts and checksums of
    both stores are compared. Do not write into either meanwhile.

    \b
    Examples:
      motivo migrate --from sqlite:///motivo.db --to neo4j://neo4j@localhost:7687/neo4j
      motivo migrate --from neo4j://neo4j@localhost:7687/neo4j --to sqlite:///copy.db --json
    """
    from graph import copy_store, hide_password

    if source == target:
        raise UsageError("both stores are the same", hint="name another with --to")
    with (
        closing(open_graph(source)) as out_of,
        closing(open_graph(target, create=True)) as into,
        progress_bar() as bar,
    ):
        copied = copy_store(out_of, into, bar)
        totals = into.reader().totals()
    if as_json:
        found: dict[str, Any] = {
            name: {"rows": rows, "checksum": checksum} for name, (rows, checksum) in copied.parts.items()
        }
        print_json(
            {
                "from": hide_password(source),
                "to": hide_password(target),
                "resumed": copied.resumed,
                "parts": found,
                "nodes": totals.nodes,
                "relationships": totals.relationships,
            }
        )
        return
    rows = [(name, count, checksum) for name, (count, checksum) in copied.parts.items()]
    print_table("Copied", ("part", "rows", "checksum"), rows)
    say("Both stores hold the same.", "green")
