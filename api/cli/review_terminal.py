"""The review queue in a terminal: one proposal at a time, one key a decision."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from typing import Any

import click
from rich.text import Text

from api.cli.output import console, say
from api.cli.review_output import describe_decision, describe_history, read_numbers, show_queue
from api.cli.review_words import REVIEW_WORDS
from schema import LANGUAGES, MotivoError

EXAMPLES = 5
AROUND = 120  # characters of the text shown on each side of the words


def run(desk: Any, lang: str, store: str) -> None:
    """Show proposals and take decisions until the queue is empty or the person stops."""
    words = REVIEW_WORDS[lang]
    passed: set[str] = set()  # left for later, in this sitting
    decided = 0
    while True:
        queue = desk.queue()
        left = [p for p in queue.proposals if p.id not in passed]
        if not left:
            if decided or passed:
                say(words["done"].format(n=decided, left=len(queue.proposals)), "green")
            else:
                show_queue(queue, lang, store, ingested=desk.has_run())
            return
        _show(left[0], len(left), desk, lang)
        while True:
            key = _read_key(words)
            if key == "q":
                say(words["done"].format(n=decided, left=len(queue.proposals)), "green")
                return
            if key == "n":
                passed.add(left[0].id)
                break
            if key not in KEYS:
                say(words["help"], "dim")
                continue
            try:
                made = KEYS[key](desk, left[0], queue, words)
            except MotivoError as error:
                say(str(error), "yellow")
                continue
            if made is None:
                say(words["help"], "dim")
                continue
            decided += 1
            [row] = [r for r in describe_history(desk.history()) if r["number"] == made.id]
            say(f"✓ {describe_decision(row, lang)}", "green")
            break


def _read_key(words: dict[str, Any]) -> str:
    """Return the key that is pressed next, small; n for Enter and space, ? for what is no letter."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    # First the mode and then the prompt: what is typed at once is not lost.
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        click.echo(f"{words['prompt']} ", nl=False)
        key = os.read(terminal, 1)
        if key == b"\x1b" or not key.isascii():  # an arrow, a letter of several bytes
            if select.select([terminal], [], [], 0.05)[0]:
                os.read(terminal, 8)
            key = b"?"
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    if key in (b"", b"\x04"):
        raise click.Abort
    letter = key.decode()
    click.echo(letter if letter.isprintable() else "")
    return "n" if letter in " \r\n" else letter.lower()


def _show(proposal: Any, left: int, desk: Any, lang: str) -> None:
    words = REVIEW_WORDS[lang]
    out = console()
    out.print()
    out.rule(Text(words["one"].format(left=left, id=proposal.id, state=words["states"][proposal.state])))
    say(words["size"].format(complaints=proposal.size, quotes=len(proposal.quotes)), "bold")
    for _, some in proposal.quotes[:EXAMPLES]:
        out.print(_mark(some[0]))
    if len(proposal.quotes) > EXAMPLES:
        say(words["more"].format(n=len(proposal.quotes) - EXAMPLES), "dim")
    say(words["suggested"] + ": " + " · ".join(f"{k}: {proposal.names[k]}" for k in LANGUAGES))
    names = _names_of(desk, lang)
    near = [f"{cause} ({names[cause]})" if cause in names else cause for cause in proposal.nearest]
    if near:
        say(words["nearest"] + ": " + " · ".join(near))
    say(words["help"], "dim")


def _mark(statement: Any) -> Text:
    """Return the text around a quote with the quote marked, by signs and by style."""
    text, start, end = statement.text, statement.start, statement.end
    if text[start:end] != statement.quote.words:
        text, start, end = statement.quote.words, 0, len(statement.quote.words)
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    line = Text("  ")
    line.append(("…" if start > AROUND else "") + _flat(before), "dim")
    line.append(f"«{_flat(text[start:end])}»", "bold")
    line.append(_flat(after) + ("…" if end + AROUND < len(text) else ""), "dim")
    line.append(f"  [{statement.complaint}]", "dim")
    return line


def _flat(text: str) -> str:
    """Return a text on one line, without what would move the cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


def _names_of(desk: Any, lang: str) -> dict[str, str]:
    from ingest import load_taxonomy

    named = {cause.id: cause.names[lang] for cause in load_taxonomy()}
    return named | {g.id: g.names.get(lang, g.id) for g in desk.judgements().own_causes().values()}


def _ask(question: str, default: str = "") -> str:
    answer = click.prompt(question, default=default, show_default=bool(default))
    return str(answer).strip()


def _accept(desk: Any, proposal: Any, queue: Any, words: dict[str, Any]) -> Any:  # noqa: ARG001
    names = {lang: _ask(words["name"].format(lang=lang), proposal.names[lang]) for lang in LANGUAGES}
    return desk.accept(proposal.id, names, why=_ask(words["why"]))


def _rename(desk: Any, proposal: Any, queue: Any, words: dict[str, Any]) -> Any:  # noqa: ARG001
    names = {lang: _ask(words["name"].format(lang=lang), proposal.names[lang]) for lang in LANGUAGES}
    return desk.rename(proposal.id, names, why=_ask(words["why"]))


def _merge(desk: Any, proposal: Any, queue: Any, words: dict[str, Any]) -> Any:
    choices = [*proposal.nearest, *(p.id for p in queue.proposals if p.id != proposal.id)][:9]
    for number, choice in enumerate(choices, 1):
        say(f"  {number} {choice}")
    answer = _ask(words["into"])
    if not answer:
        return None
    place = int(answer) - 1 if answer.isdecimal() else -1
    into = choices[place] if 0 <= place < len(choices) else answer
    return desk.merge(proposal.id, into, why=_ask(words["why"]))


def _split(desk: Any, proposal: Any, queue: Any, words: dict[str, Any]) -> Any:  # noqa: ARG001
    for number, statement in enumerate(desk.statements(proposal.id), 1):
        say(f"  {number} {_flat(statement.quote.words)}")
    answer = _ask(words["leaving"])
    if not answer:
        return None
    to = _ask(words["to"]) or None
    return desk.split(proposal.id, read_numbers(answer), to=to, why=_ask(words["why"]))


def _reject(desk: Any, proposal: Any, queue: Any, words: dict[str, Any]) -> Any:  # noqa: ARG001
    return desk.reject(proposal.id, why=_ask(words["why"]))


def _undo(desk: Any, proposal: Any, queue: Any, words: dict[str, Any]) -> Any:  # noqa: ARG001
    return desk.undo()


KEYS = {"a": _accept, "r": _rename, "m": _merge, "s": _split, "x": _reject, "u": _undo}
