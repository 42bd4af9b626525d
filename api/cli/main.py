"""The command `motivo`: its subcommands, and how errors become messages and exit codes."""

from __future__ import annotations

import csv
import io
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any, NoReturn

import click

from api.settings import read_settings
from schema import LANGUAGES, MotivoError

# name -> module and function; modules are imported when their command is called
COMMANDS = {
    "demo": ("api.cli.demo", "demo"),
    "ingest": ("api.cli.ingest", "ingest"),
    "quarantine": ("api.cli.quarantine", "quarantine"),
    "causes": ("api.cli.causes", "causes"),
    "explain": ("api.cli.explain", "explain"),
    "alerts": ("api.cli.alerts", "alerts"),
    "action": ("api.cli.action", "action"),
    "localize": ("api.cli.localize", "localize"),
    "extract": ("api.cli.extract", "extract"),
    "text": ("api.cli.text", "text"),
    "export": ("api.cli.export", "export"),
    "serve": ("api.cli.serve", "serve"),
    "migrate": ("api.cli.migrate", "migrate"),
    "doctor": ("api.cli.doctor", "doctor"),
    "key": ("api.cli.key", "key"),
    "token": ("api.cli.token", "token"),
    "completion": ("api.cli.completion", "completion"),
}


class LazyGroup(click.Group):
    """A group that imports a command only to run it or to show its help.

    `lazy`: name -> module and function, in the order in which people meet them.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands, in the order in which people meet them."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by its name."""
        if cmd_name not in self._lazy:
            return None
        module, name = self._lazy[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("motivo"), prog_name="motivo")
def motivo() -> None:
    """Find the root causes that customers' complaints share.

    \b
    Begin with:
      motivo demo                    a company with planted causes, and what is found
      motivo ingest motivo.yaml      your own files, as a project file maps them
      motivo causes                  the root causes, with their evidence
    """


def split_names(given: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Give the columns named, each alone or several between commas; a name with a comma goes in quotes."""
    names: list[str] = []
    for text in given:
        names += [text] if text in columns else [name.strip() for row in csv.reader([text]) for name in row]
    return names


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--store`."""
    return click.option(
        "--store",
        metavar="URL",
        default=lambda: read_settings().store,
        help="The store: sqlite:///motivo.db (default; or MOTIVO_STORE), or neo4j://user@host:7687/database.",
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def language_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--lang`."""
    return click.option(
        "--lang",
        type=click.Choice(["en", "es", "pt"]),
        default=lambda: read_settings().language,
        help="Language of tables and explanations (default: the environment's).",
    )(command)


def languages_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--languages`, which gives the list of them."""
    return click.option(
        "--languages",
        default=",".join(LANGUAGES),
        show_default=True,
        callback=lambda _context, _option, value: [part.strip() for part in value.split(",") if part.strip()],
        help="Languages that the texts may be in, commonest first.",
    )(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; end the process with the exit code of what happened."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows a question mark
    try:
        code = motivo.main(args=arguments, prog_name="motivo", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except MotivoError as error:
        click.echo(f"motivo: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "motivo"
        message = " ".join(error.format_message().split())
        click.echo(f"motivo: {message} (see {command} --help)", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("motivo: stopped; what was written stays, run the same again to go on", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; there is nobody to tell
        sys.exit(1)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else "cannot read or write: "
        click.echo(f"motivo: {named}{error.strerror or error}", err=True)
        sys.exit(1)
    except Exception as error:
        if read_settings().debug:
            traceback.print_exc()
        kind = type(error).__name__
        click.echo(
            f"motivo: internal error, {kind}: {error} (MOTIVO_DEBUG=1 shows where; please report it)",
            err=True,
        )
        sys.exit(1)
