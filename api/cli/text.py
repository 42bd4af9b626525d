"""`motivo text`: making the reading of texts better. Each of its commands is a module beside this one."""

from __future__ import annotations

import click

from api.cli.main import LazyGroup

TEXT_COMMANDS = {
    "label": ("api.cli.label", "label"),
    "teach": ("api.cli.teach", "teach"),
    "train": ("api.cli.train", "train"),
    "models": ("api.cli.models", "models"),
    "review": ("api.cli.review", "review"),
}


@click.group(cls=LazyGroup, lazy=TEXT_COMMANDS, short_help="Make the reading of texts better.")
def text() -> None:
    """Make the reading of texts better, on texts of your own: what people decide and label is learned.

    \b
    Examples:
      motivo text label messages.jsonl --out labelled.jsonl
      motivo text train labelled.jsonl
      motivo text review
    """
