"""`motivo completion`: completion of commands and options in the shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(short_help="Print the script that completes commands in your shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands and options in your shell.

    \b
    Examples:
      motivo completion bash >> ~/.bashrc
      motivo completion zsh >> ~/.zshrc
      motivo completion fish > ~/.config/fish/completions/motivo.fish
    """
    from api.cli.main import motivo

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(motivo, {}, "motivo", "_MOTIVO_COMPLETE").source())
