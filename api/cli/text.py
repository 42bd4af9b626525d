"""`motivo text`: what is read out of texts, made better by the company."""

from __future__ import annotations

import click

from api.cli.main import LazyGroup

TEXT_COMMANDS = {
    "review": ("api.cli.review", "review"),
    "teach": ("api.cli.teach", "teach"),
}


@click.group(cls=LazyGroup, lazy=TEXT_COMMANDS, short_help="Make the reading of texts better.")
def text() -> None:
    """Make better what is read out of texts: people decide what the extractor cannot know.

    \b
    Examples:
      motivo text review
      motivo text review list --json
      motivo text teach messages.jsonl --out labelled.jsonl
    """
