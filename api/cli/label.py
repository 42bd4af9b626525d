"""`motivo text label`: the texts that are worth labelling next, opened one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from api.cli.label_words import LABEL_WORDS
from api.cli.main import json_option, language_option, languages_option
from api.cli.output import note, print_json, print_table, progress_bar
from api.models import open_models
from api.stores import open_graph
from schema import COMPLAINT, LANGUAGES, InputError, UsageError

if TYPE_CHECKING:
    from ingest.text.learning import Candidate, LabelledText

COUNT = 20
SHOWN = 100  # characters of a text in the list


@click.command(short_help="Label the texts that the extractor can learn most from.")
@click.argument("file", type=click.Path(path_type=Path), metavar="[TEXTS.jsonl]", required=False)
@click.option("--store", metavar="URL", help="Take the texts of the complaints in this store instead.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="LABELLED.jsonl",
    help="Where labelled texts go; those that are there already are left out.",
)
@click.option("--count", type=click.IntRange(1, 500), default=COUNT, show_default=True, help="How many.")
@click.option("--list", "only", type=click.IntRange(1, 500), metavar="N", help="List N texts, ask nothing.")
@languages_option
@language_option
@json_option
def label(
    file: Path | None,
    store: str | None,
    out: Path | None,
    count: int,
    only: int | None,
    languages: list[str],
    lang: str,
    as_json: bool,
) -> None:
    """Choose the texts that the extractor can learn most from, and label them in the terminal.

    Chosen are texts of which it is unsure, each unlike the others, that stand for many. Each is shown
    with the causes that the extractor reads in it; you say what is right. Every decision is written at
    once. Then `motivo text train LABELLED.jsonl`.

    \b
    Examples:
      motivo text label messages.jsonl --out labelled.jsonl
      motivo text label --store sqlite:///motivo.db --out labelled.jsonl --lang es
      motivo text label messages.jsonl --list 50 --json
    """
    from ingest.text.learning import LabelBook, choose_texts

    if (file is None) == (store is None):
        raise UsageError("texts come from a file or from a store", hint="TEXTS.jsonl, or --store URL")
    if only is None and out is None:
        raise UsageError("labelled texts have to go somewhere", hint="--out LABELLED.jsonl, or --list N")
    if only is None and (as_json or not sys.stdin.isatty()):
        raise UsageError("texts are labelled in a terminal", hint="--list N shows which ones")
    wrong = 0
    if file is not None:
        texts, wrong = _read_file(file)
    else:
        texts = list(_read_store(store or ""))
    # A list leaves the file as it is.
    book = LabelBook(out) if out and only is None else None
    labelled = book.before.texts if book else _read_labelled(out)
    try:
        with progress_bar() as bar:
            bar.begin("texts", None, 0)
            chosen = choose_texts(
                texts,
                labelled,
                only or count,
                model=open_models().find_model(),
                languages=languages,
                report=lambda done, _: bar.advance("texts", done, done),
            )
        if book:
            from api.cli.label_terminal import LabelTerminal

            LabelTerminal(book, lang).run(chosen)
        else:
            _list(chosen, lang, as_json)
            if wrong:
                raise InputError(f"{file}: {wrong} lines could not be read", hint="they are named above")
    finally:
        if book:
            book.close()


def _list(chosen: list[Candidate], lang: str, as_json: bool) -> None:
    if as_json:
        rows = [{**c.proposal.to_dict(), "doubt": round(c.doubt, 4)} for c in chosen]
        print_json({"texts": rows})
        return
    words: dict[str, Any] = LABEL_WORDS[lang]
    table = [
        (str(c.proposal.id), f"{c.doubt:.2f}", " ".join(c.proposal.text.split())[:SHOWN]) for c in chosen
    ]
    print_table(words["title"], words["headings"], table)


def _read_labelled(path: Path | None) -> list[LabelledText]:
    from ingest.text.learning import read_labelled

    if path is None or not path.exists():
        return []
    try:
        return read_labelled(path.read_bytes().split(b"\n")).texts
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None


def _read_file(path: Path) -> tuple[list[LabelledText], int]:
    """Return the texts of a file, and how many of its lines are none; these are named on stderr."""
    from ingest.text.learning import LabelledText

    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", hint="name a file of JSON lines"
        ) from None
    texts, wrong = [], 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            text, lang, key = row["text"], row.get("lang"), row.get("id")
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError):
            wrong += 1
            note(f"motivo: {path}: line {number}: no object with a text; left out")
            continue
        name = key if isinstance(key, str | int) and not isinstance(key, bool) else number
        texts.append(LabelledText(name, text, lang if lang in LANGUAGES else None, False, ()))
    if not texts:
        raise InputError(f"{path} holds no text", hint='one JSON object a line: {"id", "text"[, "lang"]}')
    return texts, wrong


def _read_store(url: str) -> Iterator[LabelledText]:
    from ingest.text.learning import LabelledText

    store = open_graph(url)
    try:
        reader, after = store.reader(), None
        while True:
            page = reader.page(COMPLAINT, after=after, limit=1000)
            for node in page.nodes:
                text, lang = node.properties.get("text"), node.properties.get("language")
                if text:
                    known = lang if lang in LANGUAGES else None
                    yield LabelledText(node.key, str(text), known, False, ())
            after = page.next
            if after is None:
                break
    finally:
        store.close()
