"""`motivo extract`: the causes that texts state."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click
import orjson

from api.cli.main import languages_option
from api.cli.output import note
from api.models import tell_model
from api.settings import read_settings
from schema import InputError


@click.command(short_help="Read the causes of complaints out of texts.")
@click.argument("file", metavar="FILE.jsonl")
@click.option(
    "--no-vectors", is_flag=True, help="Use the lexical extractor: some 5 times as fast, less often right."
)
@languages_option
def extract(file: str, no_vectors: bool, languages: list[str]) -> None:
    """Read the causes of complaints out of texts, one JSON object a line: {"id", "text"[, "lang"]}.

    FILE may be - for standard input. Each text is answered on a line of its own, in the same order:
    whether it complains, how sure that is, and the causes that it states with their quotes. A line
    that is no such object is reported on stderr, the others are answered all the same, and the exit
    code is 3.

    \b
    Examples:
      motivo extract messages.jsonl > causes.jsonl
      echo '{"id": 1, "text": "Me cobraron dos veces"}' | motivo extract -
    """
    from ingest import extract_lines, load_extractor

    extractor = load_extractor(languages, False if no_vectors else None, read_settings().models)
    if told := tell_model(extractor.version):
        note(told)
    wrong = 0
    with _open(file) as lines:
        for _, answer in extract_lines(lines, extractor):
            if isinstance(answer, InputError):
                wrong += 1
                note(f"motivo: {file}: {answer}")
            else:
                sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
                sys.stdout.buffer.flush()
    if wrong:
        raise InputError(f"{file}: {wrong} lines could not be read", hint="they are named above")


def _open(file: str) -> IO[bytes]:
    try:
        return sys.stdin.buffer if file == "-" else Path(file).open("rb")
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}", hint="name a file, or - for standard input"
        ) from None
