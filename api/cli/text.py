"""`motivo text`: making the reading of texts better. Each of its commands is a module beside this one."""

from __future__ import annotations

import click

from api.cli.main import LazyGroup

# name -> module and function
COMMANDS = {
    "teach": ("api.cli.teach", "teach"),
}


@click.group(cls=LazyGroup, table=COMMANDS, short_help="Make the reading of texts better.")
def text() -> None:
    """Make the reading of texts better, on texts of your own.

    \b
    Examples:
      motivo text teach messages.jsonl --out labelled.jsonl
    """
