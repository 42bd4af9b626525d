"""`motivo text review`: causes that the extractor cannot name, decided by people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson

from api.cli.main import json_option, language_option, store_option
from api.cli.output import print_json, print_table, say, say_command
from api.cli.review_output import (
    describe_decision,
    describe_history,
    describe_queue,
    describe_statement,
    here,
    read_numbers,
    show_queue,
)
from api.cli.review_words import REVIEW_WORDS
from api.settings import read_user
from api.stores import open_graph
from schema import LANGUAGES, UsageError

FLOOR = 4  # as ingest has it; that is imported when a command runs
COMMON = ("store", "lang", "by", "size")


def by_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--by`."""
    return click.option(
        "--by", default=read_user, metavar="NAME", help="Who decides (default: you, as the system knows you)."
    )(command)


def size_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--size`."""
    return click.option(
        "--size",
        default=FLOOR,
        type=click.IntRange(min=1),
        show_default=True,
        help="Complaints that a new proposal has at least.",
    )(command)


def deciding(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that all decisions have."""
    why = click.option("--why", default="", metavar="TEXT", help="The reason, kept with the decision.")
    for option in (json_option, size_option, by_option, why, language_option, store_option):
        command = option(command)
    return command


def naming(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that give names."""
    for lang in reversed(LANGUAGES):
        command = click.option(f"--{lang}", metavar="NAME", help=f"The name ({lang}).")(command)
    return command


@contextmanager
def open_desk(store: str, by: str, size: int) -> Iterator[Any]:
    """Open a store that is there, and a person's desk on it."""
    from ingest.text.review import Desk

    opened = open_graph(store)
    try:
        yield Desk(opened, by=by, floor=size)
    finally:
        opened.close()


@click.group(invoke_without_command=True, short_help="Decide on causes that have no name yet.")
@size_option
@by_option
@language_option
@store_option
@click.pass_context
def review(ctx: click.Context, store: str, lang: str, by: str, size: int) -> None:
    """Decide, one proposal at a time, what the words mean that the extractor could not name.

    Such words wait in a queue. Those that are alike are proposed as a new cause, and a person decides:
    accept, rename, merge, split, or no cause. Each decision is kept with who, when and why, holds for
    later texts too, and can be undone. Without a subcommand, the queue opens in the terminal.

    \b
    Examples:
      motivo text review
      motivo text review list --json
      motivo text review accept p1f2e3d4 --es "Equipaje perdido" --en "Lost luggage"
      motivo text review merge p1f2e3d4 --into delivery.late --why "the same, in other words"
      motivo text review export > labelled.jsonl
    """
    # What stands before a subcommand holds for it.
    given = {name: ctx.params[name] for name in COMMON}
    ctx.default_map = dict.fromkeys(review.commands, given)
    if ctx.invoked_subcommand is None:
        from api.cli.review_terminal import run

        if not sys.stdin.isatty():
            raise UsageError("the queue opens in a terminal", hint="here: motivo text review list, accept...")
        with open_desk(store, by, size) as desk:
            run(desk, lang, store)


@review.command("list")
@click.argument("name", metavar="[ID]", required=False)
@json_option
@size_option
@language_option
@store_option
def list_(name: str | None, store: str, lang: str, size: int, as_json: bool) -> None:
    """List what is proposed; with an ID, the quotes of one proposal or cause, numbered for `split`."""
    with open_desk(store, "", size) as desk:
        if name is not None:
            quotes = desk.statements(name)
            if as_json:
                print_json(
                    {"id": name, "quotes": [describe_statement(s, i) for i, s in enumerate(quotes, 1)]}
                )
            else:
                rows = [(str(i), s.quote.words, s.complaint) for i, s in enumerate(quotes, 1)]
                print_table(name, REVIEW_WORDS[lang]["quotes"], rows)
            return
        queue = desk.queue()
        if as_json:
            print_json(describe_queue(queue))
            return
        show_queue(queue, lang, store, ingested=desk.has_run())


@review.command()
@click.argument("name", metavar="ID")
@naming
@click.option("--pack", default="own", metavar="PACK", show_default=True, help="Pack of causes to put it in.")
@deciding
def accept(name: str, pack: str, why: str, **options: Any) -> None:
    """Make a cause of a proposal; names that are not given are those suggested."""
    _decide(options, lambda desk: desk.accept(name, _names(options), pack=pack, why=why))


@review.command()
@click.argument("name", metavar="ID")
@naming
@click.option("--pack", default=None, metavar="PACK", help="Another pack of causes.")
@deciding
def rename(name: str, pack: str | None, why: str, **options: Any) -> None:
    """Give a proposal, or a cause of the company's, other names."""
    _decide(options, lambda desk: desk.rename(name, _names(options), pack=pack, why=why))


@review.command()
@click.argument("name", metavar="ID")
@click.option("--into", required=True, metavar="ID", help="The cause or proposal that it is.")
@deciding
def merge(name: str, into: str, why: str, **options: Any) -> None:
    """Say that a proposal, or a cause of the company's, is another one; the old id leads there."""
    _decide(options, lambda desk: desk.merge(name, into, why=why))


@review.command()
@click.argument("name", metavar="ID")
@click.option("--quotes", required=True, metavar="N,N...", help="Numbers of `list ID`.")
@click.option("--to", default=None, metavar="ID", help="Where they go (default: a proposal of their own).")
@deciding
def split(name: str, quotes: str, to: str | None, why: str, **options: Any) -> None:
    """Let some quotes leave a proposal or cause."""
    numbers = read_numbers(quotes)
    _decide(options, lambda desk: desk.split(name, numbers, to=to, why=why))


@review.command()
@click.argument("name", metavar="ID")
@deciding
def reject(name: str, why: str, **options: Any) -> None:
    """Say that a proposal is no cause; it comes back when twice as many complaints state it."""
    _decide(options, lambda desk: desk.reject(name, why=why))


@review.command()
@click.argument("complaint")
@click.option("--cause", required=True, metavar="ID", help="The cause that it states, or `unknown`.")
@click.option("--quote", type=int, default=None, metavar="N", help="Which of its quotes, from 1.")
@deciding
def correct(complaint: str, cause: str, quote: int | None, why: str, **options: Any) -> None:
    """Say which cause one complaint states."""
    _decide(options, lambda desk: desk.correct(complaint, cause, quote=quote, why=why))


@review.command()
@click.argument("count", type=int, default=1)
@deciding
def undo(count: int, why: str, **options: Any) -> None:
    """Take the last decision back, or the last COUNT; they stay in the history."""
    _decide(options, lambda desk: desk.undo(count, why=why))


@review.command()
@click.argument("name", metavar="[ID]", required=False)
@json_option
@language_option
@store_option
def history(name: str | None, store: str, lang: str, as_json: bool) -> None:
    """Show who decided what, when and why; with an ID, only what is about it."""
    with open_desk(store, "", FLOOR) as desk:
        rows = [row for row in describe_history(desk.history()) if name in (None, row["id"], row["to"])]
    if as_json:
        print_json({"decisions": rows})
        return
    words = REVIEW_WORDS[lang]
    if not rows:
        say(words["no_history"])
        say_command("text", "review", *here(store))
        return
    table = [
        (
            str(row["number"]),
            f"{row['at']:%Y-%m-%d %H:%M}",
            row["by"],
            words["actions"][row["action"]] + (f" ({words['undone']})" if row["undone_by"] else ""),
            " → ".join(str(part) for part in (row["id"], row["to"]) if part),
            row["why"],
        )
        for row in rows
    ]
    print_table(words["history"], words["history_headings"], table)


@review.command()
@store_option
def export(store: str) -> None:
    """Print the judged complaints as labelled texts, one JSON object a line, for `motivo text train`."""
    from ingest.text.review import export_labels

    opened = open_graph(store)
    try:
        for row in export_labels(opened.reader()):
            sys.stdout.buffer.write(orjson.dumps(row) + b"\n")
    finally:
        opened.close()


def _decide(options: dict[str, Any], decide: Callable[[Any], Any]) -> None:
    with open_desk(options["store"], options["by"], options["size"]) as desk:
        made = decide(desk)
        [row] = [row for row in describe_history(desk.history()) if row["number"] == made.id]
        waiting = len(desk.queue().proposals)
    if options["as_json"]:
        print_json({"decision": row, "proposals": waiting})
        return
    say(describe_decision(row, options["lang"]), "green")
    if waiting:
        say(REVIEW_WORDS[options["lang"]]["left"].format(n=waiting))
        say_command("text", "review", *here(options["store"]))


def _names(options: dict[str, Any]) -> dict[str, str]:
    return {lang: options[lang] for lang in LANGUAGES if options[lang] is not None}
